/** Walking a tree without knowing it: which fields of which kind hold further nodes, in the order of the text. */
import type { Expr, File, Mark, Statement } from "./tree.js";

export type Node = Expr | Statement | Mark | File;
export type NodeKind = Node["kind"];
type NodeOf<K extends NodeKind> = Extract<Node, { kind: K }>;
type Fields = {
  readonly [K in NodeKind]: readonly Exclude<keyof NodeOf<K>, "kind" | "span" | "doc" | "parenthesised">[];
};

/** The fields of each kind that hold nodes, or helpers (targets, arms, parameters, …) that hold nodes. */
export const childFields: Fields = {
  name: [],
  number: [],
  boolean: [],
  string: [],
  missing: [],
  list: ["items"],
  tuple: ["items"],
  range: ["from", "to"],
  member: ["object", "name"],
  subscript: ["object", "items"],
  call: ["callee", "args"],
  unary: ["operand"],
  binary: ["left", "right"],
  comparison: ["operands"],
  if: ["condition", "then", "otherwise"],
  case: ["subject", "arms", "otherwise"],
  reduction: ["name", "binders", "over", "where", "body", "at"],
  with: ["body", "replacements", "tuple"],
  block: ["statements"],
  iterate: ["count", "target", "start", "body"],
  joined: ["parts"],
  use: ["path"],
  axis: ["name", "value"],
  sweep: ["variables", "values", "where", "adaptive"],
  refine: ["adaptive"],
  let: ["target", "value"],
  equation: ["targets", "value"],
  draws: ["target", "distribution", "by"],
  param: ["target", "init"],
  state: ["target", "init"],
  fn: ["name", "parameters", "results", "body"],
  component: ["name", "axes", "parameters", "subject", "instance", "body"],
  phase: ["name", "parameters", "from", "instance", "body"],
  experiment: ["name", "parameters", "instance", "body"],
  profile: ["name", "body"],
  chart: ["name", "body"],
  mark: ["name", "channels", "layers"],
  table: ["name", "rows"],
  text: ["text", "holes"],
  claim: ["name", "body"],
  expect: ["condition", "where", "share"],
  precision: ["type"],
  source: ["details"],
  draw: ["target", "distribution", "by", "every"],
  batch: ["index", "axis", "size"],
  minimize: ["objective", "over"],
  using: ["optimizers"],
  for: ["count"],
  stop: ["condition"],
  until: ["axes", "condition"],
  record: ["schedule", "entries"],
  assign: ["targets", "value", "where", "asynchronously"],
  every: ["count", "body"],
  sequence: ["name", "values", "body"],
  scan: ["index", "over", "until", "body"],
  return: ["values"],
  column: ["target", "within", "value"],
  file: ["statements"],
};

/**
 * Fields whose objects are helpers although some of them carry a `kind`: `{ kind: "every", count }` of a record is
 * a schedule, no statement.
 */
const helperFields = new Set([
  "args",
  "value:axis",
  "values:sweep",
  "values:sequence",
  "init",
  "schedule",
  "entries",
  "body:chart",
]);

/** The nodes directly inside a node, in the order of the text. */
export function children(node: Node): Node[] {
  const found: Node[] = [];
  for (const field of childFields[node.kind]) {
    const helper = helperFields.has(field) || helperFields.has(`${field}:${node.kind}`);
    collect((node as unknown as Readonly<Record<string, unknown>>)[field], helper, found);
  }
  return found.sort((a, b) => a.span.start - b.span.start);
}

function collect(value: unknown, helper: boolean, into: Node[]): void {
  if (value === null || typeof value !== "object") return;
  if (Array.isArray(value)) {
    for (const item of value as readonly unknown[]) collect(item, helper, into);
    return;
  }
  const record = value as Readonly<Record<string, unknown>>;
  const isMark = record.kind === "mark";
  if ((!helper || isMark) && typeof record.kind === "string" && "span" in record && record.kind in childFields) {
    into.push(value as Node);
    return;
  }
  for (const [key, inner] of Object.entries(record))
    if (key !== "span" && key !== "operatorSpan") collect(inner, false, into);
}

/** Calls `enter` for a node and all nodes inside it, outermost first; `false` leaves out what is inside. */
export function walk(root: Node, enter: (node: Node, parents: readonly Node[]) => boolean | undefined): void {
  const parents: Node[] = [];
  const visit = (node: Node): void => {
    if (enter(node, parents) === false) return;
    parents.push(node);
    for (const child of children(node)) visit(child);
    parents.pop();
  };
  visit(root);
}

/** How many levels a tree has; without recursion, for it is asked before recursion is known to be safe. */
export function treeHeight(root: Node): number {
  let height = 0;
  for (let level: Node[] = [root]; level.length > 0; level = level.flatMap(children)) height++;
  return height;
}
