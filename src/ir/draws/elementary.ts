/**
 * exp, log, sin, cos and the inverse error function in doubles, from additions, multiplications, divisions and square roots alone. These are exactly
 * rounded everywhere, so the results are the same on every machine, which those of `Math` are not.
 */

const ln2High = 6.9314718036912381649e-1;
const ln2Low = 1.90821492927058770002e-10;
// Minimax coefficients of FreeBSD's e_log.c (fdlibm, Sun Microsystems): log(1+f) = f - s (f - R(s²)), s = f / (2 + f).
const logSeries = [
  6.66666666666673513e-1, 3.999999999940941908e-1, 2.857142874366239149e-1, 2.222219843214978396e-1,
  1.818357216161805012e-1, 1.531383769920937332e-1, 1.479819860511658591e-1,
];

/** The natural logarithm, to within an ulp. */
export function log(x: number): number {
  if (!(x > 0) || x === Infinity) return x === 0 ? -Infinity : x > 0 ? x : NaN;
  let [mantissa, exponent] = [x, 0];
  // Powers of two scale exactly (a subnormal number is brought up first).
  while (mantissa < 2 ** -500) [mantissa, exponent] = [mantissa * 2 ** 500, exponent - 500];
  while (mantissa >= 2 ** 30) [mantissa, exponent] = [mantissa * 2 ** -30, exponent + 30];
  while (mantissa < 2 ** -30) [mantissa, exponent] = [mantissa * 2 ** 30, exponent - 30];
  while (mantissa >= Math.SQRT2) [mantissa, exponent] = [mantissa * 0.5, exponent + 1];
  while (mantissa < Math.SQRT1_2) [mantissa, exponent] = [mantissa * 2, exponent - 1];
  const f = mantissa - 1;
  const s = f / (2 + f);
  const z = s * s;
  const r = z * polynomial(logSeries, z);
  const half = 0.5 * f * f;
  return exponent * ln2High - (half - (s * (half + r) + exponent * ln2Low) - f);
}

/** The exponential function, to within two ulps. */
export function exp(x: number): number {
  if (Number.isNaN(x) || x === Infinity) return x;
  if (x < -746) return 0;
  if (x > 710) return Infinity;
  const n = Math.round(x / Math.LN2);
  const r = x - n * ln2High - n * ln2Low;
  // |r| <= 0.35: what follows the 14th power is below 10^-18.
  let value = 1;
  for (let k = 14; k > 0; k--) value = 1 + (value * r) / k;
  // In two steps, neither of which leaves the doubles on the way.
  const half = Math.trunc(n / 2);
  return value * 2 ** half * 2 ** (n - half);
}

/** Σ c_k z^k by Horner's rule. */
function polynomial(coefficients: readonly number[], z: number): number {
  return coefficients.reduceRight((sum, c) => sum * z + c, 0);
}

// M. Giles, "Approximating the erfinv function" (GPU Computing Gems, 2012), double precision; highest powers first.
const central = [
  -3.6444120640178196996e-21, -1.685059138182016589e-19, 1.2858480715256400167e-18, 1.115787767802518096e-17,
  -1.333171662854620906e-16, 2.0972767875968561637e-17, 6.6376381343583238325e-15, -4.0545662729752068639e-14,
  -8.1519341976054721522e-14, 2.6335093153082322977e-12, -1.2975133253453532498e-11, -5.4154120542946279317e-11,
  1.051212273321532285e-9, -4.1126339803469836976e-9, -2.9070369957882005086e-8, 4.2347877827932403518e-7,
  -1.3654692000834678645e-6, -1.3882523362786468719e-5, 0.0001867342080340571352, -0.00074070253416626697512,
  -0.0060336708714301490533, 0.24015818242558961693, 1.6536545626831027356,
].toReversed();
const outer = [
  2.2137376921775787049e-9, 9.0756561938885390979e-8, -2.7517406297064545428e-7, 1.8239629214389227755e-8,
  1.5027403968909827627e-6, -4.013867526981545969e-6, 2.9234449089955446044e-6, 1.2475304481671778723e-5,
  -4.7318229009055733981e-5, 6.8284851459573175448e-5, 2.4031110387097893999e-5, -0.0003550375203628474796,
  0.00095328937973738049703, -0.0016882755560235047313, 0.0024914420961078508066, -0.0037512085075692412107,
  0.005370914553590063617, 1.0052589676941592334, 3.0838856104922207635,
].toReversed();
const tail = [
  -2.7109920616438573243e-11, -2.5556418169965252055e-10, 1.5076572693500548083e-9, -3.7894654401267369937e-9,
  7.6157012080783393804e-9, -1.4960026627149240478e-8, 2.9147953450901080826e-8, -6.7711997758452339498e-8,
  2.2900482228026654717e-7, -9.9298272942317002539e-7, 4.5260625972231537039e-6, -1.9681778105531670567e-5,
  7.5995277030017761139e-5, -0.00021503011930044477347, -0.00013871931833623122026, 1.0103004648645343977,
  4.8499064014085844221,
].toReversed();

/** The inverse of the error function on (-1, 1), to within some 1e-15 relative. */
export function erfInverse(x: number): number {
  const w = -log((1 - x) * (1 + x));
  if (w < 6.25) return polynomial(central, w - 3.125) * x;
  const root = Math.sqrt(w);
  return (w < 16 ? polynomial(outer, root - 3.25) : polynomial(tail, root - 5)) * x;
}

// π/2 in three parts of 33 bits (fdlibm): multiples up to 2^20 are exact in the first two.
const halfPi = [1.57079632673412561417, 6.0771005063039659766e-11, 2.02226624879595063154e-21] as const;

/** The sine for |x| up to 10^5. */
export function sin(x: number): number {
  return quarter(x, 0);
}

/** The cosine for |x| up to 10^5. */
export function cos(x: number): number {
  return quarter(x, 1);
}

/** sin(x + shift π/2): the argument is reduced to [-π/4, π/4], where the Taylor series ends quickly. */
function quarter(x: number, shift: number): number {
  const n = Math.round((x / Math.PI) * 2);
  const r = x - n * halfPi[0] - n * halfPi[1] - n * halfPi[2];
  const turns = (((n + shift) % 4) + 4) % 4;
  const z = r * r;
  const even = turns % 2 === 1;
  let term = even ? 1 : r;
  const terms = [term];
  for (let k = even ? 1 : 2; k < 24; k += 2) terms.push((term *= -z / (k * (k + 1))));
  // Small terms first.
  const value = terms.reduceRight((sum, each) => sum + each, 0);
  return turns < 2 ? value : -value;
}
