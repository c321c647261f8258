import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { describe, expect, test } from "vitest";
import { allCodes } from "../../../src/base/codes.js";
import type { Diagnostic } from "../../../src/base/diagnostic.js";
import { packageRoot } from "../../../src/base/package.js";
import { sarifLog } from "../../../src/cli/ci/sarif.js";
import { amemc, claim, descent, folderWith } from "../helpers.js";

interface Physical {
  readonly artifactLocation: { readonly uri: string; readonly uriBaseId?: string };
  readonly region?: Readonly<Record<"startLine" | "startColumn" | "endLine" | "endColumn", number>>;
}
interface Result {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly level: string;
  readonly message: { readonly text: string };
  readonly locations: readonly { readonly physicalLocation: Physical }[];
  readonly relatedLocations?: readonly { readonly physicalLocation: Physical; readonly message: { text: string } }[];
  readonly fixes?: readonly object[];
}
interface Log {
  readonly runs: readonly [
    {
      readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } };
      readonly automationDetails: { readonly id: string };
      readonly invocations: readonly object[];
      readonly results: readonly Result[];
    },
  ];
}

/** The schema is of draft 4, which differs from draft 7 in the name of `id` only, as far as it is used there. */
const {
  id: _id,
  $schema: _dialect,
  ...schema
} = JSON.parse(readFileSync(join(packageRoot(), "test/support/sarif-2.1.0-rtm.5.json"), "utf8")) as Record<
  string,
  unknown
>;
const fits = new Ajv({
  strict: false,
  allErrors: true,
  unicodeRegExp: false,
  formats: {
    uri: (text: string) => URL.canParse(text),
    "uri-reference": (text: string) => !/[\s\\]/u.test(text) && URL.canParse(text, "file:///r/"),
    "date-time": true,
  },
}).compile(schema);

/** A log that fits the schema; texts of results are below their rules' numbers. */
function checked(log: unknown): Log["runs"][0] {
  expect(fits(log) ? [] : fits.errors).toEqual([]);
  const [run] = (log as Log).runs;
  for (const { ruleId, ruleIndex } of run.results) expect(run.tool.driver.rules[ruleIndex]?.id).toBe(ruleId);
  return run;
}
const read = (folder: string, file: string): Log["runs"][0] =>
  checked(JSON.parse(readFileSync(join(folder, file), "utf8")));

test("the schema refuses what is no log", () => {
  expect(fits({ version: "2.1.0", runs: [{ results: [] }] })).toBe(false);
  expect(fits({ version: "2.1.0", runs: [{ tool: { driver: { name: "a", rule: [] } } }] })).toBe(false);
});

