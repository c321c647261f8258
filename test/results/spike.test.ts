/** The spec of the language's first page, through the real checker, over results of gradient descent written out here. */
import { expect, it } from "vitest";
import { Diagnostics } from "../../src/base/diagnostic.js";
import { checkResults } from "../../src/language/results/index.js";
import { evaluateResults } from "../../src/results/evaluate-report.js";
import { formatNumber } from "../../src/results/analysis/words.js";
import { checkText, oneLine } from "../language/support.js";
import { makeSource } from "../language/results/fixture.js";

const text = `use std.linear
use std.optimizers

experiment loss_spike "Benign loss spikes with a large step" {
  axis token = 2
  axis class = 2
  axis dim   = 2
  sweep eta   in [1, 10]
  sweep alpha in [0, 0.5, 0.95]
  data pair {
    p[token]     = if token == 0 then 0.75 else 0.25
    label[token] = token
  }
  memory M = linear(token, class, dim,
    e[token, dim] = if token == dim then (if token == 0 then 1 else sqrt(1 - alpha^2))
                    else (if token == 1 then alpha else 0),
    u[class, dim] = if class == dim then 1 else 0,
    w0[dim, dim'] = 0)
  loss     = sum(token) pair.p[token] * cross_entropy(class) M.score[token, class] at pair.label[token]
  accuracy = sum(token where (argmax(class) M.score[token, class]) == pair.label[token]) pair.p[token]
  train fit {
    minimize loss over M.W
    using gd(lr: eta)
    for 35 steps
    record { loss, accuracy, gamma[dim] = M.W[dim, 0] - M.W[dim, 1] }
  }
  share[eta] = mean(token) pair.p[token] * (mean(alpha) fit.loss[step: last])
  chart losses "Loss" = line(x: step, y: fit.loss, color: eta, column: alpha)
  chart path "Path in parameter space" = trajectory(x: fit.gamma[dim: 0], y: fit.gamma[dim: 1], color: eta, column: alpha)
  claim spike "With eta = 10 and alpha = 0.95 the loss rises above its start, then converges" {
    expect max(step) fit.loss[eta: 10, alpha: 0.95] > fit.loss[eta: 10, alpha: 0.95, step: first]
    expect fit.loss[eta: 10, alpha: 0.95, step: last] < 0.1
  }
  claim calm "With eta = 1 the loss never rises" {
    expect all(step where step > 0) fit.loss[eta: 1] <= fit.loss[eta: 1, step: step - 1] + 1e-6
  }
  text """It ends at {fit.loss[eta: 10, alpha: 0.95, step: last]}."""
}
`;

/** Loss and weights after each step. */
function descend(
  eta: number,
  alpha: number,
): readonly { readonly loss: number; readonly gamma: readonly number[]; readonly accuracy: number }[] {
  const e: readonly (readonly number[])[] = [
    [1, 0],
    [alpha, Math.sqrt(1 - alpha * alpha)],
  ];
  const p: readonly number[] = [0.75, 0.25];
  const w = [
    [0, 0],
    [0, 0],
  ];
  const records = [];
  for (let step = 0; step <= 35; step++) {
    const gradient = [
      [0, 0],
      [0, 0],
    ];
    let loss = 0;
    let accuracy = 0;
    e.forEach((embedding, token) => {
      const score = [0, 1].map((c) => embedding.reduce((sum, x, d) => sum + x * (w[d]?.[c] ?? 0), 0));
      const total = Math.log(score.reduce((sum, s) => sum + Math.exp(s), 0));
      loss += (p[token] ?? 0) * (total - (score[token] ?? 0));
      if (((score[1] ?? 0) > (score[0] ?? 0) ? 1 : 0) === token) accuracy += p[token] ?? 0;
      gradient.forEach((row, d) => {
        row.forEach((_, c) => {
          row[c] =
            (row[c] ?? 0) +
            (p[token] ?? 0) * (embedding[d] ?? 0) * (Math.exp((score[c] ?? 0) - total) - Number(c === token));
        });
      });
    });
    records.push({ loss, accuracy, gamma: w.map((row) => (row[0] ?? 0) - (row[1] ?? 0)) });
    w.forEach((row, d) => {
      row.forEach((_, c) => {
        row[c] = (row[c] ?? 0) - eta * (gradient[d]?.[c] ?? 0);
      });
    });
  }
  return records;
}

it("checks, judges and draws", () => {
  const { experiments, diagnostics } = checkText(text);
  expect(diagnostics.map(oneLine)).toEqual([]);
  const [experiment] = experiments;
  if (experiment === undefined) throw new Error("no experiment");
  const found = new Diagnostics();
  const checked = checkResults(experiment, [{ file: "spec.amem", text }], found);
  expect(found.list.map(oneLine)).toEqual([]);
  expect(checked.needed.map(({ name }) => name)).toEqual(["pair.p"]);

  const steps = Array.from({ length: 36 }, (_, k) => k);
  const runs = new Map(
    [1, 10].flatMap((eta) => [0, 0.5, 0.95].map((alpha) => [`${eta} ${alpha}`, descend(eta, alpha)] as const)),
  );
  const record = (
    at: Readonly<Record<string, number>>,
  ): { readonly loss: number; readonly gamma: readonly number[]; readonly accuracy: number } | undefined =>
    runs.get(`${at.eta ?? 0} ${at.alpha ?? 0}`)?.[at.step ?? 0];
  const source = makeSource({
    sweeps: [
      { name: "eta", values: [1, 10] },
      { name: "alpha", values: [0, 0.5, 0.95] },
    ],
    axes: [
      { name: "dim", size: 2 },
      { name: "token", size: 2 },
    ],
    phases: {
      fit: {
        sweeps: ["eta", "alpha"],
        results: {
          loss: { steps, value: (at) => record(at)?.loss ?? "missing" },
          accuracy: { steps, value: (at) => record(at)?.accuracy ?? "missing" },
          gamma: { steps, axes: [["dim", "dim"]], value: (at) => record(at)?.gamma[at.dim ?? 0] ?? "missing" },
          steps: { type: "int", value: () => 35 },
        },
      },
      __definitions1: {
        sort: "measure",
        results: { "pair.p": { axes: [["token", "token"]], value: ({ token }) => (token === 0 ? 0.75 : 0.25) } },
      },
    },
  });
  const { verdicts, charts, texts, problems } = evaluateResults(checked, source);
  expect(problems).toEqual([]);
  expect(verdicts.map(({ name, verdict }) => [name, verdict])).toEqual([
    ["spike", "holds"],
    ["calm", "holds"],
  ]);
  expect(verdicts[0]?.expectations[0]?.measured).toMatchObject({
    leftValue: expect.closeTo(1.3487, 3) as number,
    rightValue: expect.closeTo(Math.LN2, 12) as number,
  });
  const [losses, path] = charts;
  expect(losses?.kind === "marks" ? losses.layers[0]?.rows.count : 0).toBe(216);
  expect(path?.kind === "marks" ? path.layers[0]?.rows.columns.x?.slice(0, 2) : []).toEqual([
    0,
    expect.closeTo(0.75, 12),
  ]);
  expect(texts[0]?.pieces[1]?.text).toBe(formatNumber(descend(10, 0.95)[35]?.loss ?? NaN));
});
