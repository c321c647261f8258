import { existsSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readNative } from "../../src/base/native.js";
import { filesBelow } from "../../src/results/store/files.js";
import type { Manifest } from "../../src/results/store/manifest.js";
import type { Ended } from "./helpers.js";
import { amemc, claim, descent, ended, folderWith, start } from "./helpers.js";

const portable = ["--engine", "portable"];
const manifestOf = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(folder, "out/s/small/manifest.json"), "utf8")) as Manifest;

describe("exit codes", () => {
  const falls = claim("falls", "fit.loss[step: last] < fit.loss[step: first]");
  test.each([
    ["no claims", "", "[0.1, 0.5]", 0],
    ["a claim that holds", falls, "[0.1, 0.5]", 0],
    ["a claim that fails", claim("rises", "fit.loss[step: last] > fit.loss[step: first]"), "[0.1, 0.5]", 1],
    [
      "one that is expected to fail",
      claim("rises", "fit.loss[step: last] > 1", 'expected fails "it falls"'),
      "[0.1, 0.5]",
      0,
    ],
    [
      "one that is expected to fail and holds",
      claim("falls", "fit.loss[step: last] < 1", 'expected fails "no"'),
      "[0.1, 0.5]",
      1,
    ],
    ["a run that diverges", falls, "[0.1, 1e30]", 4],
  ])("%s", async (_, claims, etas, expected) => {
    const { code, out } = await amemc(folderWith({ "s.amem": descent({ claims, etas }) }), [
      "run",
      "s.amem",
      ...portable,
    ]);
    expect(code).toBe(expected);
    if (claims === "") expect(out).toContain("no claims");
  });
});

describe("the whole road", () => {
  const spec = descent({ claims: claim("falls", "fit.loss[step: last] < fit.loss[step: first]") });

  test("prints verdicts with their numbers and the page to stdout, the rest to stderr", async () => {
    const folder = folderWith({ "s.amem": spec });
    const { code, out } = await amemc(folder, ["compile-and-run", "s.amem", ...portable]);
    expect(code).toBe(0);
    const lines = out.trim().split("\n");
    expect(lines[0]).toBe("holds      falls  0.06079 < 0.5 at eta = 0.1");
    expect(lines[1]).toBe("2 points expected, all done");
    expect(existsSync(join(folder, lines[2] ?? ""))).toBe(true);
    expect(readdirSync(join(folder, "out/s/small/tables")).sort()).toEqual(["fit.parquet", "fit_runs.parquet"]);
    expect(readFileSync(join(folder, "out/s/junit.xml"), "utf8")).toContain(
      '<testcase classname="s.small" name="falls" time="0"/>',
    );
    const manifest = manifestOf(folder);
    expect(manifest).toMatchObject({ revision: 1, engineCalls: 1, points: [{ phase: "fit", expected: 2, done: 2 }] });
    expect(Object.values(manifest.blocks)).toMatchObject([{ calls: 1, engine: { name: "portable", xla: false } }]);
    expect(manifest.runs).toMatchObject([{ end: "complete", blocks: 1 }]);
  });

  test("a JUnit file that cannot be written costs nothing else", async () => {
    const folder = folderWith({ "s.amem": spec });
    const { code, out, err } = await amemc(folder, ["run", "s.amem", "--junit", "s.amem/x", ...portable]);
    expect([code, err.includes("AM8008")]).toEqual([2, true]);
    expect(existsSync(join(folder, out.trim().split("\n").at(-1) ?? ""))).toBe(true);
    expect(readdirSync(join(folder, "out/s/small/tables"))).toHaveLength(2);
  });

  test("a second time computes nothing and leaves every byte", async () => {
    const folder = folderWith({ "s.amem": spec });
    const bytes = (): Readonly<Record<string, string>> =>
      Object.fromEntries(filesBelow(folder, () => true).map((file) => [file, readFileSync(file).toString("hex")]));
    const first = await amemc(folder, ["run", "s.amem", ...portable]);
    const before = bytes();
    const second = await amemc(folder, ["run", "s.amem"]);
    expect(second.out).toBe(first.out);
    expect(bytes()).toEqual(before);
  });

  test("report needs the folder alone and makes the same bytes", async () => {
    const folder = folderWith({ "s.amem": spec });
    const first = await amemc(folder, ["run", "s.amem", ...portable]);
    const names = ["claims.json", "junit.xml", "report.html"].filter((name) => existsSync(join(folder, "out/s", name)));
    const before = names.map((name) => readFileSync(join(folder, "out/s", name), "utf8"));
    for (const name of ["s.amem", ...names.map((file) => join("out/s", file)), "out/s/small/index"])
      rmSync(join(folder, name));
    rmSync(join(folder, "out/s/small/tables"), { recursive: true });
    const again = await amemc(folder, ["report", "out/s"]);
    expect([again.code, again.out]).toEqual([0, first.out]);
    expect(names.map((name) => readFileSync(join(folder, "out/s", name), "utf8"))).toEqual(before);
    expect(existsSync(join(folder, "out/s/small/tables/fit.parquet"))).toBe(true);
    expect((await amemc(folder, ["report", "out/s/small"])).out).toBe(first.out);
  });

  test("--json prints the verdicts as data", async () => {
    const { out } = await amemc(folderWith({ "s.amem": spec }), ["run", "s.amem", "--json", ...portable]);
    expect(JSON.parse(out)).toMatchObject({
      exitCode: 0,
      counts: { met: 1 },
      experiments: [{ claims: [{ name: "falls", verdict: "holds" }] }],
    });
  });

  test("an edit runs what it needs, and a comment nothing", async () => {
    const folder = folderWith({ "s.amem": spec });
    await amemc(folder, ["run", "s.amem", ...portable]);
    writeFileSync(join(folder, "s.amem"), `// a comment\n${spec}`);
    await amemc(folder, ["run", "s.amem"]);
    expect(manifestOf(folder)).toMatchObject({ revision: 2, engineCalls: 1 });
    writeFileSync(join(folder, "s.amem"), spec.replace("[0.1, 0.5]", "[0.1, 0.5, 0.7]"));
    await amemc(folder, ["run", "s.amem"]);
    expect(manifestOf(folder)).toMatchObject({ revision: 3, points: [{ expected: 3, done: 3 }] });
  });

  test("a damaged block is noticed and computed again", async () => {
    const folder = folderWith({ "s.amem": spec });
    const first = await amemc(folder, ["run", "s.amem", ...portable]);
    const [bin] = filesBelow(join(folder, "out/s/small/blocks"), (name) => name.endsWith(".bin"));
    const before = readFileSync(bin ?? "");
    writeFileSync(bin ?? "", before.subarray(0, 10));
    const reported = await amemc(folder, ["report", "out/s"]);
    expect([reported.code, reported.err.includes("AM7101")]).toEqual([3, true]);
    expect(reported.out).toContain("2 missing");
    const second = await amemc(folder, ["run", "s.amem"]);
    expect(second.out).toBe(first.out);
    expect(readFileSync(bin ?? "")).toEqual(before);
  });

  test("several experiments share a folder; one that is taken out is in no report", async () => {
    const two = `${spec}\n${spec.slice(0, spec.indexOf("optimizer")).replace("experiment small", "experiment other")}`;
    const folder = folderWith({ "s.amem": two });
    const { code, out } = await amemc(folder, ["run", "s.amem", ...portable]);
    expect(code).toBe(0);
    expect(out).toMatch(/^small\n.*\n.*\nother\n/u);
    writeFileSync(join(folder, "s.amem"), spec);
    expect((await amemc(folder, ["run", "s.amem"])).out).not.toContain("other");
  });
});

