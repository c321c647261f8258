/** Runs that became non-finite, in words: the same while they run and beside verdicts. */

/** Runs that are named one by one. */
const MOST_NAMED = 3;

export interface DivergedRun {
  /** `eta = 10, seed = 3`; empty where nothing is swept. */
  readonly point: string;
  /** `at step 7`. */
  readonly when: string;
}

/** `2 of 20 runs of `fit` became non-finite: eta = 30, seed = 3 at step 17; …`. */
export function divergedWords(phase: string, runs: readonly DivergedRun[], total: number, remark = ""): string {
  // Measures that the compiler added for definitions have no name that the user knows.
  const whose = phase.startsWith("__") ? "of the definitions named here" : `of \`${phase}\``;
  const list = namedRuns(runs.map(({ point, when }) => [point, when].filter((part) => part !== "").join(" ")));
  return `${String(runs.length)} of ${String(total)} runs ${whose} became non-finite${remark}: ${list}`;
}

/** The first ones, and how many more there are. */
export function namedRuns(all: readonly string[]): string {
  const named = all.slice(0, MOST_NAMED);
  const more = all.length - named.length;
  return [...named, ...(more > 0 ? [`and ${String(more)} more`] : [])].join("; ");
}
