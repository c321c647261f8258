/** Makes typed expressions: the rules of numbers, and the conversions that stand between them. */
import type { Code } from "../../base/diagnostic.js";
import type { Span } from "../../base/span.js";
import { rootOf, routesInto } from "../made-axes.js";
import type { Along, Env } from "../scopes.js";
import type { AxisId, Expr, ListExpr, Operation, ScalarType } from "../typed.js";
import { unknownAxis, type Fault, type World } from "../world.js";

export const real: ScalarType = { kind: "real" };
export const int: ScalarType = { kind: "int" };
export const bool: ScalarType = { kind: "bool" };

export function unknown(span: Span, type: ScalarType = real): Expr {
  return { kind: "unknown", type, span };
}

/** Tells a fault and stands for what it spoiled. */
export function faulty(
  world: World,
  env: Env,
  code: Code,
  span: Span,
  message: string,
  rest: Omit<Fault, "code" | "span" | "message"> = {},
): Expr {
  world.report(env.scope, { code, span, message, ...rest });
  return unknown(span);
}

export function number(value: number, type: ScalarType, span: Span): Expr {
  return { kind: "number", value, type, span };
}

export function apply(operation: Operation, operands: readonly Expr[], type: ScalarType, span: Span): Expr {
  return operands.some((operand) => operand.kind === "unknown")
    ? unknown(span, type)
    : { kind: "apply", operation, operands, type, span };
}

export function sameType(first: ScalarType, second: ScalarType): boolean {
  if (first.kind === "label" && second.kind === "label") return first.labels.join() === second.labels.join();
  if (first.kind === "index" && second.kind === "index") return first.axis === second.axis;
  return first.kind === second.kind;
}

/** A type in the user's words. */
export function typeName(world: World, type: ScalarType): string {
  switch (type.kind) {
    case "real":
      return "a real number";
    case "int":
      return "an int";
    case "bool":
      return "a bool";
    case "label":
      return `a label of {${type.labels.join(", ")}}`;
    case "index":
      return `an index of axis \`${world.axis(type.axis).name}\``;
  }
}

/** The type of an axis's coordinates. */
export function coordinateType(world: World, axis: AxisId): ScalarType {
  const { kind } = world.axis(axis);
  switch (kind.kind) {
    case "plain":
    case "range":
    case "join":
    case "product":
      return int;
    case "part":
      return coordinateType(world, kind.whole);
    case "labels":
      return { kind: "label", labels: kind.labels };
    case "coordinates":
      return kind.integer === true ? int : real;
    case "sweep":
      if (kind.labels !== null) return { kind: "label", labels: kind.labels };
      return kind.integer ? int : real;
  }
}

/** An index's coordinate (in a subscript its position), anything else as it is. */
export function coordinate(world: World, env: Env, expr: Expr): Expr {
  if (expr.type.kind !== "index" || expr.kind === "unknown") return expr;
  if (env.positions) return env.along === null ? position(expr) : positionAlong(world, env, env.along, expr, true);
  const type = expr.type.axis === unknownAxis ? int : coordinateType(world, expr.type.axis);
  return apply(type.kind === "label" ? "position" : "real", [expr], type, expr.span);
}

/** The position of an index, an int. */
export function position(expr: Expr): Expr {
  return expr.type.kind === "index" ? apply("position", [expr], int, expr.span) : expr;
}

/**
 * The position of an index along the axis of the subscript in which it stands: there an index of a part or of a joined
 * axis means its place in the tensor's axis, so that `x[t + 1]` is the neighbour of `x[t]`.
 */
export function positionAlong(world: World, env: Env, along: Along, expr: Expr, computed = false): Expr {
  if (expr.type.kind !== "index" || expr.kind === "unknown") return expr;
  const [own, axis] = [expr.type.axis, along.axis];
  if (world.sameAxis(own, axis)) {
    // Of positions that do not follow one another, is the next one that of the part or of the whole?
    if (computed && !along.counts && !isOneRun(world, axis)) return unclear(world, env, expr.span, axis);
    along.counts = true;
    return world.axis(axis).kind.kind === "part" ? counted(expr, axis) : position(expr);
  }
  const routes = routesInto(world.axes, own, axis);
  if (routes.length > 1) return ambiguous(world, env, expr, axis);
  if (routes.length === 1) {
    along.counts = true;
    return counted(expr, axis);
  }
  const kind = world.axis(axis).kind;
  if (kind.kind !== "part" || rootOf(world.axes, own) !== rootOf(world.axes, axis)) return position(expr);
  along.counts = true;
  if (isOneRun(world, axis)) return counted(expr, axis);
  return unclear(world, env, expr.span, axis);
}

