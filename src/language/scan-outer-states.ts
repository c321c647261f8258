/**
 * A scan in the body of a phase may change states of the phase. Each is carried by a state of the scan that begins with it, under a name that
 * no spec can write, and is taken over behind the scan: `scan t { s[i] <- e }` is `scan t { state s'[i] = s[i]; s'[i] <- e }; s[i] <- s'[i]`.
 */
import type { Assign, Expr, Name, Scan, State, Statement, SubscriptItem, Target } from "../../grammar/tree.js";
import type { Span } from "../base/span.js";
import { namesOf } from "./declared-names.js";

/** The statements of a phase, with what its scans change taken over; `isThere`: something outside of the statements has the name. */
export function withOuterStates(
  statements: readonly Statement[],
  isThere: (name: string) => boolean,
): readonly Statement[] {
  const own = new Set(statements.flatMap(namesOf));
  const isKnown = (name: string): boolean => own.has(name) || isThere(name);
  return statements.flatMap((statement): readonly Statement[] => {
    if (statement.kind === "every") return [{ ...statement, body: withOuterStates(statement.body, isKnown) }];
    return statement.kind === "scan" ? takenOver(statement, isKnown) : [statement];
  });
}

function takenOver(written: Scan, isThere: (name: string) => boolean): readonly Statement[] {
  const scan: Scan = { ...written, body: withOuterStates(written.body, isThere) };
  const carried = new Map<string, Carried>();
  const own = new Set(scan.body.flatMap((statement) => (statement.kind === "assign" ? [] : namesOf(statement))));
  for (const statement of scan.body) {
    if (statement.kind !== "assign") continue;
    for (const target of statement.targets) {
      const text = pathOf(target.path);
      if (own.has(text) || carried.has(text) || !isThere(target.path[0]?.text ?? "")) continue;
      carried.set(text, carry(target, scan.index.text));
    }
  }
  if (carried.size === 0) return [scan];
  const { until, body } = renamed({ until: scan.until, body: scan.body }, carried);
  const all = [...carried.values()];
  return [{ ...scan, until, body: [...all.map(({ begin }) => begin), ...body] }, ...all.map(({ take }) => take)];
}

interface Carried {
  readonly name: Name;
  readonly begin: State;
  readonly take: Assign;
}

function carry({ path, subscripts, span }: Target, index: string): Carried {
  const text = pathOf(path);
  const name: Name = { kind: "name", text: `${text} in ${index}`, span };
  const items = subscripts?.map((_, k) => indexItem(`${text} ${k + 1}`, span)) ?? null;
  const inside: Target = { path: [name], subscripts: items, span };
  const value = (object: Expr): Expr => (items === null ? object : { kind: "subscript", object, items, span });
  const [first, ...members] = path;
  const outer = members.reduce<Expr>(
    (object, member) => ({ kind: "member", object, name: member, span }),
    first ?? { kind: "missing", span },
  );
  return {
    name,
    begin: { kind: "state", target: inside, init: { kind: "value", value: value(outer) }, doc: null, span },
    take: {
      kind: "assign",
      targets: [{ path, subscripts: items, span }],
      value: value(name),
      where: null,
      asynchronously: null,
      doc: null,
      span,
    },
  };
}

const indexItem = (text: string, span: Span): SubscriptItem => ({
  name: null,
  value: { kind: "expr", expr: { kind: "name", text, span } },
  span,
});

const pathOf = (path: readonly Name[]): string => path.map(({ text }) => text).join(".");

/** A tree that reads and changes what is carried; it has the form of the tree that it is made from. */
function renamed<T>(tree: T, carried: ReadonlyMap<string, Carried>): T {
  return changed(tree, carried) as T;
}

function changed(node: unknown, carried: ReadonlyMap<string, Carried>): unknown {
  if (Array.isArray(node)) return node.map((part) => changed(part, carried));
  if (typeof node !== "object" || node === null) return node;
  const found = "kind" in node ? carried.get(valuePath(node) ?? "") : undefined;
  if (found !== undefined) return { ...found.name, span: (node as Expr).span };
  const copy: Record<string, unknown> = {};
  for (const [key, part] of Object.entries(node))
    copy[key] =
      key === "span" || key === "name"
        ? part
        : key === "path"
          ? target(part as Name[], carried)
          : changed(part, carried);
  return copy;
}

const target = (path: readonly Name[], carried: ReadonlyMap<string, Carried>): readonly Name[] => {
  const found = carried.get(pathOf(path));
  return found === undefined ? path : [found.name];
};

/** `B.on` of names and members; null of other expressions. */
function valuePath(node: object): string | null {
  if (!("kind" in node)) return null;
  const expr = node as Expr;
  if (expr.kind === "name") return expr.text;
  if (expr.kind !== "member") return null;
  const object = valuePath(expr.object);
  return object === null ? null : `${object}.${expr.name.text}`;
}
