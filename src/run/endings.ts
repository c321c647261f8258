/** What is told of points that did not come to their end: failures at once, divergences once a phase. */
import type { Diagnostic } from "../base/diagnostic.js";
import type { Span } from "../base/span.js";
import type { PhasePlan, Plan, PointPlan, ProgramPlan } from "../plan/types.js";
import type { ColumnData, StoredPoint } from "../results/store/block-file.js";
import { describeCoordinate } from "../results/analysis/words.js";
import { divergedWords } from "../results/health/diverged.js";
import type { BlockJob } from "./block-job.js";
import type { NonFinite } from "./nonfinite.js";
import { countNonFinite, nonFiniteWarning } from "./nonfinite.js";
import { PointKeys } from "./point-keys.js";

/** Failures of a phase that are told one by one. */
const MOST_LINES = 10;

/** What a run knows of the spec that it belongs to. */
export interface Whereabouts {
  /** The command that goes on with it, as typed in a shell: `amemc run SPEC`. */
  readonly command: string;
  /** Where its phases stand, by their names. */
  readonly places: ReadonlyMap<string, Span>;
}

/** What is told of a phase when it is over. */
interface Tally {
  failed: number;
  readonly nonFinite: NonFinite;
  readonly diverged: { readonly point: PointPlan; readonly step: number }[];
}

export class Endings {
  /** By phase: those of a sequence are under way together. */
  private readonly tallies = new Map<string, Tally>();
  private readonly told = new Set<string>();

  private readonly keys: PointKeys;

  constructor(
    private readonly plan: Plan,
    private readonly where: Whereabouts,
    private readonly report: (diagnostic: Diagnostic) => void,
  ) {
    this.keys = new PointKeys(plan);
  }

  /** The command that computes this point and no other. */
  private alone(point: PointPlan): string {
    return `\`${this.where.command} --point ${this.keys.short(point.key)}\``;
  }

  add({ phase, plan, block }: BlockJob, points: readonly StoredPoint[], columns: readonly ColumnData[]): void {
    const tally = this.tallyOf(phase);
    countNonFinite(tally.nonFinite, phase, points, columns);
    for (const stored of points) {
      // Not by the key: points that compute the same have the same one.
      const point = phase.points[block.points[stored.place] ?? -1];
      if (point === undefined) continue;
      if (stored.state === "diverged") tally.diverged.push({ point, step: stored.diverged });
      if (stored.state !== "failed") continue;
      tally.failed += 1;
      if (tally.failed > MOST_LINES) continue;
      this.report(this.failure(phase, plan, point, stored));
    }
  }

  /** One line; the place in the spec is shown the first time. */
  private failure(phase: PhasePlan, plan: ProgramPlan, point: PointPlan, { failure }: StoredPoint): Diagnostic {
    const span = plan.program.checks[failure?.check ?? -1]?.span ?? null;
    const place = span === null ? "" : `${span.file}:${span.start}`;
    const isNew = !this.told.has(place);
    this.told.add(place);
    return {
      code: "AM7001",
      severity: "error",
      message: `\`${phase.name}\` failed${at(this.plan, phase, point)}: ${failure?.reason ?? "a check does not hold"}; again alone: ${this.alone(point)}`,
      span: isNew ? span : null,
    };
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
      help: `the other points go on; \`${this.where.command}\` tries these again${first === undefined ? "" : `, ${this.alone(first)} the first one alone`}`,
    });
  }

  phaseOver(phase: PhasePlan): void {
    const { failed, diverged, nonFinite } = this.tallyOf(phase);
    if (failed > MOST_LINES) this.report(manyFailed(phase, failed));
    const span = this.where.places.get(phase.name) ?? null;
    if (diverged.length > 0) this.report(divergence(this.plan, phase, diverged, span));
    if (nonFinite.size > 0) this.report(nonFiniteWarning(phase, nonFinite, span));
    this.tallies.delete(phase.name);
  }

  private tallyOf({ name }: PhasePlan): Tally {
    const tally = this.tallies.get(name) ?? { failed: 0, nonFinite: new Map(), diverged: [] };
    this.tallies.set(name, tally);
    return tally;
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
      return `${name} = ${describeCoordinate({ labels: sweep?.labels ?? null }, value)}`;
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
  diverged: readonly { readonly point: PointPlan; readonly step: number }[],
  span: Span | null,
): Diagnostic {
  const runs = diverged.map(({ point, step }) => ({
    point: describePoint(plan, phase, point.position),
    when: `at step ${step}`,
  }));
  return {
    code: "AM6501",
    severity: "warning",
    message: divergedWords(phase.name, runs, phase.points.length),
    span,
    help: "take smaller steps; earlier records are kept, and claims that need later ones are undecided unless they say `where finished`",
  };
}

const firstLine = (text: string): string => text.split("\n")[0] ?? "";
const rest = (text: string): readonly string[] => (text.includes("\n") ? [text.slice(text.indexOf("\n") + 1)] : []);
const lastLines = (text: string): string => text.split("\n").slice(-5).join("\n");
