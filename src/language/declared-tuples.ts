/** States and equations of all parameters at once: `state ema = M`, `fisher = grad(loss, M)^2`. */
import type { Equation, Expr as TreeExpr, State, Target } from "../../grammar/tree.js";
import type { Span } from "../base/span.js";
import { combined } from "./chosen-components.js";
import { real, toReal } from "./expressions/build.js";
import { checkExpr } from "./expressions/check.js";
import { rename } from "./expressions/rename.js";
import { freshFor } from "./lifting.js";
import { subscriptOf } from "./outer-indices.js";
import {
  declare,
  envOf,
  Scope,
  type ComponentEntry,
  type Env,
  type Instance,
  type Tensor,
  type TupleMember,
} from "./scopes.js";
import { atMember, declareAlias, isOfTuple, membersOf, tupleIn } from "./tuples.js";
import type { World } from "./world.js";

/** The name that a statement without subscripts gives to one value for each parameter; null where it is an ordinary one. */
export function tupleNamed(env: Env, statement: Equation | State): Target | null {
  const [target, ...others] = statement.kind === "state" ? [statement.target] : statement.targets;
  const tree = valueOf(statement);
  if (target === undefined || others.length > 0 || tree === null) return null;
  if (target.subscripts !== null || target.path.length > 1) return null;
  return isOfTuple(env, tree) ? target : null;
}

function valueOf(statement: Equation | State): TreeExpr | null {
  if (statement.kind === "equation") return statement.value;
  return statement.init.kind === "value" ? statement.init.value : null;
}

/** Declares a state or an equation of a tuple: what is like a component whose members are its tensors. */
export function declareTuple(
  world: World,
  scope: Scope,
  statement: Equation | State,
  target: Target,
  stepping: boolean,
): void {
  const name = target.path[0]?.text ?? "";
  const tree = valueOf(statement);
  const instance = world.lazy<Instance | null>(
    scope,
    name,
    target.span,
    () => (tree === null ? null : makeTuple(world, scope, statement, name, tree, stepping)),
    () => null,
  );
  const { span, doc } = statement;
  const declaration: ComponentEntry["declaration"] = {
    kind: "component",
    sort: "memory",
    name: target.path[0] ?? { kind: "name", text: name, span },
    axes: [],
    parameters: null,
    instance: null,
    subject: null,
    body: [],
    doc,
    span,
  };
  declare(world, scope, { kind: "component", name, span: target.span, sort: "memory", declaration, scope, instance });
  world.pending.push(() => instance.get());
}

function makeTuple(
  world: World,
  scope: Scope,
  statement: Equation | State,
  name: string,
  tree: TreeExpr,
  stepping: boolean,
): Instance | null {
  const env = envOf(scope, { stepping });
  const tuple = tupleIn(env, tree);
  if (tuple === null) {
    checkExpr(world, env, tree);
    return null;
  }
  const full = `${scope.prefix}${name}`;
  const { fresh, names } = freshFor(world, scope.over);
  const made = tuple.members.map((member, place): TupleMember | null => {
    const { env: inside, indices } = atMember(world, env, tuple, place);
    const value = toReal(world, inside, checkExpr(world, inside, tree));
    if (value.kind === "unknown") return null;
    const body =
      statement.kind === "state"
        ? ({ kind: "state", init: { kind: "value", value: rename(value, names) } } as const)
        : ({ kind: "equation", value: rename(value, names) } as const);
    const arms = member.choices.map(({ isChosen }) => `${isChosen.findIndex(Boolean)}.`).join("");
    const own = `${full}.${arms}${member.name}`;
    const id = world.addDefinition(own, [...fresh, ...indices], real, body, statement.span, statement.doc);
    const tensor: Tensor = {
      ...member.tensor,
      name: `${name}.${member.name}`,
      type: real,
      prefix: scope.over.map(subscriptOf),
      source: { kind: "definition", definition: id },
      span: statement.span,
    };
    return { ...member, tensor };
  });
  const found = made.filter((one) => one !== null);
  if (found.length < made.length) return null;
  const like = tuple.from === undefined ? {} : { like: tuple.from };
  const instance = { ...named(world, scope, full, found, tuple.from, statement.span), ...like };
  world.tuples.push(instance);
  return instance;
}

/** The instance of a tuple: its members by their names, where it is of a chosen component those that all arms have. */
function named(
  world: World,
  scope: Scope,
  name: string,
  tuple: readonly TupleMember[],
  from: Instance | undefined,
  span: Span,
): Instance {
  const { chosen } = from ?? {};
  if (chosen === undefined) {
    const members = new Scope(scope, "component", `${name}.`);
    members.over = scope.over;
    const parameters = [...new Set(tuple.map((member) => member.name))];
    const isPlain = tuple.every(({ choices }) => choices.length === 0) && parameters.length === tuple.length;
    if (!isPlain) return { name, sort: "memory", members, parameters: [], declared: [], tuple };
    for (const member of tuple) declareAlias(world, members, member.name, member.tensor, span);
    return { name, sort: "memory", members, parameters, declared: parameters };
  }
  let place = 0;
  const arms = new Map(
    [...new Set(chosen.byLabel)].map((arm, k) => {
      const count = membersOf(arm).length;
      const own = tuple.slice(place, place + count).map((member) => ({ ...member, choices: member.choices.slice(1) }));
      place += count;
      return [arm, named(world, scope, `${name}.${k}`, own, arm, span)] as const;
    }),
  );
  const byLabel = chosen.byLabel.flatMap((arm) => arms.get(arm) ?? []);
  const all = combined(world, scope, { name, sort: "memory", span }, { subject: chosen.subject, byLabel });
  return { ...all, tuple };
}
