/** A table of edits to a spec that has been run: how many points each of them computes again, and that the numbers are right. */
import { cpSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openOutside } from "../../src/cli/outside.js";
import { readSpec } from "../../src/cli/spec-texts.js";
import { ops } from "../../src/ir/ops/index.js";
import { checkSpec, planSpec, runExperiment, writePlans } from "../../src/pipeline.js";
import type { Plan } from "../../src/plan/types.js";
import { openResults } from "../../src/results/source.js";
import { filesBelow } from "../../src/results/store/files.js";
import { Store } from "../../src/results/store/store.js";
import type { RunOutcome } from "../../src/run/run.js";
import { standingOf } from "../../src/run/standing.js";
import { packageVersion } from "../../src/base/package.js";

const SPEC = `use rules

experiment recall "Recall of four facts" {
  axis token = 4
  axis class = 3
  sweep d in [2, 3]
  sweep eta in [0.5, 1, 2]
  sweep seed in 0..1
  axis dim = d
  data table = dataset.csv("p.csv") { p[token] = column("p") }

  memory M = recall(token, class, dim)
  label[token] = mod(position(token), 3)
  loss = sum(token) table.p[token] * cross_entropy(class) M.score[token, class] at label[token]
  size_of_w = sqrt(sum(i: dim, o: dim) M.W[i, o]^2)

  train fit {
    minimize loss over M.W
    using slide(lr: eta)
    for 20 steps
    record { loss, size_of_w }
    record last { M.score }
  }
  measure norm {
    spread = exp(-size_of_w)
  }

  chart curve "Loss" = line(x: step, y: mean(eta, seed, d) fit.loss)
  claim falls "Training helps" { expect fit.loss[step: last] < fit.loss[step: first] }
}
`;
const RULES = `memory recall(token: axis, class: axis, dim: axis) {
  e[token, dim] ~ normal(0, 1)
  u[class, dim] ~ normal(0, 1)
  param W[dim, dim'] = 0
  score[token, class] = sum(dim, dim') u[class, dim] * W[dim, dim'] * e[token, dim']
}

optimizer slide(lr, damping = 0.9) for w[..] {
  w[..] <- w[..] - lr * damping * grad[..]
}
`;
const DATA = "p\n0.4\n0.3\n0.2\n0.1\n";
const POINTS = 12;

interface Files {
  readonly spec?: (text: string) => string;
  readonly rules?: (text: string) => string;
  readonly data?: (text: string) => string;
}

let base = "";
beforeAll(async () => {
  base = mkdtempSync(join(tmpdir(), "amemc-edits-"));
  write(base, {});
  await run(base);
}, 60_000);
afterAll(() => {
  rmSync(base, { recursive: true, force: true });
});

function write(folder: string, { spec, rules, data }: Files): void {
  const edited = (text: string, edit: ((text: string) => string) | undefined): string => {
    const after = edit?.(text) ?? text;
    if (edit !== undefined) expect(after).not.toBe(text);
    return after;
  };
  writeFileSync(join(folder, "s.amem"), edited(SPEC, spec));
  writeFileSync(join(folder, "rules.amem"), edited(RULES, rules));
  writeFileSync(join(folder, "p.csv"), edited(DATA, data));
}

