import { expect } from "vitest";

/** As many numbers as expected, each as near as rounding to so many digits behind the point tells. */
export function close(actual: readonly number[] | undefined, expected: readonly number[], digits = 9): void {
  expect(actual?.length).toBe(expected.length);
  expected.forEach((value, k) => {
    expect(actual?.[k]).toBeCloseTo(value, digits);
  });
}
