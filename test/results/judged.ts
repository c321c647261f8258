/** Hand-made claims of a spec, as they are after a run. */
import type { Expectation, Verdict } from "../../src/results/chart-types.js";
import type { JudgedClaims } from "../../src/results/judged.js";

type Plan = JudgedClaims["experiments"][number]["file"]["plan"];

export function expectation(more: Partial<Expectation> = {}): Expectation {
  return {
    text: "fit.loss < 1",
    verdict: "holds",
    measured: { left: "fit.loss", comparator: "<", right: "1", leftValue: 0.25, rightValue: 1, distance: 0.75 },
    worst: [],
    counts: { total: 4, holding: 4, failing: 0, missing: 0 },
    share: null,
    reason: null,
    warnings: [],
    ...more,
  };
}

/** Its one side measured, against 1. */
export const measuring = (leftValue: number | null): Expectation =>
  expectation({
    measured: { left: "fit.loss", comparator: "<", right: "1", leftValue, rightValue: 1, distance: null },
  });

export function verdict(name: string, expectations: readonly Expectation[], more: Partial<Verdict> = {}): Verdict {
  const whole = { name, title: null, doc: null, verdict: "holds", expectedFails: null, met: true } as const;
  return { ...whole, expectations, ...more };
}

export function judged(
  experiments: Readonly<Record<string, readonly Verdict[]>>,
  plan: Partial<Plan> = {},
  seconds: readonly (number | null)[] = [],
): JudgedClaims {
  return {
    spec: { file: "s.amem" },
    experiments: Object.entries(experiments).map(([name, verdicts]) => ({
      name,
      file: { plan: { engine: "portable", precision: "f32", profile: null, settings: {}, ...plan } },
      manifest: { blocks: Object.fromEntries(seconds.map((took, k) => [String(k), { seconds: took }])) },
      evaluated: { verdicts },
    })),
    ofFile: null,
  };
}
