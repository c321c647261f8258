/** Subscripts of results: by name (a coordinate) or by place among the own axes (an index or a position). */
import type { Expr, Name, Subscript, SubscriptItem } from "../../../grammar/tree.js";
import type { Checker } from "./checker.js";
import { stepAxis } from "./context.js";
import { sameCoordinate } from "./coordinates.js";
import { faulty } from "./environment.js";
import type { Env, Prepared, TensorValue, Value } from "./environment.js";
import type { AnalysisAxis, AnalysisNode, Selection } from "./ir.js";
import { axisOfName, boundOf } from "./names.js";
import { int } from "./nodes.js";

/** `fit.loss[eta: 10, step: last]`, `fit[method: gd]`, `map.loss[g, g']`. */
export function valueOfSubscript(checker: Checker, env: Env, tree: Subscript): Value {
  const object = checker.value(env, tree.object);
  switch (object.kind) {
    case "tensor":
      return subscriptTensor(checker, env, object, tree);
    case "phase": {
      const axes = [...object.phase.axes.map((id) => checker.context.axis(id)), stepAxis];
      const slices: Prepared[] = [];
      for (const item of tree.items) {
        const axis = namedAxis(checker, item, axes, object.phase.name);
        const selection = axis === null ? null : byName(checker, env, axis, item, subjectOf(checker, object.phase, axis));
        if (axis === null || selection === "faulty") return faulty;
        if (selection !== null) slices.push({ label: axis.label, selection, span: item.span });
      }
      return { ...object, slices: [...object.slices, ...slices] };
    }
    case "list":
      return entryOfList(checker, env, object.values, tree);
    case "faulty":
      return faulty;
    default:
      checker.context.fault("AM6022", tree.span, `\`${checker.context.text(tree.object.span)}\` has no axes to subscript`);
      return faulty;
  }
}

function entryOfList(checker: Checker, env: Env, values: readonly number[], tree: Subscript): Value {
  const [item] = tree.items;
  const node = item?.name === null && item.value.kind === "expr" ? checker.expr(env, item.value.expr) : null;
  const value = node?.kind === "constant" ? values[node.value] : undefined;
  if (tree.items.length === 1 && value !== undefined) {
    const constant = checker.context.nodes.constant(value, { kind: "number", integer: Number.isInteger(value) }, tree.span);
    return { kind: "tensor", node: constant, name: "", positional: [], final: false };
  }
  checker.context.fault("AM6022", tree.span, `this list has the entries 0 to ${String(values.length - 1)}`);
  return faulty;
}

function subscriptTensor(checker: Checker, env: Env, object: TensorValue, tree: Subscript): Value {
  const { axes } = object.node;
  const prepared: Prepared[] = [];
  let place = 0;
  for (const item of tree.items) {
    if (item.value.kind === "rest") break;
    if (item.name !== null) {
      if (isFinalRecord(object, item)) continue;
      const axis = namedAxis(checker, item, axes, object.name);
      const selection = axis === null ? null : byName(checker, env, axis, item, subjectOf(checker, object, axis));
      if (axis === null || selection === "faulty") return faulty;
      if (selection !== null) prepared.push({ label: axis.label, selection, span: item.span });
      continue;
    }
    const axis = axes.find((own) => own.label === object.positional?.[place]);
    place++;
    if (axis === undefined) return noPlace(checker, object, item);
    const selection = byPlace(checker, env, axis, item, subjectOf(checker, object, axis));
    if (selection === "faulty") return faulty;
    if (selection !== null) prepared.push({ label: axis.label, selection, span: item.span });
  }
  return { ...withoutCollisions(checker, object, prepared), positional: null };
}

/** A record of the last step only has no axis `step`; `[step: last]` of it is itself. */
function isFinalRecord(object: TensorValue, item: SubscriptItem): boolean {
  const { value } = item;
  return object.final && item.name?.text === "step" && value.kind === "expr" && value.expr.kind === "name" && value.expr.text === "last";
}

