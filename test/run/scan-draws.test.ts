/** Draws in the iterations of scans: the same numbers as those of a tensor over the scanned axes, written out and as loops. */
import { describe, expect, it } from "vitest";
import { enginesHere } from "../engine/graph/native.js";
import { streamKey, wordsOf } from "../../src/ir/draws/stream.js";
import { at } from "../../src/ir/fault.js";
import { oracleRuns, outputOf, planText } from "../support/oracle-runs.js";
import { agreesWithOracle } from "../support/spec-runs.js";

/** A short scan is a loop where something might end it. */
const never = "until 1 > 2";
const engines = Object.keys(enginesHere()) as ("graph" | "portable")[];

function spec(body: string): string {
  return `experiment e {
  axis time = 5
  axis late = time[2 .. 4]
  axis key = 3
  axis many = 100
  sweep seed in 0..1
  ${body}
}`;
}

function values(text: string, name: string): readonly (readonly number[])[] {
  const plan = planText(text);
  return (oracleRuns(plan).get("m") ?? []).map((point) => [...outputOf(plan, "m", name, point)]);
}

function sameValues(found: readonly (readonly number[])[], wanted: readonly (readonly number[])[]): void {
  expect(found.length).toBe(wanted.length);
  expect(found.flat().length).toBe(wanted.flat().length);
  found.flat().forEach((value, k) => {
    expect(Math.abs(value - at(wanted.flat(), k))).toBeLessThan(1e-9 * Math.max(1, Math.abs(value)));
  });
  expect(new Set(found.flat().map((value) => value.toFixed(6))).size).toBeGreaterThan(2);
}

/** In a scan, and as a tensor of the same name whose parameters are no constants, so that it is made in the program too. */
const alike: Readonly<Record<string, readonly [string, string]>> = {
  "a gamma draw": [
    "scan t: time END { u[t, key] ~ gamma(2.5, 1 + key) }\nmeasure m { y[time, key] = u[time, key] }",
    "param w = 2.5\nu[time, key] ~ gamma(w, 1 + key)\nmeasure m { y[time, key] = u[time, key] }",
  ],
  "a gamma draw of a small shape": [
    "scan t: time END { u[key, t] ~ gamma(0.3, 1) }\nmeasure m { y[key, time] = u[key, time] }",
    "param w = 0.3\nu[key, time] ~ gamma(w, 1)\nmeasure m { y[key, time] = u[key, time] }",
  ],
  "a Poisson draw": [
    "scan t: time END { u[time', key, t] ~ poisson(4) }\nmeasure m { y[time', key, time] = u[time', key, time] }",
    "param w = 4\nu[time', key, time] ~ poisson(w)\nmeasure m { y[time', key, time] = u[time', key, time] }",
  ],
  "a draw over a part": [
    "scan l: late END { u[l, key] ~ gamma(2, 1) }\nmeasure m { y[late, key] = u[late, key] }",
    "param w = 2\nu[time, key] ~ gamma(w, 1)\nmeasure m { y[late, key] = u[late, key] }",
  ],
  "a draw in a scan in a scan": [
    "scan t: time END { state s = 0.0\n scan k: key END { state a = 0.0; u[t, k] ~ gamma(2, 1); a <- a + u[t, k] }\n s <- s + a }\nmeasure m { y[time, key] = u[time, key]; s_ = s }",
    "param w = 2\nu[time, key] ~ gamma(w, 1)\nmeasure m { y[time, key] = u[time, key]; s_ = sum(time, key) u[time, key] }",
  ],
  "a beginning": [
    "scan t: time END { state u[key] ~ gamma(2, 3); u[key] <- u[key] + t }\nmeasure m { y[key] = u[key] }",
    "param w = 2\nu[key] ~ gamma(w, 3)\nmeasure m { y[key] = u[key] + 10 }",
  ],
};

describe.each(Object.entries(alike))("%s", (_, [scanned, before]) => {
  it.each([
    ["written out", ""],
    ["as a loop", never],
  ])("is that of the tensor, %s", (_form, end) => {
    sameValues(values(spec(scanned.replaceAll("END", end)), "y"), values(spec(before), "y"));
  });
  it.each(engines)("is the oracle's on %s", async (engine) => {
    await agreesWithOracle(spec(scanned.replaceAll("END", never)), engine, 2e-4);
  });
});

/** Uniform numbers as programs make them of the words of a stream. */
function uniforms(stream: string, seed: number, sizes: readonly number[]): readonly number[] {
  return [...wordsOf(streamKey(stream, [seed]), sizes)].map(([word]) => (((word | 0) >> 8) + 2 ** 23) / 2 ** 24);
}

it.each([
  ["written out", ""],
  ["as a loop", never],
])("draws are made of the words at their positions and at those of the scans, %s", (_, end) => {
  const text = spec(`scan t: time ${end} { u[t, time] ~ uniform(0, 1) }
  scan r: 4 ${end} { state a = 0.0; state b ~ uniform(2, 3); v ~ uniform(0, 1); c[key] ~ categorical(key, 1 + key); a <- a + (r + 1) * v + 10 * c[1] }
  scan k: key ${end} { state d = 0.0; scan r: 2 ${end} { state f = 0.0; w ~ uniform(0, 1); f <- f + (r + 1) * w }
    d <- 10 * d + f }
  measure m { y[time, time'] = u[time, time']; a_ = a; b_ = b; d_ = d }`);
  for (const seed of [0, 1]) {
    const found = (name: string): readonly number[] => at(values(text, name), seed);
    const near = (name: string, wanted: readonly number[]): void => {
      expect(found(name).length).toBe(wanted.length);
      found(name).forEach((value, k) => {
        expect(value).toBeCloseTo(at(wanted, k), 6);
      });
    };
    near("y", uniforms("u", seed, [5, 5]));
    near("b_", [2 + at(uniforms("b", seed, []), 0)]);
    const chosen = uniforms("r.c", seed, [4, 3]).map((share) => (6 * share < 1 ? 0 : 6 * share < 3 ? 1 : 2));
    const v = uniforms("r.v", seed, [4]);
    near("a_", [[0, 1, 2, 3].reduce((sum, r) => sum + (r + 1) * at(v, r) + 10 * at(chosen, 3 * r + 1), 0)]);
    const w = uniforms("k.r.w", seed, [3, 2]);
    near("d_", [[0, 1, 2].reduce((sum, k) => 10 * sum + at(w, 2 * k) + 2 * at(w, 2 * k + 1), 0)]);
  }
});

