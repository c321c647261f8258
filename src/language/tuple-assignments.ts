/** `ema <- 0.99 * ema + 0.01 * M`: a change of one tensor for each parameter; `grad <- …` in a transform is one of gradients. */
import type { Assign } from "../../grammar/tree.js";
import { changedWhere } from "./assignments.js";
import { condition, faulty, toReal } from "./expressions/build.js";
import { checkExpr } from "./expressions/check.js";
import { pathTree } from "./expressions/with.js";
import type { Env, Tuple } from "./scopes.js";
import { atMember, tupleIn } from "./tuples.js";
import type { Assignment, DefinitionBody } from "./typed.js";
import type { World } from "./world.js";

type Change = Assignment["targets"][number];

/** What an assignment to a tuple is; undefined where it is none, null after a fault. */
export function checkTupleAssign(
  world: World,
  env: Env,
  statement: Assign,
  changes: ReadonlySet<DefinitionBody["kind"]>,
): Assignment | null | undefined {
  const { targets, value, where, asynchronously, span } = statement;
  const [target, ...others] = targets;
  if (target === undefined || others.length > 0 || target.subscripts !== null) return undefined;
  const tuple = tupleIn(env, pathTree(target));
  if (tuple === null) return undefined;
  if (asynchronously !== null) {
    faulty(world, env, "AM2034", span, "entries of one state change one after the other, not those of several", {
      help: "write a statement for each state",
    });
    return null;
  }
  const fixed = tuple.members.find(({ tensor }) => !canChange(world, tensor.source, changes));
  if (fixed !== undefined) {
    faulty(world, env, "AM2022", target.span, `\`${tuple.name}\` cannot be changed: it is no state`, {
      labels: [{ span: fixed.tensor.span, text: "declared here" }],
      help: "only states and parameters change: `state best = M`",
    });
    return null;
  }
  const test = where === null ? null : condition(world, env, checkExpr(world, env, where), "what follows `where`");
  if (test?.kind === "unknown") return null;
  const changed = tuple.members.map((_, place) => changeOf(world, env, tuple, place, value, test, span));
  const found = changed.filter((change) => change !== null);
  return found.length < changed.length ? null : { targets: found, span };
}

function canChange(
  world: World,
  source: Tuple["members"][number]["tensor"]["source"],
  kinds: ReadonlySet<DefinitionBody["kind"]>,
): boolean {
  return source.kind === "definition" && kinds.has(world.definition(source.definition).body.kind);
}

function changeOf(
  world: World,
  env: Env,
  tuple: Tuple,
  place: number,
  tree: Assign["value"],
  where: Change["where"],
  span: Assign["span"],
): Change | null {
  const { env: inside, indices } = atMember(world, env, tuple, place);
  const value = toReal(world, inside, checkExpr(world, inside, tree));
  const member = tuple.members[place];
  if (value.kind === "unknown" || member?.tensor.source.kind !== "definition") return null;
  const change: Change = { definition: member.tensor.source.definition, axes: indices, value, where };
  return member.choices.reduce(
    (done, { subject, isChosen }) => changedWhere(done, subject, isChosen, world, span),
    change,
  );
}