/** Renaming may exchange two names (`x[g', g]`): through names that nothing else has. */
function withoutCollisions(checker: Checker, object: TensorValue, prepared: readonly Prepared[]): TensorValue {
  const renamed = new Set(prepared.map((item) => item.label));
  const collides = ({ selection }: Prepared): boolean => selection.kind === "rename" && renamed.has(selection.to.label);
  const first = prepared.map((item): Prepared => {
    if (!collides(item) || item.selection.kind !== "rename") return item;
    return { ...item, selection: { kind: "rename", to: { ...item.selection.to, label: `#${item.label}` } } };
  });
  const second = prepared.filter(collides).map((item): Prepared => ({ ...item, label: `#${item.label}` }));
  const value = checker.applyAll(object, [...first, ...second]);
  return value.kind === "tensor" ? value : object;
}

function noPlace(checker: Checker, object: TensorValue, item: SubscriptItem): Value {
  const own = object.positional ?? [];
  checker.context.fault("AM6022", item.span, own.length === 0
    ? `\`${object.name}\` has no axes of its own: subscripts name the axis here`
    : `\`${object.name}\` has ${String(own.length)} ${own.length === 1 ? "axis" : "axes"} of its own: ${own.map((label) => `\`${label}\``).join(", ")}`, {
    help: `name the axis: \`${object.node.axes[0]?.label ?? "eta"}: …\``,
  });
  return faulty;
}

function namedAxis(checker: Checker, item: SubscriptItem, axes: readonly AnalysisAxis[], of: string): AnalysisAxis | null {
  const { context } = checker;
  const { name } = item;
  if (name === null) {
    context.fault("AM6022", item.span, `a slice of \`${of}\` names the axis`, { help: `\`${of}[${axes[0]?.label ?? "eta"}: …]\`` });
    return null;
  }
  const axis = axes.find((own) => own.label === name.text);
  if (axis !== undefined || (context.isPartial && context.checked.scope.get(name.text)?.kind === "axis")) return axis ?? null;
  context.fault("AM6021", name.span, `\`${of}\` does not vary with \`${name.text}\``, {
    here: axes.length === 0 ? "it is a single value" : `its axes are ${axes.map((own) => `\`${own.label}\``).join(", ")}`,
    ...context.suggest(name.text, axes.map((own) => own.label)),
  });
  return null;
}

/** What is subscripted: its name, and the coordinates that the axis at hand has as far as is known before the run. */
interface Subject {
  readonly name: string;
  readonly known: readonly number[] | null;
}

function subjectOf(checker: Checker, object: { readonly name: string; readonly node?: AnalysisNode }, axis: AnalysisAxis): Subject {
  const { known, experiment, isChanged } = checker.context;
  if (axis.axis !== null) return { name: object.name, known: checker.context.fullCoordinates(axis.axis) };
  if (isChanged) return { name: object.name, known: null };
  const { node } = object;
  const phase = node?.kind === "column" ? experiment.phases.find((own) => own.name === node.phase) : undefined;
  return { name: object.name, known: node?.kind === "column" && phase !== undefined ? known.steps(phase, node.result) : null };
}

/** `null`: the axis stays as it is. */
type Prepares = Selection | null | "faulty";

function byName(checker: Checker, env: Env, axis: AnalysisAxis, item: SubscriptItem, of: Subject): Prepares {
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
    if (axis.labels !== null && boundOf(env, expr.text) === undefined && !env.locals.has(expr.text)) return noSuchLabel(checker, axis, expr, of);
    const known = env.locals.get(expr.text);
    if (known?.kind === "list") return { kind: "list", values: known.values };
  }
  return withValue(checker, env, axis, "coordinate", expr, of);
}

function byPlace(checker: Checker, env: Env, axis: AnalysisAxis, item: SubscriptItem, of: Subject): Prepares {
  const { value } = item;
  if (value.kind !== "expr") return byName(checker, env, axis, item, of);
  const { expr } = value;
  const end = endOf(checker, env, expr);
  if (end !== null) return end;
  const label = labelOf(axis, expr);
  if (label !== null) return constantSelection(checker, axis, label, expr, of);
  if (expr.kind === "name") {
    if (expr.text === axis.label) return null;
    const renamed = renaming(checker, env, axis, expr);
    if (renamed !== null) return renamed;
    const other = boundOf(env, expr.text)?.axis ?? axisOfName(checker, env, expr.text);
    if (other !== null && other.kind === "index" && other.axis !== axis.axis) {
      checker.context.fault("AM6023", expr.span, `\`${expr.text}\` indexes an axis of \`${axis.label}\``, {
        here: `this position of \`${of.name}\` is axis \`${axis.label}\``,
        help: `to read at its value, name the axis: \`${axis.label}: ${expr.text}\``,
      });
      return "faulty";
    }
  }
  return withValue(checker, { ...env, positions: true }, axis, "position", expr, of);
}

