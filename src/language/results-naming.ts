/** Which equations and `let`s of an experiment speak of results: they are no part of any run. */
import type { Statement } from "../../grammar/tree.js";
import { namesOf } from "./declared-names.js";

/** Names that stand for no values: those of members, arguments, binders, labels, left sides. */
const labelling = new Set([
  "span",
  "name",
  "label",
  "over",
  "target",
  "targets",
  "axes",
  "index",
  "axis",
  "part",
  "doc",
]);

/** The names that an expression mentions as values: all of them, and those before a dot or brackets. */
interface Mentioned {
  readonly all: Set<string>;
  readonly opened: Set<string>;
  readonly bound: Set<string>;
}

function mention(node: unknown, into: Mentioned): Mentioned {
  if (typeof node !== "object" || node === null) return into;
  if (Array.isArray(node)) {
    for (const part of node) mention(part, into);
    return into;
  }
  const kind = "kind" in node ? node.kind : undefined;
  if (kind === "name" && "text" in node && typeof node.text === "string") {
    into.all.add(node.text);
    return into;
  }
  if ((kind === "member" || kind === "subscript") && "object" in node)
    namesIn(node.object).forEach((name) => into.opened.add(name));
  if (kind === "reduction" && "binders" in node && Array.isArray(node.binders)) {
    for (const { name } of node.binders as readonly { readonly name: { readonly text: string } | null }[])
      if (name !== null) into.bound.add(name.text);
  }
  for (const [key, part] of Object.entries(node)) if (!labelling.has(key)) mention(part, into);
  return into;
}

/** The names that an expression or statement mentions as values. */
export function namesIn(tree: unknown): ReadonlySet<string> {
  return mention(tree, { all: new Set(), opened: new Set(), bound: new Set() }).all;
}

function phaseNames(statements: readonly Statement[]): readonly string[] {
  return statements.flatMap((statement) =>
    statement.kind === "phase"
      ? [statement.name.text]
      : statement.kind === "sequence"
        ? phaseNames(statement.body)
        : [],
  );
}

/** The equations and `let`s whose left sides have sweeps as axes, or whose right sides name phases or other results. */
export function resultStatements(statements: readonly Statement[]): ReadonlySet<Statement> {
  const phases = new Set(phaseNames(statements));
  const sweeps = new Set(
    statements.flatMap((statement) => (statement.kind === "sweep" ? statement.variables.map((name) => name.text) : [])),
  );
  const results = new Set<string>();
  const found = new Set<Statement>();
  for (let grew = true; grew;) {
    grew = false;
    for (const statement of statements) {
      if ((statement.kind !== "equation" && statement.kind !== "let") || found.has(statement)) continue;
      if (!isOverSweeps(statement, sweeps) && !speaksOf(statement, phases, results)) continue;
      found.add(statement);
      namesOf(statement).forEach((name) => results.add(name));
      grew = true;
    }
  }
  return found;
}

type Defining = Extract<Statement, { readonly kind: "equation" | "let" }>;

function indicesOf(statement: Defining): readonly string[] {
  const targets = statement.kind === "let" ? [statement.target] : statement.targets;
  return targets.flatMap((target) =>
    (target.subscripts ?? []).flatMap(({ value }) =>
      value.kind === "expr" && value.expr.kind === "name" ? [value.expr.text] : [],
    ),
  );
}

/** `let x[d, eta] = [[…]]`, `law[d] = 3.5 / d`: in a run a sweep is a value, so what has one as an axis is over results. */
function isOverSweeps(statement: Defining, sweeps: ReadonlySet<string>): boolean {
  return indicesOf(statement).some((name) => sweeps.has(name));
}

function speaksOf(statement: Defining, phases: ReadonlySet<string>, results: ReadonlySet<string>): boolean {
  const { all, opened, bound } = mention(statement.value, {
    all: new Set(),
    opened: new Set(),
    bound: new Set(indicesOf(statement)),
  });
  return [...opened].some((name) => phases.has(name)) || [...all].some((name) => results.has(name) && !bound.has(name));
}
