/** Where in an expression a name stands alone as a subscript: that tells the axis of an index that is named like none. */
import type {
  Argument,
  Call,
  Expr as TreeExpr,
  Parameter,
  Subscript as TreeSubscript,
  SubscriptItem,
  TupleLiteral,
} from "../../grammar/tree.js";
import type { Span } from "../base/span.js";
import { axisOfName } from "./indices.js";
import { subscriptText } from "./inference.js";
import { boundIndex, type Entry, type Env, type FnEntry, type TensorAxis } from "./scopes.js";
import type { AxisId } from "./typed.js";
import { unknownAxis, type World } from "./world.js";

export interface Position {
  readonly axis: AxisId;
  readonly span: Span;
  /** What the name stands in: `W[i, o]`, and the axis of the tensor there. */
  readonly text: string;
  readonly from: TensorAxis;
}

/** The positions at which the name stands bare, unless something inside binds it anew. */
export function positionsOf(world: World, env: Env, name: string, trees: readonly TreeExpr[]): readonly Position[] {
  const found: Position[] = [];
  const visit = (node: unknown): void => {
    if (typeof node !== "object" || node === null) return;
    if (Array.isArray(node)) {
      node.forEach(visit);
      return;
    }
    if ("kind" in node && rebinds(node, name)) return;
    if ("kind" in node && node.kind === "subscript") visitSubscript(node as TreeSubscript);
    for (const [key, part] of Object.entries(node)) if (key !== "span") visit(part);
  };
  const visitSubscript = (node: TreeSubscript): void => {
    const isHere = (item: TreeSubscript["items"][number]): boolean =>
      item.value.kind === "expr" && item.value.expr.kind === "name" && item.value.expr.text === name;
    const isInside = (item: TreeSubscript["items"][number]): boolean =>
      item.value.kind === "expr" && item.value.expr.kind === "tuple" && factorsNamed(item.value.expr, name).length > 0;
    if (!node.items.some((item) => isHere(item) || isInside(item))) return;
    const axes = axesOf(world, env, node.object);
    node.items.forEach((item, k) => {
      if (!isHere(item) && !isInside(item)) return;
      const axis = item.name === null ? axes?.[k] : axes?.find((candidate) => candidate.name === item.name?.text);
      if (axis === undefined) return;
      const place = { text: subscriptText(node), from: axis };
      if (isHere(item)) found.push({ axis: axis.axis, span: item.span, ...place });
      else
        found.push(
          ...placesInProduct(world, axis.axis, item, name).map((part) => ({ ...part, span: item.span, ...place })),
        );
    });
  };
  trees.forEach(visit);
  return found;
}

/** At which places of `(i, j)` a name stands. */
function factorsNamed(tuple: TupleLiteral, name: string): readonly number[] {
  return tuple.items.flatMap((part, k) => (part.kind === "name" && part.text === name ? [k] : []));
}

function placesInProduct(
  world: World,
  axis: AxisId,
  item: SubscriptItem,
  name: string,
): readonly Pick<Position, "axis">[] {
  const { kind } = world.axis(axis);
  if (kind.kind !== "product" || item.value.kind !== "expr" || item.value.expr.kind !== "tuple") return [];
  return factorsNamed(item.value.expr, name).map((k) => ({ axis: kind.factors[k] ?? unknownAxis }));
}

function rebinds(node: object, name: string): boolean {
  return (
    "kind" in node &&
    node.kind === "reduction" &&
    "binders" in node &&
    Array.isArray(node.binders) &&
    node.binders.some((binder: { readonly name: { readonly text: string } | null }) => binder.name?.text === name)
  );
}

/** The axes of what a subscript stands behind, told without a fault; null where they are not known. */
export function axesOf(world: World, env: Env, tree: TreeExpr): readonly TensorAxis[] | null {
  switch (tree.kind) {
    case "name":
    case "member": {
      const entry = entryOf(env, tree);
      if (entry?.kind === "component") return entry.instance.get()?.over?.indices ?? null;
      return entry?.kind === "tensor" ? entry.axes.get() : null;
    }
    case "call":
      return axesOfCall(world, env, tree);
    default:
      return null;
  }
}

