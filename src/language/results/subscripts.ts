/** Subscripts of results: by name (a coordinate) or by place among the own axes (an index or a position). */
import type { Subscript, SubscriptItem } from "../../../grammar/tree.js";
import type { Checker } from "./checker.js";
import { stepAxis } from "./context.js";
import { faulty } from "./environment.js";
import type { Env, Prepared, TensorValue, Value } from "./environment.js";
import type { ListExpr } from "../typed.js";
import type { AnalysisAxis } from "./ir.js";
import { wantNumber } from "./operators.js";
import { byName, byPlace, subjectOf } from "./selections.js";

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
        const selection =
          axis === null ? null : byName(checker, env, axis, item, subjectOf(checker, object.phase, axis));
        if (axis === null || selection === "faulty") return faulty;
        if (selection !== null) slices.push({ label: axis.label, selection, span: item.span });
      }
      return { ...object, slices: [...object.slices, ...slices] };
    }
    case "list":
      return entryOfList(checker, env, object.values, tree);
    case "lists":
      return entryOfLists(checker, env, object.list, tree);
    case "faulty":
      return faulty;
    default:
      checker.context.fault(
        "AM6022",
        tree.span,
        `\`${checker.context.text(tree.object.span)}\` has no axes to subscript`,
      );
      return faulty;
  }
}

function entryOfList(checker: Checker, env: Env, values: readonly number[], tree: Subscript): Value {
  const [item] = tree.items;
  const node = item?.name === null && item.value.kind === "expr" ? checker.expr(env, item.value.expr) : null;
  const value = node?.kind === "constant" ? values[node.value] : undefined;
  if (tree.items.length === 1 && value !== undefined) {
    const constant = checker.context.nodes.constant(
      value,
      { kind: "number", integer: Number.isInteger(value) },
      tree.span,
    );
    return { kind: "tensor", node: constant, name: "", positional: [], final: false };
  }
  checker.context.fault("AM6022", tree.span, `this list has the entries 0 to ${String(values.length - 1)}`);
  return faulty;
}

/** Outside of it there is no value: what depends on that is undecided. */
function entryOfLists(checker: Checker, env: Env, list: ListExpr, tree: Subscript): Value {
  const [item] = tree.items;
  const { context } = checker;
  if (item?.name !== null || item.value.kind !== "expr" || tree.items.length > 1) {
    context.fault("AM6022", tree.span, "a list is read at one position");
    return faulty;
  }
  const position = checker.expr({ ...env, positions: false }, item.value.expr);
  if (position.type.kind === "unknown" || !wantNumber(checker, position, "a list's position")) return faulty;
  const node = checker.constants.entry(list, position, tree.span);
  const positional = node.axes.map(({ label }) => label);
  return { kind: "tensor", node, name: context.text(tree.span), positional, final: false };
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
  const value = withoutCollisions(checker, object, prepared);
  const isLeft = (label: string): boolean => value.node.axes.some((axis) => axis.label === label);
  return { ...value, positional: object.positional?.filter(isLeft) ?? null };
}

/** A record of the last step only has no axis `step`; `[step: last]` of it is itself. */
function isFinalRecord(object: TensorValue, item: SubscriptItem): boolean {
  const { value } = item;
  return (
    object.final &&
    item.name?.text === "step" &&
    value.kind === "expr" &&
    value.expr.kind === "name" &&
    value.expr.text === "last"
  );
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
  checker.context.fault(
    "AM6022",
    item.span,
    own.length === 0
      ? `\`${object.name}\` has no axes of its own: subscripts name the axis here`
      : `\`${object.name}\` has ${String(own.length)} ${own.length === 1 ? "axis" : "axes"} of its own: ${own.map((label) => `\`${label}\``).join(", ")}`,
    {
      help: `name the axis: \`${object.node.axes[0]?.label ?? "eta"}: …\``,
    },
  );
  return faulty;
}

function namedAxis(
  checker: Checker,
  item: SubscriptItem,
  axes: readonly AnalysisAxis[],
  of: string,
): AnalysisAxis | null {
  const { context } = checker;
  const { name } = item;
  if (name === null) {
    context.fault("AM6022", item.span, `a slice of \`${of}\` names the axis`, {
      help: `\`${of}[${axes[0]?.label ?? "eta"}: …]\``,
    });
    return null;
  }
  const axis = axes.find((own) => own.label === name.text);
  if (axis !== undefined || (context.isPartial && context.checked.scope.get(name.text)?.kind === "axis"))
    return axis ?? null;
  context.fault("AM6021", name.span, `\`${of}\` does not vary with \`${name.text}\``, {
    here:
      axes.length === 0 ? "it is a single value" : `its axes are ${axes.map((own) => `\`${own.label}\``).join(", ")}`,
    ...context.suggest(
      name.text,
      axes.map((own) => own.label),
    ),
  });
  return null;
}
