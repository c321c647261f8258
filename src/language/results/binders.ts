/** What stands in the parentheses of a reduction: the index variables it binds, and where their axes come from. */
import type { Binder, Name } from "../../../grammar/tree.js";
import type { Checker } from "./checker.js";
import { makeRange } from "./constants.js";
import type { Bound, Env } from "./environment.js";
import type { AnalysisNode } from "./ir.js";
import { axisOfName, boundOf } from "./names.js";

export interface Binding {
  readonly env: Env;
  readonly bound: readonly Bound[];
  /** Of ranges: which of their integers lie inside; conditions to be joined to the `where`. */
  readonly inside: readonly AnalysisNode[];
}

/** Binds the names of a reduction; null after a fault. */
export function bindAll(checker: Checker, env: Env, binders: readonly Binder[]): Binding | null {
  const bound: Bound[] = [];
  const inside: AnalysisNode[] = [];
  for (const binder of binders) {
    const { name } = binder;
    if (name === null) {
      checker.context.fault("AM6010", binder.span, "a reduction binds the names of axes here", {
        help: "`mean(seed) …`, `sum(i: dim) …`",
      });
      return null;
    }
    const before = boundOf(env, name.text) ?? bound.find((own) => own.label === name.text);
    if (before !== undefined) {
      checker.context.fault("AM6012", name.span, `\`${name.text}\` is bound already`, {
        here: "bound a second time",
        labels: [{ span: before.span, text: "bound here" }],
        help: `use another name for it: \`${name.text}'\``,
      });
      return null;
    }
    const made = bindOne(checker, env, binder, name);
    if (made === null) return null;
    bound.push(made.bound);
    if (made.inside !== null) inside.push(made.inside);
  }
  return { env: { ...env, bound: [...env.bound, ...bound], positions: false }, bound, inside };
}

function bindOne(
  checker: Checker,
  env: Env,
  binder: Binder,
  name: Name,
): { readonly bound: Bound; readonly inside: AnalysisNode | null } | null {
  const { context } = checker;
  const label = name.text;
  const { value } = binder;
  if (value === null)
    return { bound: { label, axis: axisOfName(checker, env, label), range: null, span: name.span }, inside: null };
  if (value.kind === "range") {
    const from = checker.expr(env, value.from);
    const to = checker.expr(env, value.to);
    if (from.type.kind === "unknown" || to.type.kind === "unknown") return null;
    const range = makeRange(context, label, from, to, value.span);
    return { bound: { label, axis: null, range: range.values, span: name.span }, inside: range.inside };
  }
  const axis = value.kind === "name" ? axisOfName(checker, env, value.text) : null;
  if (axis === null) {
    context.fault("AM6010", value.span, `\`${context.text(value.span)}\` is no axis`, {
      ...(value.kind === "name" ? context.suggest(value.text, env.scope.keys()) : {}),
    });
    return null;
  }
  return { bound: { label, axis: { ...axis, label }, range: null, span: name.span }, inside: null };
}

/** Whether what is reduced varies with every bound name; says so where it does not. */
export function resolveBound(
  checker: Checker,
  bound: readonly Bound[],
  parts: readonly AnalysisNode[],
  what: string,
): boolean {
  if (parts.some((part) => part.type.kind === "unknown")) return false;
  const axes = parts.flatMap((part) => part.axes);
  let isFine = true;
  for (const own of bound) {
    if (axes.some((axis) => axis.label === own.label)) continue;
    isFine = false;
    const known = [...new Set(axes.map((axis) => axis.label))];
    checker.context.fault("AM6010", own.span, `what \`${what}\` is taken of does not vary with \`${own.label}\``, {
      here:
        known.length === 0 ? "it is a single value" : `its axes are ${known.map((label) => `\`${label}\``).join(", ")}`,
      labels: parts.slice(0, 1).map((part) => ({ span: part.span, text: "this is what it is taken of" })),
      ...checker.context.suggest(own.label, known),
    });
  }
  return isFine;
}

/** Names that are bound, and a number after them where the reduction takes one. */
export function splitParameter(binders: readonly Binder[]): {
  readonly names: readonly Binder[];
  readonly rest: readonly Binder[];
} {
  return {
    names: binders.filter((binder) => binder.name !== null),
    rest: binders.filter((binder) => binder.name === null),
  };
}
