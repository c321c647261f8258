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
    ["epochs without it", "", "mean(sample) loss[sample]", "for 2 epochs", "AM2036"],
    ["the epoch without it", "", "mean(sample) loss[sample]", "for 2 steps\n record { epoch }", "AM2036"],
  ])("is refused: %s", (_, batch, minimized, more, code) => {
    expect(() => planText(spec(batch, minimized, more))).toThrow(code);
  });
});
