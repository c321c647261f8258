/** Files and what they use: `use std.linear` the library, `use recall` the file beside. */
import { parse } from "../../grammar/index.js";
import type { File, Use } from "../../grammar/tree.js";
import type { Diagnostics } from "../base/diagnostic.js";
import type { Source, Span } from "../base/span.js";
import { libraryFile } from "./library.js";
import { suggestion } from "./suggest.js";

/** Finds the texts of files that are used. */
export interface ModuleLoader {
  /** The text of `use a.b` written in `importer`; null when there is none. */
  load(path: readonly string[], importer: string): Source | null;
  /** Paths that could be meant, for a hint. */
  known(): readonly string[];
}

export interface Module {
  readonly source: Source;
  readonly tree: File;
  /** Nothing was skipped by the parser. */
  readonly complete: boolean;
  readonly uses: { readonly module: Module; readonly use: Use }[];
}

/** Reads a file and all that it uses; files may use each other in a circle. */
export function loadModules(source: Source, loader: ModuleLoader, diagnostics: Diagnostics): Module {
  const loaded = new Map<string, Module>();
  const load = (text: Source): Module => {
    const known = loaded.get(text.file);
    if (known !== undefined) return known;
    const parsed = libraryFile(text) ?? parse(text);
    parsed.diagnostics.forEach((diagnostic) => diagnostics.add(diagnostic));
    const module: Module = { source: text, tree: parsed.tree, complete: parsed.complete, uses: [] };
    loaded.set(text.file, module);
    const seen = new Map<string, Span>();
    for (const statement of parsed.tree.statements) {
      if (statement.kind !== "use") continue;
      const path = statement.path.map((name) => name.text);
      const written = path.join(".");
      const first = seen.get(written);
      if (first !== undefined) {
        diagnostics.add({
          code: "AM2007",
          severity: "error",
          span: statement.span,
          message: `\`${written}\` is used twice`,
          labels: [{ span: first, text: "first here" }],
          help: "take one of the lines out",
        });
        continue;
      }
      seen.set(written, statement.span);
      const found = loader.load(path, text.file);
      if (found === null)
        diagnostics.add({ code: "AM2007", severity: "error", span: statement.span, ...missing(path, loader) });
      else module.uses.push({ module: load(found), use: statement });
    }
    return module;
  };
  return load(source);
}

/** The constants of all files that a spec uses, by name, with the file. */
export function constantsOfUsed(spec: Module): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const seen = new Set([spec]);
  for (const module of seen) {
    module.uses.forEach((used) => seen.add(used.module));
    if (module === spec) continue;
    for (const statement of module.tree.statements)
      if (statement.kind === "let") for (const name of statement.target.path) found.set(name.text, module.source.file);
  }
  return found;
}

function missing(path: readonly string[], loader: ModuleLoader): { readonly message: string; readonly help?: string } {
  const written = path.join(".");
  if (path[0] === "std")
    return { message: `the library has no \`${written}\``, ...suggestion(written, loader.known()) };
  const near = suggestion(written, loader.known());
  const beside = `the file \`${path.join("/")}.amem\` has to stand beside this one`;
  return { message: `there is no file for \`use ${written}\``, help: near.help ?? beside };
}
