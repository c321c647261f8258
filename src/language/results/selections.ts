/** What one item of a subscript takes: a coordinate, a position, an end, a list, or the axis under another name. */
import type { Expr, Name, SubscriptItem } from "../../../grammar/tree.js";
import type { Checker } from "./checker.js";
import { sameCoordinate } from "./coordinates.js";
import type { Env } from "./environment.js";
import type { AnalysisAxis, AnalysisNode, Selection } from "./ir.js";
import { coordinateIn, countedAlong, positionInProduct } from "./made-axes.js";
import { axisOfName, boundOf } from "./names.js";
import { int } from "./nodes.js";

/** What is subscripted: its name, and the coordinates that the axis at hand has as far as is known before the run. */
interface Subject {
  readonly name: string;
  readonly known: readonly number[] | null;
}

export function subjectOf(
  checker: Checker,
  object: { readonly name: string; readonly node?: AnalysisNode },
  axis: AnalysisAxis,
): Subject {
  const { known, experiment, isChanged } = checker.context;
  if (axis.axis !== null) return { name: object.name, known: checker.context.fullCoordinates(axis.axis) };
  if (isChanged) return { name: object.name, known: null };
  const { node } = object;
  const phase = node?.kind === "column" ? experiment.phases.find((own) => own.name === node.phase) : undefined;
  return {
    name: object.name,
    known: node?.kind === "column" && phase !== undefined ? known.steps(phase, node.result) : null,
  };
}

/** `null`: the axis stays as it is. */
type Prepares = Selection | null | "faulty";

export function byName(checker: Checker, env: Env, axis: AnalysisAxis, item: SubscriptItem, of: Subject): Prepares {
  const { value } = item;
  if (value.kind === "whole" || value.kind === "rest") return null;
  if (value.kind === "near") return withValue(checker, env, axis, "near", value.expr, of);
  if (value.kind === "position") return withValue(checker, env, axis, "position", value.expr, of);
  const { expr } = value;
  const end = endOf(checker, env, expr);
  if (end !== null) return end;
  const label = labelOf(axis, expr);
  if (label !== null) return constantSelection(checker, axis, label, expr, of);
  if (expr.kind === "list" || expr.kind === "range") return listSelection(checker, env, axis, expr, of);
  if (expr.kind === "name") {
    if (expr.text === axis.label && (boundOf(env, expr.text)?.range ?? null) === null) return null;
    const renamed = renaming(checker, env, axis, expr);
    if (renamed !== null) return renamed;
    const inside = coordinateIn(checker, env, axis, expr);
    if (inside !== null) return inside === "faulty" ? "faulty" : { kind: "coordinate", value: inside };
    if (axis.labels !== null && boundOf(env, expr.text) === undefined && !env.locals.has(expr.text))
      return noSuchLabel(checker, axis, expr, of);
    const known = env.locals.get(expr.text);
    if (known?.kind === "list") return { kind: "list", values: known.values };
  }
  return withValue(checker, env, axis, "coordinate", expr, of);
}

export function byPlace(checker: Checker, env: Env, axis: AnalysisAxis, item: SubscriptItem, of: Subject): Prepares {
  const { value } = item;
  if (value.kind !== "expr") return byName(checker, env, axis, item, of);
  const { expr } = value;
  const end = endOf(checker, env, expr);
  if (end !== null) return end;
  const label = labelOf(axis, expr);
  if (label !== null) return constantSelection(checker, axis, label, expr, of);
  if (expr.kind === "tuple") {
    const place = positionInProduct(checker, env, axis, expr, of.name);
    return place === "faulty" ? "faulty" : { kind: "coordinate", value: place };
  }
  if (expr.kind === "name") {
    if (expr.text === axis.label) return null;
    const renamed = renaming(checker, env, axis, expr);
    if (renamed !== null) return renamed;
    const inside = coordinateIn(checker, env, axis, expr);
    if (inside !== null) return inside === "faulty" ? "faulty" : { kind: "coordinate", value: inside };
    const other = boundOf(env, expr.text)?.axis ?? axisOfName(checker, env, expr.text);
    if (other !== null && other.kind === "index" && other.axis !== axis.axis) {
      checker.context.fault("AM6023", expr.span, `\`${expr.text}\` indexes an axis of \`${axis.label}\``, {
        here: `this position of \`${of.name}\` is axis \`${axis.label}\``,
        help: `to read at its value, name the axis: \`${axis.label}: ${expr.text}\``,
      });
      return "faulty";
    }
  }
  const counts = countedAlong(checker, env, axis, expr);
  if (counts === "faulty") return "faulty";
  return withValue(checker, { ...env, positions: counts === "position" }, axis, counts, expr, of);
}