async function planIn(folder: string): Promise<{ readonly spec: Awaited<ReturnType<typeof checkSpec>>; plan: Plan }> {
  const spec = await checkSpec(readSpec(join(folder, "s.amem")), { profile: null, settings: {} });
  expect(spec.diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  const [plan] = await planSpec(spec, "portable", true);
  if (plan === undefined) throw new Error("no plan");
  return { spec, plan };
}

async function run(folder: string): Promise<RunOutcome> {
  const { spec, plan } = await planIn(folder);
  const out = join(folder, "out");
  const [file] = await writePlans(out, "../s.amem", spec, [plan]);
  if (file === undefined) throw new Error("no plan file");
  const problems: unknown[] = [];
  const outcome = await runExperiment(out, file, plan, folder, {
    outside: openOutside(plan, folder),
    jobs: 1,
    first: null,
    where: { command: "amemc run s.amem", places: new Map() },
    engineVersion: packageVersion(),
    progress: { start: () => undefined, update: () => undefined, end: () => undefined },
    report: (diagnostic) => problems.push(diagnostic),
    interrupt: { onInterrupt: () => undefined },
  });
  expect(problems).toEqual([]);
  return outcome;
}

/** By phase: how many points are to be computed, and from which step. */
function openPoints(folder: string, plan: Plan): Record<string, string> {
  const store = Store.open(join(folder, "out/recall"), () => undefined);
  const standing = standingOf(plan, store, `portable ${packageVersion()}`);
  return Object.fromEntries(
    standing.map(({ phase, blocks }) => {
      const open = blocks.filter(({ missing }) => missing.length > 0);
      const points = open.reduce((sum, { missing }) => sum + missing.length, 0);
      const from = Math.max(0, ...open.map((block) => block.from));
      return [phase.name, from > 0 ? `${points} from step ${from}` : String(points)];
    }),
  );
}

/** All numbers of an experiment. */
function numbers(folder: string, plan: Plan): Record<string, readonly number[]> {
  const results = openResults(
    plan,
    Store.open(join(folder, "out/recall"), () => undefined),
  );
  const entries = plan.phases.flatMap((phase) =>
    phase.results
      .filter(({ hidden }) => !hidden)
      .map(({ name }) => [`${phase.name}.${name}`, [...(results.cells(phase.name, name)?.values ?? [])]] as const),
  );
  return Object.fromEntries(entries);
}

const replaced =
  (from: string | RegExp, to: string) =>
  (text: string): string =>
    text.replaceAll(from, to);

const nothing = { fit: "0", norm: "0" };
const all = { fit: String(POINTS), norm: String(POINTS) };

const EDITS: readonly (readonly [string, Files, Record<string, string>])[] = [
  ["a comment", { spec: (text) => `// about recall\n${text}` }, nothing],
  ["another chart", { spec: replaced('"Loss"', '"Loss of recall"') }, nothing],
  ["a claim over stored values", { spec: replaced("step: first] }", "step: 3] }") }, nothing],
  [
    "the order of axes and sweeps",
    {
      spec: (text) =>
        text
          .replace("  axis token = 4\n  axis class = 3\n", "  axis class = 3\n  axis token = 4\n")
          .replace(/( {2}sweep d .*\n)( {2}sweep eta .*\n)/u, "$2$1"),
    },
    nothing,
  ],
  ["a renamed index", { spec: replaced(/\bi: dim, o: dim\) M\.W\[i, o\]/gu, "a: dim, b: dim) M.W[a, b]") }, nothing],
  [
    "an exchange of factors",
    {
      spec: replaced(
        "table.p[token] * cross_entropy(class) M.score[token, class] at label[token]",
        "(cross_entropy(class) M.score[token, class] at label[token]) * table.p[token]",
      ),
    },
    nothing,
  ],
  ["a record less", { spec: replaced("record { loss, size_of_w }", "record { loss }") }, nothing],
  [
    "a record more in a measure",
    { spec: replaced("    spread =", "    twice = 2 * size_of_w\n    spread =") },
    { fit: "0", norm: String(POINTS) },
  ],
  [
    "a record more in training",
    { spec: replaced("{ loss, size_of_w }", "{ loss, size_of_w, half = loss / 2 }") },
    { fit: String(POINTS), norm: "0" },
  ],
  ["a further value of a sweep", { spec: replaced("[0.5, 1, 2]", "[0.5, 1, 2, 4]") }, { fit: "4", norm: "4" }],
  ["a value in the middle of a sweep", { spec: replaced("[0.5, 1, 2]", "[0.5, 0.75, 1, 2]") }, { fit: "4", norm: "4" }],
  ["a value less", { spec: replaced("[0.5, 1, 2]", "[0.5, 2]") }, nothing],
  [
    "twice the steps",
    { spec: replaced("20 steps", "40 steps") },
    { fit: `${POINTS} from step 20`, norm: String(POINTS) },
  ],
  ["half the steps", { spec: replaced("20 steps", "10 steps") }, all],
  ["a default of a library that is used", { rules: replaced("damping = 0.9", "damping = 0.8") }, all],
  [
    "a library declaration that nobody uses",
    { rules: (text) => `${text}\noptimizer other(lr) for w[..] {\n  w[..] <- w[..] - lr\n}\n` },
    nothing,
  ],
  ["a renamed memory: its draws have its name", { spec: replaced(/\bM\b/gu, "Memory") }, all],
  ["a data file", { data: replaced("0.4", "0.5") }, all],
  [
    "a step size that the measure depends on through training",
    { spec: replaced("[0.5, 1, 2]", "[0.5, 1, 3]") },
    { fit: "4", norm: "4" },
  ],
];

describe("an edit computes again what depends on it", () => {
  test.each(EDITS)("%s", async (_, edit, expected) => {
    const folder = mkdtempSync(join(tmpdir(), "amemc-edit-"));
    try {
      cpSync(base, folder, { recursive: true, preserveTimestamps: true });
      write(folder, edit);
      const { plan } = await planIn(folder);
      expect(openPoints(folder, plan)).toEqual(expected);

      const before = filesBelow(join(folder, "out/recall/blocks"), () => true);
      const times = new Map(before.map((file) => [file, statSync(file).mtimeMs]));
      await run(folder);
      expect(openPoints(folder, plan)).toEqual(nothing);
      for (const [file, time] of times) expect(statSync(file).mtimeMs).toBe(time);

      const fresh = mkdtempSync(join(tmpdir(), "amemc-fresh-"));
      try {
        write(fresh, edit);
        await run(fresh);
        expect(numbers(folder, plan)).toEqual(numbers(fresh, plan));
      } finally {
        rmSync(fresh, { recursive: true, force: true });
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  test("more steps are the only ones that are done", async () => {
    const folder = mkdtempSync(join(tmpdir(), "amemc-edit-"));
    try {
      write(folder, {});
      // Two values of `d`: two programs of one block.
      expect((await run(folder)).steps).toBe(2 * 20);
      write(folder, { spec: replaced("20 steps", "50 steps") });
      expect((await run(folder)).steps).toBe(2 * 30);
      expect((await run(folder)).steps).toBe(0);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  test("another semantics number of an op: what uses it", async () => {
    const exp = ops.exp as { semantics: number };
    exp.semantics += 1;
    try {
      const { plan } = await planIn(base);
      expect(openPoints(base, plan)).toEqual(all);
    } finally {
      exp.semantics -= 1;
    }
    const sqrt = ops.sqrt as { semantics: number };
    sqrt.semantics += 1;
    try {
      const { plan } = await planIn(base);
      // Training does not need the root, but one of its records does.
      expect(openPoints(base, plan)).toEqual(all);
    } finally {
      sqrt.semantics -= 1;
    }
    expect(readFileSync(join(base, "s.amem"), "utf8")).toBe(SPEC);
  });
});
