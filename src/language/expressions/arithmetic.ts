/** Operators: numbers, truth values, comparisons, `if`. */
import type { Binary, Comparison, Comparator, Conditional, Expr as TreeExpr, Unary } from "../../../grammar/tree.js";
import type { Span } from "../../base/span.js";
import { valuesOf } from "../bounds.js";
import { isConstant } from "../mentions.js";
import { boundIndex, type Env } from "../scopes.js";
import type { Expr, Operation, ScalarType } from "../typed.js";
import type { World } from "../world.js";
import {
  apply,
  bool,
  condition,
  coordinate,
  faulty,
  int,
  number,
  numeric,
  real,
  sameType,
  together,
  toReal,
  typeName,
  unify,
  unknown,
  widen,
} from "./build.js";
import { checkExpr } from "./check.js";
import { checkMembership } from "./membership.js";
import { reductionsAtEnd } from "./unbound.js";

export function checkUnary(world: World, env: Env, tree: Unary): Expr {
  const operand = checkExpr(world, env, tree.operand);
  if (tree.operator === "not")
    return apply("not", [condition(world, env, operand, "what `not` stands before")], bool, tree.span);
  const value = numeric(world, env, operand);
  if (value.kind === "number") return number(-value.value, value.type, tree.span);
  return apply("neg", [value], value.type, tree.span);
}

const sums: Readonly<Partial<Record<Binary["operator"], Operation>>> = { "+": "add", "-": "sub", "*": "mul" };

export function checkBinary(world: World, env: Env, tree: Binary): Expr {
  const { operator, span } = tree;
  if (operator === "in") return checkMembership(world, env, tree);
  if (operator === "++" || operator === "|") return noValue(world, env, operator, span);
  const left = checkExpr(world, env, tree.left);
  const ended = reductionsAtEnd(tree.left);
  const after = ended.length === 0 ? env : { ...env, closed: [...env.closed, ...ended] };
  const right = checkExpr(world, after, tree.right);
  if (operator === "and" || operator === "or") {
    const what = `each side of \`${operator}\``;
    return apply(operator, [condition(world, env, left, what), condition(world, env, right, what)], bool, span);
  }
  if (operator === "/") return apply("div", [toReal(world, env, left), toReal(world, env, right)], real, span);
  if (operator === "^") return power(world, env, left, right, span);
  const { exprs, type } = together(world, env, [left, right]);
  return apply(sums[operator] ?? "add", exprs, type, span);
}

/** Powers with an int exponent that is known now are exact products; `x^-n` is `1 / x^n`. */
export function power(world: World, env: Env, base: Expr, exponent: Expr, span: Span): Expr {
  const below = numeric(world, env, base);
  const above = numeric(world, env, exponent);
  if (below.kind === "unknown" || above.kind === "unknown") return unknown(span);
  if (above.type.kind === "int" && isConstant(above)) {
    const values = valuesOf(world, above);
    const [only, ...others] = values ?? [];
    if (only !== undefined && others.length === 0) {
      const product = (of: Expr): Expr => ({
        kind: "apply",
        operation: "power_int",
        operands: [of],
        exponent: Math.abs(only),
        type: of.type,
        span,
      });
      return only >= 0 ? product(below) : apply("div", [number(1, real, span), product(widen(below))], real, span);
    }
    const stays = below.type.kind === "int" && isConstant(below) && values?.every((value) => value >= 0) === true;
    if (stays) return apply("pow", [below, above], int, span);
  }
  return apply("pow", [widen(below), widen(above)], real, span);
}

function noValue(world: World, env: Env, operator: "++" | "|", span: Span): Expr {
  return operator === "++"
    ? faulty(world, env, "AM3030", span, "`++` joins axes where one is declared", {
        help: "write `axis unit = a ++ b`; lists are joined by `concat(…)`",
      })
    : faulty(world, env, "AM3030", span, "`|` feeds gradients to the next page of a chain of optimizers", {
        help: "truth values are joined by `or`",
      });
}

const comparators: Readonly<Record<Comparator, Operation>> = {
  "==": "eq",
  "!=": "ne",
  "<": "lt",
  "<=": "le",
  ">": "gt",
  ">=": "ge",
};

