/**
 * The whole road from a spec to a report:
 * texts → checked experiments → plans → points → columns → verdicts, tables, page.
 * Each stage is loaded when it is needed, so that checking a spec loads no engine and no page.
 */
import { Diagnostics } from "./base/diagnostic.js";
import type { Diagnostic } from "./base/diagnostic.js";
import { packageVersion } from "./base/package.js";
import type { CheckedResults } from "./language/results/index.js";
import type { CheckedExperiment, Experiment } from "./language/typed.js";
import type { PlanOptions } from "./plan/index.js";
import type { Plan } from "./plan/types.js";
import type { Chosen } from "./plan/units.js";
import type { PlanFile } from "./results/store/plan-file.js";
import type { StoredResults } from "./results/source.js";
import type { Judged, JudgedExperiment } from "./results/judged.js";
import type { RunOptions, RunOutcome, RunSoFar } from "./run/run.js";
import type { SpecTexts } from "./cli/spec-texts.js";

export interface Settings {
  readonly profile: string | null;
  readonly settings: Readonly<Record<string, string>>;
}

export interface CheckedSpec {
  readonly texts: SpecTexts;
  readonly settings: Settings;
  readonly experiments: readonly { readonly checked: CheckedExperiment; readonly results: CheckedResults }[];
  readonly diagnostics: readonly Diagnostic[];
}

type Report = (diagnostic: Diagnostic) => void;

/** Parses and checks a spec and all that it says about its results. */
export async function checkSpec(texts: SpecTexts, settings: Settings): Promise<CheckedSpec> {
  const { check } = await import("./language/check.js");
  const { checkResults } = await import("./language/results/index.js");
  const { experiments, diagnostics } = check(texts.source, texts.loader, { ...settings, datasets: texts.datasets });
  const ofResults = new Diagnostics();
  const sources = [texts.source, ...texts.modules];
  // Literal tables and coordinates in claims follow the whole plan, also when a profile or a setting left only a part of it.
  const whole = { settings: {}, profile: null };
  const changed = settings.profile !== null || Object.keys(settings.settings).length > 0;
  const full = changed ? check(texts.source, texts.loader, { ...whole, datasets: texts.datasets }).experiments : [];
  const both = experiments.map((checked) => {
    const unchanged = full.find(({ experiment }) => experiment.name === checked.experiment.name) ?? null;
    return { checked, results: checkResults(checked, sources, ofResults, unchanged) };
  });
  const found = [...diagnostics, ...ofResults.list];
  // Where something is missing, other things seem to be of no use.
  if (found.some(({ severity }) => severity === "error"))
    return { texts, settings, experiments: both, diagnostics: found };
  const { doubtsOfAll } = await import("./language/results/warnings/index.js");
  const doubts = doubtsOfAll(both, sources, !changed);
  return { texts, settings, experiments: both, diagnostics: [...found, ...doubts] };
}

/** By experiment: the rounds that a command has been through, which it need not follow again. */
export type RoundsSoFar = Map<string, readonly Chosen[]>;

/**
 * Lowers and plans each experiment, with what its claims and charts need besides its phases. Adaptive sweeps have the values that the
 * results in the folder ask for, round by round, as far as rounds are complete there; without a folder they begin.
 */
export async function planSpec(
  spec: CheckedSpec,
  engine: "graph" | "portable",
  yes: boolean,
  specFolder: string | null = null,
  rounds: RoundsSoFar = new Map(),
): Promise<readonly Plan[]> {
  const { withImplicitMeasures } = await import("./language/results/index.js");
  const { planExperiment } = await import("./plan/index.js");
  const plans: Plan[] = [];
  for (const { checked, results } of spec.experiments) {
    const experiment = withImplicitMeasures(checked.experiment, results.needed);
    const options = { engine, yes, ...spec.settings };
    if (results.adaptive.length === 0) {
      plans.push(planExperiment(experiment, options));
      continue;
    }
    plans.push(await planRounds(experiment, results.adaptive, options, specFolder, rounds));
  }
  return plans;
}

export const countPoints = ({ phases }: Plan): number => phases.reduce((sum, { points }) => sum + points.length, 0);

/** Replays the rounds whose results are in the folder: each follows from those before it. */
async function planRounds(
  experiment: Experiment,
  adaptive: CheckedResults["adaptive"],
  options: PlanOptions,
  specFolder: string | null,
  rounds: RoundsSoFar,
): Promise<Plan> {
  const { planExperiment } = await import("./plan/index.js");
  const { describeAdaptive } = await import("./plan/adaptive-cost.js");
  const { firstRound, nextRound } = await import("./plan/rounds.js");
  const { conditionsOf } = await import("./results/conditions.js");
  let chosen = rounds.get(experiment.name) ?? firstRound(experiment, adaptive);
  let plan = planExperiment(experiment, { ...options, chosen });
  while (specFolder !== null) {
    const done = await completeResults(specFolder, plan);
    const next = done === null ? null : nextRound(experiment, adaptive, chosen, conditionsOf(done));
    if (next === null) break;
    const later = planExperiment(experiment, { ...options, chosen: next });
    // What a filter of the sweeps leaves out would be asked for again and again.
    if (countPoints(later) === countPoints(plan)) break;
    chosen = next;
    rounds.set(experiment.name, chosen);
    plan = later;
  }
  return { ...plan, adaptive: describeAdaptive(experiment, adaptive, chosen) };
}