/** An index that runs over the same axis under another name. */
function renaming(checker: Checker, env: Env, axis: AnalysisAxis, name: Name): Selection | null {
  const bound = boundOf(env, name.text);
  if ((bound?.range ?? null) !== null) return null;
  if (bound !== undefined) {
    bound.axis ??= { ...axis, label: bound.label };
    return bound.axis.axis === axis.axis && bound.axis.kind === axis.kind
      ? { kind: "rename", to: { ...axis, label: name.text } }
      : null;
  }
  if (env.locals.has(name.text)) return null;
  const other = axisOfName(checker, env, name.text);
  return other !== null && other.axis === axis.axis && other.kind === axis.kind ? { kind: "rename", to: other } : null;
}

/** `first`, `last`, `last - 2`, `first + 1`. */
function endOf(checker: Checker, env: Env, tree: Expr): Selection | null {
  if (tree.kind === "name" && (tree.text === "first" || tree.text === "last"))
    return { kind: "end", end: tree.text, offset: 0 };
  if (tree.kind !== "binary" || tree.left.kind !== "name") return null;
  const end = tree.left.text;
  if (!((end === "last" && tree.operator === "-") || (end === "first" && tree.operator === "+"))) return null;
  const offset = checker.expr(env, tree.right);
  if (offset.kind === "constant" && Number.isInteger(offset.value) && offset.value >= 0)
    return { kind: "end", end, offset: offset.value };
  checker.context.fault("AM6022", tree.right.span, "how many places from the end is a whole number");
  return { kind: "end", end, offset: 0 };
}

function labelOf(axis: AnalysisAxis, tree: Expr): number | null {
  const at = tree.kind === "name" ? (axis.labels?.indexOf(tree.text) ?? -1) : -1;
  return at < 0 ? null : at;
}

function noSuchLabel(checker: Checker, axis: AnalysisAxis, name: Name, of: Subject): "faulty" {
  const labels = axis.labels ?? [];
  const hint = checker.context.suggest(name.text, labels);
  checker.context.fault("AM6020", name.span, `\`${of.name}\` has no point at \`${axis.label}: ${name.text}\``, {
    here: `its labels are ${labels.map((label) => `\`${label}\``).join(", ")}`,
    ...hint,
  });
  return "faulty";
}

function listSelection(
  checker: Checker,
  env: Env,
  axis: AnalysisAxis,
  tree: Extract<Expr, { kind: "list" | "range" }>,
  of: Subject,
): Prepares {
  const values = checker.numbers(env, tree, axis.labels);
  if (values === null) return "faulty";
  const wrong = values.find((value) => !isKnown(of, value));
  return wrong === undefined ? { kind: "list", values } : noSuchCoordinate(checker, axis, wrong, tree, of);
}

function withValue(
  checker: Checker,
  env: Env,
  axis: AnalysisAxis,
  kind: "near" | "position" | "coordinate",
  tree: Expr,
  of: Subject,
): Prepares {
  const value = checker.expr(env, tree);
  if (value.type.kind === "unknown") return "faulty";
  const { labels } = axis;
  const ofLabels = kind === "coordinate" && labels !== null;
  if (ofLabels ? value.type.kind !== "label" : value.type.kind !== "number") {
    checker.context.fault(
      "AM6022",
      tree.span,
      ofLabels ? `\`${axis.label}\` has labels` : "a number is wanted in this subscript",
      {
        ...(ofLabels ? { here: `one of ${labels.map((label) => `\`${label}\``).join(", ")} is wanted` } : {}),
      },
    );
    return "faulty";
  }
  if (kind === "coordinate" && value.kind === "constant")
    return constantSelection(checker, axis, value.value, tree, of, value);
  return { kind, value };
}

function constantSelection(
  checker: Checker,
  axis: AnalysisAxis,
  value: number,
  tree: Expr,
  of: Subject,
  node?: AnalysisNode,
): Prepares {
  if (!isKnown(of, value)) return noSuchCoordinate(checker, axis, value, tree, of);
  return { kind: "coordinate", value: node ?? checker.context.nodes.constant(value, int, tree.span) };
}

/** Whether the axis may have the coordinate, as far as is known before the run. */
function isKnown(of: Subject, value: number): boolean {
  return of.known === null || of.known.some((own) => sameCoordinate(own, value));
}

function noSuchCoordinate(checker: Checker, axis: AnalysisAxis, value: number, tree: Expr, of: Subject): "faulty" {
  const nearest = [...(of.known ?? [])]
    .sort((a, b) => Math.abs(a - value) - Math.abs(b - value))
    .slice(0, 4)
    .sort((a, b) => a - b);
  checker.context.fault(
    "AM6020",
    tree.span,
    `\`${of.name}\` has no point at \`${axis.label}: ${checker.context.text(tree.span)}\``,
    {
      here:
        nearest.length === 0 ? `\`${axis.label}\` has no values` : `the nearest are ${nearest.map(String).join(", ")}`,
      ...(axis.kind !== "index" && tree.kind === "number"
        ? { help: `write \`${axis.label}: near ${String(value)}\` for the nearest one` }
        : {}),
    },
  );
  return "faulty";
}
