/** What a phase adds to its template sees the phase's names, and behind them those of its own place; the template does not. */
import { expect, test } from "vitest";
import { agreesWithOracle, runText } from "../support/spec-runs.js";
import { faultsIn } from "./support.js";

const template = `evolve halving(i: axis, start[i], limit = 3) {
  state s[i] = 1.0 * start[i]
  s[i] <- s[i] / 2
  for limit steps
}
`;
const spec = (body: string, page = template): string =>
  `${page}experiment e {
  axis i = 2
  sweep by in [1, 10]
  let updates = 2
  let limit = 100
  first[i] = i + 1
  evolve run = halving(i, first) {
${body}
  }
}
`;

test("records, equations, updates and counts of the body", async () => {
  const body = `
    shift[i] = by * first[i]
    state sum = 0
    sum <- sum + limit
    for updates steps
    record { s, shift, scaled[i] = s[i] * by + limit, sum }`;
  await runText(spec(body), "portable", (results) => {
    const of = (name: string): readonly number[] => [...(results.cells("run", name)?.values ?? [])];
    expect(of("s")).toEqual([1, 2, 0.5, 1, 0.25, 0.5, 1, 2, 0.5, 1, 0.25, 0.5]);
    // `limit` is the template's 3, not the experiment's 100.
    expect(of("scaled")).toEqual([4, 5, 3.5, 4, 3.25, 3.5, 13, 23, 8, 13, 5.5, 8]);
    expect(of("shift").slice(-2)).toEqual([10, 20]);
    expect(of("sum")).toEqual([0, 3, 6, 0, 3, 6]);
  });
  await agreesWithOracle(spec(body), "portable", 1e-6);
});

test("an end of its own", async () => {
  await runText(spec("until[i] s[i] < updates / 4\nrecord { s }"), "portable", (results) => {
    expect([...(results.cells("run", "steps")?.values ?? [])]).toEqual([2, 3]);
  });
});

test("faults of the body are told at their place; the template does not see the experiment", () => {
  expect(faultsIn(spec("record { x = nowhere }"))).toEqual(["AM2001 nowhere"]);
  expect(faultsIn(spec("record { s }", template.replace("s[i] / 2", "s[i] / by")))).toEqual(["AM2001 by"]);
  expect(faultsIn(spec("record { s }\nrecord { s }"))).toEqual(["AM2026 s"]);
});
