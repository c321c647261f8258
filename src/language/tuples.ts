/**
 * The tuple of a component's parameters as a value: expressions of it are checked parameter by parameter, so `0.99 * ema + 0.01 * M`
 * is one expression for each parameter of M.
 */
import type { Expr as TreeExpr } from "../../grammar/tree.js";
import type { Span } from "../base/span.js";
import { builtins } from "./expressions/builtins.js";
import { apply, faulty, int, real, toReal, unknown } from "./expressions/build.js";
import { checkExpr } from "./expressions/check.js";
import { read } from "./expressions/names.js";
import { pathText } from "./expressions/resolve.js";
import { entryOf } from "./infer.js";
import { subscriptOf } from "./outer-indices.js";
import {
  declare,
  type Scope,
  type AtMember,
  type Choice,
  type Entry,
  type Env,
  type Instance,
  type Tensor,
  type Tuple,
  type TupleMember,
} from "./scopes.js";
import type { DefinitionId, Expr, Index } from "./typed.js";
import type { World } from "./world.js";

/** The parameters of a component, those of all arms where it is chosen. */
export function membersOf(instance: Instance, choices: readonly Choice[] = []): readonly TupleMember[] {
  const { members, parameters, chosen, tuple } = instance;
  if (tuple !== undefined) return tuple;
  if (chosen !== undefined)
    return [...new Set(chosen.byLabel)].flatMap((arm) => {
      const isChosen = chosen.byLabel.map((other) => other === arm);
      return membersOf(arm, [...choices, { subject: chosen.subject, isChosen }]);
    });
  return parameters.flatMap((name) => {
    const entry = members.own(name);
    const tensor = entry?.kind === "tensor" ? entry.tensor.get() : null;
    return tensor === null ? [] : [{ name, tensor, choices }];
  });
}

/** The first entry among what an expression computes with, entry by entry, that is wanted. */
function search<T>(env: Env, tree: TreeExpr, wanted: (entry: Entry, path: TreeExpr) => T | null): T | null {
  const first = (trees: readonly TreeExpr[]): T | null => {
    for (const part of trees) {
      const found = search(env, part, wanted);
      if (found !== null) return found;
    }
    return null;
  };
  switch (tree.kind) {
    case "name":
    case "member": {
      if (isPicked(tree)) return null;
      const entry = entryOf(env, tree);
      return entry === null ? null : wanted(entry, tree);
    }
    case "unary":
      return first([tree.operand]);
    case "binary":
      return first([tree.left, tree.right]);
    case "comparison":
      return first(tree.operands);
    case "if":
      return first([tree.condition, tree.then, tree.otherwise]);
    case "case":
      return first([...tree.arms.map(({ value }) => value), ...(tree.otherwise === null ? [] : [tree.otherwise])]);
    case "call": {
      if (tree.callee.kind !== "name" || entryOf(env, tree.callee) !== null) return null;
      const values = tree.args.flatMap((argument) => (argument.kind === "replacement" ? [] : [argument.value]));
      if (tree.callee.text === "grad") return first(values.slice(1));
      return builtins.has(tree.callee.text) ? first(values) : null;
    }
    default:
      return null;
  }
}

/** `M[e].inner`. */
const isPicked = (tree: TreeExpr): boolean =>
  tree.kind === "subscript" || (tree.kind === "member" && isPicked(tree.object));

const isTupleEntry = (entry: Entry): boolean =>
  entry.kind === "component" &&
  entry.sort === "memory" &&
  (entry.declaration.instance !== null || entry.declaration.parameters === null);

/** Whether an expression is one for each parameter of something; nothing is worked out for it. */
export const isOfTuple = (env: Env, tree: TreeExpr): boolean =>
  search(env, tree, (entry) => (isTupleEntry(entry) ? true : null)) ?? false;

/** The tuple whose parameters an expression has one value for each of; null where it is an ordinary one. */
export function tupleIn(env: Env, tree: TreeExpr): Tuple | null {
  return search(env, tree, (entry, path) => {
    if (!isTupleEntry(entry) || entry.kind !== "component") return null;
    const instance = entry.instance.get();
    const members = instance === null ? [] : membersOf(instance);
    if (instance === null || members.length === 0) return null;
    return { name: pathText(path), span: path.span, members, from: instance };
  });
}

/** A value for one member: what the names of tuples mean there. Its indices have no names that a spec could say. */
export function atMember(
  world: World,
  env: Env,
  tuple: Tuple,
  place: number,
): { readonly env: Env; readonly indices: readonly Index[] } {
  const axes = tuple.members[place]?.tensor.axes ?? [];
  const indices = axes.map(({ name, axis, span }) => world.newIndex(name, axis, span));
  return {
    env: { ...env, whole: null, member: { tuple, place, indices } },
    indices,
  };
}

