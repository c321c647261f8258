/** `experiment grid(rate, steps = 4) { … }` and `experiment slow = grid(0.1)`. */
import { describe, expect, test } from "vitest";
import { agreesWithOracle, runText } from "../support/spec-runs.js";
import { checkText } from "./support.js";

const grid = `experiment grid(rate, steps = 4) {
  evolve fall { state s = 1
    s <- (1 - rate) * s
    for steps steps
    record { s } }
}
`;
const codesOf = (text: string): readonly string[] => checkText(text).diagnostics.map(({ code }) => code);

describe("a template of experiments", () => {
  test.each([
    ["experiment e = grid(0.25)", 4, 0.75],
    ["let steps = 2\nexperiment e = grid(steps / 10)", 4, 0.8],
    ["experiment more(half) = grid(rate: half / 2) { let steps = 3 }\nexperiment e = more(0.5)", 3, 0.75],
    ["experiment more(rate) = grid(rate: rate, steps: 2)\nexperiment e = more(0.5)", 2, 0.5],
    ["experiment more(steps) = grid(0.5)\nexperiment e = more(2)", 2, 0.5],
    ["let k = 8\nexperiment more(k) = grid(k / 4, k)\nexperiment e = more(k - 6)", 2, 0.5],

    ["experiment e = grid(steps: 3, rate: 0.5)", 3, 0.5],
    ["let half = 0.5\nexperiment e = grid(half / 2, 6)", 6, 0.75],
    ["experiment e = grid(0.5) { let steps = 2 }", 2, 0.5],
  ])("%s", async (instance, steps, factor) => {
    const text = grid + instance;
    expect(checkText(text).experiments.map(({ experiment }) => experiment.name)).toEqual(["e"]);
    await runText(text, "portable", (results) => {
      const { values = [] } = results.column("fall", "s") ?? {};
      const expected = Array.from({ length: steps + 1 }, (_, step) => factor ** step);
      expect(Array.from(values)).toEqual(expected.map((value) => expect.closeTo(value, 6) as unknown));
    });
    await agreesWithOracle(text, "portable", 1e-6);
  });

  test.each([
    ["experiment e = grid()", "AM3010"],
    ["experiment e = grid", "AM3010"],
    ["experiment e = grid(1, 2, 3)", "AM3010"],
    ["experiment e = grid(0.1, rate: 0.2)", "AM3010"],
    ["experiment e = grid(0.1, rates: 0.2)", "AM3010"],
    ["experiment e = grit(0.1)", "AM2001"],
    ["experiment e = grid(0.1, s = 2)", "AM2005"],
    ["experiment more(rate) = grid(rate: 2 * rate)", ""],
    ["experiment more(rate) = grid(rate: 2 * rate)\nexperiment e = more(0.1)", "AM2002"],
    ["experiment more(k) = grit(k)", "AM2001"],
    ["experiment more(k) = more(k)", "AM2004"],
    ["experiment e = grid(0.1)\nexperiment f = e(0.2)", "AM3010"],
    ["claim c { expect grid.fall.s[step: last] < 1 }\nexperiment e = grid(0.1)", ""],
  ])("%s: %s", (more, code) => {
    expect([...new Set(codesOf(grid + more))]).toEqual(code === "" ? [] : [code]);
  });

  test("a parameter that nothing uses is told", () => {
    expect(codesOf(grid.replace("steps = 4", "steps = 4, other = 1") + "experiment e = grid(0.1)")).toEqual(["AM2038"]);
    expect(codesOf(`${grid}experiment more(other) = grid(0.1)\nexperiment e = more(2)`)).toEqual(["AM2038"]);
    expect(codesOf(`${grid}experiment more(steps) = grid(0.1) { source "x" }\nexperiment e = more(2)`)).toEqual([]);
  });
});

const scene = `use std.optimizers
axis token = 3
axis label = 4
let steps = 2
let rate = 0.25
fn half(z) = z / 2
fn W(z) = 9 * z
memory linear(a: axis) { param W[a] = 1; y = sum(a) W[a] }
memory square(a: axis) { param W[a] = 2; y = sum(a) W[a]^2 }
data pair { p[token] = token + 1.5 }
experiment grid(dim: axis, M: memory, o: optimizer, d: data, F: fn, mass[dim], mode, rate = 0.1) {
  axis label in {plain, twice}
  let steps = 3
  let scale = 1
  memory A = M(dim)
  x[dim] = scale * F(d.p[dim]) * mass[dim]
  train fit { minimize A.y^2 over A
    using o(lr: rate)
    for steps steps
    record { loss = A.y^2 } }
  measure m { z[dim] = x[dim]; k = case mode { plain: 1, twice: 2 }; n = size(dim); r[label] = if label == mode then 1 else 0 }
}
`;
const first = (text: string): string => text.slice(0, text.length - 1);
const numbers = async (
  text: string,
  engine: "graph" | "portable",
  names: readonly (readonly [string, string])[],
): Promise<readonly (readonly number[])[]> => {
  const found: (readonly number[])[] = [];
  expect(codesOf(text)).toEqual([]);
  await runText(text, engine, (results) => {
    for (const [phase, name] of names) found.push(Array.from(results.column(phase, name)?.values ?? []));
  });
  await agreesWithOracle(text, engine, 1e-5);
  return found;
};
const near = (values: readonly number[]): readonly unknown[] =>
  values.map((value) => expect.closeTo(value, 4) as unknown);

