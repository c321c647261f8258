/** `x in [80, 40]`, `n in 1..9`, `rate in linspace(0, 1, 11)`, `method in [gd, muon]`. */
import type { Binary, Expr as TreeExpr } from "../../../grammar/tree.js";
import type { Span } from "../../base/span.js";
import { envOf, type Env } from "../scopes.js";
import { suggestion } from "../suggest.js";
import type { Expr, ListExpr, ScalarType } from "../typed.js";
import type { World } from "../world.js";
import { compare } from "./arithmetic.js";
import { apply, bool, coordinate, faulty, int, numeric, unknown } from "./build.js";
import { checkExpr } from "./check.js";
import { checkList } from "./lists.js";

export function checkMembership(world: World, env: Env, tree: Binary): Expr {
  const left = coordinate(world, env, checkExpr(world, env, tree.left));
  if (left.type.kind === "label") return amongLabels(world, env, left, left.type, tree.right, tree.span);
  const value = numeric(world, env, left);
  const found = checkList(world, env, tree.right);
  if (found === null || value.kind === "unknown") return unknown(tree.span, bool);
  return isIn(world, env, value, found.list, found.type, tree.span);
}

const never = (span: Span): Expr => ({ kind: "boolean", value: false, type: bool, span });

function anyOf(parts: readonly Expr[], span: Span): Expr {
  return parts.length === 0 ? never(span) : parts.reduce((any, part) => apply("or", [any, part], bool, span));
}

function isIn(world: World, env: Env, value: Expr, list: ListExpr, type: ScalarType, span: Span): Expr {
  const within = (part: ListExpr): Expr => isIn(world, env, value, part, type, span);
  switch (list.kind) {
    case "items":
      return anyOf(
        list.items.map((item) => compare(world, env, "==", value, item, span)),
        span,
      );
    case "range":
      return inRange(world, env, value, list, span);
    case "concat":
      return anyOf(list.lists.map(within), span);
    case "case":
      return { kind: "case", subject: list.subject, arms: list.arms.map(within), type: bool, span };
    case "constant": {
      const constant = world.constants.get(list.constant);
      return constant === undefined || "type" in constant.value ? unknown(span, bool) : within(constant.value);
    }
    case "linspace":
    case "logspace":
    case "powers":
      return alongAxis(world, env, value, list, type, span);
  }
}

/** A range has ints only. */
function inRange(
  world: World,
  env: Env,
  value: Expr,
  { from, to }: Extract<ListExpr, { readonly kind: "range" }>,
  span: Span,
): Expr {
  const ends = [compare(world, env, ">=", value, from, span), compare(world, env, "<=", value, to, span)];
  const isWhole = compare(world, env, "==", value, apply("floor", [value], int, span), span);
  const all = value.type.kind === "int" ? ends : [...ends, isWhole];
  return all.reduce((both, part) => apply("and", [both, part], bool, span));
}

/** How many there are may differ from point to point: an axis has them. */
function alongAxis(world: World, env: Env, value: Expr, list: ListExpr, type: ScalarType, span: Span): Expr {
  const axis = world.addAxis("list", { kind: "coordinates", values: list, integer: type.kind === "int" }, span);
  const index = world.newIndex("list", axis, span);
  const entry = coordinate(world, envOf(env.scope), {
    kind: "index",
    index,
    type: { kind: "index", axis },
    span,
  });
  const body = compare(world, env, "==", value, entry, span);
  if (body.kind === "unknown") return body;
  return { kind: "reduce", reducer: "any", over: [index], where: null, body, type: bool, span };
}

function amongLabels(
  world: World,
  env: Env,
  value: Expr,
  type: Extract<ScalarType, { readonly kind: "label" }>,
  tree: TreeExpr,
  span: Span,
): Expr {
  if (tree.kind !== "list")
    return faulty(world, env, "AM3009", tree.span, "a list of labels is wanted here", {
      help: `for example \`[${type.labels.slice(0, 2).join(", ")}]\``,
    });
  const positions = tree.items.map((item) => {
    const position = item.kind === "name" ? type.labels.indexOf(item.text) : -1;
    if (position < 0)
      faulty(world, env, "AM2013", item.span, "this is none of the labels", {
        here: `the labels are ${type.labels.map((label) => `\`${label}\``).join(", ")}`,
        ...(item.kind === "name" ? suggestion(item.text, type.labels) : {}),
      });
    return position;
  });
  if (positions.some((position) => position < 0)) return unknown(span, bool);
  return anyOf(
    positions.map((position) => apply("eq", [value, { kind: "label", position, type, span }], bool, span)),
    span,
  );
}
