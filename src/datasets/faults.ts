/** Faults of data files as the user reads them. The place in the spec is added by whoever asked for the file. */
import { UserError } from "../base/diagnostic.js";
import type { Code } from "../base/diagnostic.js";

export interface FaultDetails {
  readonly help?: string;
  readonly notes?: readonly string[];
}

export function fault(code: Code, message: string, details: FaultDetails = {}): UserError {
  return new UserError({ code, severity: "error", span: null, message, ...details });
}

/** Bytes in the largest unit that leaves a number above one. */
export function bytes(count: number): string {
  const units = ["bytes", "kB", "MB", "GB", "TB"];
  const power = Math.min(units.length - 1, count < 1000 ? 0 : Math.floor(Math.log10(count) / 3));
  const value = count / 1000 ** power;
  return `${power === 0 ? value : value.toFixed(value < 10 ? 1 : 0)} ${units[power] ?? ""}`;
}

/** The names closest to one that does not exist, the best first. */
export function nearestNames(written: string, names: readonly string[], most = 3): string[] {
  const bound = Math.max(2, Math.floor(written.length / 2));
  return names
    .map((name) => ({ name, far: distance(written.toLowerCase(), name.toLowerCase()) }))
    .filter(({ far }) => far <= bound)
    .sort((a, b) => a.far - b.far || (a.name < b.name ? -1 : 1))
    .slice(0, most)
    .map(({ name }) => name);
}

/** Insertions, deletions and replacements. */
function distance(first: string, second: string): number {
  let before = Array.from({ length: second.length + 1 }, (_, k) => k);
  for (let i = 1; i <= first.length; i++) {
    const row = [i];
    for (let j = 1; j <= second.length; j++) {
      const replaced = (before[j - 1] ?? 0) + (first[i - 1] === second[j - 1] ? 0 : 1);
      row.push(Math.min(replaced, (before[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1));
    }
    before = row;
  }
  return before[second.length] ?? 0;
}

export function quoted(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(", ");
}
