/** What an optimizer and a transform of gradients have in common: a page of states, equations and updates, and what replaces them. */
import type { Every, Statement } from "../../grammar/tree.js";
import { onlyWhere } from "./assignments.js";
import { declareReplacement } from "./replacements.js";
import { namesOf } from "./declared-names.js";
import { declareStatement, misplaced } from "./declare.js";
import { checkDue, onlyDue } from "./every.js";
import { envOf, type Choice, type Env, type Scope } from "./scopes.js";
import { definitionsNamed } from "./tuples.js";
import type { Assignment, DefinitionId, PhaseStatement } from "./typed.js";
import type { World } from "./world.js";

export interface Page {
  readonly world: World;
  readonly scope: Scope;
  /** The place where the page is used. */
  readonly outside: Env;
  readonly body: readonly Statement[];
  readonly replacements: ReadonlyMap<string, Statement>;
  /** The labels at which it is its turn. */
  readonly choices: readonly Choice[];
  readonly assign: (env: Env, statement: Extract<Statement, { readonly kind: "assign" }>) => Assignment | null;
}

export interface CheckedPage {
  readonly states: readonly DefinitionId[];
  readonly statements: readonly PhaseStatement[];
}

/** Null after a fault. */
export function checkPage(page: Page): CheckedPage | null {
  const { body } = page;
  const rare = body.filter((statement) => statement.kind === "every");
  const main = body.filter((statement) => statement.kind !== "every");
  const isFine = declareBody(page, main, true);
  const declared = rare.map(({ body: inner }) => declareBody(page, inner, false));
  const checked = checkBody(page, main);
  const due = rare.map((statement) => checkRare(page, statement));
  const found = [checked, ...due].filter((part) => part !== null);
  if (!isFine || declared.includes(false) || found.length <= due.length) return null;
  return {
    states: found.flatMap(({ states }) => states),
    statements: found.flatMap(({ statements }) => statements),
  };
}

function checkRare(page: Page, statement: Every): CheckedPage | null {
  const { world, scope } = page;
  const due = checkDue(world, envOf(scope), statement);
  const checked = checkBody(page, statement.body);
  if (due === null || checked === null) return null;
  return { ...checked, statements: checked.statements.map((own) => onlyDue(own, due)) };
}

/** Declares all but the updates; false after a fault. */
function declareBody(page: Page, body: readonly Statement[], states: boolean): boolean {
  const { world, scope, outside, replacements } = page;
  let isFine = true;
  for (const statement of body) {
    if (statement.kind === "assign") continue;
    const [name = "", ...others] = namesOf(statement);
    const replacement = others.length > 0 ? undefined : replacements.get(name);
    const isMisplaced =
      statement.kind === "param" || statement.kind === "draws" || (!states && statement.kind === "state");
    if (!isMisplaced && replacement !== undefined) {
      const isAllowed = replacement.kind !== "param" && replacement.kind !== "draws";
      if (isAllowed) declareReplacement(world, outside, scope, statement, replacement);
      else {
        misplaced(world, outside.scope, replacement, "in an `optimizer`");
        declareStatement(world, scope, statement, true);
        isFine = false;
      }
    } else if (isMisplaced || !declareStatement(world, scope, statement, true)) {
      misplaced(world, scope, statement, states ? "in an `optimizer`" : "in an `every`");
      isFine = false;
    }
  }
  return isFine;
}

function checkBody(page: Page, body: readonly Statement[]): CheckedPage | null {
  const { world, scope, replacements, choices, assign } = page;
  const env = envOf(scope, { stepping: true });
  const states: DefinitionId[] = [];
  const statements: PhaseStatement[] = [];
  let isFine = true;
  for (const statement of body) {
    if (statement.kind === "assign") {
      const assignment = assign(env, statement);
      if (assignment === null) {
        isFine = false;
        continue;
      }
      const wrapped = choices.reduce(
        (done, { subject, isChosen }) => onlyWhere(done, subject, isChosen, world),
        assignment,
      );
      statements.push({ kind: "assign", assignment: wrapped, span: statement.span });
      continue;
    }
    const names = namesOf(statement);
    const own = (names.length === 1 ? replacements.get(names[0] ?? "") : undefined) ?? statement;
    if (own.kind !== "state" && own.kind !== "equation") continue;
    const found = names.flatMap((name) => definitionsNamed(scope, name));
    if (found.length === 0) isFine = false;
    if (own.kind === "state") states.push(...found);
    else for (const definition of found) statements.push({ kind: "snapshot", definition, span: statement.span });
  }
  return isFine ? { states, statements } : null;
}
