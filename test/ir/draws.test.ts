/** Draws: published vectors of the generator, bits that depend on no size, and distributions by moments and Kolmogorov-Smirnov. */
import { describe, expect, it } from "vitest";
import { draw } from "../../src/ir/draws/draw.js";
import { logGamma } from "../../src/base/gamma.js";
import { cos, erfInverse, exp, log, sin } from "../../src/ir/draws/elementary.js";
import { streamKey } from "../../src/ir/draws/stream.js";
import { threefry } from "../../src/ir/draws/threefry.js";
import { at } from "../../src/ir/fault.js";
import { erf } from "../../src/ir/special.js";
import type { DrawDistribution } from "../../src/ir/types.js";

const some = (kind: DrawDistribution, sizes: readonly number[], seed: readonly number[] = [0]): Float64Array =>
  draw(kind, "test.x", seed, sizes, [0.3]);

describe("Threefry-2x32", () => {
  it("gives the vectors that Random123 publishes (kat_vectors) and JAX tests", () => {
    const ones = [0xffffffff, 0xffffffff] as const;
    expect(threefry([0, 0], [0, 0])).toEqual([0x6b200159, 0x99ba4efe]);
    expect(threefry(ones, ones)).toEqual([0x1cb996fc, 0xbb002be7]);
    expect(threefry([0x13198a2e, 0x03707344], [0x243f6a88, 0x85a308d3])).toEqual([0xc4923a9c, 0x483df7a0]);
  });
});

describe("keys", () => {
  it("differ by stream and by every part of the seed", () => {
    const keys = [[0], [1], [-1], [2 ** 32], [0.5], [1.5], [5e-324], [0, 0], [0, 1], []].map((seed) =>
      streamKey("a", seed),
    );
    keys.push(streamKey("b", [0]));
    expect(new Set(keys.map(String)).size).toBe(keys.length);
    expect(streamKey("a", [-0])).toEqual(streamKey("a", [0]));
  });

  it("are fixed for ever: results of earlier runs must come again", () => {
    expect(streamKey("M.W", [7])).toMatchInlineSnapshot(`
      [
        3406748951,
        2254958949,
      ]
    `);
    expect([...draw({ kind: "normal" }, "M.W", [7], [2, 2], [])]).toMatchInlineSnapshot(`
      [
        -0.10196608183298121,
        -1.0266843249932083,
        -0.45580783827780685,
        -0.5854852649260367,
      ]
    `);
    expect([...draw({ kind: "uniform" }, "M.W", [7], [2, 1, 2], [])]).toMatchInlineSnapshot(`
      [
        0.9450599132040461,
        0.004146923434677707,
        0.597505391021088,
        0.9146250379168106,
      ]
    `);
    expect([...draw({ kind: "permutation", along: 0 }, "M.W", [7], [6], [])]).toMatchInlineSnapshot(`
      [
        3,
        5,
        1,
        0,
        4,
        2,
      ]
    `);
  });
});

describe("bits", () => {
  const kinds: readonly DrawDistribution[] = [
    { kind: "normal" },
    { kind: "uniform" },
    { kind: "rademacher" },
    { kind: "bernoulli", p: 0 },
    { kind: "choice", size: 7 },
    { kind: "gamma", p: 0 },
    { kind: "poisson", p: 0 },
  ];

  it.each(kinds)("of $kind depend on positions and no size", (kind) => {
    const sizes = [3, 4, 5];
    const large = some(kind, sizes);
    for (const small of [
      [3, 4, 5],
      [2, 4, 5],
      [3, 2, 5],
      [3, 4, 2],
      [1, 3, 2],
    ] as const) {
      const found = some(kind, small);
      let next = 0;
      for (let i = 0; i < small[0]; i++) {
        for (let j = 0; j < small[1]; j++) {
          for (let k = 0; k < small[2]; k++) expect(found[next++]).toBe(large[(i * 4 + j) * 5 + k]);
        }
      }
    }
    expect(some(kind, [4, 5])[7]).toBe(some(kind, [6, 6])[1 * 6 + 2]);
    expect([...some(kind, [3])]).toEqual([...some(kind, [9])].slice(0, 3));
    expect(some(kind, [])).toHaveLength(1);
    expect(some(kind, [0, 3])).toHaveLength(0);
  });

  it("of other dims do not change with the line of a sphere", () => {
    const kind = { kind: "on_sphere", along: 1 } as const;
    expect([...some(kind, [2, 5])]).toEqual([...some(kind, [4, 5])].slice(0, 10));
  });
});

