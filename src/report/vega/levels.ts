/** Levels of contour lines: about fifteen round numbers between the least and the greatest value. */

const WANTED = 15;
/** Positive values that spread over more than this factor are better told by their logarithm. */
const WIDE = 50;

export function levelsOf(values: readonly number[], log: boolean): readonly number[] {
  const low = values.reduce((a, b) => Math.min(a, b), Infinity);
  const high = values.reduce((a, b) => Math.max(a, b), -Infinity);
  if (!(low < high)) return [];
  return low > 0 && (log || high / low > WIDE) ? logLevels(low, high) : evenLevels(low, high);
}

function evenLevels(low: number, high: number): readonly number[] {
  const rough = (high - low) / WANTED;
  const power = 10 ** Math.floor(Math.log10(rough));
  const far = (factor: number): number => Math.abs(Math.log((factor * power) / rough));
  const step = [1, 2, 2.5, 5, 10].reduce((best, factor) => (far(factor) < far(best) ? factor : best)) * power;
  const first = Math.floor(low / step) + 1;
  const count = Math.ceil(high / step) - first;
  return Array.from({ length: Math.max(0, count) }, (_, k) => round((first + k) * step));
}

/** 1, 2, 5 in every decade, or fewer, or powers of ten some decades apart. */
function logLevels(low: number, high: number): readonly number[] {
  const decades = Math.log10(high / low);
  const factors = decades > WANTED / 2 ? [1] : decades > 2.5 ? [1, 2, 5] : [1, 1.5, 2, 3, 5, 7];
  const apart = Math.max(1, Math.ceil(decades / WANTED));
  const levels: number[] = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); power++) {
    if (((power % apart) + apart) % apart !== 0) continue;
    for (const factor of factors) levels.push(round(factor * 10 ** power));
  }
  return levels.filter((level) => level > low && level < high);
}

const round = (value: number): number => Number(value.toPrecision(12));
