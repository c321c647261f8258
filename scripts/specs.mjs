// Runs the specs of the repository at full size and writes their verdicts: specs/results.json and specs/README.md.
// What was run before and has not changed since is not run again. `node scripts/specs.mjs [--profile NAME] [spec …]`
// Points are kept in `out/specs`, so that a run that was interrupted goes on. With a profile its report is all that is written.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { writeAtomic } from "./lib/files.mjs";
import { root } from "./lib/paths.mjs";
import { say } from "./lib/say.mjs";

export const RESULTS = "specs/results.json";
export const PAGE = "specs/README.md";

/**
 * @typedef {{ name: string, title: string | null, verdict: string, met: boolean, expectedFails: string | null, measured: string }} Claim
 * @typedef {{ name: string, title: string | null, claims: Claim[] }} Experiment
 * @typedef {{ verdict: string, text: string, measured: { leftValue: unknown, comparator: string, rightValue: unknown } | null }} Expectation
 * @typedef {{ name: string, title: string | null, verdict: string, met: boolean, expectedFails: { reason: string | null } | null, expectations: Expectation[] }} Judged
 * @typedef {{ experiments: { name: string, title: string | null, claims: Judged[] }[] }} Verdicts
 * @typedef {{ spec: string, sha256: string, seconds: number, experiments: Experiment[] }} Result
 */

/** @param {string} [folder] */
export function specsIn(folder = join(root, "specs")) {
  return (
    readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".amem"))
      .map((name) => name.replaceAll("\\", "/"))
      // Modules have no experiments.
      .filter((name) => /^experiment /mu.test(readFileSync(join(folder, name), "utf8")))
      .sort()
  );
}

/** @param {string} spec */
export function digestOf(spec) {
  const hash = createHash("sha256");
  for (const file of [spec, ...usedBy(spec)]) hash.update(readFileSync(join(root, "specs", file)));
  return hash.digest("hex");
}

/** The modules beside a spec that it uses. @param {string} spec */
const usedBy = (spec) =>
  [...readFileSync(join(root, "specs", spec), "utf8").matchAll(/^use (\w+)$/gmu)].map(
    ([, name]) => `${dirname(spec)}/${name}.amem`,
  );

/** @returns {Result[]} */
export function readResults() {
  /** @type {unknown} */
  const known = JSON.parse(readFileSync(join(root, RESULTS), "utf8"));
  return /** @type {Result[]} */ (known);
}

const HEAD = `# Specs

Every spec of the repository, its claims and what was measured, at full size. A claim that a paper makes and that does not come out
is marked as expected to fail, with the number: that is a finding. This page is made from runs by \`node scripts/specs.mjs\`; a test
tells when a spec has changed since. \`amemc compile-and-run specs/SPEC\` makes the report of one. \`scaling/training.amem\` runs cuts
through a grid of 40 320 runs; \`node scripts/specs.mjs --profile published specs/scaling/training.amem\` is for all of it, which takes hours,
goes on where it was interrupted, and its report has a chart of what is done.
`;

/** @param {Result[]} results */
export function specsPage(results) {
  const claims = results.flatMap(({ experiments }) => experiments.flatMap((experiment) => experiment.claims));
  const met = claims.filter((claim) => claim.met).length;
  const summary = `\n${results.length} specs, ${claims.length} claims, ${met} of them as the specs say.\n`;
  return [HEAD, summary, ...results.map(section)].join("");
}

/** @param {Result} result */
function section({ spec, seconds, experiments }) {
  const rows = experiments.flatMap(({ title, name, claims }) =>
    claims.map(
      (claim) =>
        `| ${cell(title ?? name)} | ${cell(claim.title ?? claim.name)} | ${claim.verdict}${claim.expectedFails === null ? "" : `, as expected: ${cell(claim.expectedFails)}`}${claim.met ? "" : " (**not met**)"} | ${cell(claim.measured)} |`,
    ),
  );
  const table =
    rows.length === 0
      ? ["", "No claims."]
      : ["", "| experiment | claim | verdict | measured |", "|---|---|---|---|", ...rows];
  return `\n## [${spec}](${spec})\n\nLast sitting: ${seconds} s.\n${table.join("\n")}\n`;
}

