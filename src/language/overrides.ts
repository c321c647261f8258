/** What a profile and `--set` say instead of the text: other values of sweeps and constants. */
import { parseExpression } from "../../grammar/index.js";
import type { Expr as TreeExpr, Let, Statement, SweepDeclaration } from "../../grammar/tree.js";
import type { Diagnostic, Diagnostics } from "../base/diagnostic.js";
import { nearest } from "./suggest.js";
import type { SweepChange } from "./sweep-values.js";

export interface Settings {
  readonly settings: Readonly<Record<string, string>>;
  readonly profile: string | null;
}

/** An experiment's statements as they are to be checked. */
export interface Overridden {
  readonly statements: readonly Statement[];
  readonly sweepChanges: ReadonlyMap<SweepDeclaration, readonly SweepChange[]>;
  /** What stood in profiles and fitted. */
  readonly used: ReadonlySet<Statement>;
}

/** The bodies of a profile outside of the experiments and inside of one, which has the last word. */
export interface Profiles {
  readonly outside: readonly Statement[];
  readonly own: readonly Statement[];
}

/** The values of `--set`, read once; those that no experiment took up are told at the end. */
export class SettingValues {
  private readonly values = new Map<string, TreeExpr>();
  private readonly taken = new Set<string>();
  private readonly offered = new Set<string>();

  constructor(
    settings: Settings["settings"],
    private readonly diagnostics: Diagnostics,
  ) {
    for (const [name, text] of Object.entries(settings)) {
      const file = `--set ${name}`;
      const parsed = parseExpression({ file, text: asList(text) });
      if (parsed.complete) this.values.set(name, parsed.expr);
      else this.taken.add(name);
      parsed.diagnostics.forEach((diagnostic) => diagnostics.add(diagnostic));
    }
  }

  /** What `--set` gives a name; asking for it says that the name exists. */
  take(name: string): TreeExpr | null {
    this.offered.add(name);
    const value = this.values.get(name);
    if (value === undefined) return null;
    this.taken.add(name);
    return value;
  }

  /** `elsewhere`: constants of files that are used, by name, with their file. */
  reportUnknown(elsewhere: ReadonlyMap<string, string>): void {
    for (const name of this.values.keys()) {
      if (this.taken.has(name)) continue;
      const file = elsewhere.get(name);
      if (file !== undefined) {
        this.diagnostics.add({
          code: "AM4015",
          severity: "error",
          span: null,
          message: `\`--set ${name}=…\`: \`${name}\` is a \`let\` of \`${file}\`, and stays what it is there`,
          help: `make it a parameter of what uses it, and write \`let ${name} = …\` in the spec`,
        });
        continue;
      }
      const near = nearest(name, this.offered);
      this.diagnostics.add({
        code: "AM4015",
        severity: "error",
        span: null,
        message: `\`--set ${name}=…\`: there is no sweep or \`let\` of this name`,
        help:
          near !== null
            ? `did you mean \`${near}\`?`
            : `there are ${[...this.offered].map((known) => `\`${known}\``).join(", ") || "none"}`,
      });
    }
  }
}

/** Labels stand in braces in a sweep; as a value they are a list. */
const asList = (text: string): string => text.replace(/^(\s*)\{([\s\w,]+)\}(\s*)$/u, "$1[$2]$3");

/** Applies a profile, then `--set`, to an experiment's sweeps and constants. */
export function override(
  statements: readonly Statement[],
  { outside, own }: Profiles,
  settings: SettingValues,
  diagnostics: Diagnostics,
): Overridden {
  const changed = [...outside, ...own];
  const sweepChanges = new Map<SweepDeclaration, readonly SweepChange[]>();
  const used = new Set<Statement>();
  const result = statements.map((statement): Statement => {
    if (statement.kind !== "sweep" && statement.kind !== "let") return statement;
    const names = namesOf(statement);
    const [name = ""] = names;
    const fitting = changed.filter(
      (other) =>
        (other.kind === "sweep" || other.kind === "let") && namesOf(other).some((known) => names.includes(known)),
    );
    fitting.forEach((other) => used.add(other));
    const replacement = fitting.at(-1);
    const isSwept = statement.kind === "sweep";
    if (isSwept && replacement?.kind !== "let") {
      const changes: SweepChange[] =
        replacement?.kind === "sweep" ? [{ kind: "declaration", declaration: replacement }] : [];
      for (const variable of names) {
        const value = settings.take(variable);
        if (value !== null) changes.push({ kind: "value", variable, value });
      }
      sweepChanges.set(statement, changes);
      return statement;
    }
    const final = replacement?.kind === "let" || replacement?.kind === "sweep" ? replacement : statement;
    const value = settings.take(name);
    if (final.kind === "sweep") {
      sweepChanges.set(final, value === null ? [] : [{ kind: "value", variable: name, value }]);
      return final;
    }
    return value === null ? final : ({ ...final, value } satisfies Let);
  });
  for (const statement of own)
    if (!used.has(statement)) diagnostics.add(misfit(statement, statements, "the experiment has no"));
  return { statements: result, sweepChanges, used };
}

/** The statements of a file with the constants of a profile, then of `--set`, in their places. */
export function overrideFile(
  statements: readonly Statement[],
  outside: readonly Statement[],
  settings: SettingValues,
): Pick<Overridden, "statements" | "used"> {
  const used = new Set<Statement>();
  const result = statements.map((statement): Statement => {
    const [name] = statement.kind === "let" ? namesOf(statement) : [];
    if (name === undefined) return statement;
    const fitting = outside.filter((other) => other.kind === "let" && namesOf(other)[0] === name);
    fitting.forEach((other) => used.add(other));
    const final = fitting.at(-1) ?? statement;
    const value = settings.take(name);
    return value === null || final.kind !== "let" ? final : { ...final, value };
  });
  return { statements: result, used };
}

function namesOf(statement: SweepDeclaration | Let): readonly string[] {
  return statement.kind === "sweep"
    ? statement.variables.map((name) => name.text)
    : statement.target.path.map((name) => name.text);
}

/** What a profile says of a name that is not there; `whoHas`: "the experiment has no". */
export function misfit(statement: Statement, statements: readonly Statement[], whoHas: string): Diagnostic {
  const known = statements.flatMap((other) => (other.kind === "sweep" || other.kind === "let" ? namesOf(other) : []));
  const isDeclared = statement.kind === "sweep" || statement.kind === "let";
  const [name = ""] = isDeclared ? namesOf(statement) : [];
  const near = nearest(name, known);
  const isConstant = isDeclared && known.includes(name);
  return {
    code: "AM4014",
    severity: "error",
    span: statement.span,
    message: isConstant
      ? `\`${name}\` stands outside of the experiments, and cannot be swept`
      : isDeclared
        ? `${whoHas} sweep or \`let\` called \`${name}\``
        : "a profile holds sweeps and `let`s, nothing else",
    ...(isConstant
      ? { help: `give it one value: \`let ${name} = …\`` }
      : near === null
        ? {}
        : { help: `did you mean \`${near}\`?` }),
  };
}
