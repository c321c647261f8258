/** `amemc run` and `amemc compile-and-run`: points, claims, page, tables. */
import type { Diagnostic } from "../../base/diagnostic.js";
import type { Span } from "../../base/span.js";
import { judgeFolder, runExperiment, writePlans } from "../../pipeline.js";
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
    const { plans, jobs } = await planWithin(session.spec, engine, options);
    const only = options.point === undefined ? null : await chosen(plans, options.point);
    await provideSets(terminal, session.spec.experiments, options.yes === true);
    const report = once((diagnostic) => showDiagnostics(terminal, [diagnostic], session.texts));
    const files = await writePlans(folder, place, session.spec, plans, report);
    const command = runCommand(path, options);
    const ran = await runAll({ session, folder, files, plans, jobs, only, command, report }, first);
    if (ran.interrupted) return EXIT.interrupted;
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

/** Where the phases of an experiment stand. */
function placesOf({ spec }: Session, { experiment }: Plan): ReadonlyMap<string, Span> {
  const own = spec.experiments.find(({ checked }) => checked.experiment.name === experiment);
  return new Map(own?.checked.experiment.phases.map(({ name, span }) => [name, span]));
}

/** One experiment after the other, with the same workers where there are any. */
async function runAll(
  { session, folder, files, plans, jobs, only, command, report }: Work,
  first: WorkerProcess | null,
): Promise<{ readonly interrupted: boolean; readonly calls: number }> {
  const { terminal, texts } = session;
  const interrupt = new Interrupt();
  let [interrupted, calls, worker] = [false, 0, first];
  const hasCharts = session.spec.experiments.some(({ results }) => results.charts.length > 0);
  const warming = setTimeout(() => void warmPage([texts.source, ...texts.modules], hasCharts), WARMING_MILLISECONDS);
  try {
    for (const [k, plan] of plans.entries()) {
      const file = files[k];
      if (file === undefined || interrupted) break;
      const progress = newProgress(terminal, plans.length > 1 ? plan.experiment : "");
      const outcome = await runExperiment(folder, file, plan, session.directory, {
        outside: openOutside(plan, session.directory),
        where: { command, places: placesOf(session, plan) },
        jobs,
        only,
        first: worker,
        keepWorker: k < plans.length - 1,
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
  return { interrupted, calls };
}
