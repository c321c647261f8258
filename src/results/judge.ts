/** One experiment's folder, evaluated: verdicts, charts, tables, prose, and how many points they rest on. */
import type { Diagnostic } from "../base/diagnostic.js";
import { UserError } from "../base/diagnostic.js";
import { Lines } from "../base/positions.js";
import type { Span } from "../base/span.js";
import type { CheckedResults } from "../language/results/index.js";
import type { Experiment, Holds } from "../language/typed.js";
import type { Warning } from "./chart-types.js";
import { evaluateResults } from "./evaluate-report.js";
import { openFolder } from "./folder.js";
import { firstSteps } from "./health/first-step.js";
import { unrefined } from "./health/unrefined.js";
import type { Judged, JudgedExperiment } from "./judged.js";
import { toldOf } from "./left-out.js";
import { sha256 } from "./store/files.js";
import { toJson } from "./store/json.js";
import type { PlanFile, StoredText } from "./store/plan-file.js";
import { experimentFolder } from "./store/spec-folder.js";
import { phaseNotes, withoutStates } from "./summary.js";
import { writeTables } from "./tables/tables.js";

type Report = (diagnostic: Diagnostic) => void;

export async function judgeExperiment(
  specFolder: string,
  file: PlanFile,
  experiment: Experiment,
  checked: CheckedResults,
  report: Report,
): Promise<JudgedExperiment> {
  const folder = experimentFolder(specFolder, experiment.name);
  const { results, manifest } = await openFolder(folder, file.plan, report);
  if (manifest === null) throw neverRun(folder);
  const evaluated = evaluateResults(checked, results, {
    precision: file.plan.precision,
    place: placesIn([file.spec, ...file.modules]),
    stopping: stoppingIn(experiment),
  });
  for (const problem of toldOf(evaluated.problems, file.plan)) report(problem);
  const { name, title, doc, sources } = experiment;
  const points = results.phases;
  // What is not there yet is told anyway.
  const isWhole = [...points.values()].every((own) => own.every(({ state }) => state !== "missing"));
  for (const problem of firstSteps(experiment.phases, results, textsIn([file.spec, ...file.modules]))) report(problem);
  if (isWhole) for (const problem of unrefined(checked.adaptive, results)) report(problem);
  const summaries = phaseNotes(points).map(withoutStates);
  const claimSpans = new Map(checked.claims.map((claim) => [claim.name, claim.span]));
  const order = orderOf(checked);
  return { name, title, doc, sources, file, manifest, evaluated, claimSpans, order, points, summaries };
}

/** Phases whose runs may end early, and by what. */
export function stoppingIn({ phases }: Experiment): ReadonlyMap<string, string> {
  return new Map(phases.flatMap(({ name, stop, holds }) => (stop === null ? [] : [[name, endOf(holds)] as const])));
}

const endOf = (holds: Holds): string =>
  holds === true ? "until" : holds === false ? "stop when" : "until` or `stop when";

/** Where spans lie in the texts that the spec was checked with. */
export function placesIn(texts: readonly StoredText[]): (span: Span) => Warning["at"] {
  const known = new Map<string, Lines>();
  return ({ file, start }) => {
    const lines = known.get(file) ?? new Lines(texts.find((text) => text.file === file)?.text ?? "");
    known.set(file, lines);
    return { file, ...lines.position(start) };
  };
}

/** What stands at a place, on one line. */
function textsIn(texts: readonly StoredText[]): (span: Span) => string {
  return ({ file, start, end }) =>
    (texts.find((text) => text.file === file)?.text.slice(start, end) ?? "…").replace(/\s+/gu, " ");
}

function orderOf({ charts, tables, texts }: CheckedResults): JudgedExperiment["order"] {
  const placed = (kind: "chart" | "table" | "text", list: readonly { readonly span: Span }[]) =>
    list.map(({ span }, number) => ({ kind, number, start: span.start }));
  const all = [...placed("chart", charts), ...placed("table", tables), ...placed("text", texts)];
  return all.sort((a, b) => a.start - b.start).map(({ kind, number }) => ({ kind, number }));
}

function neverRun(folder: string): UserError {
  return new UserError({
    code: "AM8005",
    severity: "error",
    message: `\`${folder}\` has no \`manifest.json\`: nothing was run there yet`,
    span: null,
    help: "`amemc run` with the spec computes the points",
  });
}

/** Writes the tables of all experiments of a folder. */
export async function writeAllTables(
  specFolder: string,
  judged: Judged,
  onlyMissing: boolean,
  report: Report,
): Promise<void> {
  for (const { name, file } of judged.experiments) {
    const { plan, revision } = file;
    const { store, results } = await openFolder(experimentFolder(specFolder, name), plan, report);
    const provenance = {
      "amemc.version": judged.amemc,
      "amemc.experiment": name,
      "amemc.revision": String(revision),
      "amemc.spec": judged.spec.sha256,
      "amemc.engine": plan.engine,
      // A run that was killed may have written them when points were missing that are there now.
      "amemc.points": sha256(toJson([...results.phases])),
    };
    await writeTables(plan, store, results, { provenance, onlyMissing }, report);
  }
}
