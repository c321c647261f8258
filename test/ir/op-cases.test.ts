/** The op cases themselves: that they build, that they are what they say, and that rules of language.md hold in them. */
import { describe, expect, it } from "vitest";
import { opNames } from "../../src/ir/ops/index.js";
import { loopOps, opCases } from "../support/op-cases.js";

describe("op cases", () => {
  it("cover every op that a program without a loop may have", () => {
    const batches = opCases(1, { runs: 3 });
    const covered = new Set(batches.flatMap((batch) => batch.cases.map((each) => each.op)));
    expect(opNames.filter((op) => !covered.has(op))).toEqual(opNames.filter((op) => loopOps.includes(op)));
    for (const { cases } of batches) expect(cases.length).toBeLessThan(130);
  });

  it("are the same for the same seed", () => {
    expect(opCases(3, { only: ["add", "gather"] })).toEqual(opCases(3, { only: ["add", "gather"] }));
  });
});
