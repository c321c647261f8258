import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { amemc, claim, descent, folderWith } from "./helpers.js";

const commands = [
  "check",
  "fmt",
  "compile",
  "run",
  "report",
  "compile-and-run",
  "explain",
  "plan",
  "why",
  "doctor",
  "setup",
  "data",
  "init",
];
const portable = ["--engine", "portable"];

describe("help", () => {
  test("lists the commands and exit codes on stdout", async () => {
    const { code, out, err } = await amemc(".", ["--help"]);
    expect([code, err]).toEqual([0, ""]);
    for (const command of commands) expect(out).toContain(command);
    expect(out).toContain("130  Ctrl-C");
  });
  test.each(commands)("of %s has examples", async (command) => {
    const { code, out } = await amemc(".", [command, "--help"]);
    expect(code).toBe(0);
    expect(out).toContain(`$ amemc ${command}`);
  });
  test("without a command goes to stderr", async () => {
    const { code, out, err } = await amemc(".", []);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toContain("Usage");
  });
});

describe("a wrong command line", () => {
  test.each([
    [["chek", "x.amem"], "AM8001", "did you mean `check`?"],
    [["check", "--jsn", "x.amem"], "AM8002", "did you mean `--json`?"],
    [["check"], "AM8003", "`check` needs a SPEC"],
    [["check", "a.amem", "b.amem"], "AM8003", "more arguments"],
    [["run", "x.amem", "--engine", "gpu"], "AM8003", "graph, portable, auto"],
    [["run", "x.amem", "--jobs", "0"], "AM8003", "1 or more"],
    [["run", "x.amem", "--set", "eta"], "AM8003", "NAME=VALUE"],
    [["run", "x.amem", "--memory", "much"], "AM8003", "4GB"],
    [["check", "x.amem"], "AM8004", "there is no such file"],
    [["report", "nowhere"], "AM8005", "no folder of results"],
  ])("%j gets %s", async (args, code, text) => {
    const ended = await amemc(folderWith({}), args);
    expect([ended.code, ended.out]).toEqual([2, ""]);
    expect(ended.err).toContain(code);
    expect(ended.err).toContain(text);
    expect(ended.err).not.toMatch(/^\s+at /mu);
  });
});

describe("check", () => {
  const wrong = descent().replace("w^2 / 2", "w^2 / two");

  test("says that there is nothing wrong", async () => {
    const folder = folderWith({ "s.amem": descent({ claims: claim("a", "fit.loss < 0.1") }) });
    expect(await amemc(folder, ["check", "s.amem"])).toEqual({
      code: 0,
      out: "s.amem: no errors; small (1 claim)\n",
      err: "",
    });
  });
  test("shows the place, as the file was named", async () => {
    const folder = folderWith({ "s.amem": wrong });
    const { code, out, err } = await amemc(join(folder, ".."), ["check", join(folder, "s.amem")]);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toContain(`${join(folder, "s.amem")}:5:`);
    expect(err).toContain("`two`");
  });
  test("prints JSON to stdout", async () => {
    const { code, out, err } = await amemc(folderWith({ "s.amem": wrong }), ["check", "--json", "s.amem"]);
    expect([code, err]).toEqual([2, ""]);
    expect(JSON.parse(out)).toMatchObject({
      ok: false,
      diagnostics: [{ severity: "error", at: { file: "s.amem", line: 5 } }],
    });
  });
  test("annotates in a workflow", async () => {
    const { out } = await amemc(folderWith({ "s.amem": wrong }), ["check", "s.amem"], { GITHUB_ACTIONS: "true" });
    expect(out).toMatch(/^::error file=s\.amem,line=5,col=\d+,endLine=5,endColumn=\d+,title=AM\d{4}::/mu);
  });
  test("refuses what is no text, and a folder", async () => {
    const folder = folderWith({ "s.amem": Uint8Array.of(0xff, 0xfe, 0) });
    expect((await amemc(folder, ["check", "s.amem"])).err).toContain("no text in UTF-8");
    expect((await amemc(folder, ["check", "."])).err).toContain("it is a folder");
  });
  test("finds files that stand beside, and says which are missing", async () => {
    const [head, optimizer] = descent().split("optimizer step");
    const folder = folderWith({
      "s.amem": `use steps\n${head ?? ""}`,
      "steps.amem": `optimizer step${optimizer ?? ""}`,
    });
    expect((await amemc(folder, ["check", "s.amem"])).code).toBe(0);
    rmSync(join(folder, "steps.amem"));
    const { code, err } = await amemc(folder, ["check", "s.amem"]);
    expect([code, err.includes("steps")]).toEqual([2, true]);
  });
});