/** A tuple where an expression is checked for one of its members. */
export function memberValue(world: World, env: Env, at: AtMember, own: Tuple, span: Span): Expr {
  const member = memberTensor(world, env, at, own, span);
  return member === null ? unknown(span) : read(member, at.indices.map(subscriptOf), span);
}

/** The tensor of a tuple that stands for the member at hand. */
export function memberTensor(
  world: World,
  env: Env,
  { tuple, place }: AtMember,
  own: Tuple,
  span: Span,
): Tensor | null {
  const wanted = tuple.members[place];
  const member = own.members[place];
  const fits =
    own.members.length === tuple.members.length &&
    member?.tensor.axes.length === wanted?.tensor.axes.length &&
    member?.tensor.axes.every(({ axis }, k) => world.sameAxis(axis, wanted?.tensor.axes[k]?.axis ?? -1)) === true;
  if (fits) return member.tensor;
  faulty(world, env, "AM2103", span, `\`${own.name}\` and \`${tuple.name}\` have other parameters`, {
    here: `\`${own.name}\` has ${shapes(world, own)}`,
    labels: [{ span: tuple.span, text: `this has ${shapes(world, tuple)}` }],
    help: "tuples of parameters go together parameter by parameter",
  });
  return null;
}

const shapes = (world: World, { members }: Tuple): string =>
  members
    .map(({ name, tensor }) => `\`${name}[${tensor.axes.map(({ axis }) => world.axis(axis).name).join(", ")}]\``)
    .join(", ");

/** `norm(M)`, `total(fisher * (M - star)^2)`: over all entries of all parameters. */
export function reduceTuple(
  world: World,
  env: Env,
  name: "norm" | "total",
  tuple: Tuple,
  tree: TreeExpr,
  span: Span,
): Expr {
  const parts = tuple.members.map(({ choices }, place) => {
    const { env: inside, indices } = atMember(world, env, tuple, place);
    const value = toReal(world, inside, checkExpr(world, inside, tree));
    if (value.kind === "unknown") return value;
    const body = name === "norm" ? apply("mul", [value, value], real, span) : value;
    const all: Expr =
      indices.length === 0
        ? body
        : { kind: "reduce", reducer: "sum", over: indices, where: null, body, type: real, span };
    return whereChosen(all, choices);
  });
  if (parts.some((part) => part.kind === "unknown")) return unknown(span, real);
  const sum = parts.reduce((left, right) => apply("add", [left, right], real, span));
  if (name === "total") return sum;
  // At 0 a root has no derivative, and that of a norm is 0.
  const condition = apply("gt", [sum, zero(span)], { kind: "bool" }, span);
  return { kind: "if", condition, then: apply("sqrt", [sum], real, span), otherwise: zero(span), type: real, span };
}

const zero = (span: Span): Expr => ({ kind: "number", value: 0, type: real, span });

/** 0 at the labels at which a parameter is not there. */
function whereChosen(value: Expr, choices: readonly Choice[]): Expr {
  const none: Expr = { kind: "number", value: 0, type: value.type, span: value.span };
  return choices.reduceRight<Expr>(
    (inner, { subject, isChosen }) => ({
      kind: "case",
      subject,
      arms: isChosen.map((chosen) => (chosen ? inner : none)),
      type: value.type,
      span: value.span,
    }),
    value,
  );
}

/** `size(M)`: how many numbers the parameters are. */
export function countTuple(tuple: Tuple, span: Span): Expr {
  const one: Expr = { kind: "number", value: 1, type: int, span };
  return tuple.members
    .map(({ tensor, choices }) =>
      whereChosen(
        tensor.axes
          .map(({ axis }): Expr => ({ kind: "size", axis, type: int, span }))
          .reduce((left, right) => apply("mul", [left, right], int, span), one),
        choices,
      ),
    )
    .reduce((left, right) => apply("add", [left, right], int, span));
}

/** A tensor that is there already, under a name of its own. */
export function declareAlias(world: World, scope: Scope, name: string, tensor: Tensor, span: Span): void {
  declare(world, scope, {
    kind: "tensor",
    name,
    span,
    declared: span,
    axes: world.lazy(
      scope,
      name,
      span,
      () => tensor.axes,
      () => [],
    ),
    tensor: world.lazy<Tensor | null>(
      scope,
      name,
      span,
      () => tensor,
      () => null,
    ),
    ...(scope.over.length === 0 ? {} : { over: scope.over }),
  });
}

/** The tensors of a name: several where it is one for each parameter. */
export function definitionsNamed(scope: Scope, name: string): readonly DefinitionId[] {
  const entry = scope.entries.get(name);
  if (entry?.kind === "tensor") {
    const tensor = entry.tensor.get();
    return tensor?.source.kind === "definition" ? [tensor.source.definition] : [];
  }
  const instance = entry?.kind === "component" ? entry.instance.get() : null;
  return instance === null
    ? []
    : membersOf(instance).flatMap(({ tensor: { source } }) =>
        source.kind === "definition" ? [source.definition] : [],
      );
}
