/** `dataset.images("folder", image, row, column)` binds `x[image, row, column]`; with a fourth axis, red, green and blue. */
import type { Call } from "../../grammar/tree.js";
import { type Bound, namesIn } from "./data-bound.js";
import { headerOf, pathIn } from "./data-open.js";
import { faulty, int, number } from "./expressions/build.js";
import { envOf, type Scope } from "./scopes.js";
import type { AxisKind } from "./typed.js";
import type { World } from "./world.js";

export function boundByImages(world: World, scope: Scope, call: Call): Bound | null {
  const names = namesIn(call);
  const path = pathIn(world, scope, call, names.length);
  if (path === "told") return null;
  if (path === null || names.length < 3 || names.length > 4 || call.args.length !== names.length + 1) {
    faulty(world, envOf(scope), "AM3010", call.span, "`dataset.images` takes a folder and three axes, or four", {
      help: 'write `dataset.images("folder", image, row, column)`; a fourth axis takes red, green and blue',
    });
    return null;
  }
  const inColour = names.length === 4;
  const format = inColour ? "images-colour" : "images";
  const header = headerOf(world, scope, path.value, format, path.span);
  if (header === null || !("sizes" in header)) return null;
  const sizes = header.sizes
    .slice(0, 3)
    .map((size): AxisKind => ({ kind: "plain", size: number(size, int, path.span) }));
  const colours: AxisKind = { kind: "labels", labels: ["red", "green", "blue"] };
  return {
    dataset: { path: path.value, format, sha256: header.sha256, span: path.span },
    names,
    kinds: inColour ? [...sizes, colours] : sizes,
    sampled: false,
    members: [{ name: "x", over: names.map((_, k) => k), type: () => int, column: { kind: "array" } }],
  };
}
