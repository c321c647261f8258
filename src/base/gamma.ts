/** The logarithm of the gamma function and its derivative, in doubles. */

const euler = 0.57721566490153286061;

/** ζ(k) - 1 for k = 2 … 41, by Euler and Maclaurin's formula from n = 64 on. */
const zetaLessOne = Array.from({ length: 40 }, (_, j) => {
  const k = j + 2;
  const n = 64;
  let sum = 0;
  for (let m = n - 1; m >= 2; m--) sum += m ** -k;
  const tail = n ** (1 - k) / (k - 1) + n ** -k / 2 + (k / 12) * n ** (-k - 1);
  const third = ((k * (k + 1) * (k + 2)) / 720) * n ** (-k - 3);
  const fifth = ((k * (k + 1) * (k + 2) * (k + 3) * (k + 4)) / 30240) * n ** (-k - 5);
  return sum + tail - third + fifth;
});

/** lgamma(2 + z) for |z| <= 1/2: (1 - γ) z + Σ (-1)^k (ζ(k) - 1) z^k / k (Abramowitz and Stegun 6.1.33), exact to rounding also near z = 0. */
function aroundTwo(z: number): number {
  let sum = 0;
  for (let j = zetaLessOne.length - 1; j >= 0; j--) {
    const k = j + 2;
    sum = z * (((k % 2 === 0 ? 1 : -1) * (zetaLessOne[j] ?? 0)) / k + sum);
  }
  return z * (1 - euler + sum);
}

// B_2k / (2k (2k - 1)) and B_2k / 2k (6.1.40 and 6.3.18).
const stirling = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156, -3617 / 122400];
const asymptotic = [1 / 12, -1 / 120, 1 / 252, -1 / 240, 1 / 132, -691 / 32760, 1 / 12, -3617 / 8160];

/** Σ c_k x^k. */
function polynomial(coefficients: readonly number[], x: number): number {
  return coefficients.reduceRight((sum, c) => sum * x + c, 0);
}

/** log |Γ(x)|; infinite at 0, -1, -2, … and at both infinities. */
export function logGamma(x: number): number {
  if (Number.isNaN(x)) return x;
  if (Math.abs(x) === Infinity || (x <= 0 && Number.isInteger(x))) return Infinity;
  // Γ(x) Γ(1 - x) = π / sin(πx); from the next integer, so that the sine keeps its digits.
  if (x < 0.5) return Math.log(Math.PI / Math.abs(Math.sin(Math.PI * (x - Math.round(x))))) - logGamma(1 - x);
  if (x < 1.5) return aroundTwo(x - 1) - Math.log1p(x - 1);
  if (x < 2.5) return aroundTwo(x - 2);
  if (x < 9) {
    let product = 1;
    let rest = x;
    while (rest >= 2.5) product *= --rest;
    return Math.log(product) + aroundTwo(rest - 2);
  }
  return (x - 0.5) * Math.log(x) - x + 0.5 * Math.log(2 * Math.PI) + polynomial(stirling, 1 / (x * x)) / x;
}

/** Γ'(x) / Γ(x); NaN at 0, -1, -2, … and at -inf. */
export function digamma(x: number): number {
  if (x === Infinity) return x;
  if (!Number.isFinite(x) || (x <= 0 && Number.isInteger(x))) return NaN;
  if (x < 0) return digamma(1 - x) - Math.PI / Math.tan(Math.PI * (x - Math.round(x)));
  let sum = 0;
  let rest = x;
  for (; rest < 10; rest++) sum -= 1 / rest;
  const square = 1 / (rest * rest);
  return sum + Math.log(rest) - 0.5 / rest - square * polynomial(asymptotic, square);
}
