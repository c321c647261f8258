/** Commands as they are typed in a shell. */
import type { PlanningOptions } from "./options.js";

export const shellWords = (words: readonly string[]): string => words.map(quote).join(" ");

const quote = (word: string): string => (/^[\w./=+,:@%-]+$/u.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);

/** `amemc run SPEC` with the options that say which points there are and where they lie. */
export function runCommand(path: string, { profile, set, engine, out }: PlanningOptions): string {
  const words = ["amemc", "run", path];
  if (profile !== undefined) words.push("--profile", profile);
  for (const [name, value] of Object.entries(set ?? {})) words.push("--set", `${name}=${value}`);
  if (engine !== "auto") words.push("--engine", engine);
  if (out !== "out") words.push("--out", out);
  return shellWords(words);
}
