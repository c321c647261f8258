/** What is told of points that did not come to their end: failures at once, divergences once a phase. */
import type { Diagnostic } from "../base/diagnostic.js";
import type { PhasePlan, Plan, PointPlan } from "../plan/types.js";
import type { ColumnData, StoredPoint } from "../results/store/block-file.js";
import type { BlockJob } from "./block-job.js";
import type { NonFinite } from "./nonfinite.js";
import { countNonFinite, nonFiniteWarning } from "./nonfinite.js";

/** Failures of a phase that are told one by one. */
const MOST_LINES = 10;

export class Endings {
  private failed = 0;
  private readonly nonFinite: NonFinite = new Map();
  private readonly told = new Set<string>();
  private diverged: { readonly point: PointPlan; readonly step: number }[] = [];

  constructor(
    private readonly plan: Plan,
    private readonly report: (diagnostic: Diagnostic) => void,
  ) {}

  add({ phase, plan }: BlockJob, points: readonly StoredPoint[], columns: readonly ColumnData[]): void {
    countNonFinite(this.nonFinite, phase, points, columns);
    for (const stored of points) {
      const point = phase.points.find(({ key }) => key === stored.key);
      if (point === undefined) continue;
      if (stored.state === "diverged") this.diverged.push({ point, step: stored.diverged });
      if (stored.state !== "failed") continue;
      this.failed += 1;
      if (this.failed > MOST_LINES) continue;
      this.report({
        code: "AM7001",
        severity: "error",
        message: `\`${phase.name}\` failed${at(this.plan, phase, point)}: ${stored.failure?.reason ?? "a check does not hold"}`,
        span: plan.program.checks[stored.failure?.check ?? -1]?.span ?? null,
      });
    }
  }

  gaveUp({ phase, plan, points }: BlockJob, reason: string, log: string): void {
    // What fails for the same reason in every block of a program is told once.
    const told = `${plan.key} ${reason}`;
    if (this.told.has(told)) return;
    this.told.add(told);
    const [first] = points;
    const more = points.length > 1 ? ` and ${points.length - 1} more points` : "";
    this.report({
      code: "AM7002",
      severity: "error",
      message: `\`${phase.name}\` failed${first === undefined ? "" : at(this.plan, phase, first)}${more}: ${firstLine(reason)}`,
      span: null,
      notes: [...rest(reason), ...(log === "" ? [] : [lastLines(log)])],
      help: "the other points go on; `amemc run` tries these again",
    });
  }

  phaseOver(phase: PhasePlan): void {
    if (this.failed > MOST_LINES) this.report(manyFailed(phase, this.failed));
    const [first] = this.diverged;
    if (first !== undefined) this.report(divergence(this.plan, phase, first, this.diverged.length));
    if (this.nonFinite.size > 0) this.report(nonFiniteWarning(phase, this.nonFinite));
    this.failed = 0;
    this.nonFinite.clear();
    this.diverged = [];
  }
}

/** ` at eta = 10, seed = 3`; nothing where nothing is swept. */
function at(plan: Plan, phase: PhasePlan, point: PointPlan): string {
  const text = describePoint(plan, phase, point.position);
  return text === "" ? "" : ` at ${text}`;
}

/** `eta = 10, seed = 3`. */
export function describePoint(
  plan: Pick<Plan, "sweeps">,
  phase: Pick<PhasePlan, "axes">,
  position: readonly number[],
): string {
  return phase.axes
    .map((name, k) => {
      const sweep = plan.sweeps.find((candidate) => candidate.name === name);
      const value = sweep?.coordinates[position[k] ?? 0] ?? NaN;
      return `${name} = ${sweep?.labels?.[value] ?? value}`;
    })
    .join(", ");
}

function manyFailed(phase: PhasePlan, count: number): Diagnostic {
  return {
    code: "AM7001",
    severity: "error",
    message: `${count} points of \`${phase.name}\` failed in all`,
    span: null,
    help: "`manifest.json` lists them",
  };
}

function divergence(
  plan: Plan,
  phase: PhasePlan,
  first: { readonly point: PointPlan; readonly step: number },
  count: number,
): Diagnostic {
  const all = phase.points.length;
  const which = describePoint(plan, phase, first.point.position);
  return {
    code: "AM7003",
    severity: "warning",
    message: `${count} of ${all} runs of \`${phase.name}\` became non-finite`,
    span: null,
    notes: [`one of them${which === "" ? "" : `, ${which},`} at step ${first.step}`],
    help: "their earlier records are kept; claims that need later ones are undecided unless they say `where finished`",
  };
}

const firstLine = (text: string): string => text.split("\n")[0] ?? "";
const rest = (text: string): readonly string[] => (text.includes("\n") ? [text.slice(text.indexOf("\n") + 1)] : []);
const lastLines = (text: string): string => text.split("\n").slice(-5).join("\n");
