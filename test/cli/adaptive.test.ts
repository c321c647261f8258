/** Adaptive sweeps: which values are run, and that neither interruptions nor workers change it. */
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parquetReadObjects } from "hyparquet";
import { describe, expect, test } from "vitest";
import { amemc, ended, folderWith, start } from "./helpers.js";

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
/** Radius, then x and y of each point. */
const circle = (more = ""): string => `experiment e {
  sweep r in [0.7, 1.2]
  sweep x in linspace(0, 1.5, 4)
  sweep y in [0.25, 1, 4]
  refine (x, y log) 3 times where m.inside
  measure m { inside = x^2 + y^2 < r^2 }
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

test("a ladder goes in the order in which its values are written", async () => {
  const text = "experiment e {\n  sweep P in [32, 16, 8, 4, 2] until m.y < 10\n  measure m { y = P }\n}\n";
  const folder = folderWith({ "s.amem": text });
  expect((await amemc(folder, arguments_)).code).toBe(0);
  expect(planOf(folder).sweeps).toMatchObject([{ coordinates: [8, 16, 32] }]);
});

test("what a filter leaves out is neither asked for nor in the way", async () => {
  const text = planted("2..100 where P != 51 refine from [2, 100] where mean(seed) m.above > 0.5");
  const folder = folderWith({ "s.amem": text });
  expect((await amemc(folder, arguments_)).code).toBe(0);
  const values = valuesOf(folder);
  for (const t of [12, 37, 90]) expect(values[t]).toEqual(expect.arrayContaining([t, t + 1]));
  expect(Object.values(values).flat()).not.toContain(51);
});

test("points of an earlier plain sweep are taken over", async () => {
  const folder = folderWith({ "s.amem": planted("1..100") });
  expect((await amemc(folder, arguments_)).code).toBe(0);
  writeFileSync(join(folder, "s.amem"), planted("1..100 refine from [1, 100] where mean(seed) m.above > 0.5"));
  expect((await amemc(folder, ["plan", "s.amem", "--engine", "portable"])).out).toContain("nothing to compute");
  expect((await amemc(folder, arguments_)).code).toBe(0);
  const values = valuesOf(folder);
  for (const t of [12, 37, 90]) expect(values[t]?.length).toBeLessThan(12);
});

test("`explain` says beforehand what bisection takes: the run keeps to it", async () => {
  const folder = folderWith({ "s.amem": planted("1..100 refine from [1, 100] where mean(seed) m.above > 0.5") });
  const { out } = await amemc(folder, ["explain", "s.amem", "--engine", "portable"]);
  // 98 values between two that are there: 7 halvings at most.
  expect(out).toContain(
    "adaptive P at each t (3): 2 values to begin with, 9 if conditions change at one place, 100 at most",
  );
  const ran = await amemc(folder, arguments_);
  expect(ran.out).toContain("adaptive P: 8 rounds");
  expect(Math.max(...Object.values(valuesOf(folder)).map(({ length }) => length))).toBe(9);
});

describe("`explain` says that results decide on the rounds, and by which condition", () => {
  const after = "in rounds that results decide: after each one, ";
  test.each([
    [
      "between neighbours",
      planted("1..100 refine from [1, 100] where mean(seed) m.above\n    > 0.5, max(seed) m.above > 9"),
      ["mean(seed) m.above > 0.5", "max(seed) m.above > 9"],
      `${after}new values lie between neighbours for which \`mean(seed) m.above > 0.5\` or \`max(seed) m.above > 9\` differs`,
    ],
    [
      "up a ladder",
      planted("1..6 until all(seed) m.above > 2"),
      ["all(seed) m.above > 2"],
      `${after}the next value follows where \`all(seed) m.above > 2\` does not hold`,
    ],
    [
      "in cells of a plane",
      circle(),
      ["m.inside"],
      `${after}the cells are halved between whose points \`m.inside\` differs`,
    ],
  ])("%s", async (_, text, conditions, said) => {
    const folder = folderWith({ "s.amem": text });
    const { code, out } = await amemc(folder, ["explain", "s.amem", "--engine", "portable"]);
    expect([code, out]).toEqual([
      0,
      expect.stringContaining(`    ${said}\n  the points below are those of the first round`),
    ]);
    const json = await amemc(folder, ["explain", "s.amem", "--engine", "portable", "--json"]);
    const { experiments } = JSON.parse(json.out) as { readonly experiments: readonly { readonly adaptive: unknown }[] };
    expect(experiments[0]?.adaptive).toEqual([expect.objectContaining({ conditions })]);
  });

  test("and nothing of the kind where no sweep is adaptive", async () => {
    const folder = folderWith({ "s.amem": planted("[1, 100]") });
    const { out } = await amemc(folder, ["explain", "s.amem", "--engine", "portable"]);
    expect(out).not.toContain("rounds");
  });
});

