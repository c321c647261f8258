/** All parameters of a component as one value: against the same written out, loops written by hand, and the oracle. */
import { describe, expect, it } from "vitest";
import { enginesHere } from "../engine/graph/native.js";
import { at } from "../../src/ir/fault.js";
import { oracleRuns, outputOf, planText } from "../support/oracle-runs.js";
import { agreesWithOracle } from "../support/spec-runs.js";

const pages = `use std.optimizers
optimizer clip_norm(most) { grad <- grad * min(1, most / norm(grad)) }
optimizer growing(rate) {
  state t = 0
  state mean_ = 0 * grad
  t <- t + 1
  mean_ <- 0.5 * mean_ + 0.5 * grad
  n = norm(grad)
  grad <- mean_ * (1 + rate * t) / (1 + n)
}
memory net(i: axis, o: axis) {
  param W[i, o] = sin(1 + i + 2 * o)
  param b[o] = 0.1 * o
  param c = 0.5
  fn f(x[i])[o] = b[o] * c + sum(i) W[i, o] * x[i]
}`;

const spec = (body: string, phases: string): string => `${pages}
experiment e {
  precision f64
  sweep seed in 0..1
  axis i = 3
  axis o = 2
  x[i] ~ normal(0, 1)
  memory M = net(i, o)
  ${body}
  ${phases}
}`;

const tuple = spec(
  `state ema = M
  state best = 0 * M
  loss = sum(o) (M.f(x)[o] - 1)^2 + 0.01 * total(M^2) + 0.1 * norm(M - ema)`,
  `train fit {
    minimize loss over M
    using gd(lr: 0.1)
    ema <- 0.9 * ema + 0.1 * M
    best <- if step == 2 then M else best
    M <- 0.99 * M where step > 3
    for 6 steps
  }
  do after {
    g = grad(loss, M)^2
    best <- best - 0.1 * g
  }
  measure m { n = size(M); d = norm(M - ema); t = total((M - best)^2); W[i, o] = M.W[i, o]; b[o] = best.b[o]; c = ema.c }`,
);
const written = spec(
  `state eW[i, o] = M.W[i, o]
  state eb[o] = M.b[o]
  state ec = M.c
  state bW[i, o] = 0
  state bb[o] = 0
  state bc = 0.0
  loss = sum(o) (M.f(x)[o] - 1)^2 + 0.01 * (sum(i, o) M.W[i, o]^2 + sum(o) M.b[o]^2 + M.c^2)
    + 0.1 * sqrt(1e-300 + sum(i, o) (M.W[i, o] - eW[i, o])^2 + sum(o) (M.b[o] - eb[o])^2 + (M.c - ec)^2)`,
  `train fit {
    minimize loss over M
    using gd(lr: 0.1)
    eW[i, o] <- 0.9 * eW[i, o] + 0.1 * M.W[i, o]
    eb[o] <- 0.9 * eb[o] + 0.1 * M.b[o]
    ec <- 0.9 * ec + 0.1 * M.c
    bW[i, o] <- if step == 2 then M.W[i, o] else bW[i, o]
    bb[o] <- if step == 2 then M.b[o] else bb[o]
    bc <- if step == 2 then M.c else bc
    (M.W[i, o], M.b[o], M.c) <- (0.99 * M.W[i, o], 0.99 * M.b[o], 0.99 * M.c) where step > 3
    for 6 steps
  }
  do after {
    gW[i, o] = grad(loss, M.W)[i, o]^2
    gb[o] = grad(loss, M.b)[o]^2
    gc = grad(loss, M.c)^2
    bW[i, o] <- bW[i, o] - 0.1 * gW[i, o]
    bb[o] <- bb[o] - 0.1 * gb[o]
    bc <- bc - 0.1 * gc
  }
  measure m {
    n = 9
    d = sqrt(sum(i, o) (M.W[i, o] - eW[i, o])^2 + sum(o) (M.b[o] - eb[o])^2 + (M.c - ec)^2)
    t = sum(i, o) (M.W[i, o] - bW[i, o])^2 + sum(o) (M.b[o] - bb[o])^2 + (M.c - bc)^2
    W[i, o] = M.W[i, o]
    b[o] = bb[o]
    c = ec
  }`,
);

const measured = (text: string): readonly (readonly number[])[] =>
  (oracleRuns(planText(text)).get("m") ?? []).flatMap(({ result }) => result.outputs.map((value) => [...value]));

describe("arithmetic with all parameters of a component", () => {
  it("is that of each parameter, written out", () => {
    const [short, long] = [measured(tuple), measured(written)];
    expect(short.length).toBe(12);
    short.forEach((values, k) => {
      values.forEach((value, entry) => {
        expect(value).toBeCloseTo(at(at(long, k), entry), 10);
      });
    });
  });

  it.each(Object.keys(enginesHere()))("agrees with the oracle on %s", async (engine) => {
    await agreesWithOracle(tuple, engine as "graph" | "portable", 1e-9);
  });
});

