import { describe, expect, test } from "vitest";
import type { Diagnostic } from "../../src/base/diagnostic.js";
import { renderDiagnostic, renderDiagnostics } from "../../src/base/render.js";
import type { Span } from "../../src/base/span.js";

const library = "memory linear {\n  axis dim = 2\n\n  e[token, dim] = 3\n}\n";
const spec = '// one\nscore[token, class] = sum(dim) e[token, class] * W[dim, class]\n\tz = "漢字" + q\nend\n';
const source = (file: string): string | undefined =>
  file === "std/linear.amem" ? library : file === "s.amem" ? spec : undefined;
const span = (piece: string, file = "s.amem", from = 0): Span => {
  const start = (source(file) ?? "").indexOf(piece, from);
  return { file, start, end: start + piece.length };
};
const fault: Diagnostic = {
  code: "AM2103",
  severity: "error",
  message: "`class` indexes an axis of `dim`",
  span: span("class", "s.amem", spec.indexOf(") e[token")),
  here: "this position of `e` is axis `dim`",
};

test("the form of the language's documentation", () => {
  const labels = [{ span: span("e[token, dim]", "std/linear.amem"), text: "`e` is declared here" }];
  expect(renderDiagnostic({ ...fault, labels, help: "write `e[token, dim]`" }, source)).toBe(
    [
      "error[AM2103]: `class` indexes an axis of `dim`",
      "  ┌─ s.amem:2:41",
      " 2 │ score[token, class] = sum(dim) e[token, class] * W[dim, class]",
      "   │                                         ^^^^^ this position of `e` is axis `dim`",
      "  note: `e` is declared here: e[token, dim]   (std/linear.amem:4:3)",
      "  help: write `e[token, dim]`",
    ].join("\n"),
  );
});

test("labels in the same file stand in the frame", () => {
  const labels = [
    { span: span("end"), text: "far below" },
    { span: span("score"), text: "on the same line" },
  ];
  expect(
    renderDiagnostic({ ...fault, labels }, source)
      .split("\n")
      .slice(1),
  ).toEqual([
    "  ┌─ s.amem:2:41",
    " 2 │ score[token, class] = sum(dim) e[token, class] * W[dim, class]",
    "   │                                         ^^^^^ this position of `e` is axis `dim`",
    "   │ ----- on the same line",
    "   ┆",
    " 4 │ end",
    "   │ --- far below",
  ]);
});

test("tabs and wide characters move the carets", () => {
  expect(
    renderDiagnostic({ ...fault, span: span("q"), here: "here" }, source)
      .split("\n")
      .slice(1),
  ).toEqual(["  ┌─ s.amem:3:13", ' 3 │     z = "漢字" + q', "   │                  ^ here"]);
  expect(renderDiagnostic({ ...fault, span: span("字"), here: "" }, source).split("\n")[3]).toBe("   │            ^^");
});

describe("places", () => {
  test("an empty place has one caret, also at the end of a line", () => {
    const end = spec.indexOf("\n", 10);
    expect(renderDiagnostic({ ...fault, span: { file: "s.amem", start: end, end }, here: "" }, source)).toContain(
      `   │ ${" ".repeat(62)}^`,
    );
  });
  test("a place over several lines is shown to the end of the first", () => {
    expect(renderDiagnostic({ ...fault, span: { file: "s.amem", start: 0, end: 30 }, here: "" }, source)).toContain(
      "   │ ^^^^^^",
    );
  });
  test("a text that is not at hand leaves the file's name", () => {
    expect(renderDiagnostic({ ...fault, span: span("x", "gone.amem") }, source)).toBe(
      "error[AM2103]: `class` indexes an axis of `dim`\n  ┌─ gone.amem",
    );
    const labels = [{ span: { file: "gone.amem", start: 0, end: 1 }, text: "declared here" }];
    expect(renderDiagnostic({ ...fault, labels }, source)).toContain("  note: declared here   (gone.amem)");
  });
  test("no place at all", () => {
    const machine: Diagnostic = {
      code: "AM8001",
      severity: "warning",
      message: "no such folder",
      span: null,
      notes: ["one\ntwo"],
      help: "make it",
    };
    expect(renderDiagnostic(machine, source)).toBe(
      "warning[AM8001]: no such folder\n  note: one\n        two\n  help: make it",
    );
  });
  test("line numbers of different widths align", () => {
    const text = "a\n".repeat(120);
    const at = (line: number): Span => ({ file: "t", start: 2 * (line - 1), end: 2 * line - 1 });
    const labels = [{ span: at(9), text: "first" }];
    expect(
      renderDiagnostic({ ...fault, span: at(101), here: "", labels }, () => text)
        .split("\n")
        .slice(1),
    ).toEqual(["   ┌─ t:101:1", "  9 │ a", "    │ - first", "    ┆", "101 │ a", "    │ ^"]);
  });
});

test("long lines are cut around the place", () => {
  const text = `${"a ".repeat(200)}HERE ${"b ".repeat(200)}`;
  const start = text.indexOf("HERE");
  const lines = renderDiagnostic({ ...fault, span: { file: "t", start, end: start + 4 }, here: "this" }, () => text, {
    width: 60,
  }).split("\n");
  expect(lines[2]?.length).toBeLessThanOrEqual(60);
  expect(lines[2]?.slice(lines[3]?.indexOf("^")).startsWith("HERE")).toBe(true);
  expect(lines[2]).toMatch(/│ ….*…$/u);
});

test("nothing in a spec or a message drives the terminal", () => {
  const text = "x = \u001b[31m1\u202e2\u0007\ud800\n";
  const shown = renderDiagnostics(
    [
      {
        ...fault,
        message: "bad \u001b]0;title\u0007 name\nin two lines",
        span: { file: "t\u001b[2J", start: 4, end: 5 },
        notes: ["\u009b31m"],
      },
    ],
    () => text,
  );
  expect(shown.replaceAll("\n", "")).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\ud800-\udfff]/u);
  expect(shown).toContain("bad ␛]0;title␇ name in two lines");
  expect(shown).toContain("<U+202E>");
});

test("colours come only when asked for", () => {
  const colored = renderDiagnostic(fault, source, { color: true });
  expect(colored).toContain("\u001b[31m");
  expect(colored.replace(/\u001b\[\d+m/gu, "")).toBe(renderDiagnostic(fault, source));
});

test("a long list ends in a number", () => {
  const shown = renderDiagnostics(
    Array.from({ length: 25 }, () => fault),
    source,
  );
  expect(shown.match(/AM2103/gu)).toHaveLength(20);
  expect(shown.endsWith("\n\nand 5 more")).toBe(true);
});
