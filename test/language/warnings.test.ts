/** What is legal and probably not meant. The specs in test/golden/warnings are read as they stand, and run. */
import { mkdtempSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { codeEntry, mended } from "../../src/base/codes.js";
import type { Diagnostic } from "../../src/base/diagnostic.js";
import { renderDiagnostics } from "../../src/base/render.js";
import { readSpec } from "../../src/cli/spec-texts.js";
import { checkSpec } from "../../src/pipeline.js";
import type { Settings } from "../../src/pipeline.js";
import { amemc, folderWith } from "../cli/helpers.js";

const folder = fileURLToPath(new URL("../golden/warnings/", import.meta.url));
const files = readdirSync(folder).filter((file) => file.endsWith(".amem"));
const plain: Settings = { profile: null, settings: {} };

async function diagnosticsOf(text: string, settings: Settings = plain): Promise<readonly Diagnostic[]> {
  const path = join(mkdtempSync(join(tmpdir(), "amemc-")), "s.amem");
  writeFileSync(path, text);
  return (await checkSpec(readSpec(path), settings)).diagnostics;
}

const codesOf = async (...given: Parameters<typeof diagnosticsOf>): Promise<readonly string[]> =>
  (await diagnosticsOf(...given)).map(({ severity, code }) => `${severity} ${code}`);

// `UPDATE_GOLDEN=1 npx vitest run test/language/warnings.test.ts` accepts what is rendered now.
test.each(files)("the warnings of %s read as they should", async (file) => {
  const texts = readSpec(folder + file);
  const { diagnostics } = await checkSpec(texts, plain);
  const rendered = `${renderDiagnostics(diagnostics, (name) => texts.text(name), { limit: 100 })}\n`;
  const golden = folder + file.replace(/\.amem$/u, ".txt");
  if (process.env.UPDATE_GOLDEN === "1") writeFileSync(golden, rendered);
  expect(rendered).toBe(readFileSync(golden, "utf8"));
});

describe("examples of the catalogue have this warning alone, and none when they are mended", () => {
  test.each(["AM4044", "AM4045", "AM6014", "AM6015"])("%s", async (code) => {
    const entry = codeEntry(code);
    expect(await codesOf(entry?.example ?? "")).toEqual([`warning ${code}`]);
    const right = entry === undefined ? null : mended(entry);
    expect(right).not.toBeNull();
    expect(await codesOf(right ?? "")).toEqual([]);
  });
});

interface ClaimsFile {
  readonly experiments: readonly {
    readonly claims: readonly {
      readonly name: string;
      readonly expectations: readonly { readonly verdict: string }[];
    }[];
  }[];
}

test("what is said of claims is what becomes of them, whatever the engine measures", async () => {
  const text = readFileSync(`${folder}claims.amem`, "utf8");
  const spec = folderWith({ "s.amem": text });
  const { code, err } = await amemc(spec, ["run", "s.amem", "--engine", "portable"]);
  expect(err).not.toContain("error");
  // Claims that cannot hold fail.
  expect(code).toBe(1);
  const [experiment] = (JSON.parse(readFileSync(join(spec, "out/s/claims.json"), "utf8")) as ClaimsFile).experiments;
  const verdictsOf = (name: string): readonly string[] =>
    experiment?.claims.find((claim) => claim.name === name)?.expectations.map(({ verdict }) => verdict) ?? [];
  expect(new Set(verdictsOf("cannot_fail"))).toEqual(new Set(["holds"]));
  expect(new Set(verdictsOf("cannot_hold"))).toEqual(new Set(["fails"]));
  expect(verdictsOf("of_nothing")).toEqual(["undecided", "holds", "holds"]);
});

test("a profile that leaves out a part of the plan makes no claim one of nothing, but a sweep may still be idle", async () => {
  const text =
    "experiment e {\n  sweep n in [1, 2, 5]\n  sweep d in [1, 2]\n  measure m { y = n^2 }\n  claim large { expect m.y > 20 where n > 2 }\n  profile quick { sweep n in [1, 2] }\n}\n";
  expect(await codesOf(text)).toEqual(["warning AM4044"]);
  expect(await codesOf(text, { profile: "quick", settings: {} })).toEqual(["warning AM4044"]);
  expect(await codesOf(text, { profile: null, settings: { d: "1" } })).toEqual(["warning AM4044"]);
});

test("what experiments have in common is told where it is doubtful in all of them, once", async () => {
  const like = (phase: string): string =>
    `experiment a {\n  sweep d in [1, 2]\n  sweep n in [1, 2]\n  measure m { y = n }\n  claim c { expect m.y ^ 2 >= 0 }\n}\nexperiment b = a {\n  measure m { ${phase} }\n}\n`;
  expect(await codesOf(like("y = 2 * n"))).toEqual(["warning AM4044", "warning AM6014"]);
  expect(await codesOf(like("y = d + n"))).toEqual(["warning AM6014"]);
});

test("where there are errors nothing is said of use: what is missing would have used it", async () => {
  expect(await codesOf("experiment e {\n  sweep d in [1, 2]\n  measure m { y = dd }\n}\n")).toEqual(["error AM2001"]);
});

test("warnings change no exit code", async () => {
  const spec = folderWith({ "s.amem": codeEntry("AM4044")?.example ?? "" });
  const { code, err } = await amemc(spec, ["check", "s.amem"]);
  expect(code).toBe(0);
  expect(err).toContain("warning[AM4044]");
});

test("definitions that rest on each other for a thousand levels are looked at as far as that is safe", async () => {
  const lines = Array.from({ length: 1000 }, (_, k) => `  x${String(k + 1)}_ = x${String(k)}_ + 1`);
  const last = (claim: string, level: number): string =>
    `experiment e {\n  x0_ ~ uniform(0, 1)\n${lines.join("\n")}\n  measure m { y = x${String(level)}_ }\n  claim c { expect ${claim} }\n}\n`;
  const folder_ = folderWith({ "near.amem": last("m.y >= 0", 100), "deep.amem": last("m.y >= 0", 1000) });
  expect((await amemc(folder_, ["check", "near.amem"])).err).toContain("AM6014");
  const { code, err } = await amemc(folder_, ["check", "deep.amem"]);
  expect([code, err]).toEqual([0, ""]);
});
