/** Lists whose entries depend on sweeps, read in a run: by every way of making a list, in the oracle and both engines. */
import { expect, test } from "vitest";
import { enginesHere } from "../engine/graph/native.js";
import { measured } from "../support/measured.js";

test.each([3, 5])("n = %i", (n) => {
  const { values, faults } = measured(
    `experiment e {
  sweep n in [${n}]
  sweep kind in {few}
  let entries = [n, 2 * n, 7]
  let lists   = concat(2 .. 3, entries, linspace(0, n, 3), logspace(1, n, 2), powers(2, [n, 1]))
  let chosen  = case kind { few: [n + 1, n] }
  axis g in [n, 2 * n, 7]
  axis i = 3
  axis j = 12
  axis two = 2
  measure m {
    a[i] = entries[i]
    b[i] = sum(g where position(g) == i) g
    c[j] = lists[j]
    d[two] = chosen[two]
  }
}`,
    enginesHere(),
  );
  expect(faults).toEqual([]);
  expect(values.a).toEqual([n, 2 * n, 7]);
  expect(values.b).toEqual([n, 2 * n, 7]);
  const wanted = [2, 3, n, 2 * n, 7, 0, n / 2, n, 1, n, 2 ** n, 2];
  expect(values.c?.length).toBe(12);
  wanted.forEach((value, k) => {
    expect(values.c?.[k]).toBeCloseTo(value, 4);
  });
  expect(values.d).toEqual([n + 1, n]);
});
