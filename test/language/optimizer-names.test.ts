/** Optimizers and chains under names of their own, arguments that replace what a page declares, and `every` in a page. */
import { describe, expect, test } from "vitest";
import { agreesWithOracle, runText } from "../support/spec-runs.js";
import { checkText } from "./support.js";

const page = `use std.optimizers
optimizer slow = sgd(lr: 0.1, momentum: 0.5)
optimizer soft(lr, most = 1) = clip_norm(most) | by_half(lr)
optimizer by_half(rate) = sgd(lr: rate / 2, momentum: 0.5, state m[..] = 1)
optimizer both = clip_norm(2) | clip_norm(1)
optimizer counted(lr, k = 3) for w[..] {
  state n = 0
  state m[..] = 0
  n <- n + 1
  m[..] <- m[..] + grad[..]
  w[..] <- w[..] - lr * n * m[..]
  every k steps { n <- 0; half[..] = w[..] / 2; m[..] <- half[..] }
}
optimizer wavering(most) { state n = 0; n <- n + 1; grad <- grad * min(n, most); every 2 steps { n <- 0 } }
`;
const spec = (using: string, more = ""): string => `${page}
experiment e {
  ${more}
  param w = 4
  train fit {
    minimize w^2 / 2 over w
    using ${using}
    for 7 steps
    record { w }
  }
}
`;
const codesOf = (text: string): readonly string[] => [...new Set(checkText(text).diagnostics.map(({ code }) => code))];

interface Values {
  w: number;
  m: number;
  n: number;
}
/** The parameter before each of seven steps and after the last one. */
function path(step: (values: Values, number: number) => void, m = 0): readonly unknown[] {
  const values = { w: 4, m, n: 0 };
  const found = [values.w];
  for (let number = 1; number <= 7; number++) {
    step(values, number);
    found.push(values.w);
  }
  return found.map((value) => expect.closeTo(value, 4) as unknown);
}
const clipped = (gradient: number, most: number): number => gradient * Math.min(1, most / Math.abs(gradient));
const descent =
  (rate: number, momentum: number, of: (gradient: number) => number = (gradient) => gradient) =>
  (values: Values): void => {
    values.m = momentum * values.m + of(values.w);
    values.w -= rate * values.m;
  };

const cases: readonly (readonly [string, readonly unknown[]])[] = [
  ["slow", path(descent(0.1, 0.5))],
  [
    "soft(0.2)",
    path(
      descent(0.1, 0.5, (gradient) => clipped(gradient, 1)),
      1,
    ),
  ],
  [
    "clip_norm(0.5) | soft(lr: 0.4, most: 3)",
    path(
      descent(0.2, 0.5, (gradient) => clipped(gradient, 0.5)),
      1,
    ),
  ],
  ["both | slow", path(descent(0.1, 0.5, (gradient) => clipped(gradient, 1)))],
  ["gd(0.01 * (step + 1))", path((values, number) => void (values.w -= 0.01 * number * values.w))],
  ["sgd(0.1, 0.5, state m[..] = 2)", path(descent(0.1, 0.5), 2)],
  [
    "counted(0.02)",
    path((values, number) => {
      values.n += 1;
      values.m += values.w;
      values.w -= 0.02 * values.n * values.m;
      if (number % 3 === 0) [values.n, values.m] = [0, values.w / 2];
    }),
  ],
  ["wavering(5) | gd(0.1)", path((values, number) => void (values.w -= 0.1 * (2 - (number % 2)) * values.w))],
];

describe("an optimizer under a name", () => {
  for (const engine of ["graph", "portable"] as const)
    test.each(cases)(`%s on ${engine}`, async (using, expected) => {
      const text = spec(using);
      expect(codesOf(text)).toEqual([]);
      await runText(text, engine, (results) => {
        expect(Array.from(results.column("fit", "w")?.values ?? [])).toEqual(expected);
      });
      await agreesWithOracle(text, engine, 1e-5);
    });

  test("in arms of a choice, with settings of sweeps", async () => {
    const text = spec(
      "case kind { a: slow, b: soft(rate), else: clip_norm(1) | counted(rate, k: 2) }",
      "sweep kind in {a, b, c}; sweep rate in [0.1, 0.2]",
    );
    expect(codesOf(text)).toEqual([]);
    await agreesWithOracle(text, "portable", 1e-5);
    await agreesWithOracle(text, "graph", 1e-5);
  });

  test("speaks of the place where it is written", async () => {
    const text = `use std.optimizers
let rate = 0.1
optimizer quick = gd(lr: rate)
${spec("quick", "let rate = 0.5").slice(page.length)}`;
    await runText(text, "portable", (results) => {
      expect(results.column("fit", "w")?.values[1]).toBeCloseTo(3.6);
    });
  });

  test("is handed to a template", async () => {
    const text = `${page}
experiment train_with(o: optimizer) { param w = 4
  train fit { minimize w^2 / 2 over w
    using o
    for 7 steps
    record { w } } }
experiment e = train_with(slow)`;
    await runText(text, "portable", (results) => {
      expect(Array.from(results.column("fit", "w")?.values ?? [])).toEqual(path(descent(0.1, 0.5)));
    });
  });
});

test.each([
  ["slow(0.2)", "AM3010"],
  ["soft", "AM3010"],
  ["sgd(0.1, state k[..] = 1)", "AM2005"],
  ["sgd(0.1, param m[..] = 1)", "AM2021"],
  ["both", "AM3022"],
  ["slow | soft(0.1)", "AM3022"],
])("%s: %s", (using, code) => {
  expect(codesOf(spec(using))).toEqual([code]);
});

test.each([
  ["optimizer a = b\noptimizer b = a", "a", "AM2004"],
  ["optimizer a = clip_norm(1) | a", "a", "AM2004"],
  ["optimizer a = gdd(0.1)", "a", "AM2001"],
  ["optimizer a = gdd(0.1)", "slow", "AM2001"],
  ["optimizer a = half\nfn half(z) = z / 2", "a", "AM3019"],
  ["optimizer a = gd(0.1) { state n = 0 }", "a", "AM2021"],
  ["optimizer a(lr) = gd(0.1)", "a(0.1)", "AM2038"],
  ["optimizer a for w[..] { every 0 steps { w[..] <- 0 } }", "a", "AM2024"],
  ["optimizer a for w[..] { every 2 steps { state n = 0 } }", "a", "AM2021"],
])("%s", (more, using, code) => {
  expect(codesOf(`${page}${more}${spec(using).slice(page.length)}`)).toEqual([code]);
});
