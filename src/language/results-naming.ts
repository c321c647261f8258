/** Which equations and `let`s of an experiment speak of results: they are no part of any run. */
import type { Statement } from "../../grammar/tree.js";
import { namesOf } from "./components.js";

/** Names that stand for values: not those of members, arguments, binders, labels. */
const labelling = new Set(["span", "name", "label", "over", "target", "targets", "axes", "index", "axis", "part", "doc"]);

/** The names that an expression or statement mentions as values. */
export function namesIn(tree: unknown, into = new Set<string>()): ReadonlySet<string> {
  if (typeof tree !== "object" || tree === null) return into;
  if (Array.isArray(tree)) {
    tree.forEach((part) => namesIn(part, into));
    return into;
  }
  if ("kind" in tree && tree.kind === "name" && "text" in tree && typeof tree.text === "string") {
    into.add(tree.text);
    return into;
  }
  for (const [key, part] of Object.entries(tree)) if (!labelling.has(key)) namesIn(part, into);
  return into;
}

function phaseNames(statements: readonly Statement[]): readonly string[] {
  return statements.flatMap((statement) => (statement.kind === "phase" ? [statement.name.text] : statement.kind === "sequence" ? phaseNames(statement.body) : []));
}

/** The equations and `let`s whose right sides name phases, or other results. */
export function resultStatements(statements: readonly Statement[]): ReadonlySet<Statement> {
  const names = new Set(phaseNames(statements));
  const sweeps = new Set(statements.flatMap((statement) => (statement.kind === "sweep" ? statement.variables.map((name) => name.text) : [])));
  const found = new Set<Statement>();
  for (let grew = true; grew; ) {
    grew = false;
    for (const statement of statements) {
      if ((statement.kind !== "equation" && statement.kind !== "let") || found.has(statement)) continue;
      const targets = statement.kind === "let" ? [statement.target] : statement.targets;
      const overSweeps = statement.kind === "let" && targets.some((target) => (target.subscripts ?? []).some(({ value }) => value.kind === "expr" && value.expr.kind === "name" && sweeps.has(value.expr.text)));
      if (!overSweeps && ![...namesIn(statement.value)].some((name) => names.has(name))) continue;
      found.add(statement);
      namesOf(statement).forEach((name) => names.add(name));
      grew = true;
    }
  }
  return found;
}