describe("check --sarif", () => {
  const golden = readFileSync(join(packageRoot(), "test/golden/check/axes.amem"), "utf8");

  test("has a result for every diagnostic, at the places that --json gives", async () => {
    const folder = folderWith({});
    mkdirSync(join(folder, "my specs"));
    writeFileSync(join(folder, "my specs/axes.amem"), golden);
    const args = ["check", "my specs/axes.amem", "--json", "--sarif", "logs/s.sarif"];
    const { code, out } = await amemc(folder, args);
    expect(code).toBe(2);
    const { diagnostics } = JSON.parse(out) as {
      diagnostics: { code: string; severity: string; at: { line: number; column: number }; labels?: unknown[] }[];
    };
    const { results, invocations, automationDetails } = read(folder, "logs/s.sarif");
    expect(diagnostics.length).toBeGreaterThan(10);
    expect(results).toHaveLength(diagnostics.length);
    for (const [k, { code: id, severity, at, labels = [] }] of diagnostics.entries()) {
      expect(results[k]).toMatchObject({ ruleId: id, level: severity === "hint" ? "note" : severity });
      const place = results[k]?.locations[0]?.physicalLocation;
      expect(place?.artifactLocation).toEqual({ uri: "my%20specs/axes.amem", uriBaseId: "%SRCROOT%" });
      expect(place?.region).toMatchObject({ startLine: at.line, startColumn: at.column });
      expect(results[k]?.relatedLocations ?? []).toHaveLength(labels.length);
    }
    expect(results.some(({ relatedLocations }) => relatedLocations !== undefined)).toBe(true);
    expect(invocations).toEqual([{ executionSuccessful: true, exitCode: 2 }]);
    expect(automationDetails.id).toBe("amemc/my specs/axes.amem/");
  });

  test("is written when nothing is wrong, the same wherever the folder lies, and knows all rules", async () => {
    const [one, other] = [folderWith({ "s.amem": descent() }), folderWith({ "s.amem": descent() })];
    for (const folder of [one, other])
      expect((await amemc(folder, ["check", "s.amem", "--sarif", "s.sarif"])).code).toBe(0);
    const run = read(one, "s.sarif");
    expect(run.results).toEqual([]);
    expect(run.tool.driver.rules.map(({ id }) => id)).toEqual(allCodes());
    expect(readFileSync(join(one, "s.sarif"))).toEqual(readFileSync(join(other, "s.sarif")));
  });

  test("names paths from the repository's folder in a workflow", async () => {
    const folder = folderWith({});
    mkdirSync(join(folder, "specs"));
    writeFileSync(join(folder, "specs/s.amem"), "experiment e {\n  axis a = \n}\n");
    const env = { GITHUB_ACTIONS: "true", GITHUB_WORKSPACE: folder };
    await amemc(join(folder, "specs"), ["check", "s.amem", "--sarif", "s.sarif"], env);
    const [result] = read(folder, "specs/s.sarif").results;
    expect(result?.locations[0]?.physicalLocation.artifactLocation.uri).toBe("specs/s.amem");
  });

  test("what has no place is told of the spec, also when there is none", async () => {
    const folder = folderWith({ "empty.amem": "let a = 1\n" });
    await amemc(folder, ["compile", "empty.amem", "--sarif", "a.sarif"]);
    await amemc(folder, ["run", "gone.amem", "--sarif", "b.sarif", "--engine", "portable"]);
    const ofEmpty = read(folder, "a.sarif").results.find(({ ruleId }) => ruleId === "AM8010");
    expect(ofEmpty?.locations).toEqual([
      { physicalLocation: { artifactLocation: { uri: "empty.amem", uriBaseId: "%SRCROOT%" } } },
    ]);
    expect(read(folder, "b.sarif").results).toMatchObject([{ ruleId: "AM8004", level: "error" }]);
  });

  test("where it cannot be written this is said, with exit code 2", async () => {
    const folder = folderWith({ "s.amem": descent(), file: "" });
    const ended = await amemc(folder, ["check", "s.amem", "--sarif", "file/s.sarif"]);
    expect([ended.code, ended.err.includes("AM8008")]).toEqual([2, true]);
    expect(existsSync(join(folder, "file/s.sarif"))).toBe(false);
    const asFolder = await amemc(folder, ["check", "s.amem", "--sarif", "."]);
    expect([asFolder.code, asFolder.err.includes("AM8008")]).toEqual([2, true]);
  });
});

test("compile-and-run --sarif holds what the run found", async () => {
  const spec = descent({ etas: "[0.1, 1e30]", claims: claim("falls", "fit.loss[step: last] < 1") });
  const folder = folderWith({ "s.amem": spec });
  const args = ["compile-and-run", "s.amem", "--engine", "portable", "--sarif", "s.sarif"];
  const { code, err } = await amemc(folder, args);
  expect(code).toBe(4);
  const { results } = read(folder, "s.sarif");
  expect(results.map(({ ruleId }) => ruleId)).toEqual([...err.matchAll(/\[(AM\d{4})\]/gu)].map(([, found]) => found));
  expect(results).toMatchObject([{ ruleId: "AM6501" }]);
});

test("messages hold all advice, and nothing in them is an argument or a link", () => {
  const span = { file: "a.amem", start: 3, end: 4 };
  const diagnostic: Diagnostic = {
    code: "AM2003",
    severity: "hint",
    message: "no `x` in {0} [here](https://example.org)\u0007",
    span,
    here: "this",
    labels: [{ span: { file: "../b.amem", start: 0, end: 1 }, text: "declared {here}" }],
    notes: ["a note"],
    fix: { title: "write `y`", edits: [{ span, text: "y" }] },
  };
  const context = { spec: "a.amem", root: "/r", folder: "/r", exitCode: 70, successful: false };
  const { results, invocations } = checked(sarifLog([{ diagnostic, source: () => "ab\ncd" }], context));
  expect(results[0]?.message.text).toBe(
    "no `x` in {{0}} \\[here\\](https://example.org)\u2407\nthis\na note\nwrite `y`",
  );
  expect(results[0]?.relatedLocations).toMatchObject([
    {
      physicalLocation: { artifactLocation: { uri: "file:///b.amem" }, region: { startLine: 1, endColumn: 2 } },
      message: { text: "declared {{here}}" },
    },
  ]);
  const region = { startLine: 2, startColumn: 1, endLine: 2, endColumn: 2 };
  expect(results[0]?.fixes).toEqual([
    {
      description: { text: "write `y`" },
      artifactChanges: [
        {
          artifactLocation: { uri: "a.amem", uriBaseId: "%SRCROOT%" },
          replacements: [{ deletedRegion: region, insertedContent: { text: "y" } }],
        },
      ],
    },
  ]);
  expect(invocations).toEqual([{ executionSuccessful: false, exitCode: 70 }]);
});
