/** Declarations of axes that are made of axes: parts, joins, products. */
import type { Binary, Expr as TreeExpr, Name, Subscript, SubscriptItem } from "../../grammar/tree.js";
import type { Span } from "../base/span.js";
import { checkSize } from "./axes.js";
import { faulty } from "./expressions/build.js";
import { checkList } from "./expressions/lists.js";
import { axisEntry } from "./expressions/resolve.js";
import { entryOf } from "./infer.js";
import { liesIn } from "./made-axes.js";
import { envOf, type AxisEntry, type Env, type Scope } from "./scopes.js";
import type { AxisId, Expr, ListExpr } from "./typed.js";
import { unknownAxis, type World } from "./world.js";

/** The axis that a right side makes of others; null where it is something else. */
export function checkMadeAxis(world: World, scope: Scope, tree: TreeExpr, name: Name, full: string): AxisId | null {
  const env = envOf(scope);
  const { text, span } = name;
  if (tree.kind === "subscript") {
    const entry = entryOf(env, tree.object);
    if (entry?.kind === "axis") return checkPart(world, env, tree, entry, full, span);
    // A range says that a part is meant, whatever it is said of.
    const hasRange = tree.items.some(({ value }) => value.kind === "expr" && value.expr.kind === "range");
    if (!hasRange || entry?.kind === "faulty") return hasRange ? unknownAxis : null;
    axisEntry(world, env, tree.object);
    return unknownAxis;
  }
  if (tree.kind !== "binary") return null;
  if (tree.operator === "++") {
    const parts = operandsOf(tree, "++").map((operand) => axisNamed(world, env, operand, `a part of \`${text}\``));
    const known = parts.filter((part) => part !== null);
    return known.length < parts.length || !areApart(world, env, tree, known)
      ? unknownAxis
      : world.addAxis(full, { kind: "join", parts: known }, span);
  }
  if (tree.operator !== "*") return null;
  const operands = operandsOf(tree, "*");
  if (!operands.some((operand) => entryOf(env, operand)?.kind === "axis")) return null;
  const factors = operands.map((operand) => axisNamed(world, env, operand, `a factor of \`${text}\``));
  const known = factors.filter((factor) => factor !== null);
  return known.length < factors.length ? unknownAxis : world.addAxis(full, { kind: "product", factors: known }, span);
}

function operandsOf(tree: TreeExpr, operator: Binary["operator"]): readonly TreeExpr[] {
  return tree.kind === "binary" && tree.operator === operator
    ? [...operandsOf(tree.left, operator), ...operandsOf(tree.right, operator)]
    : [tree];
}

function axisNamed(world: World, env: Env, tree: TreeExpr, what: string): AxisId | null {
  const entry = entryOf(env, tree);
  if (entry?.kind === "axis") {
    const axis = entry.axis.get();
    return axis === unknownAxis ? null : axis;
  }
  if (entry?.kind === "faulty") return null;
  const isName = tree.kind === "name" || tree.kind === "member";
  faulty(world, env, "AM2122", tree.span, `${what} is an axis`, {
    here:
      entry === null
        ? isName
          ? "no axis has this name"
          : "this is an expression"
        : `this is ${entry.kind === "sweep" ? "a sweep: inside a run it is a value" : `a ${entry.kind}`}`,
    ...(entry === null ? {} : { labels: [{ span: entry.span, text: "declared here" }] }),
    help: isName ? "declare it: `axis … = …`" : "give it a name: `axis … = …`; sizes are multiplied as `size(a) * n`",
  });
  return null;
}

/** Each axis of a join has positions of its own there. */
function areApart(world: World, env: Env, tree: TreeExpr, parts: readonly AxisId[]): boolean {
  for (const [k, part] of parts.entries()) {
    const other = parts.find((candidate, j) => j !== k && liesIn(world.axes, part, candidate));
    if (other === undefined) continue;
    const [name, whole] = [world.axis(part), world.axis(other)];
    faulty(
      world,
      env,
      "AM2119",
      tree.span,
      part === other
        ? `\`${name.name}\` is joined to itself`
        : `\`${name.name}\` is a part of \`${whole.name}\`, and both are joined here`,
      {
        here: `an index of \`${name.name}\` would stand for two positions`,
        labels: [name, ...(part === other ? [] : [whole])].map(({ span }) => ({ span, text: "declared here" })),
        help: "join axes that have no positions in common; a copy is an axis of its own: `axis copy = size(…)`",
      },
    );
    return false;
  }
  return true;
}

function checkPart(world: World, env: Env, tree: Subscript, entry: AxisEntry, full: string, span: Span): AxisId {
  const whole = entry.axis.get();
  const lists = tree.items.map((item) => positionsOf(world, env, item, whole));
  const known = lists.filter((list) => list !== null);
  if (whole === unknownAxis || known.length < lists.length) return unknownAxis;
  const [first] = known;
  const positions: ListExpr =
    known.length === 1 && first !== undefined ? first : { kind: "concat", lists: known, span: tree.span };
  return world.addAxis(full, { kind: "part", whole, positions: { ...positions, span: tree.span } }, span);
}

/** `0 .. 9`, `3`, a list by its name, a label. */
function positionsOf(world: World, env: Env, item: SubscriptItem, whole: AxisId): ListExpr | null {
  const { value, span } = item;
  if (item.name !== null || value.kind !== "expr") {
    faulty(world, env, "AM2122", span, "a part of an axis is given by positions", {
      help: "for example `pos[0 .. 9]` or `pos[0, 20, 40]`",
    });
    return null;
  }
  const { expr } = value;
  const label = labelOf(world, expr, whole);
  if (label !== null) return { kind: "items", items: [label], span };
  const entry = expr.kind === "name" ? env.scope.lookup(expr.text) : undefined;
  const isList =
    expr.kind === "range" ||
    expr.kind === "list" ||
    (expr.kind === "call" && expr.callee.kind === "name" && expr.callee.text === "concat") ||
    (entry?.kind === "constant" && entry.value.get()?.list === true);
  if (!isList) {
    const position = checkSize(world, env, expr, "a position of an axis");
    return position.kind === "unknown" ? null : { kind: "items", items: [position], span };
  }
  const found = checkList(world, env, expr);
  if (found === null || found.type.kind === "int") return found?.list ?? null;
  faulty(world, env, "AM3003", span, "positions of an axis are ints", { help: "write `0 .. 9` or `[0, 20, 40]`" });
  return null;
}

function labelOf(world: World, tree: TreeExpr, whole: AxisId): Expr | null {
  const { kind } = world.axis(whole);
  const at = tree.kind === "name" && kind.kind === "labels" ? kind.labels.indexOf(tree.text) : -1;
  return at < 0 ? null : { kind: "number", value: at, type: { kind: "int" }, span: tree.span };
}
