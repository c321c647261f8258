/** A whole report made by hand: an experiment with every kind of item and verdict. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../../src/base/package.js";
import type { Expectation, Verdict } from "../../src/results/chart-types.js";
import type { Manifest } from "../../src/results/store/manifest.js";
import { sourceText } from "../../src/report/source-text.js";
import type { ExperimentReport, ReportInput } from "../../src/report/types.js";
import { landscape, losses, waiting } from "./charts.js";

const hash = (digit: string): string => digit.repeat(64);

export const MANIFEST: Manifest = {
  format: 1,
  amemc: "0.1.0",
  experiment: "loss_spike",
  revision: 2,
  spec: { path: "../../specs/linear/loss-spike.amem", sha256: hash("a") },
  profile: null,
  settings: { eta: "1" },
  precision: "f32",
  git: { commit: "0123456789abcdef0123456789abcdef01234567", changed: true },
  machine: {
    host: "bench",
    platform: "linux-x64",
    cpu: "Some Processor 2.5 GHz",
    cores: 2,
    memoryBytes: 8_000_000_000,
    node: "v20.20.2",
  },
  seeds: [0, 1, 2, 3, 4],
  datasets: [],
  runs: [
    {
      started: "2026-11-25T10:00:00.000Z",
      seconds: 3.2,
      jobs: 1,
      blocks: 2,
      calls: 4,
      end: "complete",
      steps: 7,
      reused: 0,
      peakBytes: 800_000_000,
    },
  ],
  programs: [{ phase: "fit", key: hash("b"), points: 6, blocks: 1, runsPerBlock: 16, steps: 35 }],
  blocks: {
    [hash("c")]: {
      phase: "fit",
      program: hash("b"),
      engine: { name: "graph", library: "TensorFlow", version: "2.21.0", xla: true, compiled: true },
      calls: 2,
      seconds: 0.5,
      finished: "2026-11-25T10:00:03.000Z",
    },
  },
  engineCalls: 4,
  failures: {},
  points: [],
};

function expectation(text: string, options: Partial<Expectation> = {}): Expectation {
  return {
    text,
    verdict: "holds",
    measured: null,
    worst: [],
    counts: { total: 1, holding: 1, failing: 0, missing: 0 },
    share: null,
    reason: null,
    warnings: [],
    ...options,
  };
}

export const VERDICTS: readonly Verdict[] = [
  {
    name: "spike",
    title:
      "With $\\eta = 10$ and $\\alpha = 0.95$ the loss rises to 1.3487 at step 5, far above $\\ln 2$, then converges",
    doc: null,
    verdict: "holds",
    expectedFails: null,
    met: true,
    expectations: [
      expectation("approx(max(step) big.loss, 1.3487, abs: 1e-3)", {
        measured: {
          left: "max(step) big.loss",
          comparator: "approx",
          right: "1.3487",
          leftValue: 1.34868,
          rightValue: 1.3487,
          distance: 0.00098,
        },
      }),
      expectation("big.loss[step: last] < 0.1", {
        warnings: [
          {
            code: "AM6504",
            message: "the curve still moves at its end: about 20 more steps would cross it at <eta> = 10",
            help: "let it run longer and see, or name the step (`step: 100` instead of `step: last`)",
            at: { file: "specs/linear/loss-spike.amem", line: 49, column: 5 },
            numbers: { more: 20, now: 0.0488 },
          },
        ],
        measured: {
          left: "big.loss[step: last]",
          comparator: "<",
          right: "0.1",
          leftValue: 0.0512,
          rightValue: 0.1,
          distance: 0.0488,
        },
      }),
    ],
  },
  {
    name: "calm",
    title: "With eta = 1 the loss never rises",
    doc: "The gradient of a *convex* loss; see [the paper](https://arxiv.org/abs/2402.18724).",
    verdict: "fails",
    expectedFails: null,
    met: false,
    expectations: [
      expectation(
        "all(step where step > 0) fit.loss[eta: 1] <= fit.loss[eta: 1, step: step - 1] + 1e-6 for 90% of seed",
        {
          verdict: "fails",
          measured: {
            left: "fit.loss",
            comparator: "<=",
            right: "fit.loss + 1e-6",
            leftValue: 0.7312,
            rightValue: 0.7301,
            distance: -0.0011,
          },
          worst: [
            { axis: "alpha", coordinate: 0.95 },
            { axis: "step", coordinate: 12 },
          ],
          counts: { total: 60, holding: 51, failing: 7, missing: 2 },
          share: { asked: 0.9, of: "seed", found: 0.85 },
        },
      ),
    ],
  },
  {
    name: "same",
    title: "Sign descent matches Muon",
    doc: null,
    verdict: "fails",
    expectedFails: { reason: "it does not at this size: measured 3.1 times" },
    met: true,
    expectations: [
      expectation("ratio < 1.1", {
        verdict: "fails",
        measured: { left: "ratio", comparator: "<", right: "1.1", leftValue: 3.1, rightValue: 1.1, distance: -2 },
        counts: { total: 1, holding: 0, failing: 1, missing: 0 },
      }),
    ],
  },
  {
    name: "late",
    title: null,
    doc: null,
    verdict: "undecided",
    expectedFails: null,
    met: false,
    expectations: [
      expectation("fit.loss[eta: 30, step: last] < 0.1", {
        verdict: "undecided",
        counts: { total: 20, holding: 18, failing: 0, missing: 2 },
        reason: "2 of 20 runs of fit diverged",
      }),
    ],
  },
];

export function experiment(): ExperimentReport {
  return {
    name: "loss_spike",
    title: "Benign loss spikes with a large step",
    doc: null,
    sources: [{ reference: "arXiv:2402.18724", details: [{ name: "figure", value: "spike_trajectory, spike_loss" }] }],
    verdicts: VERDICTS,
    items: [
      {
        kind: "text",
        text: {
          doc: null,
          pieces: [
            {
              kind: "markdown",
              text: "The loss is convex in $W$, and still it **rises** first. With $\\hat\\eta = \\eta\\,\\|e\\|^2$ the mean final loss is ",
            },
            { kind: "value", text: "0.532 \u00b1 0.021", value: 0.532, state: "valid" },
            {
              kind: "markdown",
              text: ":\n\n$$\\mathcal{L}(W) = -\\sum_x p(x) \\log \\frac{e^{u_{y(x)}^\\top W e_x}}{\\sum_z e^{u_z^\\top W e_x}}$$\n\n* it grows while the rare token is unlearned,\n* then both are learned; see `fit.loss`.\n",
            },
          ],
        },
      },
      { kind: "chart", chart: losses() },
      { kind: "chart", chart: landscape() },
      { kind: "chart", chart: waiting() },
      {
        kind: "table",
        table: {
          name: "ends",
          title: "Where the runs end",
          doc: null,
          axes: ["eta"],
          columns: [["1"], ["10"]],
          rows: [
            {
              title: "loss",
              cells: [
                { text: "0.372 \u00b1 0.01", value: 0.372, state: "valid" },
                { text: "0.054 \u00b1 0.002", value: 0.054, state: "valid" },
              ],
            },
            {
              title: "first right step",
              cells: [
                { text: "\u2013", value: null, state: "missing" },
                { text: "8", value: 8, state: "valid" },
              ],
            },
          ],
          notes: ["means over seed \u00b1 half of their 95 % confidence interval"],
        },
      },
      {
        kind: "chart",
        chart: {
          kind: "vegalite",
          name: "bars",
          title: "The table again, by hand",
          doc: null,
          text: '{ "data": { "name": "ends" }, "mark": "bar", "encoding": { "x": { "field": "eta", "type": "ordinal" }, "y": { "field": "value", "type": "quantitative" }, "color": { "field": "row", "type": "nominal" } } }',
          notes: [],
        },
      },
    ],
    points: [
      {
        phase: "fit",
        expected: 60,
        done: 58,
        failed: 0,
        diverged: 2,
        missing: 0,
        troubles: [
          {
            point: [
              { axis: "eta", coordinate: "30" },
              { axis: "seed", coordinate: "3" },
            ],
            state: "diverged",
            detail: "at step 17",
          },
          {
            point: [
              { axis: "eta", coordinate: "30" },
              { axis: "seed", coordinate: "11" },
            ],
            state: "diverged",
            detail: "at step 4",
          },
        ],
      },
      { phase: "landscape", expected: 3, done: 3, failed: 0, diverged: 0, missing: 0, troubles: [] },
    ],
    provenance: { manifest: MANIFEST, planHash: hash("d") },
  };
}

const read = (file: string): string => readFileSync(join(packageRoot(), file), "utf8");

export function sampleInput(changes: Partial<ReportInput> = {}): ReportInput {
  return {
    amemc: "0.1.0",
    spec: sourceText("specs/linear/loss-spike.amem", read("specs/linear/loss-spike.amem")),
    modules: [sourceText("std/linear.amem", read("src/language/std/linear.amem"))],
    command: "amemc compile-and-run specs/linear/loss-spike.amem",
    claims: [],
    experiments: [experiment()],
    ...changes,
  };
}
