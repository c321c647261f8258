import { describe, expect, it } from "vitest";
import { evaluateResults } from "../../src/results/evaluate-report.js";
import type { Expectation, Verdict } from "../../src/results/chart-types.js";
import { make, messages } from "../language/results/fixture.js";
import type { Spec } from "../language/results/fixture.js";

const steps = [0, 1, 2, 3, 4];
const spec: Spec = {
  sweeps: [
    { name: "seed", values: [0, 1, 2, 3] },
    { name: "eta", values: [1, 10] },
    { name: "method", labels: ["gd", "muon"] },
  ],
  axes: [{ name: "token", size: 3 }],
  constants: { T: 4 },
  phases: {
    fit: {
      sweeps: ["seed", "eta"],
      results: {
        loss: { steps, value: ({ seed = 0, eta = 0, step = 0 }) => (10 - seed - step) * eta },
        margin: { steps, axes: [["token", "token"]], value: ({ token = 0, step = 0 }) => token * step },
        right: { type: "bool", value: ({ seed = 0 }) => Number(seed < 3) },
      },
    },
    broken: {
      sweeps: ["seed"],
      state: ({ seed }) => (seed === 2 ? "diverged" : "done"),
      results: {
        loss: { steps, value: ({ seed = 0, step = 0 }) => (seed === 2 ? "missing" : seed + step) },
        end: { value: ({ seed = 0 }) => (seed === 2 ? "missing" : seed) },
      },
    },
    ragged: {
      sweeps: ["eta", "method"],
      results: {
        score: { value: ({ eta = 0, method = 0 }) => (eta === 10 && method === 0 ? "absent" : eta + method) },
      },
    },
  },
};

function verdictOf(text: string, other: Spec = spec): Verdict {
  const made = make(other, `claim c {\n${text}\n}`);
  expect(messages(made)).toEqual([]);
  const [verdict] = evaluateResults(made.results, made.source).verdicts;
  if (verdict === undefined) throw new Error("no verdict");
  return verdict;
}
function expectationOf(text: string, other: Spec = spec): Expectation {
  const [expectation] = verdictOf(text, other).expectations;
  if (expectation === undefined) throw new Error("no expectation");
  return expectation;
}

