/** Sorting, ranks, medians and quantiles in a run: against values worked out by hand, in the oracle and in both engines. */
import { expect, test } from "vitest";
import { enginesHere } from "../engine/graph/native.js";
import { measured } from "../support/measured.js";

const engines = enginesHere();

test("sorting, ranks, positions, the largest few", () => {
  const { values, faults } = measured(
    `experiment e {
  axis i = 5
  axis j = 2
  x[i] = [3, 1, 2, 1, 2.5]
  n[i] = [3, 1, 2, 1, 0]
  hole[i] = if i == 1 then 0 / 0 * (i - i) else x[i]
  far[i] = if i == 2 then inf else if i == 0 then -inf else x[i]
  measure m {
    sorted[i] = sort(i) x[i]
    ints[i] = sort(i) n[i]
    ranks[i] = rank(i) x[i]
    places[i] = order(i) x[i]
    permuted[i] = x[places[i]]
    two[i] = top(i, 2) x[i]
    none[i] = top(i, 0) x[i]
    ties[i] = top(i, 4) n[i]
    rows[j, i] = sort(i) (if j == 0 then x[i] else -x[i])
    same[i, j] = rank(j) (0 * j + x[i])
    part[i] = sort(i where i != 1) x[i]
    part_ranks[i] = rank(i where i != 1 and i != 2) x[i]
    part_places[i] = order(i where i > 1) x[i]
    part_top[i] = top(i, 2 where i > 0) x[i]
    far_sorted[i] = sort(i) far[i]
    nan_ranks[i] = rank(i) hole[i]
    nan_top[i] = top(i, 4) hole[i]
  }
}`,
    engines,
  );
  expect(faults).toEqual([]);
  expect(values).toEqual({
    sorted: [1, 1, 2, 2.5, 3],
    ints: [0, 1, 1, 2, 3],
    ranks: [4, 0, 2, 1, 3],
    places: [1, 3, 2, 4, 0],
    permuted: [1, 1, 2, 2.5, 3],
    two: [1, 0, 0, 0, 1],
    none: [0, 0, 0, 0, 0],
    ties: [1, 1, 1, 1, 0],
    rows: [1, 1, 2, 2.5, 3, -3, -2.5, -2, -1, -1],
    same: [0, 1, 0, 1, 0, 1, 0, 1, 0, 1],
    // What is left out comes last, and is 0 among sorted values.
    part: [1, 2, 2.5, 3, 0],
    part_ranks: [2, 3, 4, 0, 1],
    part_places: [3, 2, 4, 0, 1],
    part_top: [0, 0, 1, 0, 1],
    far_sorted: [-Infinity, 1, 1, 2.5, Infinity],
    // NaN comes after all numbers.
    nan_ranks: [3, 4, 1, 0, 2],
    nan_top: [1, 0, 1, 1, 1],
  });
});

test("medians and quantiles interpolate between neighbours (type 7)", () => {
  const { values, points, faults } = measured(
    `experiment e {
  sweep share in [0, 0.25, 1]
  axis i = 4
  axis j = 3
  x[i] = [8.0, 1, 4, 2]
  y[i, j] = x[i] + 100 * j
  hole[i] = if i == 1 then 0 / 0 * (i - i) else x[i]
  far[i] = if i == 0 then inf else x[i]
  measure m {
    half = median(i) x[i]
    low = quantile(i, 0.1) x[i]
    part = median(i where i != 2) x[i]
    nothing = median(i where i > 7) x[i]
    by_row[j] = median(i) y[i, j]
    all = median(i, j) y[i, j]
    some = median(i, j where j != 1 and i > 0) y[i, j]
    no_number = median(i) hole[i]
    largest = quantile(i, 1) far[i]
    beside = quantile(i, 0.5) far[i]
    swept = quantile(i, share) x[i]
    slope[i] = grad(quantile(i', 0.1) x[i'], x)[i]
    sorted_slope[i] = grad(sum(i') i' * sort(i') x[i'], x)[i]
  }
}`,
    engines,
  );
  expect(faults).toEqual([]);
  const close = (actual: readonly number[] | undefined, expected: readonly number[]): void => {
    expect(actual?.length).toBe(expected.length);
    expected.forEach((value, k) => {
      expect(actual?.[k]).toBeCloseTo(value, 6);
    });
  };
  close(values.half, [3]);
  // h = 0.3: between 1 and 2.
  close(values.low, [1.3]);
  close(values.part, [2]);
  expect(values.nothing).toEqual([NaN]);
  close(values.by_row, [3, 103, 203]);
  close(values.all, [103]);
  // 1, 4, 2, 201, 204, 202.
  close(values.some, [102.5]);
  expect(values.no_number).toEqual([NaN]);
  expect(values.largest).toEqual([Infinity]);
  close(values.beside, [3]);
  close(
    points.swept?.map(([value = NaN]) => value),
    [1, 1.75, 8],
  );
  // 0.7 of the smallest and 0.3 of the next.
  close(values.slope, [0, 0.7, 0, 0.3]);
  // The derivative of the sum of rank times value is the rank.
  close(values.sorted_slope, [3, 0, 2, 1]);
});
