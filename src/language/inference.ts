/** Why an index ranges over its axis, followed back to the statement that fixed it. */
import type { Subscript as TreeSubscript, SubscriptItem } from "../../grammar/tree.js";
import type { Label } from "../base/diagnostic.js";
import type { Span } from "../base/span.js";
import type { TensorAxis } from "./scopes.js";
import type { AxisId, Index } from "./typed.js";
import type { World } from "./world.js";

/** Of an index that is not named like its axis. */
export type AxisReason =
  /** It stands in the brackets of a tensor: `text` is `W[i, o]`, `from` the axis of the tensor there. */
  | { readonly kind: "place"; readonly span: Span; readonly text: string; readonly from: TensorAxis }
  /** `i: dim`. */
  | { readonly kind: "told"; readonly span: Span }
  /** On the left side of a statement that changes a tensor: the tensor's declaration. */
  | { readonly kind: "declared"; readonly tensor: string; readonly from: TensorAxis };

/** Steps from an index to what fixed its axis that are shown. */
const MOST_STEPS = 4;

/** An index is found again by the place where it is bound; templates bind one place to several axes. */
export const reasonKey = ({ span, axis }: { readonly span: Span; readonly axis: AxisId }): string =>
  `${span.file}:${span.start}:${axis}`;

/** What is to be seen, and where, of how an index came to its axis. */
export function whyOver(world: World, index: Index): readonly Label[] {
  const axis = world.axis(index.axis).name;
  const reason = world.reasons.get(reasonKey(index));
  const ranges = `\`${index.name}\` ranges over \`${axis}\``;
  switch (reason?.kind) {
    case undefined:
      return [{ span: index.span, text: `\`${index.name}\` is an index of axis \`${axis}\`` }];
    case "told":
      return [{ span: reason.span, text: `${ranges}, as is said here` }];
    case "declared":
      return [
        { span: reason.from.span, text: `${ranges} because \`${reason.tensor}\` does here` },
        ...whyFrom(world, reason.from),
      ];
    case "place":
      return [{ span: reason.span, text: `${ranges} because of \`${reason.text}\`` }, ...whyFrom(world, reason.from)];
  }
}

/** Why a tensor is over an axis: its own index came to it by other tensors. */
export function whyFrom(world: World, from: TensorAxis): readonly Label[] {
  const labels: Label[] = [];
  let next = from;
  while (labels.length < MOST_STEPS) {
    const reason: AxisReason | undefined = world.reasons.get(
      reasonKey({ span: next.bound ?? next.span, axis: next.axis }),
    );
    if (reason?.kind !== "place") break;
    const { span, text } = reason;
    labels.push({
      span,
      text: `\`${next.name}\` ranges over \`${world.axis(next.axis).name}\` because of \`${text}\``,
    });
    next = reason.from;
  }
  return labels;
}

/** `W[i, o]`, as it is written; what is no name, number or `:` is left out. */
export function subscriptText({ object, items }: TreeSubscript): string {
  return `${wordOf(object)}[${items.map(itemText).join(", ")}]`;
}

function itemText({ name, value }: SubscriptItem): string {
  const text = value.kind === "whole" ? ":" : value.kind === "expr" ? wordOf(value.expr) : "…";
  return name === null ? text : `${name.text}: ${text}`;
}

function wordOf(tree: TreeSubscript["object"]): string {
  switch (tree.kind) {
    case "name":
      return tree.text;
    case "number":
      return String(tree.value);
    case "member":
      return `${wordOf(tree.object)}.${tree.name.text}`;
    case "call":
      return `${wordOf(tree.callee)}(…)`;
    case "tuple":
      return `(${tree.items.map(wordOf).join(", ")})`;
    default:
      return "…";
  }
}