export function checkComparison(world: World, env: Env, tree: Comparison): Expr {
  const operands = checkOperands(world, env, tree.operands);
  const links = tree.operators.map((operator, k) => {
    const [left, right] = [operands[k], operands[k + 1]];
    if (left === undefined || right === undefined) return unknown(tree.span, bool);
    return compare(
      world,
      env,
      operator,
      left,
      right,
      tree.operators.length === 1 ? tree.span : { ...left.span, end: right.span.end },
    );
  });
  return links.reduce((all, link) => apply("and", [all, link], bool, tree.span));
}

/** A bare label takes its meaning from what it is compared with. */
function checkOperands(world: World, env: Env, trees: readonly TreeExpr[]): readonly Expr[] {
  const isBare = (tree: TreeExpr): boolean => tree.kind === "name" && boundIndex(env, tree.text) === undefined;
  const known = trees.map((tree) =>
    isBare(tree) && !hasValue(env, tree) ? null : coordinate(world, env, checkExpr(world, env, tree)),
  );
  const labels = known.find(
    (operand) => operand !== null && operand.kind !== "unknown" && operand.type.kind === "label",
  )?.type;
  const isUnknown = known.some((operand) => operand?.kind === "unknown");
  return trees.map((tree, k) => {
    const expr = known[k];
    // Compared with something of which nothing is known it may be a label.
    if (expr === null && isUnknown && tree.kind === "name" && env.scope.lookup(tree.text) === undefined)
      return unknown(tree.span);
    if (tree.kind === "name" && labels?.kind === "label" && (expr === null || expr?.type.kind !== "label")) {
      const at = labels.labels.indexOf(tree.text);
      if (at >= 0) return { kind: "label", position: at, type: labels, span: tree.span };
    }
    return expr ?? coordinate(world, env, checkExpr(world, env, tree));
  });
}

/** Whether a bare name is a value of its own; a fn, an optimizer or nothing of that name leaves room for a label. */
function hasValue(env: Env, tree: TreeExpr): boolean {
  const entry = tree.kind === "name" ? env.scope.lookup(tree.text) : undefined;
  return entry?.kind === "constant" || entry?.kind === "sweep" || entry?.kind === "value" || entry?.kind === "tensor";
}

export function compare(world: World, env: Env, operator: Comparator, left: Expr, right: Expr, span: Span): Expr {
  if (left.kind === "unknown" || right.kind === "unknown") return unknown(span, bool);
  const operation = comparators[operator];
  const isNumber = (type: ScalarType): boolean => type.kind === "int" || type.kind === "real";
  if (isNumber(left.type) && isNumber(right.type))
    return apply(operation, together(world, env, [left, right]).exprs, bool, span);
  const equality = operator === "==" || operator === "!=";
  if (equality && sameType(left.type, right.type)) return apply(operation, [left, right], bool, span);
  return faulty(
    world,
    env,
    "AM3005",
    span,
    `${typeName(world, left.type)} cannot be compared with ${typeName(world, right.type)} by \`${operator}\``,
    {
      labels: [
        { span: left.span, text: typeName(world, left.type) },
        { span: right.span, text: typeName(world, right.type) },
      ],
    },
  );
}

export function checkConditional(world: World, env: Env, tree: Conditional): Expr {
  const test = condition(world, env, checkExpr(world, env, tree.condition), "the condition of `if`");
  const branches = [checkExpr(world, env, tree.then), checkExpr(world, env, tree.otherwise)];
  const unified = unify(world, env, branches);
  const [first, second] = branches;
  if (unified === null && first !== undefined && second !== undefined) {
    return faulty(world, env, "AM3006", tree.span, "the two branches of this `if` have different types", {
      labels: [
        { span: first.span, text: typeName(world, first.type) },
        { span: second.span, text: typeName(world, second.type) },
      ],
    });
  }
  const [then, otherwise] = unified?.exprs ?? [];
  if (unified === null || then === undefined || otherwise === undefined) return unknown(tree.span);
  if ([test, then, otherwise].some((part) => part.kind === "unknown")) return unknown(tree.span, unified.type);
  return { kind: "if", condition: test, then, otherwise, type: unified.type, span: tree.span };
}
