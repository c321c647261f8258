/** Checked experiment to plan. Pure: what is already done is nobody's business here. */
import { UserError } from "../base/diagnostic.js";
import type { Experiment } from "../language/typed.js";
import { expandSweeps } from "./expand.js";
import { PhasePlanner } from "./phases.js";
import { withTurn } from "./turns.js";
import type { PhasePlan, Plan } from "./types.js";
import type { Chosen } from "./units.js";

export interface PlanOptions {
  readonly engine: "graph" | "portable";
  readonly profile: string | null;
  readonly settings: Readonly<Record<string, string>>;
  /** `--yes`: large plans are wanted. */
  readonly yes: boolean;
  /** Whether runs of several sizes may share a program; where it is compiled, unless said otherwise. */
  readonly padding?: boolean;
  /** What adaptive sweeps have come to. */
  readonly chosen?: readonly Chosen[];
}

/** A plan of more programs than this is asked about first. */
const MANY_PROGRAMS = 1000;

export function planExperiment(experiment: Experiment, options: PlanOptions): Plan {
  const expansion = expandSweeps(experiment, options.yes, options.chosen);
  if (!options.yes) askAboutPrograms(experiment, expansion);
  const done = new Map<string, PhasePlan>();
  const planner = new PhasePlanner(experiment, expansion, done, {
    engine: options.engine,
    padding: options.padding ?? options.engine === "graph",
  });
  for (const phase of experiment.phases) {
    const before = done.get(phase.name);
    const plan = planner.plan(phase);
    done.set(phase.name, before === undefined ? plan : withTurn(before, plan));
  }
  return {
    format: 1,
    experiment: experiment.name,
    title: experiment.title,
    precision: experiment.precision,
    engine: options.engine,
    profile: options.profile,
    settings: options.settings,
    sweeps: expansion.sweeps,
    phases: [...done.values()],
    datasets: experiment.datasets.map(({ path, format, sha256 }) => ({ path, format, sha256 })),
  };
}

function askAboutPrograms(experiment: Experiment, expansion: ReturnType<typeof expandSweeps>): void {
  for (const phase of experiment.phases) {
    const places = phase.structural.map((axis) => expansion.axes.indexOf(axis));
    const axes = places.map((place) => expansion.axes[place] ?? -1);
    const programs = new Set(expansion.points.map((point) => axes.map((axis) => point.get(axis)).join(","))).size;
    if (programs <= MANY_PROGRAMS) continue;
    const names = places.map((place) => `\`${expansion.sweeps[place]?.name ?? "?"}\``).join(", ");
    throw new UserError({
      code: "AM4022",
      severity: "error",
      message: `\`${phase.name}\` needs ${programs.toLocaleString("en")} programs`,
      span: phase.span,
      notes: [`a program is compiled for each value of ${names}: shapes, step counts or a \`case\` depend on it`],
      help: "let fewer values vary, or say that it is meant: `--yes`",
    });
  }
}
