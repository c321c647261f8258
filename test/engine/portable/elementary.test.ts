/** The engine's own elementary functions against references that are slow and sure. */
import { describe, expect, it } from "vitest";
import * as own from "../../../src/engine/portable/kernels/elementary.js";

/** The largest relative difference over a range; where the reference is 0 it must be met. */
function worst(f: (x: number) => number, reference: (x: number) => number, low: number, high: number): number {
  let most = 0;
  for (let k = 0; k <= 20_000; k++) {
    const x = low + ((high - low) * k) / 20_000;
    const wanted = reference(x);
    most = Math.max(most, Math.abs(f(x) - wanted) / (wanted === 0 ? 1 : Math.abs(wanted)));
  }
  return most;
}

/** erf by its alternating series, in integers scaled by 10^60, so that its cancellation does no harm. */
function erfSeries(x: number): number {
  const scale = 10n ** 60n;
  const fixed = BigInt(Math.round(x * 2 ** 20)) * (scale / 2n ** 20n);
  let power = fixed;
  let sum = fixed;
  for (let n = 1n; power !== 0n && n < 400n; n++) {
    power = (-power * fixed * fixed) / (scale * scale * n);
    sum += power / (2n * n + 1n);
  }
  return (Number(sum / 10n ** 40n) / 1e20) * (2 / Math.sqrt(Math.PI));
}

describe("elementary functions", () => {
  it("computes exp far better than single precision needs", () => {
    expect(worst(own.quickExp, Math.exp, -87, 88)).toBeLessThan(1e-11);
    const beyond = [-Infinity, Infinity, NaN, -1000, 1000, -100, 89, 0];
    expect(beyond.map(own.quickExp)).toEqual(beyond.map(Math.exp));
    expect(own.quickExp(0)).toBe(1);
  });

  it("computes tanh far better than single precision needs", () => {
    expect(worst(own.quickTanh, Math.tanh, -25, 25)).toBeLessThan(2e-10);
    expect(worst(own.quickTanh, Math.tanh, -0.2, 0.2)).toBeLessThan(2e-10);
    expect([Infinity, -Infinity, NaN, 0, 1e-30].map(own.quickTanh)).toEqual([1, -1, NaN, 0, 1e-30]);
  });

  it("computes erf to the last digits", () => {
    for (let k = -90; k <= 90; k++) expect(own.erf(k / 16)).toBeCloseTo(erfSeries(k / 16), 14);
    expect([Infinity, -Infinity, NaN, 0, 7].map(own.erf)).toEqual([1, -1, NaN, 0, 1]);
  });

  it("rounds halves to even and divides down", () => {
    expect([0.5, 1.5, 2.5, -0.5, -1.5, 2.4, 2.6, Infinity, 1e300].map(own.roundEven)).toEqual([
      0,
      2,
      2,
      0,
      -2,
      2,
      3,
      Infinity,
      1e300,
    ]);
    expect(own.roundEven(NaN)).toBeNaN();
    expect(own.floorMod(-7, 3)).toBe(2);
    expect(own.floorMod(7, -3)).toBe(-2);
    expect(own.floorMod(6, 3)).toBe(0);
    expect([0, 1, 2, 5].map((n) => own.powerInt(-3, n))).toEqual([1, -3, 9, -243]);
    expect(own.powerInt(NaN, 0)).toBe(1);
  });
});
