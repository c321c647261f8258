import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { UserError } from "../../../src/base/diagnostic.js";
import { baselineOf } from "../../../src/results/baseline.js";
import { readBaseline, requireBaseline, writeBaseline } from "../../../src/results/store/baseline-file.js";
import { judged, measuring, verdict } from "../judged.js";
import { temporaryFolder } from "./fixture.js";

const origin = { spec: "s.amem", profile: null, settings: {} };
const values = [0.1, null, Infinity, -Infinity, NaN, -0, 5e-324];
const baseline = baselineOf(judged({ z: values.map((left, k) => verdict(`a${k}`, [measuring(left)])), a: [] }), null);

async function refusal(task: () => Promise<unknown>): Promise<readonly [code: string, message: string]> {
  try {
    await task();
  } catch (error) {
    if (error instanceof UserError) return [error.diagnostic.code, error.diagnostic.message];
    throw error;
  }
  return ["", "it was read"];
}

describe("a baseline's file", () => {
  test("keeps every number, sorted, with a line each, and is only written when something changed", async () => {
    const file = join(temporaryFolder(), "new/b.json");
    expect(await writeBaseline(file, baseline)).toBe(true);
    expect(await requireBaseline(file, origin)).toEqual(baseline);
    expect(await writeBaseline(file, baseline)).toBe(false);
    const text = readFileSync(file, "utf8");
    expect(text.indexOf('"a": {')).toBeLessThan(text.indexOf('"z": {'));
    expect(text.endsWith("}\n")).toBe(true);
  });

  test.each([
    ["text", "no json", "it is no JSON"],
    ["a cut file", '{"format": "amemc baseline 1"', "it is no JSON"],
    ["other data", '{"name": "amemc"}', "must have required property"],
    ["a list", "[]", "must be object"],
    ["null", "null", "must be object"],
  ])("is not %s", async (_, text, why) => {
    const file = join(temporaryFolder(), "b.json");
    writeFileSync(file, text);
    for (const read of [readBaseline, requireBaseline]) {
      const [code, message] = await refusal(() => read(file, origin));
      expect([code, message]).toEqual(["AM8021", expect.stringContaining(why)]);
    }
  });

  test.each([
    ["amemc baseline 1", "amemc baseline 2", "/format"],
    ['"left": 0.1', '"left": "0.1"', "/left"],
    ['"number": "inf"', '"number": "large"', "/left"],
    ['"verdict": "holds"', '"verdict": "maybe"', "/verdict"],
    ['"verdict": "holds"', '"verdict": "holds", "tolerance": {"relative": -1}', "/relative"],
    ['"verdict": "holds"', '"verdict": "holds", "tolerance": 0.1', "/tolerance"],
    ['"engine"', '"comment": "", "engine"', "additional properties"],
  ])("with %s made %s is refused, with the place", async (from, to, place) => {
    const file = join(temporaryFolder(), "b.json");
    await writeBaseline(file, baseline);
    const text = readFileSync(file, "utf8");
    expect(text).toContain(from);
    writeFileSync(file, text.replace(from, to));
    expect(await refusal(() => requireBaseline(file, origin))).toEqual(["AM8021", expect.stringContaining(place)]);
  });

  test("belongs to a spec and its options", async () => {
    const file = join(temporaryFolder(), "b.json");
    expect(await readBaseline(file, origin)).toBeNull();
    expect((await refusal(() => requireBaseline(file, origin)))[0]).toBe("AM8021");
    const options = { profile: "quick", settings: { b: "1", a: "2" } };
    await writeBaseline(file, { ...baseline, ...options });
    expect(await readBaseline(file, { ...origin, profile: "quick", settings: { a: "2", b: "1" } })).toMatchObject(
      options,
    );
    expect(await refusal(() => readBaseline(file, origin))).toEqual([
      "AM8022",
      `\`${file}\` was recorded with \`--profile quick --set a=2 --set b=1\`, and this run is without \`--profile\` and \`--set\``,
    ]);
    expect(await refusal(() => readBaseline(file, { ...origin, spec: "t.amem" }))).toEqual([
      "AM8022",
      `\`${file}\` is the baseline of another spec, \`s.amem\``,
    ]);
  });
});
