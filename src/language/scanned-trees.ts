/** Inside a scan, what is stacked is at hand at the scanned index only: that subscript is left out of the text. */
import type { SubscriptItem } from "../../grammar/tree.js";

/** A tree in which the names lose the subscript of that name; it has the form of the tree that it is made from. */
export function withoutIndex<T>(tree: T, index: string, names: ReadonlySet<string>): T {
  // Every node stays of its kind: only lists of subscripts get shorter.
  return changed(tree, index, names) as T;
}

function changed(node: unknown, index: string, names: ReadonlySet<string>): unknown {
  if (Array.isArray(node)) return node.map((part) => changed(part, index, names));
  if (typeof node !== "object" || node === null) return node;
  const entries = Object.entries(node).map(
    ([key, part]) => [key, key === "span" ? part : changed(part, index, names)] as const,
  );
  const copy: Record<string, unknown> = Object.fromEntries(entries);
  if (copy.kind === "subscript" && isNamed(copy.object, names)) {
    const items = kept(copy.items as readonly SubscriptItem[], index);
    return items.length === 0 ? copy.object : { ...copy, items };
  }
  if (Array.isArray(copy.path) && names.has((copy.path[0] as { readonly text?: string } | undefined)?.text ?? "")) {
    const items = kept((copy.subscripts ?? []) as readonly SubscriptItem[], index);
    return { ...copy, subscripts: items.length === 0 ? null : items };
  }
  return copy;
}

const isNamed = (object: unknown, names: ReadonlySet<string>): boolean =>
  typeof object === "object" && object !== null && "text" in object && names.has(String(object.text));

const kept = (items: readonly SubscriptItem[], index: string): readonly SubscriptItem[] =>
  items.filter(({ value }) => !(value.kind === "expr" && value.expr.kind === "name" && value.expr.text === index));