/** @param {string} text */
const cell = (text) => text.replaceAll("|", "\\|").replaceAll("\n", " ");

/** @param {unknown} value */
const number = (value) => (typeof value === "number" ? String(Number(value.toPrecision(4))) : String(value));

/** @param {Judged} claim */
function measuredIn({ expectations }) {
  const texts = expectations.map(({ measured, text, verdict }) =>
    measured === null || measured.leftValue === null || measured.rightValue === null
      ? `${text}: ${verdict}`
      : `${number(measured.leftValue)} ${measured.comparator} ${number(measured.rightValue)}`,
  );
  const shown = texts.slice(0, 4);
  return texts.length > shown.length ? `${shown.join("; ")}; …` : shown.join("; ");
}

/** Where the points of a spec are kept, whatever its profile. @param {string} spec */
const folderOf = (spec) => join(root, "out/specs", spec.replace(/\.amem$/u, ""));

/** @param {string} spec */
const command = (spec) => [
  join(root, "scripts/amemc"),
  "run",
  join(root, "specs", spec),
  "--out",
  folderOf(spec),
  "--yes",
];

/** @param {string} spec @returns {Result} */
function run(spec) {
  const started = Date.now();
  const { stdout, stderr } = spawnSync("sh", [...command(spec), "--json"], {
    encoding: "utf8",
    maxBuffer: 2 ** 28,
    stdio: ["ignore", "pipe", "pipe"],
  });
  if (!stdout.startsWith("{")) throw new Error(`${spec} did not run: ${stderr.slice(-2000)}`);
  /** @type {unknown} */
  const parsed = JSON.parse(stdout);
  const { experiments } = /** @type {Verdicts} */ (parsed);
  return {
    spec,
    sha256: digestOf(spec),
    seconds: Math.round((Date.now() - started) / 1000),
    experiments: experiments.map(({ name, title, claims }) => ({
      name,
      title,
      claims: claims.map((claim) => ({
        name: claim.name,
        title: claim.title,
        verdict: claim.verdict,
        met: claim.met,
        expectedFails: claim.expectedFails?.reason ?? (claim.expectedFails === null ? null : ""),
        measured: measuredIn(claim),
      })),
    })),
  };
}

/** @param {string[]} wanted @param {string} profile */
function inProfile(wanted, profile) {
  for (const spec of specsIn().filter((name) => wanted.includes(name))) {
    const { status } = spawnSync("sh", [...command(spec), "--profile", profile], {
      stdio: ["ignore", "inherit", "inherit"],
    });
    if (status !== 0) process.exitCode = status ?? 1;
  }
}

/** @param {string[]} args */
async function main(args) {
  const at = args.indexOf("--profile");
  const [, profile] = at < 0 ? [] : args.splice(at, 2);
  /** @type {Map<string, Result>} */
  const known = new Map();
  try {
    for (const result of readResults()) known.set(result.spec, result);
  } catch {
    // There are none yet.
  }
  const names = args.map((name) => relative(join(root, "specs"), resolve(name)));
  const unknown = args.filter((_, k) => !specsIn().includes(names[k] ?? ""));
  if (unknown.length > 0) {
    say(`no specs: ${unknown.join(", ")}; name them as files, like specs/quickstart.amem`);
    process.exitCode = 2;
    return;
  }
  if (profile !== undefined) {
    inProfile(names, profile);
    return;
  }
  for (const spec of specsIn()) {
    const isAsked = names.length === 0 ? known.get(spec)?.sha256 !== digestOf(spec) : names.includes(spec);
    if (isAsked) {
      const result = run(spec);
      known.set(spec, result);
      say(`${spec}: ${result.seconds} s`);
    }
    const results = specsIn().flatMap((name) => known.get(name) ?? []);
    writeAtomic(join(root, RESULTS), `${JSON.stringify(results, null, 2)}\n`);
    const { format } = await import("prettier");
    writeAtomic(join(root, PAGE), await format(specsPage(results), { parser: "markdown" }));
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main(process.argv.slice(2));
