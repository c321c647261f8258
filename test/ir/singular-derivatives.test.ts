/** Derivatives of what is made of singular vectors, against central differences of the decomposition itself, and where values are equal. */
import { describe, expect, test } from "vitest";
import type { Builder } from "../../src/ir/builder.js";
import { svd as svdDense } from "../../src/ir/dense/svd.js";
import { gradient } from "../../src/ir/derive.js";
import { at } from "../../src/ir/fault.js";
import { evaluateProgram } from "../../src/ir/oracle.js";
import { singularParts } from "../../src/ir/ops/svd.js";
import { delta } from "../../src/ir/ops/matrix.js";
import type { DimId, ValueId } from "../../src/ir/types.js";
import { compareDerivatives, differentiable } from "../support/derivative-checks.js";

type Whole = "polar" | "projector";

function whole(b: Builder, op: Whole, x: ValueId, rows: DimId, columns: DimId, share: number): ValueId {
  const count = Math.min(b.size(rows), b.size(columns));
  const [to, parts] = [b.dim("to", count), b.dim("parts", 1 + b.size(rows) + b.size(columns))];
  const packed = b.apply("svd", [x], { rows, columns, to, parts });
  const { values, left, right } = singularParts(b, packed, { rows, columns }, parts);
  const counts = b.gt(values, b.mul(b.number(share, values), b.reduceMax(values, [to])));
  if (op === "polar") {
    const value = b.contract([b.select(counts, left, b.number(0, left)), right], [to]);
    return b.apply("polar", [value, x, values, left, right, counts], { rows, columns, to });
  }
  const copy = b.copyOf(columns);
  const kept = b.select(counts, right, b.number(0, right));
  const onto = b.contract([kept, b.relabel(kept, [columns], [copy])], [to]);
  const value = b.sub(delta(b, columns, copy, "f64"), onto);
  return b.apply("projector", [value, x, values, left, right, counts], { rows, columns, to, second: copy });
}

const shapes = [
  [1, 1],
  [3, 3],
  [4, 2],
  [2, 4],
  [1, 3],
  [3, 1],
] as const;

describe.each(shapes)("%i by %i", (n, d) => {
  test.each(["polar", "projector"] as const)("%s, all values or the larger ones, twice", (op) => {
    for (const share of [0, 0.6]) {
      for (const order of [1, 2] as const) {
        for (let seed = 1; seed <= 3; seed++) {
          const made = differentiable(
            seed * 31,
            (s) => {
              const [rows, columns] = [s.dim(n), s.dim(d)];
              const dims = [s.dim(2), rows, columns];
              const data = Float64Array.from({ length: 2 * n * d }, (_, k) => {
                const [i, j] = [Math.floor(k / d) % n, k % d];
                return (i === j ? i + 1 : 0) + s.real(-0.1, 0.1);
              });
              return [{ type: { dtype: "f64" as const, dims }, data }];
            },
            (b, [x = -1]) => {
              const [, rows = -1, columns = -1] = b.dimsOf(x);
              return whole(b, op, x, rows, columns, share);
            },
          );
          const found = compareDerivatives(made, order);
          expect(Math.abs(found.forward - found.differences), `seed ${seed}, ${share}`).toBeLessThan(
            1e-6 * found.scale,
          );
          expect(Math.abs(found.forward - found.reverse), `seed ${seed}, ${share}`).toBeLessThan(1e-9 * found.scale);
        }
      }
    }
  });
});

/** The gradient of Σ weights * made by the matrix. */
function slope(
  matrix: readonly (readonly number[])[],
  make: (b: Builder, x: ValueId, rows: DimId, columns: DimId) => ValueId,
  weight: (k: number) => number,
): number[] {
  const { b, inputs, output, operands } = differentiable(
    1,
    (s) => {
      const dims = [s.dim(matrix.length), s.dim(at(matrix, 0).length)];
      return [{ type: { dtype: "f64" as const, dims }, data: Float64Array.from(matrix.flat()) }];
    },
    (builder, [x = -1]) => {
      const [rows = -1, columns = -1] = builder.dimsOf(x);
      return make(builder, x, rows, columns);
    },
  );
  const dims = b.dimsOf(output);
  const count = dims.reduce((product, dim) => product * b.size(dim), 1);
  const weights = b.data(
    Array.from({ length: count }, (_, k) => weight(k)),
    { dtype: "f64", dims },
  );
  const [by = -1] = gradient(b, b.reduceSum(b.mul(output, weights), dims), inputs);
  const value = b.ordered(by, b.dimsOf(at(inputs, 0)));
  const program = b.finish({ name: "slope", loop: null, outputs: [{ name: "y", value }] });
  return [
    ...at(
      evaluateProgram(
        program,
        operands.map(({ data }) => data),
      ).outputs,
      0,
    ),
  ];
}

/** Central differences of the same by the dense decomposition alone. */
function differences(
  matrix: readonly (readonly number[])[],
  of: (a: Float64Array) => readonly number[],
  weight: (k: number) => number,
): number[] {
  const data = matrix.flat();
  const h = 1e-6;
  const sum = (place: number, by: number): number =>
    of(Float64Array.from(data, (x, k) => (k === place ? x + by : x))).reduce((s, y, k) => s + weight(k) * y, 0);
  return data.map((_, k) => (sum(k, h) - sum(k, -h)) / (2 * h));
}

