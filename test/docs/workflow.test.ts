/** The example of a GitHub workflow: its `run:` steps are carried out, with files in place of GitHub's. */
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { parse } from "yaml";
import { claim, descent, plainEnvironment } from "../cli/helpers.js";
import { root } from "./blocks.js";

interface Step {
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly if?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly with?: Readonly<Record<string, string>>;
}
const file = "docs/github-actions/amemc.yml";
const workflow = parse(readFileSync(root + file, "utf8"), { strict: true }) as {
  readonly on: readonly string[];
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: { readonly claims: { readonly "timeout-minutes": number; readonly steps: readonly Step[] } };
};
const { steps } = workflow.jobs.claims;

/** A repository with specs, as after the checkouts; what sets amemc up only says that it was called. */
function repository(specs: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "amemc-workflow-"));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  for (const below of ["specs", "baselines", "amemc/scripts", "runner"])
    mkdirSync(join(folder, below), { recursive: true });
  for (const [name, text] of Object.entries(specs)) writeFileSync(join(folder, "specs", `${name}.amem`), text);
  symlinkSync(join(root, "scripts/amemc"), join(folder, "amemc/scripts/amemc"));
  writeFileSync(join(folder, "amemc/scripts/bootstrap"), 'echo "native=$AMEMC_REQUIRE_NATIVE"\n');
  chmodSync(join(folder, "amemc/scripts/bootstrap"), 0o755);
  for (const name of ["path", "summary"]) writeFileSync(join(folder, "runner", name), "");
  return folder;
}

interface Ran {
  readonly codes: readonly (number | null)[];
  readonly out: string;
  readonly summary: string;
}

/** As the runner does: `bash -e`, and folders that a step adds to the path count for the next ones. */
function runSteps(folder: string): Ran {
  const [path, summary] = [join(folder, "runner/path"), join(folder, "runner/summary")];
  const codes: (number | null)[] = [];
  let out = "";
  for (const { run, env } of steps) {
    if (run === undefined) continue;
    const added = readFileSync(path, "utf8")
      .split("\n")
      .filter((line) => line !== "");
    const { status, stdout } = spawnSync("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", run], {
      cwd: folder,
      encoding: "utf8",
      env: plainEnvironment({
        ...{ CI: "true", GITHUB_ACTIONS: "true", GITHUB_WORKSPACE: folder },
        ...{ GITHUB_PATH: path, GITHUB_STEP_SUMMARY: summary },
        PATH: [...added.reverse(), process.env.PATH ?? ""].join(delimiter),
        ...env,
      }),
    });
    codes.push(status);
    out += stdout;
  }
  return { codes, out, summary: readFileSync(summary, "utf8") };
}

const falls = claim("falls", "fit.loss[step: last] < fit.loss[step: first]");
const rises = claim("rises", "fit.loss[step: last] > fit.loss[step: first]");
const uploaded = (folder: string, action: RegExp): readonly string[] => {
  const step = steps.find(({ uses = "" }) => action.test(uses));
  const patterns = (step?.with?.path ?? step?.with?.sarif_file ?? "").split("\n").filter((line) => line !== "");
  const found = (pattern: string): string =>
    spawnSync("bash", ["-c", `shopt -s nullglob; printf '%s\\n' ${pattern}`], { cwd: folder, encoding: "utf8" }).stdout;
  return patterns.flatMap((pattern) =>
    found(pattern)
      .split("\n")
      .filter((line) => line !== ""),
  );
};

test("the README names it, and its steps are as GitHub wants them", () => {
  expect(readFileSync(`${root}README.md`, "utf8")).toContain(`(${file})`);
  expect(workflow.permissions).toEqual({ contents: "read", "security-events": "write" });
  for (const { uses, run } of steps) expect([uses, run].filter((part) => part !== undefined)).toHaveLength(1);
  for (const { uses = "a/b@v1" } of steps) expect(uses).toMatch(/^[\w-]+\/[\w/-]+@v\d+$/u);
  // Expressions would be put into a script before the shell reads it.
  for (const { run = "" } of steps) expect(run).not.toContain("${{");
  const cached = steps.filter(({ uses = "" }) => uses.startsWith("actions/cache@")).map((step) => step.with?.path);
  expect(cached).toEqual(["~/.cache/amemc", "out"]);
  for (const { uses = "", if: when = "" } of steps) if (uses.includes("upload")) expect(when).toContain("always()");
});

test("specs that are right pass, and their files are uploaded", () => {
  const folder = repository({ one: descent({ claims: falls }), "the other": descent({ claims: falls }) });
  const { codes, out, summary } = runSteps(folder);
  expect(codes).toEqual([0, 0]);
  expect(out).toContain("native=1");
  expect(out).not.toMatch(/^::/mu);
  expect(summary.match(/^## .*$/gmu)).toEqual([
    "## amemc compile-and-run: specs/one.amem",
    "## amemc compile-and-run: specs/the other.amem",
  ]);
  expect(uploaded(folder, /upload-artifact/u)).toEqual([
    ...["out/one/report.html", "out/the other/report.html", "out/one/claims.json", "out/the other/claims.json"],
    ...["ci/one.xml", "ci/the other.xml"],
  ]);
  expect(uploaded(folder, /upload-sarif/u)).toEqual(["ci"]);
  for (const name of ["one", "the other"]) {
    const log = JSON.parse(readFileSync(join(folder, `ci/${name}.sarif`), "utf8")) as {
      runs: { results: unknown[] }[];
    };
    expect(log.runs.map(({ results }) => results)).toEqual([[]]);
  }
});

test("a faulty spec, a claim that fails and a number that left its baseline fail the job; the rest is done all the same", () => {
  const folder = repository({
    a: "experiment e {\n  axis a = \n}\n",
    b: descent({ claims: `${falls}\n${rises}` }),
    c: descent({ claims: falls }),
  });
  const recorded = spawnSync(
    "sh",
    [join(root, "scripts/amemc"), "run", "specs/c.amem", "--baseline", "baselines/c.json", "--update-baseline"],
    {
      cwd: folder,
      env: plainEnvironment(),
    },
  );
  expect(recorded.status).toBe(0);
  writeFileSync(join(folder, "specs/c.amem"), descent({ etas: "[0.1, 0.4]", claims: falls }).replace("w = 1", "w = 2"));
  const { codes, out, summary } = runSteps(folder);
  expect(codes).toEqual([0, 1]);
  const marks = out.split("\n").filter((line) => line.startsWith("::"));
  expect(marks).toEqual([
    expect.stringMatching(/^::error file=specs\/a\.amem,line=3,col=1,endLine=3,.*title=AM1\d{3}::/u),
    expect.stringMatching(/^::error file=specs\/b\.amem,line=13,.*title=small\.rises fails::rises: /u),
    expect.stringMatching(
      /^::error file=specs\/c\.amem,line=12,.*title=small\.falls differs from the baseline::left side/u,
    ),
    expect.stringMatching(
      /^::error file=specs\/c\.amem,line=12,.*title=small\.falls differs from the baseline::right side/u,
    ),
  ]);
  expect(summary).toContain("**1 error** (exit code 2).");
  expect(summary).toContain("**1 of 2 claims met** (exit code 1).");
  expect(summary).toContain("**1 of 1 claim met, 2 differences from the baseline** (exit code 1).");
  expect(["a", "b", "c"].map((name) => existsSync(join(folder, `ci/${name}.sarif`)))).toEqual([true, true, true]);
});
