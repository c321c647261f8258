import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { marked } from "marked";
import type { Tokens } from "marked";
import { describe, expect, test } from "vitest";
import { inline, table } from "../../../src/cli/ci/markdown.js";
import { cutSummary } from "../../../src/cli/ci/summary.js";
import type { Ended } from "../helpers.js";
import { amemc, claim, descent, folderWith } from "../helpers.js";

/** As a workflow would: what the step's summary holds afterwards. */
async function summarised(folder: string, args: readonly string[]): Promise<Ended & { readonly summary: string }> {
  const file = join(folder, "summary.md");
  const env = { GITHUB_ACTIONS: "true", GITHUB_STEP_SUMMARY: file };
  const ended = await amemc(folder, args, env);
  return { ...ended, summary: existsSync(file) ? readFileSync(file, "utf8") : "" };
}

/** Cells as a reader sees them. */
function tablesOf(markdown: string): readonly (readonly (readonly string[])[])[] {
  const seen = (html: string): string =>
    html.replaceAll(/&(?:#(\d+)|amp|lt|gt|quot);/gu, (entity, code?: string) =>
      code === undefined
        ? ({ "&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"' }[entity] ?? "")
        : String.fromCodePoint(Number(code)),
    );
  return marked
    .lexer(markdown)
    .filter((token): token is Tokens.Table => token.type === "table")
    .map(({ rows }) => rows.map((cells) => cells.map(({ tokens }) => seen(marked.Parser.parseInline(tokens)))));
}

const nasty = [
  ...["a|b", "<script>alert(1)</script>", "<b>", "`c`", "*d* _e_ ~~f~~", "[g](https://example.org)"],
  ...["https://example.org www.example.org a@example.org @name #1", "![h](i)", "\\|", "| --- |\n| x | y |"],
  ...["<!-- ", "&lt;b&gt;", "$j$", "{{ k }}", "\u202Ereversed", "# head", "- list", "1. list", ":x:", "\u0000"],
];

describe("words of a spec in Markdown", () => {
  test.each(nasty)("%j stays what it is", (text) => {
    const markdown = table(
      ["a", "b"],
      [
        ["1", inline(text)],
        ["3", "4"],
      ],
    ).join("\n");
    const [rows] = tablesOf(markdown);
    const shown = text.replaceAll("\u202E", "<U+202E>").replaceAll("\u0000", "\u2400").replaceAll(/\s+/gu, " ").trim();
    expect(rows).toEqual([
      ["1", shown],
      ["3", "4"],
    ]);
    const html = marked.parse(`### ${inline(text)}\n\n${markdown}\n`, { async: false });
    const allowed = /^<\/?(?:h3|table|thead|tbody|tr|th|td)>$/u;
    expect([...html.matchAll(/<[^>]*>/gu)].map(([tag]) => tag).filter((tag) => !allowed.test(tag))).toEqual([]);
  });
});

describe("the job's summary", () => {
  const title = 'less | than <img src=x onerror=alert(1)> "one" `x`';
  const spec = descent({
    etas: "[0.1, 0.5, 1e30]",
    claims: [
      `  claim a ${JSON.stringify(title)} { expect fit.w[eta: 0.5, step: last] > 1 }`,
      claim("b", "fit.loss[eta: 0.5, step: last] < 1"),
      claim("c", "fit.loss[step: last] < 1"),
      claim("d", "fit.w[eta: 0.5, step: last] > 1", 'expected fails "it falls"'),
    ].join("\n"),
  });

  test("has verdicts with numbers, points by state, warnings and the report's place", async () => {
    const folder = folderWith({ "s.amem": spec });
    const { code, summary } = await summarised(folder, ["run", "s.amem", "--engine", "portable"]);
    expect(code).toBe(1);
    expect(summary).toContain("## amemc run: s.amem");
    expect(summary).toContain("**2 of 4 claims met** (exit code 1).");
    const [claims, points, said] = tablesOf(summary);
    expect(claims).toEqual([
      ["❌ fails", "a", title, "0.0009766 > 1"],
      ["✅ holds", "b", "b", "4.768e-7 < 1"],
      ["❔ undecided", "c", "c", expect.stringContaining("1 of 3 runs of `fit` diverged")],
      ["✅ fails (as expected)", "d", "d", "0.0009766 > 1"],
    ]);
    expect(points).toEqual([["fit", "3", "2", "0", "1", "0"]]);
    expect(said).toEqual([["warning AM6501", "s.amem:6", expect.any(String)]]);
    expect(summary).toContain("Report: out/s/report.html");
    expect(summary).not.toContain("<img");
  });

  test("is appended to what other commands of the step wrote", async () => {
    const folder = folderWith({ "s.amem": descent(), "summary.md": "before" });
    await summarised(folder, ["check", "s.amem"]);
    writeFileSync(join(folder, "s.amem"), "experiment e {\n  axis a = \n}\n");
    const { code, summary } = await summarised(folder, ["check", "s.amem"]);
    expect(code).toBe(2);
    expect(summary).toMatch(
      /^before\n## amemc check: s\.amem\n\nNo errors\.\n[^]*\n\*\*1 error\*\* \(exit code 2\)\./u,
    );
    expect(tablesOf(summary)[0]?.[0]?.slice(0, 2)).toEqual([expect.stringMatching(/^error AM1/u), "s.amem:3"]);
  });

  test("costs nothing when it cannot be written", async () => {
    const folder = folderWith({ "s.amem": descent() });
    mkdirSync(join(folder, "summary.md"));
    const env = { GITHUB_ACTIONS: "true", GITHUB_STEP_SUMMARY: join(folder, "summary.md") };
    const { code, err } = await amemc(folder, ["check", "s.amem"], env);
    expect([code, err.includes("AM8024")]).toEqual([0, true]);
  });

  test("is cut between lines before it is larger than GitHub takes", () => {
    const lines = Array.from({ length: 100 }, (_, k) => `ä${k}`.padEnd(19, "."));
    expect(cutSummary(["a", "b"], 0)).toBe("\na\nb\n");
    const cut = cutSummary(lines, 500, 1500);
    expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(1000);
    expect(Buffer.byteLength(cut)).toBeGreaterThan(950);
    expect(cut).toContain("The rest is left out");
    const kept = cut.trim().split("\n").slice(0, -1);
    expect(lines.slice(0, kept.length - 1)).toEqual(kept.slice(0, -1));
    expect(cutSummary(lines, 1490, 1500)).toBe("");
  });
});