const chained = (using: string): string =>
  spec(
    "loss = sum(o) (M.f(x)[o] - 1)^2",
    `train fit { minimize loss over M; using ${using}; for 7 steps; record { loss } }
  measure m { W[i, o] = M.W[i, o]; b[o] = M.b[o]; c = M.c; x_[i] = x[i] }`,
  );

/** The same by a loop over plain numbers: W by rows, then b, then c. */
function byHand(
  x: readonly number[],
  change: (gradient: readonly number[], step: number) => readonly number[],
): number[] {
  const rows = [0, 1, 2];
  const columns = [0, 1];
  let values = [...rows.flatMap((i) => columns.map((o) => Math.sin(1 + i + 2 * o))), 0, 0.1, 0.5];
  const W = (i: number, o: number): number => at(values, 2 * i + o);
  for (let step = 0; step < 7; step++) {
    const miss = columns.map(
      (o) => at(values, 6 + o) * at(values, 8) + rows.reduce((sum, i) => sum + W(i, o) * at(x, i), 0) - 1,
    );
    const gradient = [
      ...rows.flatMap((i) => columns.map((o) => 2 * at(miss, o) * at(x, i))),
      ...columns.map((o) => 2 * at(miss, o) * at(values, 8)),
      columns.reduce((sum, o) => sum + 2 * at(miss, o) * at(values, 6 + o), 0),
    ];
    const changed = change(gradient, step);
    values = values.map((value, k) => value - 0.1 * at(changed, k));
  }
  return values;
}

const normOf = (values: readonly number[]): number => Math.hypot(...values);
const clipped = (gradient: readonly number[]): readonly number[] =>
  gradient.map((value) => value * Math.min(1, 0.5 / normOf(gradient)));

describe("a chain of transforms", () => {
  it.each([
    ["clip_norm(0.5) | gd(lr: 0.1)", () => clipped],
    [
      "clip_norm(0.5) | growing(0.3) | gd(lr: 0.1)",
      () => {
        let mean: readonly number[] = Array<number>(9).fill(0);
        return (gradient: readonly number[], step: number) => {
          const short = clipped(gradient);
          mean = mean.map((value, k) => 0.5 * value + 0.5 * at(short, k));
          return mean.map((value) => (value * (1 + 0.3 * (step + 1))) / (1 + normOf(short)));
        };
      },
    ],
  ])("%s changes all gradients at once, in the order written", (using, change) => {
    const text = chained(using);
    const plan = planText(text);
    const points = oracleRuns(plan).get("m") ?? [];
    expect(points).toHaveLength(2);
    for (const point of points) {
      const [W, b, c, x] = ["W", "b", "c", "x_"].map((name) => [...outputOf(plan, "m", name, point)]);
      const hand = byHand(x ?? [], change());
      [...(W ?? []), ...(b ?? []), ...(c ?? [])].forEach((value, k) => {
        expect(value).toBeCloseTo(at(hand, k), 10);
      });
    }
  });

  it.each(Object.keys(enginesHere()))("agrees with the oracle on %s, also where a label chooses", async (engine) => {
    const choosing = chained(
      "clip_norm(0.5) | case arm { plain: gd(lr: 0.1), slow: growing(0.3) | adam(lr: 0.01) }",
    ).replace("sweep seed", "sweep arm in {plain, slow}\n  sweep seed");
    await agreesWithOracle(choosing, engine as "graph" | "portable", 1e-9);
  });

  it("counts only the gradients of what its optimizer trains", () => {
    const both = measured(
      chained("clip_norm(0.5) | gd(lr: 0.1) over M.W, clip_norm(0.5) | gd(lr: 0.1) over (M.b, M.c)"),
    );
    const all = measured(chained("clip_norm(0.5) | gd(lr: 0.1)"));
    expect(both).not.toEqual(all);
  });

  it.each([
    ["an optimizer before another", "gd(lr: 0.1) | gd(lr: 0.1)", "AM3022"],
    ["a transform at the end", "clip_norm(1)", "AM3022"],
    ["a transform after a transform", "clip_norm(1) | clip_norm(2)", "AM3022"],
    ["an unknown page", "clip(1) | gd(lr: 0.1)", "AM2001"],
    ["a transform without its argument", "clip_norm() | gd(lr: 0.1)", "AM3010"],
  ])("refuses %s", (_, using, code) => {
    expect(() => planText(chained(using))).toThrow(code);
  });
});

describe("a tuple of parameters", () => {
  it.each([
    ["as a number", "y[i] = M", "", "AM2104"],
    ["with one of other parameters", "state other = M\nmemory N = net(o, i)\nq = total(M * N)", "y = q", "AM2103"],
    ["as a result", "", "y = 2 * M", "AM2104"],
    ["that is no state", "g = 2 * M", "}\ndo d { g <- M", "AM2022"],
  ])("is refused %s", (_, body, measure, code) => {
    expect(() => planText(spec(body, `measure m { one = 1\n${measure} }`))).toThrow(code);
  });
});
