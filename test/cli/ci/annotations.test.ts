import { describe, expect, test } from "vitest";
import type { Diagnostic } from "../../../src/base/diagnostic.js";
import { annotations } from "../../../src/cli/ci/annotations.js";
import { Journal } from "../../../src/cli/ci/journal.js";
import { jsonWithoutCommands, withoutCommands } from "../../../src/cli/ci/workflow.js";
import { amemc, claim, descent, folderWith } from "../helpers.js";

const where = { root: "/r", folder: "/r" };
const portable = ["--engine", "portable"];
const github = { GITHUB_ACTIONS: "true" };

function linesOf(list: readonly Diagnostic[], text = ""): readonly string[] {
  const journal = new Journal();
  journal.note(list, () => text);
  return annotations(journal, where).trimEnd().split("\n");
}

describe("annotations", () => {
  test("are escaped: %, line breaks, and in properties : and ,", () => {
    const at = { file: "a,b:c%.amem", start: 4, end: 5 };
    const [line] = linesOf(
      [{ code: "AM6001", severity: "warning", message: "50% of\r\nthem: a, b", span: at, help: "::error::x" }],
      "x\n  y",
    );
    expect(line).toBe(
      "::warning file=a%2Cb%3Ac%25.amem,line=2,col=3,endLine=2,endColumn=4,title=AM6001::50%25 of%0D%0Athem: a, b%0A::error::x",
    );
  });
  test("come worst first, ten of a level, and the rest is counted", () => {
    const list = (severity: Diagnostic["severity"], count: number): Diagnostic[] =>
      Array.from({ length: count }, (_, k) => ({ code: "AM1001", severity, message: `${severity} ${k}`, span: null }));
    const lines = linesOf([...list("hint", 1), ...list("warning", 11), ...list("error", 12)]);
    expect(lines.slice(0, 10).every((line, k) => line === `::error title=AM1001::error ${k}`)).toBe(true);
    expect(lines.slice(10, 20).every((line, k) => line === `::warning title=AM1001::warning ${k}`)).toBe(true);
    expect(lines.slice(20)).toEqual([
      "::notice title=AM1001::hint 0",
      "::notice title=amemc::3 more; the log has them all",
    ]);
  });
  test("say a thing once, and name no columns over several lines", () => {
    const twice: Diagnostic = {
      code: "AM1001",
      severity: "error",
      message: "no",
      span: { file: "s", start: 0, end: 3 },
    };
    expect(linesOf([twice, { ...twice }], "a\nb")).toEqual(["::error file=s,line=1,col=1,endLine=2,title=AM1001::no"]);
  });
  test("of the library have no file of the repository", () => {
    const span = { file: "std/linear.amem", start: 2, end: 3 };
    expect(linesOf([{ code: "AM1001", severity: "error", message: "no", span }], "a\nb")).toEqual([
      "::error title=AM1001::no%0Aat std/linear.amem:2",
    ]);
  });
});

describe("in a workflow", () => {
  const spec = descent({
    claims: [claim("rises", "fit.loss[step: last] > 1"), claim("falls", "fit.loss[step: last] < 1")].join("\n"),
  });
  test("claims that fail are annotated at their place, on stdout", async () => {
    const { code, out, err } = await amemc(folderWith({ "s.amem": spec }), ["run", "s.amem", ...portable], github);
    expect(code).toBe(1);
    const marks = out.split("\n").filter((line) => line.startsWith("::"));
    expect(marks).toHaveLength(1);
    expect(marks[0]).toMatch(
      /^::error file=s\.amem,line=12,col=3,endLine=12,endColumn=\d+,title=small\.rises fails::rises: 4\.768e-7 > 1 at eta = 0\.5/u,
    );
    expect(err).not.toContain("::");
  });
  test("JSON stays JSON", async () => {
    const { out, err } = await amemc(folderWith({ "s.amem": spec }), ["run", "s.amem", "--json", ...portable], github);
    expect(JSON.parse(out)).toMatchObject({ exitCode: 1 });
    expect(err).toMatch(/^::error file=s\.amem/mu);
  });
  test("faults of the command line are annotated, and nothing is outside of one", async () => {
    const ended = await amemc(folderWith({}), ["check", "x.amem"], github);
    expect(ended.out).toMatch(/^::error title=AM8004::`x\.amem` cannot be read/u);
    expect((await amemc(folderWith({ "s.amem": spec }), ["run", "s.amem", ...portable])).out).not.toContain("::");
  });
});

test("what a user named begins no line as a command", async () => {
  const name = "::warning::x.amem";
  const { code, out } = await amemc(folderWith({ [name]: descent() }), ["check", name], github);
  expect([code, out]).toEqual([0, ":\u{200B}:warning::x.amem: no errors; small (0 claims)\n"]);
});

test("words of a spec are no commands", () => {
  expect(withoutCommands("a::b\n  ::add-mask::x\n::stop-commands::y\nz ##[error]w")).toBe(
    "a::b\n  :\u{200B}:add-mask::x\n:\u{200B}:stop-commands::y\nz ##\u{200B}[error]w",
  );
  const data = { title: "##[error]w" };
  const text = jsonWithoutCommands(JSON.stringify(data));
  expect(text).not.toContain("##[");
  expect(JSON.parse(text)).toEqual(data);
});