/** The incomplete gamma function by its series (Abramowitz and Stegun 6.5.29). */
function gammaDistribution(shape: number, x: number): number {
  let term = Math.exp(shape * Math.log(x) - x - logGamma(shape + 1));
  let sum = term;
  for (let k = 1; k < 2000 && term > 1e-17 * sum; k++) sum += term *= x / (shape + k);
  return x === 0 ? 0 : sum;
}

describe("distributions", () => {
  const n = 40_000;
  /** The largest distance between the empirical and the true distribution function, times sqrt(n). */
  const kolmogorov = (values: Float64Array, cumulative: (x: number) => number): number => {
    const sorted = [...values].sort((a, b) => a - b);
    const gaps = sorted.map((x, k) => Math.max(Math.abs(cumulative(x) - k / n), Math.abs(cumulative(x) - (k + 1) / n)));
    return gaps.reduce((x, y) => Math.max(x, y)) * Math.sqrt(n);
  };
  const mean = (values: readonly number[]): number => values.reduce((x, y) => x + y, 0) / values.length;

  it.each([0, 1, 2])("are uniform and normal, seed %i", (seed) => {
    const uniform = some({ kind: "uniform" }, [n], [seed]);
    const normal = some({ kind: "normal" }, [200, 200], [seed]);
    // 1.63 is exceeded in one case of a hundred.
    expect(kolmogorov(uniform, (x) => x)).toBeLessThan(1.63);
    expect(kolmogorov(normal, (x) => (1 + erf(x / Math.SQRT2)) / 2)).toBeLessThan(1.63);
    for (const power of [1, 2, 3, 4]) {
      const moment = mean([...normal].map((x) => x ** power));
      const variance = at([1, 2, 15, 96], power - 1);
      expect(Math.abs(moment - at([0, 1, 0, 3], power - 1))).toBeLessThan(3 * Math.sqrt(variance / n));
    }
    // Neighbours along both dims are uncorrelated.
    const products = [1, 200].map((lag) => mean([...normal].slice(lag).map((x, k) => x * at(normal, k))));
    for (const product of products) expect(Math.abs(product)).toBeLessThan(3 / Math.sqrt(n));
  });

  it("stay in their ranges, also as floats", () => {
    const uniform = some({ kind: "uniform" }, [n]);
    expect(uniform.every((x) => x >= 0 && Math.fround(x) < 1)).toBe(true);
  });

  it("have the shares that they should", () => {
    const share = (values: Float64Array, of: number): number => mean([...values].map((x) => (x === of ? 1 : 0)));
    const near = (found: number, p: number): void =>
      expect(Math.abs(found - p)).toBeLessThan(3 * Math.sqrt((p * (1 - p)) / n));
    near(share(some({ kind: "rademacher" }, [n]), 1), 0.5);
    near(share(some({ kind: "bernoulli", p: 0 }, [n]), 1), 0.3);
    const choice = some({ kind: "choice", size: 5 }, [n]);
    for (let k = 0; k < 5; k++) near(share(choice, k), 0.2);
    expect([...draw({ kind: "bernoulli", p: 0 }, "s", [1], [100], [0])].includes(1)).toBe(false);
    expect([...draw({ kind: "bernoulli", p: 0 }, "s", [1], [100], [1])].includes(0)).toBe(false);
  });

  it.each([0.05, 0.3, 1, 2.5, 500])("are gamma of shape %d", (shape) => {
    const values = draw({ kind: "gamma", p: 0 }, "test.x", [3], [n], [shape]);
    expect(kolmogorov(values, (x) => gammaDistribution(shape, x))).toBeLessThan(1.63);
    const near = (found: number, expected: number, variance: number): void =>
      expect(Math.abs(found - expected)).toBeLessThan(3 * Math.sqrt(variance / n));
    near(mean([...values]), shape, shape);
    near(mean([...values].map((x) => (x - shape) ** 2)), shape, 2 * shape ** 2 + 6 * shape);
  });

  it.each([0, 0.02, 1, 7.5, 400, 1e6])("are Poisson of mean %d", (l) => {
    const values = draw({ kind: "poisson", p: 0 }, "test.x", [3], [n], [l]);
    expect(values.every((x) => Number.isInteger(x) && x >= 0)).toBe(true);
    const near = (found: number, expected: number, variance: number): void =>
      expect(Math.abs(found - expected)).toBeLessThanOrEqual(3 * Math.sqrt(variance / n));
    near(mean([...values]), l, l);
    near(mean([...values].map((x) => (x - l) ** 2)), l, l + 2 * l ** 2);
    let chance = Math.exp(-l);
    for (let k = 0; k < 20 && l < 20; k++) {
      near(mean([...values].map((x) => (x === k ? 1 : 0))), chance, chance * (1 - chance) + 1 / n);
      chance *= l / (k + 1);
    }
  });

  it("are NaN where the parameters allow none", () => {
    for (const p of [0, -1, NaN])
      expect(draw({ kind: "gamma", p: 0 }, "s", [1], [2], [p])).toEqual(new Float64Array([NaN, NaN]));
    for (const p of [-1, NaN, 1e10])
      expect(draw({ kind: "poisson", p: 0 }, "s", [1], [1], [p])).toEqual(new Float64Array([NaN]));
  });

  it("lie on the sphere, in all directions alike", () => {
    const size = 5;
    const points = some({ kind: "on_sphere", along: 1 }, [2000, size, 2]);
    const norms = Array.from({ length: 4000 }, (_, k) => {
      const [row, column] = [Math.floor(k / 2), k % 2];
      return Array.from({ length: size }, (__, d) => at(points, (row * size + d) * 2 + column) ** 2).reduce(
        (x, y) => x + y,
      );
    });
    for (const norm of norms) expect(norm).toBeCloseTo(1, 14);
    expect(Math.abs(mean([...points]))).toBeLessThan(3 / Math.sqrt(points.length * size));
    expect(mean([...points].map((x) => x ** 4))).toBeCloseTo(3 / (size * (size + 2)), 2);
  });

  it("permute, every order alike", () => {
    const lines = some({ kind: "permutation", along: 0 }, [3, 6000]);
    const counts = new Map<string, number>();
    for (let k = 0; k < 6000; k++) {
      const order = [0, 1, 2].map((i) => at(lines, i * 6000 + k)).join("");
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect([...counts.keys()].sort()).toEqual(["012", "021", "102", "120", "201", "210"]);
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(3 * Math.sqrt(6000 / 6));
  });
});

describe("elementary functions", () => {
  // Computed with mpmath at 200 bits.
  it("are exact to a few units in the last place", () => {
    const relative = (found: number, expected: number): number => Math.abs(found / expected - 1);
    for (let k = 1; k < 400; k++) {
      const x = (k * 0.618033988749895) % 1;
      expect(relative(log(x * 2 ** (k - 200)), Math.log(x * 2 ** (k - 200)))).toBeLessThan(4e-16);
      expect(Math.abs(sin(x * 30) - Math.sin(x * 30))).toBeLessThan(4e-16);
      expect(Math.abs(cos(x * 30) - Math.cos(x * 30))).toBeLessThan(4e-16);
      expect(relative(erf(erfInverse(x)), x)).toBeLessThan(4e-15);
      expect(relative(exp((x - 0.5) * 1400), Math.exp((x - 0.5) * 1400))).toBeLessThan(4e-16);
    }
    expect(relative(erfInverse(1 - 2 ** -52), 5.805018683193453)).toBeLessThan(1e-9);
    expect([log(0), log(1), log(Infinity), log(-1)]).toEqual([-Infinity, 0, Infinity, NaN]);
    expect([exp(0), exp(-800), exp(800), exp(NaN), exp(-745)]).toEqual([1, 0, Infinity, NaN, 5e-324]);
    expect(relative(log(5e-324), -744.4400719213812)).toBeLessThan(1e-15);
  });
});