/** The entry that a path names, without a fault where it names none. */
export function entryOf(env: Env, tree: TreeExpr): Entry | null {
  if (tree.kind === "name")
    return boundIndex(env, tree.text) === undefined ? (env.scope.lookup(tree.text) ?? null) : null;
  if (tree.kind !== "member") return null;
  if (tree.object.kind === "subscript") {
    // Its axes, types and fns are those of all of them.
    const all = entryOf(env, tree.object.object);
    const over = all?.kind === "component" ? all.instance.get()?.over : undefined;
    return over?.inner.own(tree.name.text) ?? null;
  }
  const object = entryOf(env, tree.object);
  if (object?.kind === "component") return object.instance.get()?.members.own(tree.name.text) ?? null;
  if (object?.kind === "phase") return object.values?.own(tree.name.text) ?? null;
  return null;
}

const derivativesOfTensors: ReadonlySet<string> = new Set(["grad", "jacobian", "hessian", "hvp"]);

function axesOfCall(world: World, env: Env, call: Call): readonly TensorAxis[] | null {
  if (call.callee.kind === "name" && derivativesOfTensors.has(call.callee.text)) {
    const [of, by] = call.args;
    const into = by?.kind === "positional" ? axesOf(world, env, by.value) : null;
    if (into === null || of?.kind !== "positional") return null;
    if (call.callee.text === "hessian") return [...into, ...into];
    return call.callee.text === "jacobian" ? [...wholeAxes(world, env, of.value), ...into] : into;
  }
  const entry = entryOf(env, call.callee);
  if (entry?.kind !== "fn") return null;
  const results = entry.fn.results?.[0] ?? [];
  const given = new Map<string, AxisId>();
  const mapped: TensorAxis[] = [];
  entry.fn.parameters.forEach((parameter, k) => {
    const argument = argumentOf(call.args, parameter, k);
    if (argument === null || parameter.axes === null) return;
    const whole = wholeAxes(world, env, argument);
    const extra = Math.max(0, whole.length - parameter.axes.length);
    for (const axis of whole.slice(0, extra)) if (!mapped.some((other) => other.axis === axis.axis)) mapped.push(axis);
    parameter.axes.forEach((name, at) => {
      const axis = whole[extra + at];
      if (axis !== undefined && !given.has(name.text)) given.set(name.text, axis.axis);
    });
  });
  return [
    ...mapped,
    ...results.map((name) => ({ name: name.text, span: name.span, axis: resultAxis(entry, name.text, given) })),
  ];
}

function resultAxis(entry: FnEntry, name: string, given: ReadonlyMap<string, AxisId>): AxisId {
  const fixed = axisOfName(entry.scope, name);
  if (fixed !== undefined) return fixed.kind === "axis" ? fixed.axis.get() : unknownAxis;
  return given.get(name) ?? given.get(name.replace(/['\d]+$/u, "")) ?? unknownAxis;
}

export function argumentOf(args: readonly Argument[], parameter: Parameter, place: number): TreeExpr | null {
  const named = args.find((argument) => argument.kind === "named" && argument.name.text === parameter.name.text);
  if (named?.kind === "named") return named.value;
  const positional = args.filter((argument) => argument.kind === "positional")[place];
  return positional?.value ?? null;
}

/** The axes that an argument passes whole, in order. */
function wholeAxes(world: World, env: Env, tree: TreeExpr): readonly TensorAxis[] {
  switch (tree.kind) {
    case "subscript": {
      const axes = axesOf(world, env, tree.object) ?? [];
      return tree.items.flatMap((item, k) => (item.value.kind === "whole" && axes[k] !== undefined ? [axes[k]] : []));
    }
    case "unary":
      return wholeAxes(world, env, tree.operand);
    case "binary":
      return [tree.left, tree.right]
        .map((side) => wholeAxes(world, env, side))
        .reduce((most, side) => (side.length > most.length ? side : most), []);
    default:
      return axesOf(world, env, tree) ?? [];
  }
}
