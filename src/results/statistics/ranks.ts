/** Ranks from 1, ties share the mean of their ranks. */

export interface Ranks {
  readonly ranks: Float64Array;
  /** The sum of t^3 - t over the groups of t equal values; 0 without ties. */
  readonly ties: number;
}

export function midRanks(values: Float64Array): Ranks {
  const n = values.length;
  const order = Uint32Array.from(values.keys()).sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0));
  const ranks = new Float64Array(n);
  let ties = 0;
  let start = 0;
  while (start < n) {
    let end = start + 1;
    while (end < n && values[order[end] ?? 0] === values[order[start] ?? 0]) end++;
    for (let k = start; k < end; k++) ranks[order[k] ?? 0] = (start + end + 1) / 2;
    const t = end - start;
    ties += t * t * t - t;
    start = end;
  }
  return { ranks, ties };
}
