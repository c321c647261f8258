/** The library in the language itself, as texts. */
import type { File } from "../../grammar/tree.js";
import type { Source } from "../base/span.js";
import { preparedTrees } from "./prepared.js";
import bigrams from "./std/bigrams.amem";
import embeddings from "./std/embeddings.amem";
import hopfield from "./std/hopfield.amem";
import linear from "./std/linear.amem";
import optimizers from "./std/optimizers.amem";
import patterns from "./std/patterns.amem";
import retrieval from "./std/retrieval.amem";
import schedules from "./std/schedules.amem";
import tokens from "./std/tokens.amem";

const texts: ReadonlyMap<string, string> = new Map([
  ["bigrams", bigrams],
  ["embeddings", embeddings],
  ["hopfield", hopfield],
  ["linear", linear],
  ["optimizers", optimizers],
  ["patterns", patterns],
  ["retrieval", retrieval],
  ["schedules", schedules],
  ["tokens", tokens],
]);

/** The library's files by name: `linear` for `use std.linear`. */
export const library: ReadonlyMap<string, Source> = new Map(
  [...texts].map(([name, text]) => [name, { file: `std/${name}.amem`, text }]),
);

/** What a file of the library says, where bundles know it; it has no faults. */
export function libraryFile(
  source: Source,
): { readonly tree: File; readonly complete: true; readonly diagnostics: readonly [] } | null {
  const tree = library.get(/^std\/(\w+)\.amem$/u.exec(source.file)?.[1] ?? "") === source && preparedTrees[source.file];
  return typeof tree === "string" ? { tree: JSON.parse(tree) as File, complete: true, diagnostics: [] } : null;
}

/** What `use` finds: the library, and files beside the spec, which `beside` reads. */
export function loaderOver(
  beside: (path: readonly string[], importer: string) => Source | null,
  names: () => readonly string[] = () => [],
): {
  readonly load: (path: readonly string[], importer: string) => Source | null;
  readonly known: () => readonly string[];
} {
  return {
    load: (path, importer) =>
      path[0] === "std" ? (path.length === 2 ? (library.get(path[1] ?? "") ?? null) : null) : beside(path, importer),
    known: () => [...[...library.keys()].map((name) => `std.${name}`), ...names()],
  };
}
