/** `amemc run` and `amemc compile-and-run`: points, claims, page, tables. */
import type { Diagnostic } from "../../base/diagnostic.js";
import type { Span } from "../../base/span.js";
import { countPoints, judgeFolder, runExperiment, writePlans } from "../../pipeline.js";
import type { RoundsSoFar } from "../../pipeline.js";
import type { PlanFile } from "../../results/store/plan-file.js";
import type { Plan } from "../../plan/types.js";
import { openBaseline } from "../baselines.js";
import { provideSets } from "../data-sets.js";
import { openOutside } from "../outside.js";
import type { WorkerProcess } from "../../run/worker-process.js";
import { showVerdicts } from "../verdicts.js";
import { EXIT } from "../exit-code.js";
import { Interrupt } from "../interrupt.js";
import type { RunningOptions } from "../options.js";
import { warmPage } from "../page.js";
import { newProgress } from "../progress.js";
import type { Session } from "../session.js";
import {
  chooseEngine,
  engineVersion,
  openSpec,
  pathFromFolder,
  planWithin,
  refuseFaulty,
  specFolder,
} from "../session.js";
import { runCommand } from "../shell-words.js";
import { showDiagnostics, withTexts } from "../show.js";
import type { Terminal } from "../terminal.js";

export async function run(
  terminal: Terminal,
  path: string,
  options: RunningOptions,
  first: WorkerProcess | null,
): Promise<number> {
  const session = await openSpec(terminal, path, options);
  if (refuseFaulty(session)) return EXIT.wrong;
  const folder = specFolder(path, options.out);
  return withTexts(terminal, session.texts, async () => {
    const { refuseForeign } = await import("../../results/store/spec-folder.js");
    const place = pathFromFolder(folder, path);
    if (options.adopt !== true) await refuseForeign(folder, place, session.texts.source.text);
    const { profile, settings } = session.spec.settings;
    const baseline = await openBaseline(options, { spec: session.texts.source.file, profile, settings });
    const engine = await chooseEngine(terminal, options.engine, folder);
    const rounds: RoundsSoFar = new Map();
    const planned = () => planWithin(session.spec, engine, options, folder, rounds);
    const { plans, jobs } = await planned();
    const only = options.point === undefined ? null : await chosen(plans, options.point);
    await provideSets(terminal, session.spec.experiments, options.yes === true);
    const report = once((diagnostic) => showDiagnostics(terminal, [diagnostic], session.texts));
    const command = runCommand(path, options);
    let ran = { interrupted: false, calls: 0 };
    // Adaptive sweeps: what a round has found asks for the next one.
    for (let [round, worker]: [readonly Plan[] | null, typeof first] = [plans, first]; round !== null;) {
      const files = await writePlans(folder, place, session.spec, round, report);
      const mayGoOn = hasAdaptive(session) && only === null;
      const work = { session, folder, files, plans: round, jobs, only, command, report, keepWorker: mayGoOn };
      const outcome = await runAll(work, worker);
      ran = { interrupted: outcome.interrupted, calls: ran.calls + outcome.calls };
      if (ran.interrupted) return EXIT.interrupted;
      round = mayGoOn ? grown(round, (await planned()).plans) : null;
      worker = outcome.worker;
      if (round === null) void worker?.stop();
    }
    const input = await judgeFolder(folder, report);
    const show = {
      json: options.json === true,
      onlyMissing: ran.calls === 0,
      texts: session.texts,
      baseline,
      junit: options.junit ?? null,
    };
    return showVerdicts(terminal, folder, input, show, report);
  });
}

const hasAdaptive = ({ spec }: Session): boolean => spec.experiments.some(({ results }) => results.adaptive.length > 0);

/** The later plans, if they have points that the earlier ones lack. */
function grown(before: readonly Plan[], after: readonly Plan[]): readonly Plan[] | null {
  const count = (plans: readonly Plan[]): number => plans.reduce((sum, plan) => sum + countPoints(plan), 0);
  return count(after) > count(before) ? after : null;
}

/** The keys of the points that were asked for. */
async function chosen(plans: readonly Plan[], texts: readonly string[]): Promise<ReadonlySet<string>> {
  const { findPoints, withSources } = await import("../points.js");
  return withSources(texts.flatMap((text) => findPoints(plans, text)));
}

/** By then the workers have got their first blocks. */
const WARMING_MILLISECONDS = 100;

interface Work {
  readonly session: Session;
  readonly folder: string;
  readonly files: readonly PlanFile[];
  readonly plans: readonly Plan[];
  readonly jobs: number | null;
  /** Keys of the only points that are wanted; null: all. */
  readonly only: ReadonlySet<string> | null;
  /** What was typed, to be told. */
  readonly command: string;
  /** Whether more may be run afterwards. */
  readonly keepWorker: boolean;
  readonly report: (diagnostic: Diagnostic) => void;
}

/** What is wrong with a folder is found each time it is opened; it is told once. */
function once(report: (diagnostic: Diagnostic) => void): (diagnostic: Diagnostic) => void {
  const told = new Set<string>();
  return (diagnostic) => {
    const key = `${diagnostic.code} ${diagnostic.message}`;
    if (diagnostic.span !== null || !told.has(key)) report(diagnostic);
    told.add(key);
  };
}

/** Later rounds of adaptive sweeps are told. */
function roundOf({ adaptive = [] }: Plan): readonly string[] {
  const round = Math.max(0, ...adaptive.map(({ rounds }) => rounds));
  return round > 1 ? [`round ${round}`] : [];
}

/** Where the phases of an experiment stand. */
function placesOf({ spec }: Session, { experiment }: Plan): ReadonlyMap<string, Span> {
  const own = spec.experiments.find(({ checked }) => checked.experiment.name === experiment);
  return new Map(own?.checked.experiment.phases.map(({ name, span }) => [name, span]));
}

/** One experiment after the other, with the same workers where there are any. */
async function runAll(
  { session, folder, files, plans, jobs, only, command, report, keepWorker }: Work,
  first: WorkerProcess | null,
): Promise<{ readonly interrupted: boolean; readonly calls: number; readonly worker: WorkerProcess | null }> {
  const { terminal, texts } = session;
  const interrupt = new Interrupt();
  let [interrupted, calls, worker] = [false, 0, first];
  const hasCharts = session.spec.experiments.some(({ results }) => results.charts.length > 0);
  const warming = setTimeout(() => void warmPage([texts.source, ...texts.modules], hasCharts), WARMING_MILLISECONDS);
  try {
    for (const [k, plan] of plans.entries()) {
      const file = files[k];
      if (file === undefined || interrupted) break;
      const progress = newProgress(
        terminal,
        [...(plans.length > 1 ? [plan.experiment] : []), ...roundOf(plan)].join(", "),
      );
      const outcome = await runExperiment(folder, file, plan, session.directory, {
        outside: openOutside(plan, session.directory),
        where: { command, places: placesOf(session, plan) },
        jobs,
        only,
        first: worker,
        keepWorker: keepWorker || k < plans.length - 1,
        engineVersion: engineVersion(plan.engine),
        progress,
        report: (diagnostic) => progress.above(() => report(diagnostic)),
        interrupt,
      });
      ({ interrupted, worker } = outcome);
      calls += outcome.calls;
    }
  } finally {
    interrupt.release();
    clearTimeout(warming);
  }
  if (interrupted) terminal.err("interrupted; what is done is kept, and the same command goes on\n");
  return { interrupted, calls, worker };
}