/** An index that runs over the same axis under another name. */
function renaming(checker: Checker, env: Env, axis: AnalysisAxis, name: Name): Selection | null {
  const bound = boundOf(env, name.text);
  if ((bound?.range ?? null) !== null) return null;
  if (bound !== undefined) {
    bound.axis ??= { ...axis, label: bound.label };
    return bound.axis.axis === axis.axis && bound.axis.kind === axis.kind ? { kind: "rename", to: { ...axis, label: name.text } } : null;
  }
  if (env.locals.has(name.text)) return null;
  const other = axisOfName(checker, env, name.text);
  return other !== null && other.axis === axis.axis && other.kind === axis.kind ? { kind: "rename", to: other } : null;
}

/** `first`, `last`, `last - 2`, `first + 1`. */
function endOf(checker: Checker, env: Env, tree: Expr): Selection | null {
  if (tree.kind === "name" && (tree.text === "first" || tree.text === "last")) return { kind: "end", end: tree.text, offset: 0 };
  if (tree.kind !== "binary" || tree.left.kind !== "name") return null;
  const end = tree.left.text;
  if (!((end === "last" && tree.operator === "-") || (end === "first" && tree.operator === "+"))) return null;
  const offset = checker.expr(env, tree.right);
  if (offset.kind === "constant" && Number.isInteger(offset.value) && offset.value >= 0) return { kind: "end", end, offset: offset.value };
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

function listSelection(checker: Checker, env: Env, axis: AnalysisAxis, tree: Extract<Expr, { kind: "list" | "range" }>, of: Subject): Prepares {
  const values = checker.numbers(env, tree, axis.labels);
  if (values === null) return "faulty";
  const wrong = values.find((value) => !isKnown(of, value));
  return wrong === undefined ? { kind: "list", values } : noSuchCoordinate(checker, axis, wrong, tree, of);
}

function withValue(checker: Checker, env: Env, axis: AnalysisAxis, kind: "near" | "position" | "coordinate", tree: Expr, of: Subject): Prepares {
  const value = checker.expr(env, tree);
  if (value.type.kind === "unknown") return "faulty";
  const { labels } = axis;
  const ofLabels = kind === "coordinate" && labels !== null;
  if (ofLabels ? value.type.kind !== "label" : value.type.kind !== "number") {
    checker.context.fault("AM6022", tree.span, ofLabels ? `\`${axis.label}\` has labels` : "a number is wanted in this subscript", {
      ...(ofLabels ? { here: `one of ${labels.map((label) => `\`${label}\``).join(", ")} is wanted` } : {}),
    });
    return "faulty";
  }
  if (kind === "coordinate" && value.kind === "constant") return constantSelection(checker, axis, value.value, tree, of, value);
  return { kind, value };
}

function constantSelection(checker: Checker, axis: AnalysisAxis, value: number, tree: Expr, of: Subject, node?: AnalysisNode): Prepares {
  if (!isKnown(of, value)) return noSuchCoordinate(checker, axis, value, tree, of);
  return { kind: "coordinate", value: node ?? checker.context.nodes.constant(value, int, tree.span) };
}

/** Whether the axis may have the coordinate, as far as is known before the run. */
function isKnown(of: Subject, value: number): boolean {
  return of.known === null || of.known.some((own) => sameCoordinate(own, value));
}

function noSuchCoordinate(checker: Checker, axis: AnalysisAxis, value: number, tree: Expr, of: Subject): "faulty" {
  const nearest = [...(of.known ?? [])].sort((a, b) => Math.abs(a - value) - Math.abs(b - value)).slice(0, 4).sort((a, b) => a - b);
  checker.context.fault("AM6020", tree.span, `\`${of.name}\` has no point at \`${axis.label}: ${checker.context.text(tree.span)}\``, {
    here: nearest.length === 0 ? `\`${axis.label}\` has no values` : `the nearest are ${nearest.map(String).join(", ")}`,
    ...(axis.kind !== "index" && tree.kind === "number" ? { help: `write \`${axis.label}: near ${String(value)}\` for the nearest one` } : {}),
  });
  return "faulty";
}