describe("parameters that are no numbers", () => {
  const read = [
    ["m", "z"],
    ["m", "k"],
    ["m", "n"],
    ["m", "r"],
    ["fit", "loss"],
  ] as const;
  /** The square of the sum of three weights after so many steps of descent. */
  const losses = (rate: number): readonly number[] =>
    Array.from({ length: 4 }, (_, k) => 9 * (1 - 6 * rate) ** (2 * k));

  test.each(["graph", "portable"] as const)("axes, components, fns, tensors, labels: %s", async (engine) => {
    const call = "experiment e = grid(token, linear, gd, pair, half, mass[t] = t + steps, mode: twice, rate: rate / 5)";
    const found = await numbers(scene + call, engine, read);
    expect(found).toEqual([near([1.5, 3.75, 7]), [2], [3], [0, 1], near(losses(0.05))]);
  });

  test("what is given by its name alone, and what the file calls like a declaration of the template", async () => {
    const call = "experiment e = grid(dim: label, M: linear, o: gd, d: four, F: W, mass: four.p, mode: plain)";
    const text = `${first(scene)}\ndata four { p[label] = 1 + label / 2 }\n${call}`;
    const [z, k, n, r] = await numbers(text, "portable", read);
    expect([z, k, n, r]).toEqual([near([9, 20.25, 36, 56.25]), [1], [4], [1, 0]]);
  });

  test("a block stands for a parameter", async () => {
    const call =
      "experiment e = grid(token, linear, gd, pair, half, mass[t] = 1, mode: twice) { memory M(a: axis) { param W[a] = 3; y = sum(a) W[a] }; let mode = plain; axis dim = 2; data d { p[dim] = dim } }";
    const [z, k, n, , loss] = await numbers(scene + call, "portable", read);
    expect([z, k, n, loss?.[0]]).toEqual([near([0, 0.5]), [1], [2], 36]);
  });

  test("arguments replace tensors, fns and numbers, and speak of the file", async () => {
    const base = `experiment base() { axis i = 3; let n = 2; let v[i] = i; fn G(z) = z + n
      x[i] = i; y[i] ~ normal(0, 1); measure m { a[i] = G(x[i]) * v[i]; b[i] = y[i] } }\n`;
    const names = [
      ["m", "a"],
      ["m", "b"],
    ] as const;
    const text = `let n = 10\n${base}experiment e = base(x[k] = k * n, n = n / 2, v[k] = 2, y[k] = k^2)`;
    expect(await numbers(text, "portable", names)).toEqual([near([10, 30, 50]), near([0, 1, 4])]);
    const other = `let n = 10\n${base}experiment e = base(fn G(z) = z * n, y[k] ~ uniform(7, 7.001))`;
    expect(await numbers(other, "portable", names)).toEqual([
      near([0, 10, 40]),
      near([7, 7, 7]).map(() => expect.closeTo(7, 2) as unknown),
    ]);
  });

  test("results are read beside an argument that is named like a phase", async () => {
    const text = `let m = 3
experiment base(n) { measure m { y = n }
  claim same { expect m.y == n } }
experiment e = base(m)`;
    expect(await numbers(text, "portable", [["m", "y"]])).toEqual([[3]]);
  });

  test("templates hand parameters on to others", async () => {
    const more = `experiment more(axes: axis, kind: memory, s) = grid(axes, kind, gd, pair, half, mass[t] = t * s, mode: plain, rate: s / 100) {
  let scale = 2 }
experiment e = more(token, square, 5) { let steps = 1 }`;
    const [z, , n, , loss] = await numbers(scene + more, "portable", read);
    expect([z, n, loss?.length, loss?.[0]]).toEqual([near([0, 12.5, 35]), [3], 2, 144]);
  });

  test("a label is found wherever its axis or sweep stands", () => {
    for (const form of ["sweep kind", "axis kind"])
      for (const start of ["experiment e { let mode = sharp;", "experiment t(mode) {"])
        expect(
          codesOf(`${start} ${form} in {plain, sharp}
measure m { y = if mode == sharp then 2 else 1 } }
experiment f = ${start.includes("(") ? "t(mode: sharp)" : "e"}`),
        ).toEqual([]);
  });

  test("a sweep of the block changes what the template has handed on", async () => {
    const more = `${grid}experiment more(k) = grid(rate: k / 2, steps: 1)\nexperiment e = more(1) { sweep k in [0.5, 1] }`;
    const [s] = await numbers(more, "portable", [["fall", "s"]]);
    expect(s).toEqual([1, 0.75, 1, 0.5]);
  });
});
