import { describe, expect, test } from "vitest";
import type { Diagnostic } from "../../src/base/diagnostic.js";
import { UserError } from "../../src/base/diagnostic.js";
import { exitCode } from "../../src/cli/exit-code.js";
import { answerFault } from "../../src/cli/faults.js";
import { nearestWord } from "../../src/cli/nearest.js";
import { newProgress } from "../../src/cli/progress.js";
import { processTerminal } from "../../src/cli/terminal.js";
import { shortNumber } from "../../src/cli/verdict-words.js";
import { written } from "./helpers.js";

test("of several exit codes the first in the documented order counts", () => {
  expect(exitCode({})).toBe(0);
  expect(exitCode({ undecided: true })).toBe(4);
  expect(exitCode({ undecided: true, incomplete: true })).toBe(3);
  expect(exitCode({ undecided: true, incomplete: true, failing: true })).toBe(1);
  expect(exitCode({ failing: true, wrong: true })).toBe(2);
  expect(exitCode({ wrong: true, bug: true })).toBe(70);
  expect(exitCode({ bug: true, interrupted: true })).toBe(130);
});

test("the nearest word is one that could be meant", () => {
  expect(nearestWord("chek", ["check", "run"])).toBe("check");
  expect(nearestWord("--jsn", ["--json", "-h"])).toBe("--json");
  expect(nearestWord("frobnicate", ["check", "run"])).toBeNull();
});

test.each([
  [{ NO_COLOR: "1" }, false],
  [{ FORCE_COLOR: "1" }, true],
  [{ FORCE_COLOR: "1", NO_COLOR: "1" }, false],
  [{ FORCE_COLOR: "0" }, false],
  [{}, false],
])("colours follow %j when nobody looks", (env, expected) => {
  expect(processTerminal(env).outColors.isColorSupported).toBe(expected);
});

describe("faults", () => {
  test("of amemc itself ask to be reported, without a stack", async () => {
    const { terminal, err } = written();
    expect(await answerFault(terminal, new TypeError("x is not a function"))).toBe(70);
    expect(err.join("")).toContain("AM9999");
    expect(err.join("")).toContain("please report it");
    expect(err.join("")).not.toContain("at ");
  });
  test("and with one when it is asked for", async () => {
    const { terminal, err } = written({ env: { AMEMC_DEBUG: "1" } });
    await answerFault(terminal, new TypeError("x is not a function"));
    expect(err.join("")).toContain("units.test.ts");
  });
  test("of the spec are told as they are", async () => {
    const { terminal, err } = written();
    const diagnostic: Diagnostic = { code: "AM4022", severity: "error", message: "too many programs", span: null };
    expect(await answerFault(terminal, new UserError(diagnostic))).toBe(2);
    expect(err.join("")).toBe("error[AM4022]: too many programs\n");
  });
  test("of the disk are no fault of amemc", async () => {
    const { terminal, err } = written();
    const error = Object.assign(new Error("ENOSPC: no space left on device"), { code: "ENOSPC", path: "out/x" });
    expect(await answerFault(terminal, error)).toBe(2);
    expect(err.join("")).toContain("`out/x` cannot be written: the disk is full");
  });
});

test("without a terminal progress is a line every ten seconds at most", () => {
  const { terminal, err } = written();
  let now = 0;
  const progress = newProgress(terminal, "", () => now);
  progress.start(100);
  for (now = 0; now <= 35_000; now += 1000) progress.update(now / 40_000, now / 1000, (40_000 - now) / 1000);
  progress.end();
  expect(err).toEqual([
    "25 %, 10 of 100 points, about 30 s left\n",
    "50 %, 20 of 100 points, about 20 s left\n",
    "75 %, 30 of 100 points, about 10 s left\n",
  ]);
});

test("numbers are short", () => {
  expect([0.123456, 1e-7, 12345678, 1e12, -3, null].map(shortNumber)).toEqual([
    ...["0.1235", "1e-7", "12345678", "1000000000000", "-3", "?"],
  ]);
});
