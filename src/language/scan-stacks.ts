/** The values of a scan that is written out, one behind the other. */
import type { Scan, Target } from "../../grammar/tree.js";
import { OuterIndices } from "./outer-indices.js";
import { freshAxes } from "./previous.js";
import { placeIn } from "./scan-targets.js";
import type { Tensor } from "./scopes.js";
import type { AxisId } from "./typed.js";
import type { World } from "./world.js";

export interface Stack {
  readonly target: Target;
  readonly parts: Tensor[];
}

export function stackedParts(
  world: World,
  prefix: string,
  name: string,
  { target, parts }: Stack,
  tree: Scan,
  axis: AxisId,
): Tensor | null {
  const outer = new OuterIndices(world);
  outer.note(...parts);
  const definitions = parts.map((part) => outer.whole(part, name));
  const [first, definition] = [parts[0], definitions[0] === undefined ? null : world.definition(definitions[0])];
  if (first === undefined || definition === null) return null;
  const at = placeIn(target, tree.index.text);
  const along = outer.size + at;
  const axes = [...freshAxes(world, definition.axes)];
  axes.splice(along, 0, world.newIndex(tree.index.text, axis, target.span));
  const body = { kind: "stacked", along, parts: tree.reverse ? definitions.toReversed() : definitions } as const;
  const id = world.addDefinition(`${prefix}${name}`, axes, definition.type, body, target.span);
  const own = [...first.axes];
  own.splice(at, 0, { name: tree.index.text, axis, span: target.span });
  return outer.tensorOf(id, { ...first, name, axes: own, span: target.span });
}