test.each(["portable", ...(readNative() === null ? [] : ["graph"])])(
  "the estimate of memory holds for the %s engine",
  async (engine) => {
    const spec = descent({ etas: "linspace(0.0001, 0.001, 64)", steps: 2000 }).replace(
      "param w = 1",
      "axis i = 500\n  param v[i] = 1\n  w = sum(i) v[i]",
    );
    const folder = folderWith({ "s.amem": spec.replace("over w", "over v") });
    const args = ["s.amem", "--engine", engine, "--json"];
    const { out } = await amemc(folder, ["explain", ...args]);
    const [plan] = (JSON.parse(out) as { experiments: { workerBytes: number }[] }).experiments;
    expect((await amemc(folder, ["run", ...args])).code).toBe(0);
    const measured = manifestOf(folder).runs[0]?.peakBytes ?? 0;
    expect(measured).toBeGreaterThan(0.3 * (plan?.workerBytes ?? 0));
    expect(measured).toBeLessThan(plan?.workerBytes ?? 0);
  },
);

test("kill -9 at any moment costs time and nothing else", { timeout: 180_000 }, async () => {
  const wide = descent({ etas: "linspace(0.0001, 0.001, 600)", steps: 400 }).replace(
    "param w = 1",
    "axis i = 400\n  param v[i] = 1\n  w = sum(i) v[i]",
  );
  const spec = wide.replace("over w", "over v").replace("record {", "record every 100 {");
  const [disturbed, quiet] = [folderWith({ "s.amem": spec }), folderWith({ "s.amem": spec })];
  const stored = (folder: string): Readonly<Record<string, string>> => {
    const files = filesBelow(join(folder, "out/s/small"), (name) => /\.(bin|parquet)$/u.test(name));
    return Object.fromEntries(files.map((file) => [file.slice(folder.length), readFileSync(file).toString("hex")]));
  };
  const moments = Array.from({ length: 4 }, () => Math.round(500 + 5000 * Math.random()));
  for (const moment of moments) {
    const child = start(disturbed, ["run", "s.amem", ...portable, "--jobs", "2"]);
    const timer = setTimeout(() => child.kill("SIGKILL"), moment);
    await ended(child);
    clearTimeout(timer);
  }
  const [last, undisturbed] = [
    await amemc(disturbed, ["run", "s.amem", ...portable]),
    await amemc(quiet, ["run", "s.amem", ...portable]),
  ];
  expect(last, `killed after ${moments.join(", ")} ms`).toEqual(undisturbed);
  expect(stored(disturbed), `killed after ${moments.join(", ")} ms`).toEqual(stored(quiet));
});