test("the cells of a plane are refined along a circle, for each radius its own", async () => {
  const chart = "chart c = heatmap(x: x, y: y scale log, color: m.inside, column: r)";
  const folders = [folderWith({ "s.amem": circle(chart) }), folderWith({ "s.amem": circle(chart) })];
  const [one = "", three = ""] = folders;
  const ran = await amemc(one, arguments_);
  expect([ran.code, ran.err]).toEqual([0, ""]);
  const page = readFileSync(join(one, "out/s/report.html"), "utf8");
  expect(page).toContain("x, y in 4 rounds");
  expect(page).toContain("Between points that were run the nearest one is drawn");
  const { sweeps, phases } = planOf(one);
  const rows = (phases[0]?.points ?? []).map(({ position }) =>
    position.map((place, k) => sweeps[k]?.coordinates[place] ?? NaN),
  );
  for (const radius of [0.7, 1.2]) {
    const own = rows.filter(([r]) => r === radius);
    const [step, factor] = [0.5 / 8, 4 ** (1 / 8)];
    // Every place of the rim lies in a cell as small as they get.
    for (let angle = 0.4; angle < 1.5; angle += 0.01) {
      const [x, y] = [radius * Math.cos(angle), radius * Math.sin(angle)];
      const near = own.filter(
        ([, px = NaN, py = NaN]) =>
          Math.abs(px - x) <= 1.01 * step && Math.abs(Math.log(py / y)) <= 1.01 * Math.log(factor),
      );
      expect(near.length, `at ${x}, ${y}`).toBeGreaterThanOrEqual(4);
    }
    expect(own.length).toBeLessThan((3 * 8 + 1) * (2 * 8 + 1) * 0.7);
    expect(own.filter(([, x = 0, y = 0]) => x > 1.3 && y > 1.5).every(([, x, y]) => x === 1.5 && y === 4)).toBe(true);
  }
  expect(rows.filter(([r]) => r === 0.7)).not.toEqual(rows.filter(([r]) => r === 1.2));
  expect((await amemc(three, [...arguments_, "--jobs", "3"])).out).toBe(ran.out.replaceAll(one, three));
  expect(planOf(three)).toEqual(planOf(one));
});

test("a kill in the middle of rounds costs time and nothing else", { timeout: 120_000 }, async () => {
  const text = `experiment e {
  sweep t in [12, 37]
  sweep P in 1..64 refine from [1, 64] where fit.above > 0.5
  axis i = 60
  evolve fit {
    state s[i] = 0.1
    s[i] <- cos(s[i] + mean(i') s[i'])
    for 4000 + P steps
    record last { above = P - t + 0 * mean(i) s[i], z = mean(i) s[i] }
  }
}
`;
  const [disturbed, quiet] = [folderWith({ "s.amem": text }), folderWith({ "s.amem": text })];
  const stored = (folder: string): Readonly<Record<string, string>> => {
    const blocks = join(folder, "out/s/e");
    const files = (readdirSync(blocks, { recursive: true }) as string[]).filter((name) =>
      /\.(bin|parquet)$/u.test(name),
    );
    return Object.fromEntries(files.map((file) => [file, readFileSync(join(blocks, file)).toString("hex")]));
  };
  const revision = (): number => {
    const path = join(disturbed, "out/s/e/plan.json");
    return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as { readonly revision: number }).revision : 0;
  };
  for (const wanted of [2, 4]) {
    const child = start(disturbed, arguments_);
    const timer = setInterval(() => {
      if (revision() >= wanted) child.kill("SIGKILL");
    }, 5);
    expect((await ended(child)).code, "it was killed").toBe(null);
    clearInterval(timer);
  }
  const [last, undisturbed] = [await amemc(disturbed, arguments_), await amemc(quiet, arguments_)];
  expect(last).toEqual(undisturbed);
  expect(planOf(disturbed)).toEqual(planOf(quiet));
  expect(Object.keys(stored(quiet)).length).toBeGreaterThan(10);
  expect(stored(disturbed)).toEqual(stored(quiet));
});

test("where the condition has no value nothing is refined, and that is said", async () => {
  const text =
    "experiment e {\n  sweep P in 1..16 refine from [1, 16] where m.y > 4\n  measure m { y = if P < 8 then P else 0 * log(P - P) }\n}\n";
  const folder = folderWith({ "s.amem": text });
  const { err } = await amemc(folder, arguments_);
  expect(err).toContain("AM6507");
  expect(err).toContain("has no value at 1 of 2 points");
  expect(planOf(folder).phases[0]?.points).toHaveLength(2);
});

