/** Built-in data sets on this machine: what a spec lacks, and how it is got. */
import type { Diagnostic } from "../base/diagnostic.js";
import { UserError } from "../base/diagnostic.js";
import { absentSet, bytes, isThere, packageOf, partNamed, textNamed, type Package } from "../datasets/index.js";
import type { CheckedExperiment } from "../language/typed.js";
import type { Terminal } from "./terminal.js";

/** Before a run: fetches what is missing where that is allowed; else says at its place in the spec how to get it. */
export async function provideSets(
  terminal: Terminal,
  experiments: readonly { readonly checked: CheckedExperiment }[],
  mayFetch: boolean,
): Promise<void> {
  for (const { checked } of experiments)
    for (const { path, format, span } of checked.experiment.datasets) {
      const found = format === "set" ? (partNamed(path)?.set ?? textNamed(path)?.corpus) : undefined;
      if (found === undefined || isThere(found)) continue;
      if (!mayFetch) {
        const diagnostic: Diagnostic = { ...absentSet(found).diagnostic, span };
        throw new UserError(diagnostic);
      }
      await get(terminal, found);
    }
}

/** Fetches a set into the cache; the folder. */
export async function get(terminal: Terminal, set: Package): Promise<string> {
  const { fetchSet } = await import("../datasets/sets/fetch.js");
  terminal.err(`fetching ${packageOf(set)} by ${set.by}, ${bytes(set.bytes)}\n`);
  return fetchSet(set);
}