test.skipIf(readNative() === null)("the graph engine says for every block what computed it", async () => {
  const folder = folderWith({ "s.amem": descent() });
  expect((await amemc(folder, ["run", "s.amem", "--engine", "graph"])).code).toBe(0);
  const { blocks, engineCalls } = manifestOf(folder);
  const { version, xla } = readNative() ?? {};
  expect(Object.values(blocks)).toMatchObject([
    { calls: 1, engine: { name: "graph", library: "tensorflow", version, xla, compiled: xla } },
  ]);
  expect(engineCalls).toBe(1);
});

describe("data files", () => {
  const spec = `
experiment small {
  data d = dataset.csv("points.csv") { x[sample] = column("x") }
  param w = 0
  loss = mean(sample) (w - d.x[sample])^2
  train fit {
    minimize loss over w
    using step(lr: 0.25)
    for 50 steps
    record { w }
  }
  claim mean "w becomes the mean" { expect approx(fit.w[step: last], 2.5, abs: 1e-4) }
}
optimizer step(lr) for w[..] {
  w[..] <- w[..] - lr * grad[..]
}
`;
  test("are read, named by their hash, and not needed for a report", async () => {
    const folder = folderWith({ "s.amem": spec, "points.csv": "x,y\n1,0\n2,0\n3,0\n4,0\n" });
    const { code, out } = await amemc(folder, ["run", "s.amem", ...portable]);
    expect([code, out.split("\n")[0]]).toEqual([0, "holds      mean  2.5 approx 2.5"]);
    expect(manifestOf(folder).datasets).toMatchObject([{ path: "points.csv" }]);
    rmSync(join(folder, "points.csv"));
    expect((await amemc(folder, ["report", "out/s"])).out).toBe(out);
    expect((await amemc(folder, ["run", "s.amem"])).code).toBe(2);
  });
  test("with other values are computed again; with a gap they are refused", async () => {
    const folder = folderWith({ "s.amem": spec, "points.csv": "x,y\n1,0\n2,0\n3,0\n4,0\n" });
    await amemc(folder, ["run", "s.amem", ...portable]);
    writeFileSync(join(folder, "points.csv"), "x,y\n1,0\n2,0\n3,0\n5,0\n");
    const { code, out } = await amemc(folder, ["run", "s.amem"]);
    expect([code, out.startsWith("fails")]).toEqual([1, true]);
    writeFileSync(join(folder, "points.csv"), "x,y\n1,0\n,0\n3,0\n5,0\n");
    const gap = await amemc(folder, ["run", "s.amem"]);
    expect([gap.code, gap.err.includes("a number is missing")]).toEqual([2, true]);
  });
});

describe("Ctrl-C", () => {
  /** Runs until the first calls are surely over, then presses it. */
  async function interrupted(folder: string): Promise<Ended> {
    const child = start(folder, ["run", "s.amem", ...portable]);
    const end = ended(child);
    const began = Date.now();
    const manifest = join(folder, "out/s/small/manifest.json");
    const hasBegun = (): boolean => existsSync(manifest) && statSync(manifest).mtimeMs >= began;
    while (!hasBegun() && child.exitCode === null) await new Promise((done) => setTimeout(done, 50));
    await new Promise((done) => setTimeout(done, 4000));
    child.kill("SIGINT");
    return end;
  }

  test("ends with 130, keeps what is done, and the same command goes on", async () => {
    const folder = folderWith({
      "s.amem": descent({ steps: 100_000_000 }).replace("record {", "record every 50_000_000 {"),
    });
    const stepReached = (): number => {
      const [file] = filesBelow(folder, (name) => name.endsWith(".checkpoint"));
      return Number(/"step":(\d+)/u.exec(readFileSync(file ?? "", "latin1"))?.[1]);
    };
    const { code, out, err } = await interrupted(folder);
    expect([code, out]).toEqual([130, ""]);
    expect(err).toContain("interrupted");
    expect(manifestOf(folder).runs).toMatchObject([{ end: "interrupted" }]);
    const before = stepReached();
    expect(before).toBeGreaterThan(0);
    expect((await interrupted(folder)).code).toBe(130);
    expect(stepReached()).toBeGreaterThan(before);
    expect(manifestOf(folder).runs).toHaveLength(2);
  });
});
