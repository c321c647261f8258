/** Adaptive sweeps: which values are run, and that neither interruptions nor workers change it. */
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { parquetReadObjects } from "hyparquet";
import { describe, expect, test } from "vitest";
import { amemc, folderWith } from "./helpers.js";

interface Plan {
  readonly sweeps: readonly { readonly name: string; readonly coordinates: readonly number[] }[];
  readonly phases: readonly { readonly points: readonly { readonly position: readonly number[] }[] }[];
}

const planOf = (folder: string): Plan =>
  (JSON.parse(readFileSync(join(folder, "out/s/e/plan.json"), "utf8")) as { readonly plan: Plan }).plan;

/** The values of P that were run, by those of the sweep before it. */
function valuesOf(folder: string): Readonly<Record<string, readonly number[]>> {
  const { sweeps, phases } = planOf(folder);
  const [outer, inner] = [sweeps[0], sweeps.at(-1)];
  const found: Record<string, number[]> = {};
  for (const { position } of phases[0]?.points ?? []) {
    const key = String(outer?.coordinates[position[0] ?? 0]);
    const value = inner?.coordinates[position.at(-1) ?? 0] ?? NaN;
    const list = (found[key] ??= []);
    if (!list.includes(value)) list.push(value);
  }
  return Object.fromEntries(Object.entries(found).map(([key, list]) => [key, list.toSorted((a, b) => a - b)]));
}

/** A step at a place that is known. */
const planted = (sweep: string, more = ""): string => `experiment e {
  sweep t in [12, 37, 90]
  sweep seed in 0..1
  sweep P in ${sweep}
  noise ~ normal(0, 0.001)
  measure m { above = P + noise - t }
  ${more}
}
`;
const arrayOf = (bytes: Uint8Array): ArrayBuffer => Uint8Array.from(bytes).buffer;
const arguments_ = ["run", "s.amem", "--engine", "portable"];

describe("a sweep that is refined", () => {
  test("ends where the sweep leaves out what it asks for", async () => {
    const text =
      "experiment e {\n  sweep P in 1..100 where P != 50 refine from [1, 100] where m.y > 60\n  measure m { y = P }\n}\n";
    const { code, err } = await amemc(folderWith({ "s.amem": text }), arguments_);
    expect(err).not.toContain("error");
    expect(code).toBe(0);
  });

  test("closes in on what it looks for, down to neighbouring values, in as many points as halving takes", async () => {
    const claim =
      "edge[t] = crossing(P, mean(seed) m.above, 0)\n  claim found { expect approx(edge, t, abs: 0.1) }\n  claim few { expect sum(P) (if missing(mean(seed) m.above) then 0 else 1) <= 9 }";
    const text = planted("1..100 refine from [1, 100] where mean(seed) m.above > 0.5", claim);
    const folder = folderWith({ "s.amem": text });
    const { code, out, err } = await amemc(folder, arguments_);
    expect(err).not.toContain("error");
    expect(out).toContain("holds      found");
    expect(code).toBe(0);
    const values = valuesOf(folder);
    for (const t of [12, 37, 90]) {
      const own = values[t] ?? [];
      expect(own).toContain(t);
      expect(own).toContain(t + 1);
      expect(own.length).toBeLessThanOrEqual(9);
    }
  });

  test("goes to a tolerance between real numbers, from all the values that it lists", async () => {
    const folder = folderWith({
      "s.amem": planted("logspace(1, 1000, 4) refine to 5% where mean(seed) m.above > 0"),
    });
    const { code, err } = await amemc(folder, arguments_);
    expect(err).not.toContain("error");
    expect(code).toBe(0);
    const values = valuesOf(folder);
    for (const t of [12, 37, 90]) {
      const own = values[t] ?? [];
      const after = own.find((value) => value > t + 0.01) ?? NaN;
      const before = own.findLast((value) => value <= t + 0.01) ?? NaN;
      expect(after / before).toBeLessThan(1.05);
      expect(own).toEqual(expect.arrayContaining([1, 1000]));
      expect(own.length).toBeLessThan(14);
    }
  });

  test("runs the same points by three workers, after an interruption, and none a second time", async () => {
    const text = planted("1..100 refine from [1, 100] where mean(seed) m.above > 0.5");
    const folders = [folderWith({ "s.amem": text }), folderWith({ "s.amem": text })];
    const [one = "", three = ""] = folders;
    expect((await amemc(one, arguments_)).code).toBe(0);
    expect((await amemc(three, [...arguments_, "--jobs", "3"])).code).toBe(0);
    expect(planOf(three)).toEqual(planOf(one));
    const tables = (folder: string) =>
      parquetReadObjects({ file: arrayOf(readFileSync(join(folder, "out/s/e/tables/m.parquet"))) });
    const wanted = await tables(one);
    expect(wanted.length).toBeGreaterThan(40);
    expect(await tables(three)).toEqual(wanted);
    // As if it had been stopped: some blocks are there, others are not.
    const blocks = join(three, "out/s/e/blocks");
    const files = readdirSync(blocks).toSorted();
    for (const file of files.slice(0, Math.ceil(files.length / 2))) rmSync(join(blocks, file), { recursive: true });
    expect((await amemc(three, arguments_)).code).toBe(0);
    expect(planOf(three)).toEqual(planOf(one));
    expect(await tables(three)).toEqual(wanted);
    expect((await amemc(three, ["plan", "s.amem", "--engine", "portable"])).out).toContain("nothing to compute");
  });
});

test("a ladder ends at its first success, for each point of the other sweeps", async () => {
  const folder = folderWith({
    "s.amem":
      "experiment e {\n  sweep t in [3, 7, 100]\n  sweep P in 1..6 until m.y > t\n  measure m { y = P^2 / 2 + t - t }\n}\n",
  });
  expect((await amemc(folder, arguments_)).code).toBe(0);
  expect(valuesOf(folder)).toEqual({ 3: [1, 2, 3], 7: [1, 2, 3, 4], 100: [1, 2, 3, 4, 5, 6] });
});

test.each([
  [
    "without a tolerance between reals",
    "sweep x in [0.1, 0.9] refine where m.y > 0.5\n  measure m { y = x^2 }",
    "AM4040",
  ],
  ["to a tolerance of nothing", "sweep x in [0.1, 0.9] refine to 0 where m.y > 0.5\n  measure m { y = x^2 }", "AM4040"],
  ["of labels", "sweep x in {a, b} refine where m.y > 0.5\n  measure m { y = case x { a: 1, b: 2 } }", "AM4040"],
  ["on a number", "sweep x in 1..9 refine where m.y\n  measure m { y = x^2 }", "AM6030"],
  ["on what does not vary with it", "sweep x in 1..9 refine where m.y > 1\n  measure m { y = 2 }", "AM4041"],
  ["on a tensor", "axis i = 3\n  sweep x in 1..9 refine where m.y > 1\n  measure m { y[i] = x * i }", "AM4041"],
  ["on nothing that there is", "sweep x in 1..9 refine where n.y > 1\n  measure m { y = x }", "AM6001"],
])("%s it is refused", async (_, body, code) => {
  const folder = folderWith({ "s.amem": `experiment e {\n  ${body}\n}\n` });
  const { code: exit, err } = await amemc(folder, ["check", "s.amem"]);
  expect(err).toContain(code);
  expect(exit).toBe(2);
});