describe("verdicts", () => {
  it.each([
    ["holds", "expect fit.loss > 2"],
    ["fails", "expect fit.loss > 5"],
    ["holds", "expect fit.loss[eta: 10] >= 30"],
    ["holds", "expect fit.loss[step: last] == fit.loss[step: 4]"],
    ["holds", "expect fit.loss[step: last - 1] == fit.loss[step: 3]"],
    ["holds", "expect fit.loss[step: #1] == fit.loss[step: 1]"],
    ["holds", "expect fit.loss[eta: near 8] == fit.loss[eta: 10]"],
    ["holds", "expect all(step where step > 0) fit.loss <= fit.loss[step: step - 1]"],
    ["fails", "expect all(step) fit.loss <= fit.loss[step: step - 1] - 2"],
    ["undecided", "expect all(step) fit.loss <= fit.loss[step: step - 1]"],
    ["holds", "expect fit.margin[token: 2, step: 3] == 6"],
    ["holds", "expect fit.margin[2, step: 3] == 6"],
    ["holds", "expect mean(seed) fit.loss[eta: 1, step: 0] == 8.5"],
    ["holds", "expect max(token) fit.margin == 2 * step"],
    ["holds", "expect fit.right for 75% of seed"],
    ["fails", "expect fit.right for 80% of seed"],
    ["fails", "expect fit.right"],
    ["holds", "expect fit.right where seed < 3"],
    ["holds", "let slow = fit[eta: 1]\nexpect slow.loss[step: last] <= 6"],
    ["holds", "expect first(step where fit.margin > 3) == (if token == 1 then 4 else 2) where token > 0"],
    ["undecided", "expect first(step where fit.margin > 3) >= 2"],
    ["holds", "expect missing(first(step where fit.margin > 3)) where token == 0"],
    ["holds", "expect last(step where fit.margin < 2) == 1 where token == 1"],
    ["holds", "expect argmax(token) fit.margin == 2 where step > 0"],
    ["holds", "expect slope(step, fit.margin over step) == token"],
    ["holds", "expect increasing(step, fit.margin) where token > 0"],
    ["holds", "expect decreasing(step, fit.loss)"],
    ["holds", "expect crossing(step, fit.loss[eta: 1, seed: 0], 8.5) == 1.5"],
    ["holds", "expect step < 5"],
    ["holds", "expect fit.margin[step: T] == 4 * token"],
    ["holds", "expect 0 <= fit.margin <= 8 and not (fit.margin > 8)"],
    ["holds", "expect fit.margin[step: [1, 2], token: 1] in [1, 2]"],
    ["holds", "let paper[eta] = [10, 100]\nexpect fit.loss[seed: 0, step: 0] == paper"],
    ["fails", "let paper[eta] = [10, 101]\nexpect approx(fit.loss[seed: 0, step: 0], paper, rel: 0.001)"],
    ["holds", "let paper[eta] = [10, 101]\nexpect approx(fit.loss[seed: 0, step: 0], paper, rel: 0.02)"],
  ] as const)("%s: %s", (verdict, text) => {
    expect(verdictOf(text).verdict).toBe(verdict);
  });

  it.each([
    // What is missing makes it undecided, but not where it is excluded or does not matter.
    ["undecided", "expect broken.end >= 0"],
    ["fails", "expect broken.end > 0"],
    ["undecided", "expect mean(seed) broken.end > 0"],
    ["holds", "expect mean(seed where finished) broken.end > 1"],
    ["holds", "expect broken.end >= 0 where broken.finished"],
    ["holds", "expect broken.end >= 0 where seed != 2"],
    ["undecided", "expect broken.end >= 0 for 90% of seed"],
    ["holds", "expect broken.end >= 0 for 75% of seed"],
    ["fails", "expect broken.end > 1 for 90% of seed"],
    ["holds", "expect (if missing(broken.end) then 0 else broken.end) >= 0"],
    ["holds", "expect any(seed) broken.end == 3"],
    ["undecided", "expect any(seed) broken.end == 7"],
    ["fails", "expect all(seed) broken.end > 0"],
    ["undecided", "expect all(seed) broken.end >= 0"],
    ["holds", "expect broken.end >= 0 or seed == 2"],
    ["undecided", "expect broken.end >= 0 and seed < 5"],
    ["holds", "expect mean(seed where finished) broken.loss[step: 2] > 3"],
    // What is absent is skipped.
    ["holds", "expect ragged.score >= 1"],
    ["fails", "expect ragged.score < 11"],
    ["holds", "expect max(method) ragged.score == eta + 1"],
    ["holds", "expect count(method) (ragged.score > 0) == (if eta == 1 then 2 else 1)"],
    ["undecided", "expect ragged.score[method: gd] > 0 where eta == 10"],
  ] as const)("missing and absent: %s: %s", (verdict, text) => {
    expect(verdictOf(text).verdict).toBe(verdict);
  });

  it("measures the worst point", () => {
    const expectation = expectationOf("expect fit.loss > 2");
    expect(expectation.measured).toEqual({
      left: "fit.loss",
      comparator: ">",
      right: "2",
      leftValue: 3,
      rightValue: 2,
      distance: 1,
    });
    expect(expectation.worst).toEqual([
      { axis: "seed", coordinate: 3 },
      { axis: "eta", coordinate: 1 },
      { axis: "step", coordinate: 4 },
    ]);
    expect(expectation.counts).toEqual({ total: 40, holding: 40, failing: 0, missing: 0 });
  });

  it("measures inside of all, and what fails first", () => {
    const expectation = expectationOf(
      "expect all(step where step > 0) fit.loss[eta: 1, seed: 0] < fit.loss[eta: 1, seed: 0, step: step - 1] - 1",
    );
    expect(expectation.verdict).toBe("fails");
    expect(expectation.measured?.distance).toBe(0);
    expect(expectation.worst).toEqual([{ axis: "step", coordinate: 1 }]);
    const chain = expectationOf("expect 0 < mean(seed) fit.loss[eta: 1, step: 0] < 8");
    expect(chain.measured).toMatchObject({
      left: "mean(seed) fit.loss[eta: 1, step: 0]",
      leftValue: 8.5,
      right: "8",
      distance: -0.5,
    });
  });

  it("tells labels at the worst point and quotes the expectation", () => {
    const expectation = expectationOf("expect ragged.score\n < 2 where eta == 1");
    expect(expectation.text).toBe("ragged.score < 2 where eta == 1");
    expect(expectation.worst).toEqual([
      { axis: "eta", coordinate: 1 },
      { axis: "method", coordinate: "muon" },
    ]);
  });

  it("says why it is undecided", () => {
    expect(expectationOf("expect broken.end >= 0").reason).toBe("1 of 4 runs of `broken` diverged (at step 7)");
    expect(expectationOf("expect first(step where fit.margin > 3) == 4").reason).toMatch(/never happens/);
    expect(expectationOf("expect r2(step, fit.margin over step) > 0").reason).toMatch(/too few values/);
    expect(expectationOf("expect log(fit.margin - 1) > -100 where step > 0").reason).toMatch(/not a finite number/);
    expect(expectationOf("expect fit.loss[step: 17] > 0").reason).toBe(
      "`fit.loss` has no point at `step: 17`: the nearest are 1, 2, 3, 4",
    );
    expect(expectationOf("expect fit.loss > 0 where eta > 100").reason).toMatch(/nothing is left/);
  });

  it("turns claims round that are expected to fail", () => {
    const made = make(
      spec,
      'claim a expected fails "why" { expect fit.loss > 5 }\nclaim b expected fails { expect fit.loss > 2 }\nclaim d expected fails { expect broken.end >= 0 }',
    );
    const { verdicts } = evaluateResults(made.results, made.source);
    expect(verdicts.map(({ verdict, met }) => [verdict, met])).toEqual([
      ["fails", true],
      ["holds", false],
      ["undecided", false],
    ]);
    expect(verdicts[0]?.expectedFails).toEqual({ reason: "why" });
  });

  it("a claim fails when one expectation does, whatever else is undecided", () => {
    expect(verdictOf("expect broken.end >= 0\nexpect fit.loss > 5").verdict).toBe("fails");
    expect(verdictOf("expect broken.end >= 0\nexpect fit.loss > 2").verdict).toBe("undecided");
  });

  it("tables follow the full plan; a coordinate that a profile removed leaves the claim undecided", () => {
    const quick: Spec = { ...spec, full: { eta: [1, 10, 100] } };
    const expectation = expectationOf(
      "let paper[eta] = [10, 100, 1000]\nexpect fit.loss[seed: 0, step: 0] == paper",
      quick,
    );
    expect(expectation.verdict).toBe("undecided");
    expect(expectation.reason).toBe("the table has rows for `eta` = 100, which are not in this plan");
    expect(expectationOf("expect fit.loss[eta: 100] > 0", quick).verdict).toBe("undecided");
  });

  it("a stopped run's last record is its own", () => {
    const stopped: Spec = {
      sweeps: [{ name: "eta", values: [1, 2] }],
      phases: {
        run: {
          sweeps: ["eta"],
          results: {
            x: {
              steps: [0, 10, 20, 30],
              value: ({ eta = 0, step = 0 }) => (eta === 2 && step > 17 ? "missing" : step * eta),
              last: ({ eta = 0 }) => (eta === 2 ? 34 : 30),
            },
            steps: { type: "int", value: ({ eta }) => (eta === 2 ? 17 : 30) },
          },
        },
      },
    };
    expect(verdictOf("expect run.x[step: last] == (if eta == 2 then 34 else 30)", stopped).verdict).toBe("holds");
    expect(verdictOf("expect run.x[step: last - 1] == 20", stopped).verdict).toBe("holds");
    expect(
      verdictOf("let y = run.x + step\nexpect y[step: last] == (if eta == 2 then 51 else 60)", stopped).verdict,
    ).toBe("holds");
    expect(verdictOf("expect run.x >= 0", stopped).verdict).toBe("undecided");
    expect(expectationOf("expect run.x >= 0", stopped).reason).toMatch(/after the run has stopped/);
  });
});