function densePolar(a: Float64Array, n: number, d: number): number[] {
  const row = 1 + n + d;
  const packed = svdDense(a, n, d);
  return Array.from({ length: n * d }, (_, e) => {
    const [i, j] = [Math.floor(e / d), e % d];
    let sum = 0;
    for (let k = 0; k < Math.min(n, d); k++) sum += at(packed, k * row + 1 + i) * at(packed, k * row + 1 + n + j);
    return sum;
  });
}

const weight = (k: number): number => Math.cos(3 * k + 1);

test("the nearest orthonormal matrix where singular values are equal", () => {
  const [c, s] = [Math.cos(0.4), Math.sin(0.4)];
  const matrices = [
    [
      [1, 0],
      [0, 1],
    ],
    [
      [2 * c, -2 * s],
      [2 * s, 2 * c],
    ],
    [
      [3, 0],
      [0, 3],
      [0, 0],
    ],
    [
      [0, 1, 0],
      [1, 0, 0],
      [0, 0, -1],
    ],
  ];
  for (const matrix of matrices) {
    const [n, d] = [matrix.length, at(matrix, 0).length];
    const found = slope(matrix, (b, x, rows, columns) => whole(b, "polar", x, rows, columns, 1e-12), weight);
    const expected = differences(matrix, (a) => densePolar(a, n, d), weight);
    found.forEach((y, k) => {
      expect(y).toBeCloseTo(at(expected, k), 8);
    });
  }
});

test("which values count is constant: a matrix of rank 1 keeps it, and 0 has the slope 0", () => {
  const rank1 = [
    [1, 2],
    [2, 4],
  ];
  // u v' of a matrix of rank 1 is M / |M|; what leaves the rank moves u and v alone.
  const found = slope(rank1, (b, x, rows, columns) => whole(b, "polar", x, rows, columns, 1e-12), weight);
  const u = [1, 2].map((x) => x / Math.sqrt(5));
  const weights = [0, 1, 2, 3].map(weight);
  const g = (i: number, j: number): number => at(weights, 2 * i + j);
  const gv = [0, 1].map((i) => g(i, 0) * at(u, 0) + g(i, 1) * at(u, 1));
  const gu = [0, 1].map((j) => g(0, j) * at(u, 0) + g(1, j) * at(u, 1));
  const ugv = at(u, 0) * at(gv, 0) + at(u, 1) * at(gv, 1);
  for (let i = 0; i < 2; i++)
    for (let j = 0; j < 2; j++) {
      const expected = ((at(gv, i) - at(u, i) * ugv) * at(u, j) + at(u, i) * (at(gu, j) - at(u, j) * ugv)) / 5;
      expect(at(found, 2 * i + j)).toBeCloseTo(expected, 12);
    }
  const zero = [
    [0, 0],
    [0, 0],
  ];
  for (const op of ["polar", "projector"] as const)
    expect(slope(zero, (b, x, rows, columns) => whole(b, op, x, rows, columns, 1e-12), weight).map(Math.abs)).toEqual([
      0, 0, 0, 0,
    ]);
});

describe("vectors", () => {
  const vector = (side: "left" | "right", k: number) => (b: Builder, x: ValueId, rows: DimId, columns: DimId) => {
    const [to, parts] = [
      b.dim("to", Math.min(b.size(rows), b.size(columns))),
      b.dim("parts", 1 + b.size(rows) + b.size(columns)),
    ];
    const packed = b.apply("svd", [x], { rows, columns, to, parts });
    return b.slice(singularParts(b, packed, { rows, columns }, parts)[side], to, b.dim("one", 1), k);
  };

  test("are not differentiable where their value is another's to rounding: the slope is not finite", () => {
    const [c, s] = [Math.cos(0.4), Math.sin(0.4)];
    const turn = [
      [2 * c, -2 * s],
      [2 * s, 2 * c],
    ];
    for (const side of ["left", "right"] as const)
      expect(slope(turn, vector(side, 0), weight).every(Number.isFinite)).toBe(false);
  });

  test("of other values are", () => {
    const three = [
      [5, 0, 0],
      [0, 2, 0],
      [0, 0, 2],
    ];
    // du_0 = Σ_k u_k (5 D_k0 + 2 D_0k) / (25 - 4).
    const [w1, w2] = [weight(1), weight(2)];
    const found = slope(three, vector("left", 0), weight);
    const expected = [0, 2 * w1, 2 * w2, 5 * w1, 0, 0, 5 * w2, 0, 0].map((x) => x / 21);
    found.forEach((y, k) => {
      expect(y).toBeCloseTo(at(expected, k), 12);
    });
  });

  test("of the value 0 are not differentiable, those beside it are", () => {
    const rank1 = [
      [3, 4],
      [0, 0],
      [0, 0],
    ];
    expect(slope(rank1, vector("left", 1), weight).every(Number.isFinite)).toBe(false);
    expect(slope(rank1, vector("right", 0), weight).every(Number.isFinite)).toBe(true);
  });
});
