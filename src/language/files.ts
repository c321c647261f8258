/** Scopes of files, and what stands in them outside of experiments. */
import type { Statement } from "../../grammar/tree.js";
import { declareStatement, misplaced } from "./declare.js";
import type { Module } from "./modules.js";
import { declarePhaseTemplate, isPhaseTemplate } from "./phase-templates.js";
import { Scope } from "./scopes.js";
import type { World } from "./world.js";

/** The scope of a file, inside one that holds what it uses. */
export function fileScopes(world: World, main: Module): { readonly file: Scope } {
  const done = new Map<Module, Scope>();
  const scopeOf = (module: Module): Scope => {
    const known = done.get(module);
    if (known !== undefined) return known;
    const imports = new Scope(null, "library", "");
    const file = new Scope(imports, "file", "");
    done.set(module, file);
    for (const statement of module.tree.statements) {
      if (isShared(statement)) declareStatement(world, file, statement);
      if (statement.kind === "phase" && isPhaseTemplate(statement)) declarePhaseTemplate(world, file, statement);
    }
    for (const { module: used, use } of module.uses) importAll(world, imports, scopeOf(used), use, main.source.file);
    return file;
  };
  return { file: scopeOf(main) };
}

function isShared(statement: Statement): boolean {
  return (
    statement.kind === "axis" ||
    (statement.kind === "let" && statement.target.subscripts === null) ||
    statement.kind === "fn" ||
    statement.kind === "component"
  );
}

function importAll(
  world: World,
  imports: Scope,
  used: Scope,
  use: { readonly path: readonly { readonly text: string }[]; readonly span: Statement["span"] },
  _main: string,
): void {
  const importOne = <E extends { readonly span: Statement["span"] }>(
    to: Map<string, E>,
    name: string,
    entry: E,
  ): void => {
    const first = to.get(name);
    if (first === undefined) {
      to.set(name, entry);
      return;
    }
    world.report(imports, {
      code: "AM2007",
      span: use.span,
      message: `\`${name}\` comes from two of the files that are used`,
      labels: [
        { span: first.span, text: "declared here" },
        { span: entry.span, text: "and here" },
      ],
      help: "rename one of them, or use only one of the files",
    });
  };
  used.entries.forEach((entry, name) => importOne(imports.entries, name, entry));
  // Axes that data files bring along belong to the file that reads them.
  used.provided.forEach((entry, name) => importOne(imports.provided, name, entry));
}

export function checkOutside(world: World, scope: Scope, statement: Statement): void {
  switch (statement.kind) {
    case "use":
    case "experiment":
    case "profile":
    case "axis":
    case "fn":
    case "component":
    case "claim":
      return;
    case "phase":
      if (!isPhaseTemplate(statement)) misplaced(world, scope, statement, "outside of an experiment");
      return;
    case "let":
      if (statement.target.subscripts === null) return;
      break;
    case "sweep":
      world.report(scope, {
        code: "AM2021",
        span: statement.span,
        message: "a sweep stands inside an experiment",
        help: "what depends on it travels as an argument",
      });
      return;
    default:
  }
  const isTensor =
    statement.kind === "equation" ||
    statement.kind === "let" ||
    statement.kind === "draws" ||
    statement.kind === "param" ||
    statement.kind === "state";
  if (isTensor)
    world.report(scope, {
      code: "AM2021",
      span: statement.span,
      message: "outside of an experiment, tensors stand in a `memory` or a `data` block",
      help: "put it into one, or into the experiment",
    });
  else misplaced(world, scope, statement, "outside of an experiment");
}
