/** `M.loss with ema`: an expression where a memory has the parameters of a tuple. */
import type { Expr as TreeExpr, With } from "../../../grammar/tree.js";
import { definitionsBehind } from "../made-of.js";
import type { Env, Instance, Tuple } from "../scopes.js";
import { atMember, membersOf, tupleIn } from "../tuples.js";
import type { DefinitionId, Expr, WithExpr } from "../typed.js";
import type { World } from "../world.js";
import { faulty, toReal, unknown } from "./build.js";
import { checkExpr } from "./check.js";

type Replacement = WithExpr["replacements"][number];

export function checkWithTuple(world: World, env: Env, tree: With, tuple: TreeExpr): Expr {
  const body = checkExpr(world, env, tree.body);
  if (body.kind === "unknown") return body;
  const behind = definitionsBehind(world, body);
  const taken = new Set<DefinitionId>();
  const items = tuple.kind === "tuple" ? tuple.items : [tuple];
  const found = items.map((item) => replacedBy(world, env, tree.body, item, behind, taken));
  const replacements = found.flatMap((one) => one ?? []);
  if (found.includes(null)) return unknown(tree.span, body.type);
  return { kind: "with", body, replacements, type: body.type, span: tree.span };
}

/** What one tuple gives to the memory whose parameters it stands for; null after a fault. */
function replacedBy(
  world: World,
  env: Env,
  body: TreeExpr,
  tree: TreeExpr,
  behind: ReadonlySet<DefinitionId>,
  taken: Set<DefinitionId>,
): readonly Replacement[] | null {
  const tuple = tupleIn(env, tree);
  if (tuple === null) {
    const value = checkExpr(world, env, tree);
    if (value.kind !== "unknown")
      faulty(world, env, "AM2130", tree.span, "what stands alone after `with` is a tuple of parameters", {
        here: "this is a single value",
        help: "for example `state ema = M` and `loss with ema`; a tensor is replaced by `loss with M.W[i, j] = …`",
      });
    return null;
  }
  const memory = memoryFor(world, env, body, tree, tuple, behind);
  if (memory === null) return null;
  const own: Tuple = { name: memory.name, span: tree.span, members: membersOf(memory) };
  if (own.members.some(({ tensor }) => taken.has(definitionOf(tensor)))) {
    faulty(world, env, "AM2130", tree.span, `the parameters of \`${memory.name}\` are given twice`);
    return null;
  }
  const found = own.members.map(({ tensor }, place): Replacement | null => {
    const { env: inside, indices } = atMember(world, env, own, place);
    const value = toReal(world, inside, checkExpr(world, inside, tree));
    const prefix = tensor.prefix.flatMap((part) =>
      part.kind === "index" ? [world.newIndex(part.index.name, part.index.axis, part.span)] : [],
    );
    taken.add(definitionOf(tensor));
    return value.kind === "unknown"
      ? null
      : { definition: definitionOf(tensor), indices: [...prefix, ...indices], value };
  });
  const replacements = found.filter((one) => one !== null);
  return replacements.length < found.length ? null : replacements;
}

const definitionOf = ({ source }: Tuple["members"][number]["tensor"]): DefinitionId =>
  source.kind === "definition" ? source.definition : source.by;

/** The memory that a tuple was made of where the expression depends on it, else the only one of such parameters. */
function memoryFor(
  world: World,
  env: Env,
  body: TreeExpr,
  tree: TreeExpr,
  tuple: Tuple,
  behind: ReadonlySet<DefinitionId>,
): Instance | null {
  // A tuple given to itself changes nothing.
  const itself = tree.kind === "name" || tree.kind === "member" ? tuple.from : undefined;
  const candidates = world.tuples.filter(
    (instance) =>
      instance !== itself &&
      membersOf(instance).some(({ tensor }) => behind.has(definitionOf(tensor))) &&
      fits(world, membersOf(instance), tuple.members),
  );
  const origins: Instance[] = [];
  for (let { from } = tuple; from !== undefined; from = from.like) origins.unshift(from);
  const origin = origins.find((instance) => candidates.includes(instance));
  if (origin !== undefined) return origin;
  const memories = candidates.filter(({ like }) => like === undefined);
  const [only, ...others] = memories.length > 0 ? memories : candidates;
  if (only !== undefined && others.length === 0) return only;
  faulty(
    world,
    env,
    "AM2130",
    tree.span,
    only === undefined
      ? `nothing here reads parameters like those of \`${tuple.name}\``
      : `\`${tuple.name}\` may stand for the parameters of ${[only, ...others].map(({ name }) => `\`${name}\``).join(" or ")}`,
    {
      labels: [{ span: body.span, text: "what is computed with them" }],
      help:
        only === undefined
          ? "the expression has to depend on a memory with parameters of the same axes"
          : `name the memory: \`memory A = ${only.name} with ${tuple.name}\`, and then what \`A\` computes`,
    },
  );
  return null;
}

function fits(world: World, own: Tuple["members"], given: Tuple["members"]): boolean {
  return (
    own.length === given.length &&
    own.every(({ tensor: { axes } }, place) => {
      const others = given[place]?.tensor.axes ?? [];
      return axes.length === others.length && axes.every(({ axis }, k) => world.sameAxis(axis, others[k]?.axis ?? -1));
    })
  );
}
