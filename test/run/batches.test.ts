/** Batches: every entry once in an epoch, in an order of its own, and the same on the oracle and both engines. */
import { describe, expect, it } from "vitest";
import { enginesHere } from "../engine/graph/native.js";
import { at } from "../../src/ir/fault.js";
import { oracleRuns, planText } from "../support/oracle-runs.js";
import { agreesWithOracle, runText } from "../support/spec-runs.js";

const engines = Object.keys(enginesHere()) as ("graph" | "portable")[];

const spec = (batch: string, minimized: string, more = ""): string => `use std.optimizers
experiment e {
  axis sample = 10
  axis i = 3
  sweep seed in 0..1
  x[sample, i] ~ normal(0, 1)
  y[sample] ~ normal(0, 1)
  z[sample, i] = 2 * tanh(x[sample, i])
  param w[i] = 0
  loss[sample] = (sum(i) w[i] * z[sample, i] - y[sample])^2
  train fit {
    ${batch}
    state seen[sample] = 0
    minimize ${minimized} over w
    using gd(lr: 0.1)
    ${more}
  }
}`;

const counting = (size: string): string =>
  spec(
    `batch b: sample = ${size}`,
    "mean(b) loss[b]",
    `seen[sample] <- seen[sample] + count(b) (b == sample)
    for 4 epochs
    record { seen, w, e = epoch, n = count(b) (b >= 0), worst = max(b) abs(y[b]), soft = logsumexp(b) y[b] }
    record every 2 epochs { late = epoch }`,
  );

/** How often a draw that belongs to an epoch has changed. */
const anew = spec(
  "batch b: sample = 4",
  "mean(b) loss[b]",
  `draw shift ~ normal(0, 1) every epoch
    state changes = -1
    state last = 100.0
    changes <- changes + (if shift == last then 0 else 1)
    last <- shift
    for 4 epochs
    record { shift, changes }`,
);

describe.each(engines)("batches on %s", (engine) => {
  it.each(["3", "5", "10"])("of %s agree with the oracle, the last one of an epoch included", async (size) => {
    await agreesWithOracle(counting(size), engine, 2e-5);
  });

  it("take each entry once in an epoch, in an order that changes", async () => {
    await runText(counting("4"), engine, (results) => {
      const seen = results.cells("fit", "seen")?.values ?? [];
      // Three steps an epoch: 4, 4 and 2 entries.
      const at4 = (seed: number, step: number) =>
        Array.from({ length: 10 }, (_, k) => seen[(seed * 13 + step) * 10 + k] ?? NaN);
      const taken = (seed: number, step: number) =>
        at4(seed, step + 1).flatMap((count, k) => (count > (at4(seed, step)[k] ?? 0) ? [k] : []));
      for (const seed of [0, 1]) {
        for (let epoch = 1; epoch <= 4; epoch++) expect(at4(seed, 3 * epoch)).toEqual(Array(10).fill(epoch));
        expect([0, 1, 2].map((step) => taken(seed, step).length)).toEqual([4, 4, 2]);
        const first = [0, 1, 2, 3].map((epoch) => taken(seed, 3 * epoch).join());
        expect(new Set(first).size).toBeGreaterThan(1);
      }
      expect(taken(0, 0)).not.toEqual(taken(1, 0));
    });
  });
});

describe("a batch", () => {
  const finals = (text: string) =>
    (oracleRuns(planText(text)).get("fit") ?? []).map(({ result }) => at(result.carried, 0));

  it("gives places in the data, not in the batch, to argmax, argmin and order", () => {
    const text = spec(
      "batch b: sample = 4",
      "mean(b) loss[b]",
      `state top = 0.0
      state low = 0.0
      state first = 0.0
      state off = 0
      sorted[b] = y[order(b) y[b]]
      top <- y[argmax(b) y[b]] - max(b) y[b]
      low <- y[argmin(b) y[b]] - min(b) y[b]
      first <- mean(b) sorted[b] - mean(b) y[b]
      off <- off + count(b) (b == argmax(b') y[b'])
      for 4 epochs`,
    );
    const runs = (oracleRuns(planText(text)).get("fit") ?? []).map(({ result }) => result.carried);
    for (const carried of runs) {
      const scalars = carried.filter((value) => value.length === 1).map((value) => at(value, 0));
      expect(scalars).toHaveLength(4);
      for (const value of scalars.slice(0, 3)) expect(value).toBeCloseTo(0, 6);
      expect(scalars[3]).toBe(12);
    }
  });

  it("of draws that are made anew every epoch keeps them for as long", async () => {
    for (const engine of engines) await agreesWithOracle(anew, engine, 2e-5);
    const [first] = oracleRuns(planText(anew)).get("fit") ?? [];
    expect(at(at(first?.result.carried ?? [], 1), 0)).toBe(3);
  });

  it("of all entries is the whole, and one of more than there are as well", () => {
    const whole = finals(spec("", "mean(sample) loss[sample]", "for 5 steps"));
    for (const size of ["10", "64"]) {
      const batched = finals(spec(`batch b: sample = ${size}`, "mean(b) loss[b]", "for 5 epochs"));
      batched.forEach((value, run) => {
        value.forEach((entry, k) => {
          expect(entry).toBeCloseTo(at(at(whole, run), k), 12);
        });
      });
      expect(batched).toHaveLength(2);
    }
  });

  it("computes what it reads of a derived tensor, and no more", () => {
    const flops = (text: string): number =>
      at(at(planText(text.replace("sample = 10", "sample = 1000")).phases, 0).programs, 0).cost.flopsPerStep;
    const batched = flops(
      spec("draw b[slot] ~ choice(sample)", "mean(slot) loss[b[slot]]", "for 5 steps").replace(
        "axis i",
        "axis slot = 4\n  axis i",
      ),
    );
    const whole = flops(spec("", "mean(sample) loss[sample]", "for 5 steps"));
    expect(whole / batched).toBeGreaterThan(10);
  });

  it.each([
    ["two of them", "batch b: sample = 2\n batch c: i = 2", "mean(b) loss[b]", "for 2 steps", "AM2035"],
    ["of nothing", "batch b: sample = 0", "mean(b) loss[b]", "for 2 steps", "AM2035"],
    ["over a sweep", "batch b: seed = 2", "w[0]^2", "for 2 steps", "AM2110"],
    ["of classes", "batch b: sample = 4", "cross_entropy(b) y[b] at 0", "for 2 steps", "AM2113"],
    ["epochs without it", "", "mean(sample) loss[sample]", "for 2 epochs", "AM2036"],
    ["the epoch without it", "", "mean(sample) loss[sample]", "for 2 steps\n record { epoch }", "AM2036"],
  ])("is refused: %s", (_, batch, minimized, more, code) => {
    expect(() => planText(spec(batch, minimized, more))).toThrow(code);
  });
});
