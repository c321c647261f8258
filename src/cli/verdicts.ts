/** The end of a run: verdicts with their numbers, the points they rest on, the page, the exit code. */
import type { Diagnostic } from "../base/diagnostic.js";
import { visible } from "../base/visible.js";
import { drawPage, writeVerdicts } from "../pipeline.js";
import type { Expectation, Verdict } from "../results/chart-types.js";
import { claimsOf } from "../results/claims-file.js";
import { writeAllTables } from "../results/judge.js";
import type { Judged, PhaseSummary } from "../results/judged.js";
import { counted } from "./counted.js";
import { exitCode } from "./exit-code.js";
import { command } from "./workflow.js";
import type { Colors, Terminal } from "./terminal.js";

export interface ShowOptions {
  readonly json: boolean;
  /** Leave tables that are there. */
  readonly onlyMissing: boolean;
}

/** Writes and prints everything; tables come after the verdicts. */
export async function showVerdicts(
  terminal: Terminal,
  folder: string,
  judged: Judged,
  options: ShowOptions,
  report: (diagnostic: Diagnostic) => void,
): Promise<number> {
  await writeVerdicts(folder, judged);
  const code = judgeExit(judged);
  if (!options.json) terminal.out(verdictLines(judged, terminal.outColors));
  if (terminal.github) terminal.err(claimAnnotations(judged));
  const page = await drawPage(folder, judged, report);
  if (options.json) terminal.out(`${JSON.stringify({ ...claimsOf(judged), report: page, exitCode: code }, null, 2)}\n`);
  else terminal.out(`${page}\n`);
  await writeAllTables(folder, judged, options.onlyMissing, report);
  return code;
}

/** What the verdicts and the points say to the shell. */
export function judgeExit({ experiments }: Judged): number {
  const claims = experiments.flatMap(({ evaluated }) => evaluated.verdicts);
  const points = experiments.flatMap(({ summaries }) => summaries);
  // A coordinate that the full plan does not have is a fault of the spec; `--set` and profiles may well remove some.
  const wrong = experiments.some(
    ({ file, evaluated }) =>
      file.plan.profile === null &&
      Object.keys(file.plan.settings).length === 0 &&
      evaluated.problems.some(({ severity }) => severity === "error"),
  );
  return exitCode({
    wrong,
    failing: claims.some((claim) => claim.verdict !== "undecided" && !claim.met),
    incomplete: points.some(({ failed, missing }) => failed + missing > 0),
    undecided: claims.some((claim) => claim.verdict === "undecided"),
  });
}

export function verdictLines({ experiments }: Judged, colors: Colors): string {
  const lines = experiments.flatMap(({ name, summaries, evaluated }) => {
    const width = Math.max(0, ...evaluated.verdicts.map((claim) => claim.name.length));
    const head = experiments.length > 1 ? [colors.bold(name)] : [];
    return [
      ...head,
      ...evaluated.verdicts.flatMap((claim) => [claimLine(claim, width, colors), ...warningLines(claim, colors)]),
      pointLine(summaries, colors),
    ];
  });
  const claims = experiments.flatMap(({ evaluated }) => evaluated.verdicts);
  if (claims.length === 0) lines.push("no claims");
  return lines.map((line) => `${line}\n`).join("");
}

/** Claims that are not met, for a GitHub workflow. */
function claimAnnotations({ experiments }: Judged): string {
  const lines = experiments.flatMap(({ name, evaluated }) =>
    evaluated.verdicts.flatMap((claim) => {
      if (claim.met) return [];
      const level = claim.verdict === "undecided" ? "warning" : "error";
      return [
        command(
          level,
          { title: `${name}.${claim.name} ${claim.verdict}` },
          `${claim.title ?? claim.name}: ${detail(claim)}`,
        ),
      ];
    }),
  );
  return lines.map((line) => `${line}\n`).join("");
}

function claimLine(claim: Verdict, width: number, colors: Colors): string {
  const { verdict, expectedFails, met } = claim;
  const paint = verdict === "undecided" ? colors.yellow : met ? colors.green : colors.red;
  const note =
    expectedFails === null
      ? ""
      : verdict === "fails"
        ? " (as expected)"
        : verdict === "holds"
          ? " (expected to fail)"
          : "";
  return `${paint(verdict.padEnd(9))}  ${claim.name.padEnd(width)}  ${detail(claim)}${note}`.trimEnd();
}

/** What is behind the expectations that decided: a line each, and one with advice. */
function warningLines({ verdict, expectations }: Verdict, colors: Colors): readonly string[] {
  const warnings = expectations.filter((one) => one.verdict === verdict).flatMap((one) => one.warnings);
  return warnings.flatMap(({ code, message, help, at }) => [
    `  ${colors.yellow(`warning[${code}]`)} line ${at.line}: ${visible(message)}`,
    `    ${colors.bold("help:")} ${visible(help)}`,
  ]);
}

/** The numbers of what decided: what fails, or is undecided, else all of them. */
function detail({ verdict, expectations }: Verdict): string {
  const deciding = expectations.filter((expectation) => expectation.verdict === verdict);
  return deciding.map(expectationWords).join("; ");
}

function expectationWords({ text, verdict, measured, worst, counts, share, reason }: Expectation): string {
  const found = [measured === null ? text : comparison(measured)];
  if (share !== null && share.found !== null) found.push(`in ${percent(share.found)} of ${share.of}`);
  const where = worst.map(
    ({ axis, coordinate }) => `${axis} = ${typeof coordinate === "number" ? shortNumber(coordinate) : coordinate}`,
  );
  if (where.length > 0 && counts.total > 1) found.push(`at ${where.join(", ")}`);
  const words = found.join(" ");
  if (reason === null) return words;
  if (verdict !== "undecided") return `${words} (${reason})`;
  return measured === null ? reason : `${reason}; so far ${words}`;
}

/** Digits enough to see what is different. */
function comparison({ leftValue, comparator, rightValue }: NonNullable<Expectation["measured"]>): string {
  const [left, right] = [shortNumber(leftValue), shortNumber(rightValue)];
  const hidden = left === right && leftValue !== rightValue;
  return hidden ? `${String(leftValue)} ${comparator} ${String(rightValue)}` : `${left} ${comparator} ${right}`;
}

const percent = (share: number): string => `${Number((100 * share).toPrecision(4))}%`;

export function shortNumber(value: number | null): string {
  if (value === null) return "?";
  return Number.isInteger(value) && Math.abs(value) < 1e9 ? String(value) : String(Number(value.toPrecision(4)));
}

const STATES = ["done", "failed", "diverged", "missing"] as const;

/** One line: how many points there should be, and what became of them; by phase where several are concerned. */
export function pointLine(points: readonly PhaseSummary[], colors: Colors): string {
  const total = (name: keyof Omit<PhaseSummary, "phase">): number => points.reduce((sum, one) => sum + one[name], 0);
  const expected = `${counted(total("expected"), "point")} expected`;
  if (total("done") === total("expected")) return colors.dim(`${expected}, all done`);
  const words = (count: (name: (typeof STATES)[number]) => number): readonly string[] =>
    STATES.flatMap((name) => (name === "done" || count(name) === 0 ? [] : [`${count(name)} ${name}`]));
  const phases = points.flatMap((one) => {
    const lost = words((name) => one[name]);
    return lost.length === 0 ? [] : [`${one.phase}: ${lost.join(", ")}`];
  });
  const where = points.length > 1 ? ` (${phases.join("; ")})` : "";
  return colors.yellow(`${expected}: ${[`${total("done")} done`, ...words(total)].join(", ")}${where}`);
}
