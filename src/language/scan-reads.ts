/** Whether the body of a scan reads or writes entries of its states at places of their own: `hits[to[i]]`, `h[pos - 1]`. */
import type { Scan, SubscriptItem, Target } from "../../grammar/tree.js";

export function readsApart(tree: Scan): boolean {
  return apart({ body: tree.body, until: tree.until }, statesIn(tree));
}

/** The indices that the states of the scan, and of those in it, are declared with, by name. */
function statesIn({ body }: Scan): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  for (const statement of body) {
    if (statement.kind === "state") found.set(statement.target.path[0]?.text ?? "", indicesOf(statement.target));
    if (statement.kind === "scan") statesIn(statement).forEach((indices, name) => found.set(name, indices));
  }
  return found;
}

const indicesOf = ({ subscripts }: Target): readonly string[] => (subscripts ?? []).map(nameOf);

/** Without primes: other entries than these are reduced over. */
function nameOf({ name, value }: SubscriptItem): string {
  return name === null && value.kind === "expr" && value.expr.kind === "name"
    ? value.expr.text.replace(/'+$/u, "")
    : "";
}

function apart(node: unknown, states: ReadonlyMap<string, readonly string[]>): boolean {
  if (Array.isArray(node)) return node.some((part) => apart(part, states));
  if (typeof node !== "object" || node === null) return false;
  if ("kind" in node && node.kind === "subscript" && "object" in node && "items" in node)
    if (differs(textOf(node.object), node.items as readonly SubscriptItem[], states)) return true;
  if ("path" in node && "subscripts" in node && node.subscripts !== null)
    if (differs(textOf((node as Target).path[0]), (node as Target).subscripts ?? [], states)) return true;
  return Object.entries(node).some(([key, part]) => key !== "span" && apart(part, states));
}

function differs(
  name: string,
  items: readonly SubscriptItem[],
  states: ReadonlyMap<string, readonly string[]>,
): boolean {
  const declared = states.get(name);
  return declared !== undefined && items.some((item, k) => nameOf(item) !== declared[k]);
}

const textOf = (object: unknown): string =>
  typeof object === "object" && object !== null && "text" in object ? String(object.text) : "";
