/** Muon of the library against loops written out here, and which parameters optimizers take. */
import { describe, expect, test } from "vitest";
import { checkText } from "../language/support.js";
import { agreesWithOracle, runText } from "../support/spec-runs.js";

const spec = `use std.optimizers
experiment directions {
  precision f64
  sweep rule in {newton, exact}
  axis i = 2
  axis o = 2
  start[i, o] = [[1, -2], [0.5, 3]]
  pull[i, o] = [[1, 4], [2, 3]]
  param w[i, o] = start[i, o]
  loss = 0.5 * (sum(i, o) pull[i, o] * w[i, o]^2)
  train fit {
    minimize loss over w
    using case rule { newton: muon(lr: 0.1), exact: exact_muon(lr: 0.1, beta: 0.5) }
    for 8 steps
    record last { w }
  }
}
`;

type Matrix = readonly number[];
const at = (m: Matrix, k: number): number => m[k] ?? NaN;
const times = (a: Matrix, b: Matrix): Matrix => [
  at(a, 0) * at(b, 0) + at(a, 1) * at(b, 2),
  at(a, 0) * at(b, 1) + at(a, 1) * at(b, 3),
  at(a, 2) * at(b, 0) + at(a, 3) * at(b, 2),
  at(a, 2) * at(b, 1) + at(a, 3) * at(b, 3),
];
const transposed = (a: Matrix): Matrix => [at(a, 0), at(a, 2), at(a, 1), at(a, 3)];
const norm = (a: Matrix): number => Math.hypot(...a);

function newtonSchulz(m: Matrix): Matrix {
  let x = m.map((entry) => entry / (norm(m) + 1e-7));
  for (let k = 0; k < 5; k++) {
    const a = times(x, transposed(x));
    const squared = times(a, a);
    const b = a.map((entry, j) => -4.775 * entry + 2.0315 * at(squared, j));
    const moved = times(b, x);
    x = x.map((entry, j) => 3.4445 * entry + at(moved, j));
  }
  return x;
}

/** The polar factor of an invertible matrix of two rows: (M + |det M| M^-T) / sqrt(|M|^2 + 2 |det M|). */
function polar(m: Matrix): Matrix {
  const det = at(m, 0) * at(m, 3) - at(m, 1) * at(m, 2);
  const turned = [at(m, 3), -at(m, 2), -at(m, 1), at(m, 0)].map((entry) => Math.sign(det) * entry);
  return m.map((entry, k) => (entry + at(turned, k)) / Math.sqrt(norm(m) ** 2 + 2 * Math.abs(det)));
}

function train(direction: (m: Matrix) => Matrix, beta: number): Matrix {
  let w: Matrix = [1, -2, 0.5, 3];
  let m: Matrix = [0, 0, 0, 0];
  const pull = [1, 4, 2, 3];
  for (let step = 0; step < 8; step++) {
    m = m.map((entry, k) => beta * entry + at(pull, k) * at(w, k));
    const move = direction(m);
    w = w.map((entry, k) => entry - 0.1 * at(move, k));
  }
  return w;
}

test("eight updates by iterations and by the exact factor", async () => {
  await runText(spec, "portable", (results) => {
    const found = results.cells("fit", "w")?.values ?? [];
    [...train(newtonSchulz, 0.95), ...train(polar, 0.5)].forEach((value, k) => {
      expect(found[k]).toBeCloseTo(value, 9);
    });
  });
});

test.each(["portable", "graph"] as const)("the %s engine agrees with the oracle", async (engine) => {
  await agreesWithOracle(spec, engine, 1e-9);
});

test.each(["portable", "graph"] as const)(
  "on three axes muon is that of the first and the others, on %s",
  async (engine) => {
    const matrix = (axes: string, index: string): string => `use std.optimizers
experiment shapes {
  precision f64
  axis i = 2
  axis o = 6
  axis a = 3
  axis b = 2
  c[i, o] = sin(1 + 7 * i + o)
  param w[i, ${axes}] = c[i, ${index}]
  train fit {
    minimize sum(i, ${axes}) (1 + i + ${index}) * w[i, ${axes}]^2 over w
    using muon(lr: 0.1)
    for 6 steps
    record last { w }
  }
}
`;
    const values: number[][] = [];
    for (const text of [matrix("o", "o"), matrix("a, b", "2 * a + b")]) {
      await agreesWithOracle(text, engine, 1e-9);
      await runText(text, engine, (results) => {
        values.push([...(results.cells("fit", "w")?.values ?? [])]);
      });
    }
    expect(values[0]).toHaveLength(12);
    values[0]?.forEach((value, k) => {
      expect(values[1]?.[k]).toBeCloseTo(value, 9);
    });
  },
);

describe("parameters of 0 to 3 axes", () => {
  const text = (axes: readonly string[], optimizer: string): string => {
    const list = axes.length === 0 ? "" : `[${axes.join(", ")}]`;
    const loss = axes.length === 0 ? "w^2" : `sum(${axes.join(", ")}) w${list}^2`;
    return `use std.optimizers
experiment sizes {
  axis i = 2
  axis o = 3
  axis head = 2
  param w${list} = 1.5
  train fit {
    minimize ${loss} over w
    using ${optimizer}
    for 3 steps
    record { w }
  }
}
`;
  };
  const axes = ["i", "o", "head"];

  test.each([0, 1, 2, 3])("adam takes %i", async (count) => {
    for (const engine of ["portable", "graph"] as const)
      await agreesWithOracle(text(axes.slice(0, count), "adam(lr: 0.1)"), engine, 1e-5);
  });
  test.each([0, 1])("muon refuses %i", (count) => {
    const { diagnostics } = checkText(text(axes.slice(0, count), "muon(lr: 0.1)"));
    expect(diagnostics.map(({ code }) => code)).toEqual(["AM3022"]);
  });
});