test("a profile lists values, or refines between others", async () => {
  const text = planted(
    "1..100 refine from [1, 100] where mean(seed) m.above > 0.5",
    "profile few { sweep P in [12, 13] }\n  profile fewer { sweep P in 1..40 refine from [1, 40] where mean(seed) m.above > 0.5; sweep t in [12] }",
  );
  const folder = folderWith({ "s.amem": text });
  expect((await amemc(folder, [...arguments_, "--profile", "few"])).code).toBe(0);
  expect(valuesOf(folder)).toEqual({ 12: [12, 13], 37: [12, 13], 90: [12, 13] });
  expect((await amemc(folder, [...arguments_, "--profile", "fewer"])).code).toBe(0);
  expect(valuesOf(folder)[12]?.length).toBeGreaterThan(5);
});

test("values to begin with that are one and the same are refused where the plan is made", async () => {
  const text =
    "experiment e {\n  sweep N in [300, 900]\n  sweep P in 2..400 refine from [N, 2 * N] to 4% where m.y > 500\n  measure m { y = P }\n}\n";
  const { code, err } = await amemc(folderWith({ "s.amem": text }), arguments_);
  expect([code, err.includes("AM4040")]).toEqual([2, true]);
  expect(err).toContain("begins with one value, 400");
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
  ["without a condition", "sweep x in 1..9 refine\n  measure m { y = x }", "AM4040"],
  ["from the larger value", "sweep x in 1..9 refine from [9, 1] where m.y > 1\n  measure m { y = x }", "AM4040"],
  ["from one value", "sweep x in 1..9 refine from [4] where m.y > 1\n  measure m { y = x }", "AM4040"],
  ["to % from 0", "sweep x in [0, 1] refine to 4% where m.y > 1\n  measure m { y = x }", "AM4040"],
  ["so many times", "sweep x in [0, 1] refine 4 times where m.y > 1\n  measure m { y = x }", "AM4040"],
  [
    "over what follows it",
    "sweep x in 1..9 refine where m.y > 1\n  sweep z in [x, 2 * x]\n  measure m { y = x + z }",
    "AM4041",
  ],
  [
    "over what steers it",
    "sweep x in 1..9 refine where m.y > 9\n  sweep z in 1..9 until m.y > 9\n  measure m { y = x + z }",
    "AM4041",
  ],
  [
    "as a plane under log from 0",
    "sweep x in [0, 1]\n  refine (x log) 2 times where m.y > 1\n  measure m { y = x }",
    "AM4042",
  ],
  [
    "as a plane of nothing",
    "sweep x in [0, 1]\n  refine (x, z) 2 times where m.y > 1\n  measure m { y = x }",
    "AM2001",
  ],
  [
    "as a plane of labels",
    "sweep x in {a, b}\n  refine (x) 2 times where m.y > 1\n  measure m { y = case x { a: 1, b: 2 } }",
    "AM4042",
  ],
  [
    "as a plane of pairs",
    "sweep (x, z) in [(1, 2), (3, 4)]\n  refine (x) 2 times where m.y > 1\n  measure m { y = x + z }",
    "AM4042",
  ],
  [
    "as a plane of one twice",
    "sweep x in [0, 1]\n  refine (x, x) 2 times where m.y > 1\n  measure m { y = x }",
    "AM4042",
  ],
  ["as a plane not at all", "sweep x in [0, 1]\n  refine (x) 0 times where m.y > 1\n  measure m { y = x }", "AM4042"],
  ["as a plane to a tolerance", "sweep x in [0, 1]\n  refine (x) to 4% where m.y > 1\n  measure m { y = x }", "AM4042"],
  [
    "as a plane of what is adaptive",
    "sweep x in 1..9 until m.y > 3\n  refine (x) 2 times where m.y > 1\n  measure m { y = x }",
    "AM4042",
  ],
  [
    "as a plane whose sides depend on each other",
    "sweep x in [1, 2]\n  sweep z in [x, 2 * x]\n  refine (x, z) 2 times where m.y > 1\n  measure m { y = x + z }",
    "AM4042",
  ],
  [
    "as a plane that the condition does not see",
    "sweep x in [1, 2]\n  sweep z in [1, 2]\n  refine (x, z) 2 times where m.y > 1\n  measure m { y = x }",
    "AM4041",
  ],
  ["on nothing that there is", "sweep x in 1..9 refine where n.y > 1\n  measure m { y = x }", "AM6001"],
])("%s it is refused", async (_, body, code) => {
  const folder = folderWith({ "s.amem": `experiment e {\n  ${body}\n}\n` });
  const { code: exit, err } = await amemc(folder, ["check", "s.amem"]);
  expect(err).toContain(code);
  expect(exit).toBe(2);
});
