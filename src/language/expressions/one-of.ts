/** `M[e]`: the one of a component over axes that stands at a place. */
import type { Subscript as TreeSubscript } from "../../../grammar/tree.js";
import type { ComponentEntry, Entry, Env, Instance, Tensor } from "../scopes.js";
import { View } from "../views.js";
import type { World } from "../world.js";
import { faulty, real } from "./build.js";
import { checkItems } from "./subscripts.js";
import { pathText, resolve } from "./resolve.js";

/** Null after a fault. */
export function pickedEntry(world: World, env: Env, tree: TreeSubscript): Entry | null {
  const entry = resolve(world, env, tree.object);
  if (entry === null || entry.kind === "faulty") return null;
  const written = pathText(tree.object);
  const instance = entry.kind === "component" ? entry.instance.get() : null;
  if (entry.kind === "component" && instance === null) return null;
  const over = instance?.over;
  if (entry.kind !== "component" || instance === null || over === undefined) {
    const isComponent = entry.kind === "component";
    faulty(
      world,
      env,
      "AM2131",
      tree.span,
      isComponent ? `\`${written}\` is over no axis` : `\`${written}\` is no component: an entry of it has no members`,
      {
        labels: [{ span: entry.span, text: "declared here" }],
        help: isComponent
          ? `write \`${written}.…\`, or give it an axis: \`${entry.sort} ${entry.name}[axis] = …\``
          : "write all subscripts in one pair of brackets",
      },
    );
    return null;
  }
  const subscripts = checkItems(world, env, tree, asTensor(entry, over.indices), written);
  if (subscripts === null) return null;
  const given = new Map(over.indices.map(({ id }, k) => [id, subscripts[k] ?? null] as const));
  const members = new View(world, given, []).scope(over.inner);
  const { name, sort, parameters, declared } = instance;
  const one: Instance = { name, sort, members, parameters, declared };
  return {
    ...entry,
    picked: true,
    instance: world.lazy<Instance | null>(
      env.scope,
      entry.name,
      tree.span,
      () => one,
      () => null,
    ),
  };
}

/** What the brackets are checked against. */
function asTensor({ name, span }: ComponentEntry, indices: NonNullable<Instance["over"]>["indices"]): Tensor {
  const axes = indices.map((index) => ({ name: index.name, axis: index.axis, span: index.span, bound: index.span }));
  return { name, source: { kind: "definition", definition: 0 }, prefix: [], axes, type: real, span };
}
