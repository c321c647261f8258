/** Claims over hand-made results, and the warnings beside their verdicts. */
import { expect } from "vitest";
import type { Circumstances } from "../../../src/results/health/index.js";
import { evaluateResults } from "../../../src/results/evaluate-report.js";
import type { Expectation } from "../../../src/results/chart-types.js";
import { make, messages } from "../../language/results/fixture.js";
import type { ResultSpec, Spec } from "../../language/results/fixture.js";

export function judged(spec: Spec, claim: string, circumstances: Partial<Circumstances> = {}): Expectation {
  const made = make(spec, `claim c {\n${claim}\n}`);
  expect(messages(made)).toEqual([]);
  const place: Circumstances["place"] = ({ file }) => ({ file, line: 1, column: 1 });
  const all = { precision: "f32" as const, stopping: new Map<string, string>(), place, ...circumstances };
  const [verdict] = evaluateResults(made.results, made.source, all).verdicts;
  const [expectation] = verdict?.expectations ?? [];
  if (expectation === undefined) throw new Error("no expectation");
  return expectation;
}

/** The codes beside the verdict. */
export const codesOf = (...given: Parameters<typeof judged>): readonly string[] => {
  const { verdict, warnings } = judged(...given);
  return [verdict, ...warnings.map(({ code }) => code)];
};

/** Records at 0 … n - 1, as 32-bit numbers. */
export const curve = (
  n: number,
  value: (step: number, at: Readonly<Record<string, number>>) => number,
): ResultSpec => ({
  steps: Array.from({ length: n }, (_, step) => step),
  value: (at) => Math.fround(value(at.step ?? 0, at)),
});

export const ULP = 2 ** -24;
