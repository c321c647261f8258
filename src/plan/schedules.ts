/** When a column's numbers were taken, as a text that is part of its key and can be read back. */
import type { Meaning, PhasePlan } from "./types.js";

/** One column of one point. */
export const columnKey = ({ slice, reads }: Meaning, schedule: string, pointReads: readonly string[]): string =>
  `${slice}:${schedule}:${pointReads[reads] ?? ""}`;

/** The schedule of what is taken once, after all updates. */
export const atEnd = ({ sort }: Pick<PhasePlan, "sort">, steps: number): string =>
  sort === "train" ? `after ${steps}` : "";

/** The schedule of recorded steps: ascending numbers as stretches `first-last/stride`. */
export function atSteps(steps: readonly number[]): string {
  const stretches: string[] = [];
  for (let from = 0; from < steps.length;) {
    const first = steps[from] ?? 0;
    const stride = (steps[from + 1] ?? first + 1) - first;
    let to = from;
    while (to + 1 < steps.length && (steps[to + 1] ?? 0) - (steps[to] ?? 0) === stride) to++;
    stretches.push(to === from ? `${first}` : `${first}-${steps[to] ?? first}/${stride}`);
    from = to + 1;
  }
  return `at ${stretches.join(",")}`;
}

/** The steps that `atSteps` wrote. */
export function stepsAt(schedule: string): readonly number[] {
  if (!schedule.startsWith("at ") || schedule === "at ") return [];
  return schedule
    .slice("at ".length)
    .split(",")
    .flatMap((stretch) => {
      const [first = 0, last = first, stride = 1] = stretch.split(/[-/]/u).map(Number);
      return Array.from({ length: Math.floor((last - first) / stride) + 1 }, (_, k) => first + k * stride);
    });
}

/** The number of updates after which something was taken; null where it was taken otherwise. */
export const updatesOf = (schedule: string): number | null =>
  schedule.startsWith("after ") ? Number(schedule.slice("after ".length)) : null;
