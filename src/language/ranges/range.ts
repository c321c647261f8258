/**
 * Between which numbers a value lies, whatever a run gives: only what the operations themselves guarantee, in the arithmetic of
 * engines too. A bound that is no small int may be passed by rounding, so it is taken a little wider.
 */
export interface Range {
  readonly low: number;
  readonly high: number;
}

export const anything: Range = { low: -Infinity, high: Infinity };
export const atLeastNothing: Range = { low: 0, high: Infinity };
export const share: Range = { low: 0, high: 1 };
export const signed: Range = { low: -1, high: 1 };

/** Relative room for rounding. */
const ROOM = 1e-5;
const isExact = (bound: number): boolean =>
  !Number.isFinite(bound) || (Number.isInteger(bound) && Math.abs(bound) < 2 ** 20);

/** With room for rounding; what is no number says nothing. */
export function range(low: number, high: number): Range {
  const below = isExact(low) ? low : low - ROOM * Math.abs(low);
  const above = isExact(high) ? high : high + ROOM * Math.abs(high);
  return { low: Number.isNaN(low) ? -Infinity : below, high: Number.isNaN(high) ? Infinity : above };
}

/** One bound after rounding: an int that is reached by computing may be passed as well. */
export function rounded({ low, high }: Range): Range {
  const room = (bound: number): number => (Number.isFinite(bound) ? ROOM * Math.abs(bound) : 0);
  return { low: low - room(low), high: high + room(high) };
}

/** All that lies in one of them; nothing known of no range. */
export function hull(ranges: readonly Range[]): Range {
  if (ranges.length === 0) return anything;
  return { low: Math.min(...ranges.map(({ low }) => low)), high: Math.max(...ranges.map(({ high }) => high)) };
}

export function ofValues(values: readonly number[] | null): Range {
  if (values === null || values.length === 0) return anything;
  return hull(values.map((value) => range(value, value)));
}

export const within = (inner: Range, { low, high }: Range): Range => ({
  low: Math.max(inner.low, low),
  high: Math.min(inner.high, high),
});

export const isNotNegative = ({ low }: Range): boolean => low >= 0;
