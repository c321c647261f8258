/** `experiment small = mnist { … }`: the statements of another one, with these instead of those of the same name, and the rest added. */
import type { Phase, Statement } from "../../grammar/tree.js";
import { namesOf } from "./declared-names.js";

/** Each statement of the second list replaces what it stands for in the first, or comes after it. */
export function merged(base: readonly Statement[], own: readonly Statement[]): readonly Statement[] {
  const waiting = new Set(own);
  const result: Statement[] = [];
  for (const statement of base) {
    const replacement = own.findLast((other) => standsFor(other, statement));
    if (replacement === undefined) result.push(statement);
    else if (waiting.delete(replacement)) result.push(together(statement, replacement));
  }
  return [...result, ...waiting];
}

/** A phase is repeated with the clauses that differ. */
function together(statement: Statement, own: Statement): Statement {
  if (statement.kind !== "phase" || own.kind !== "phase" || own.instance !== null || statement.instance !== null)
    return own;
  return {
    ...own,
    parameters: statement.parameters,
    from: own.from ?? statement.from,
    body: merged(statement.body ?? [], own.body ?? []),
  } satisfies Phase;
}

/** Clauses of which a place has one. */
const single: ReadonlySet<Statement["kind"]> = new Set([
  "minimize",
  "using",
  "for",
  "stop",
  "until",
  "batch",
  "source",
  "precision",
]);

function standsFor(own: Statement, statement: Statement): boolean {
  if (single.has(own.kind)) return own.kind === statement.kind;
  if (own.kind === "record") return statement.kind === "record" && own.schedule.kind === statement.schedule.kind;
  if (isNamed(own) && isNamed(statement)) return own.kind === statement.kind && own.name.text === statement.name.text;
  const names = declared(own);
  return declared(statement).some((name) => names.includes(name));
}

function isNamed(
  statement: Statement,
): statement is Extract<Statement, { readonly kind: "chart" | "table" | "claim" | "profile" | "phase" }> {
  return ["chart", "table", "claim", "profile", "phase"].includes(statement.kind);
}

function declared(statement: Statement): readonly string[] {
  return statement.kind === "sweep" ? statement.variables.map(({ text }) => text) : namesOf(statement);
}