describe("init", () => {
  test("writes a spec that is right, and never over another", async () => {
    const folder = folderWith({});
    expect((await amemc(folder, ["init", "mine"])).out.trim()).toBe(join("mine", "experiment.amem"));
    expect((await amemc(folder, ["check", join("mine", "experiment.amem")])).code).toBe(0);
    const again = await amemc(folder, ["init", "mine"]);
    expect([again.code, again.err.includes("AM8009")]).toEqual([2, true]);
  });
});

describe("compile", () => {
  const planOf = (folder: string): { revision: number; spec: { path: string; text: string } } =>
    JSON.parse(readFileSync(join(folder, "out/s/small/plan.json"), "utf8")) as ReturnType<typeof planOf>;

  test("freezes plan and programs; an edit writes the next revision", async () => {
    const folder = folderWith({ "s.amem": descent() });
    const { code, out } = await amemc(folder, ["compile", "s.amem", ...portable]);
    expect([code, out]).toEqual([0, "small: revision 1, 2 points, 1 block, 1 program (portable engine)\nout/s\n"]);
    expect(planOf(folder)).toMatchObject({ revision: 1, spec: { path: "../../s.amem", text: descent() } });
    expect(readdirSync(join(folder, "out/s/small/programs"))).toHaveLength(1);
    await amemc(folder, ["compile", "s.amem", ...portable]);
    expect(planOf(folder).revision).toBe(1);
    writeFileSync(join(folder, "s.amem"), descent({ etas: "[0.1, 0.5, 0.7]" }));
    await amemc(folder, ["compile", "s.amem"]);
    expect(planOf(folder)).toMatchObject({ revision: 2, plan: { engine: "portable" } });
  });
  test("does not depend on where it is called", async () => {
    const folder = folderWith({ "s.amem": descent() });
    await amemc(folder, ["compile", "s.amem", ...portable]);
    const before = readFileSync(join(folder, "out/s/small/plan.json"));
    const args = ["compile", join(folder, "s.amem"), "--out", join(folder, "out"), ...portable];
    await amemc(join(folder, ".."), args);
    expect(readFileSync(join(folder, "out/s/small/plan.json"))).toEqual(before);
  });
  test("refuses the folder of another spec", async () => {
    const [folder, other] = [folderWith({ "s.amem": descent() }), folderWith({ "s.amem": descent({ steps: 7 }) })];
    await amemc(folder, ["compile", "s.amem", ...portable]);
    const { code, err } = await amemc(other, ["compile", "s.amem", "--out", join(folder, "out"), ...portable]);
    expect([code, err.includes("AM8006")]).toEqual([2, true]);
  });
  test("refuses what does not fit into memory, and what nobody can have meant", async () => {
    const folder = folderWith({
      "s.amem": descent({ steps: 1_000_000 }),
      "many.amem": descent({ etas: "linspace(0, 1, 200_000)" }),
    });
    const memory = await amemc(folder, ["compile", "s.amem", "--memory", "100MB", ...portable]);
    expect([memory.code, memory.err.includes("AM7204")]).toEqual([2, true]);
    const many = await amemc(folder, ["compile", "many.amem", ...portable]);
    expect([many.code, many.err.includes("--yes")]).toEqual([2, true]);
    expect(existsSync(join(folder, "out"))).toBe(false);
  });
  test("a spec without experiments is told so", async () => {
    const { code, err } = await amemc(folderWith({ "s.amem": "let a = 1\n" }), ["compile", "s.amem"]);
    expect([code, err.includes("AM8010")]).toEqual([2, true]);
  });
});

describe("explain", () => {
  test("says what a run would compute", async () => {
    const folder = folderWith({ "s.amem": descent({ etas: "0.1 .. 0.1" }) });
    writeFileSync(join(folder, "s.amem"), descent());
    const { code, out } = await amemc(folder, ["explain", "s.amem", "--json", ...portable]);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      experiments: [
        {
          experiment: "small",
          engine: "portable",
          phases: [
            {
              name: "fit",
              points: 2,
              programs: [{ steps: 10, blocks: 1, inputs: [{ source: "scalar", varies: true }] }],
            },
          ],
        },
      ],
    });
    expect((await amemc(folder, ["explain", "s.amem", ...portable])).out).toContain(
      "train fit: 2 points over eta, 1 program",
    );
    expect(existsSync(join(folder, "out"))).toBe(false);
  });
});

test("doctor prints JSON", async () => {
  const { code, out } = await amemc(".", ["doctor", "--json"]);
  expect(code).toBe(0);
  expect(JSON.parse(out)).toHaveProperty("tensorflow");
});