/** Draws whose parameters are states, where a scan has no axis, and of every law. */
const others: readonly (readonly [string, readonly string[], string])[] = [
  [
    "of states",
    ["g_", "c_", "s_"],
    `scan t: time END {
    state s[key] = 1.0
    g[t, key] ~ gamma(0.5 + s[key], 1 + t)
    c[t, key] ~ poisson(1 + s[key])
    s[key] <- 0.9 * s[key] + 0.01 * g[t, key] + 0.1 * c[t, key]
  }
  measure m { g_[time, key] = g[time, key]; c_[time, key] = c[time, key]; s_[key] = s[key] }`,
  ],
  [
    "of a count",
    ["s_"],
    `scan r: 4 END {
    state s = 0.0
    n ~ normal(s, 1)
    u[key] ~ uniform(0, 2)
    b ~ bernoulli(0.3)
    w[key] ~ on_sphere(key)
    p[key] ~ permutation(key)
    i ~ choice(key)
    j ~ choice(2..5)
    k ~ categorical(key, 1 + key)
    g ~ gamma(3, 2)
    f ~ rademacher()
    s <- s / 2 + n + sum(key) (u[key] + key * w[key] + key * p[key]) + (if b then 1 else 0) + i + j + k + g + f
  }
  measure m { s_ = s }`,
  ],
];

describe.each(others)("draws %s", (_, names, body) => {
  const [written, loop] = ["", never].map((end) => spec(body.replaceAll("END", end)));
  it("are the same written out and as loops", () => {
    for (const name of names) {
      const [first = [], second = []] = [written, loop].map((text) => values(text ?? "", name));
      first.flat().forEach((value, k) => {
        expect(Math.abs(value - at(second.flat(), k))).toBeLessThan(1e-6 * Math.max(1, Math.abs(value)));
      });
      expect(first.length).toBe(second.length);
      expect(first[0]).not.toEqual(first[1]);
    }
  });
  it.each(engines)("are the oracle's on %s", async (engine) => {
    for (const text of [written, loop]) await agreesWithOracle(text ?? "", engine, 5e-4);
  });
});

it("draws in iterations have the means and deviations of their laws", () => {
  const text = spec(`scan t: time {
    state n = 1
    g[t, many, key] ~ gamma(n, 2)
    c[t, many, key] ~ poisson(3 * n)
    n <- n + 1
  }
  measure m {
    mean_g[time] = mean(many, key) g[time, many, key]
    mean_c[time] = mean(many, key) c[time, many, key]
    var_c[time] = var(many, key) c[time, many, key]
  }`);
  const count = 300;
  const [meansOfGamma, means, variances] = ["mean_g", "mean_c", "var_c"].map((name) => values(text, name));
  for (const seed of [0, 1])
    for (let t = 0; t < 5; t++) {
      const n = t + 1;
      // Four standard errors.
      expect(Math.abs(at(at(meansOfGamma ?? [], seed), t) - 2 * n)).toBeLessThan(4 * 2 * Math.sqrt(n / count));
      expect(Math.abs(at(at(means ?? [], seed), t) - 3 * n)).toBeLessThan(4 * Math.sqrt((3 * n) / count));
      expect(Math.abs(at(at(variances ?? [], seed), t) / (3 * n) - 1)).toBeLessThan(4 * Math.sqrt(3 / count));
    }
});

describe("derivatives pass the parameters of draws in iterations", () => {
  // The sum is linear in the scale `w`, and quadratic in the deviation `w` of the beginning.
  const body = (w: string, end: string): string => `param w = ${w}
  scan t: time ${end} { state s = 0.0; g[t, key] ~ gamma(2, w * (1 + t)); s <- s + sum(key) g[t, key] }
  scan r: 3 ${end} { state q ~ normal(0, w); n ~ normal(q, w); q <- q + n }
  measure m { total = s; slope = grad(s, w); square = q^2; bend = grad(q^2, w) }`;
  it.each([
    ["written out", ""],
    ["as a loop", never],
  ])("%s", (_, end) => {
    const text = spec(body("0.5", end));
    const of = (name: string): readonly number[] => values(text, name).flat();
    of("total").forEach((total, k) => {
      expect(Math.abs(at(of("slope"), k) / (total / 0.5) - 1)).toBeLessThan(1e-6);
    });
    of("square").forEach((square, k) => {
      expect(Math.abs(at(of("bend"), k) / ((2 * square) / 0.5) - 1)).toBeLessThan(1e-6);
    });
  });
  it.each(engines)("on %s", async (engine) => {
    for (const end of ["", never]) await agreesWithOracle(spec(body("0.5", end)), engine, 5e-4);
  });
});