/** A position along a part whose own count and that of its whole differ. */
export function unclear(world: World, env: Env, span: Span, axis: AxisId, isTarget = false): Expr {
  const { kind, name, span: declared } = world.axis(axis);
  const whole = kind.kind === "part" ? world.axis(kind.whole).name : name;
  return faulty(world, env, "AM2120", span, `does this count inside the part \`${name}\` or along \`${whole}\`?`, {
    here: "its positions could be those of either",
    labels: [{ span: declared, text: "the part" }],
    help: isTarget
      ? `take an index of \`${name}\` or of \`${whole}\`, or put the logits over \`${whole}\``
      : `write \`${name}: …\` in the brackets to count inside the part, or read a tensor over \`${whole}\``,
  });
}

function counted(expr: Expr, along: AxisId): Expr {
  return { kind: "apply", operation: "position", operands: [expr], along, type: int, span: expr.span };
}

/** Whether a part, and what it is a part of, takes positions that follow one another. */
function isOneRun(world: World, axis: AxisId): boolean {
  const { kind } = world.axis(axis);
  return kind.kind !== "part" || (kind.positions.kind === "range" && isOneRun(world, kind.whole));
}

/** An axis stands in another in several ways: once as a part of it, once joined to it. */
export function ambiguous(world: World, env: Env, expr: { readonly span: Span }, axis: AxisId): Expr {
  return faulty(
    world,
    env,
    "AM2119",
    expr.span,
    `this index stands for several positions of \`${world.axis(axis).name}\``,
    {
      labels: [{ span: world.axis(axis).span, text: "it has the index's axis more than once" }],
      help: "give the axes that are joined different positions",
    },
  );
}

/** The expression as an int or a real; a fault where it is neither. */
export function numeric(world: World, env: Env, expr: Expr): Expr {
  const value = coordinate(world, env, expr);
  if (value.kind === "unknown" || value.type.kind === "int" || value.type.kind === "real") return value;
  const isBool = value.type.kind === "bool";
  return faulty(
    world,
    env,
    "AM3001",
    expr.span,
    `a number is wanted here, and this is ${typeName(world, value.type)}`,
    {
      here: `this is ${typeName(world, value.type)}`,
      ...(isBool ? { help: "write `real(…)`: 1 where it is true, 0 where it is not" } : {}),
    },
  );
}

/** The expression as a real: ints widen. */
export function toReal(world: World, env: Env, expr: Expr): Expr {
  return widen(numeric(world, env, expr));
}

/** Widens an int to a real. */
export function widen(expr: Expr): Expr {
  if (expr.type.kind !== "int") return expr;
  if (expr.kind === "unknown") return unknown(expr.span);
  if (expr.kind === "number") return { ...expr, type: real };
  return apply("real", [expr], real, expr.span);
}

/** Several numbers of one type: all ints, or all widened to reals. */
export function together(
  world: World,
  env: Env,
  exprs: readonly Expr[],
): { readonly exprs: readonly Expr[]; readonly type: ScalarType } {
  const numbers = exprs.map((expr) => numeric(world, env, expr));
  if (numbers.every((expr) => expr.type.kind === "int")) return { exprs: numbers, type: int };
  return { exprs: numbers.map(widen), type: real };
}

export function condition(world: World, env: Env, expr: Expr, what: string): Expr {
  if (expr.kind === "unknown") return unknown(expr.span, bool);
  if (expr.type.kind === "bool") return expr;
  return faulty(
    world,
    env,
    "AM3002",
    expr.span,
    `${what} has to be true or false, and this is ${typeName(world, expr.type)}`,
    {
      here: `this is ${typeName(world, expr.type)}`,
      help: "compare it with something, as in `… > 0`",
    },
  );
}

/**
 * Branches of an `if` or a `case` brought to one type: equal types stay (an index stays an index), numbers widen;
 * null where they have nothing in common.
 */
export function unify(
  world: World,
  env: Env,
  branches: readonly Expr[],
): { readonly exprs: readonly Expr[]; readonly type: ScalarType } | null {
  const known = branches.filter((branch) => branch.kind !== "unknown");
  const first = known[0];
  if (first === undefined) return { exprs: branches, type: branches[0]?.type ?? real };
  if (known.every((branch) => sameType(branch.type, first.type))) return { exprs: branches, type: first.type };
  const values = branches.map((branch) => coordinate(world, env, branch));
  const kinds = new Set(values.filter((value) => value.kind !== "unknown").map((value) => value.type.kind));
  if ([...kinds].every((kind) => kind === "int" || kind === "real")) return together(world, env, values);
  if ([...kinds].every((kind) => kind === "label")) {
    const value = values.find((candidate) => candidate.kind !== "unknown");
    if (value !== undefined && values.every((other) => other.kind === "unknown" || sameType(other.type, value.type)))
      return { exprs: values, type: value.type };
  }
  return null;
}

export function isList(value: Expr | ListExpr): value is ListExpr {
  return !("type" in value);
}

/** `a and b`. */
export const both = (first: Expr, second: Expr): Expr => apply("and", [first, second], bool, second.span);
/** `a or b`. */
export const either = (first: Expr, second: Expr): Expr => apply("or", [first, second], bool, second.span);