/** The results of a plan, if all of its points are there or were given up. */
async function completeResults(specFolder: string, plan: Plan): Promise<StoredResults | null> {
  const { openFolder } = await import("./results/folder.js");
  const { experimentFolder } = await import("./results/store/spec-folder.js");
  const { results } = await openFolder(experimentFolder(specFolder, plan.experiment), plan, () => undefined);
  const isOpen = [...results.phases.values()].some((points) => points.some(({ state }) => state === "missing"));
  return isOpen ? null : results;
}

/** Freezes the plans in their folders; an edit of the spec writes the next revision. */
export async function writePlans(
  specFolder: string,
  path: string,
  spec: CheckedSpec,
  plans: readonly Plan[],
  report: Report = () => undefined,
): Promise<readonly PlanFile[]> {
  const { storedText, writePlan } = await import("./results/store/plan-file.js");
  const { keepRevision } = await import("./results/store/revisions.js");
  const { experimentFolder, retireOthers } = await import("./results/store/spec-folder.js");
  const { source, modules, answers } = spec.texts;
  const origin = {
    amemc: packageVersion(),
    spec: { ...storedText(source.file, source.text), path },
    modules: modules.map(({ file, text }) => storedText(file, text)),
    data: answers,
  };
  retireOthers(
    specFolder,
    plans.map((plan) => plan.experiment),
  );
  const keepOld =
    (folder: string) =>
    (old: PlanFile): void => {
      keepRevision(folder, old);
    };
  return Promise.all(
    plans.map((plan) => {
      const folder = experimentFolder(specFolder, plan.experiment);
      return writePlan(folder, origin, plan, keepOld(folder), report);
    }),
  );
}

/** Completes the points of one experiment and writes down who computed them. */
export async function runExperiment(
  specFolder: string,
  file: PlanFile,
  plan: Plan,
  specDirectory: string,
  options: Omit<RunOptions, "store" | "save">,
): Promise<RunOutcome> {
  const { experimentFolder } = await import("./results/store/spec-folder.js");
  const { Store } = await import("./results/store/store.js");
  const { runPlan } = await import("./run/run.js");
  const { gitState } = await import("./run/provenance.js");
  const { nothingYet, recordRun } = await import("./run/record.js");
  const { readManifest } = await import("./results/store/manifest.js");
  const folder = experimentFolder(specFolder, plan.experiment);
  const store = Store.open(folder, (diagnostic) => options.report(diagnostic));
  store.sweep();
  await readManifest(folder, (diagnostic) => options.report(diagnostic));
  const started = new Date();
  const git = gitState(specDirectory);
  const record = async (outcome: RunSoFar, ended: boolean): Promise<void> => {
    await recordRun({ folder, file, store, outcome, ended, started, git: await git });
  };
  const running = runPlan(plan, { ...options, store, save: (soFar) => record(soFar, false) });
  // It is awaited below; a fault until then must not end the process.
  running.catch(() => undefined);
  // While workers compute; a disk that cannot be written is told at the end.
  await record(nothingYet, false).catch(() => undefined);
  const outcome = await running;
  await record(outcome, !outcome.interrupted);
  return outcome;
}

/** Judges and evaluates everything in a folder of results, from that folder alone. */
export async function judgeFolder(specFolder: string, report: Report): Promise<Judged> {
  const { judgeExperiment } = await import("./results/judge.js");
  const { readSpecFolder } = await import("./results/store/spec-folder.js");
  const { storedSpec } = await import("./cli/spec-texts.js");
  const files = await readSpecFolder(specFolder, report);
  const [first] = files;
  const spec = await checkSpec(storedSpec(first), { profile: first.plan.profile, settings: first.plan.settings });
  for (const fault of spec.diagnostics) if (fault.severity === "error") report(fault);
  const experiments: JudgedExperiment[] = [];
  for (const { checked, results } of spec.experiments) {
    const file = files.find(({ plan }) => plan.experiment === checked.experiment.name);
    if (file !== undefined)
      experiments.push(await judgeExperiment(specFolder, file, checked.experiment, results, report));
  }
  return { amemc: packageVersion(), spec: first.spec, modules: first.modules, experiments };
}

/** Writes `claims.json` and `junit.xml`. */
export async function writeVerdicts(specFolder: string, judged: Judged): Promise<void> {
  const { writeClaims } = await import("./results/claims-file.js");
  await writeClaims(specFolder, judged);
}

/** Draws the page; its path. */
export async function drawPage(specFolder: string, judged: Judged, report: Report): Promise<string> {
  const { writePage } = await import("./cli/page.js");
  return writePage(specFolder, judged, report);
}
