/** Rows of adaptive sweeps, and what their conditions say there. */

/** One value for each axis. */
export type Row = readonly number[];
/** By condition; null where it has no value. */
export type Truth = readonly (boolean | null)[];

/** Of several conditions one is enough; where one is missing it says nothing. */
export function differ(truths: readonly Truth[]): boolean {
  const conditions = Math.max(0, ...truths.map((truth) => truth.length));
  return Array.from({ length: conditions }).some(
    (_, k) => truths.some((truth) => truth[k] === true) && truths.some((truth) => truth[k] === false),
  );
}
