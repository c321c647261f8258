/** Writes a run into the manifest of its folder, beside what earlier runs left there. */
import type {
  PhaseNote,
  BlockNote,
  FailureNote,
  GitState,
  Manifest,
  ProgramNote,
  RunNote,
} from "../results/store/manifest.js";
import { readManifest, writeManifest } from "../results/store/manifest.js";
import type { PlanFile, StoredPlan } from "../results/store/plan-file.js";
import type { Store } from "../results/store/store.js";
import { openResults } from "../results/source.js";
import { phaseNotes } from "../results/summary.js";
import { machine } from "./provenance.js";
import type { RunSoFar } from "./run.js";

interface Recording {
  readonly folder: string;
  readonly file: PlanFile;
  readonly store: Store;
  readonly outcome: RunSoFar;
  /** Whether the run came to its end: it may be incomplete all the same. */
  readonly ended: boolean;
  readonly started: Date;
  readonly git: GitState | null;
}

/** What stands in the manifest while a run goes on, and stays there when it is killed. */
export const nothingYet: RunSoFar = {
  blocks: {},
  failures: {},
  reused: 0,
  calls: 0,
  steps: 0,
  seconds: 0,
  jobs: 0,
  peakBytes: 0,
};

/** Runs that are listed; older ones are forgotten. */
const MOST_RUNS = 100;

export async function recordRun({ folder, file, store, outcome, ended, started, git }: Recording): Promise<Manifest> {
  const before = await readManifest(folder);
  const { plan, spec } = file;
  const failures = { ...stillFailing(plan, store, before?.failures ?? {}), ...outcome.failures };
  const points = notesOf(plan, store, failures);
  const complete = points.every(({ missing, failed }) => missing === 0 && failed === 0);
  const run: RunNote = {
    started: started.toISOString(),
    seconds: outcome.seconds,
    jobs: outcome.jobs,
    blocks: Object.keys(outcome.blocks).length,
    calls: outcome.calls,
    steps: outcome.steps,
    reused: outcome.reused,
    peakBytes: outcome.peakBytes,
    end: !ended ? "interrupted" : complete ? "complete" : "incomplete",
  };
  const blocks = blocksOf(plan, store, { ...before?.blocks, ...outcome.blocks });
  const manifest: Manifest = {
    format: 1,
    amemc: file.amemc,
    experiment: plan.experiment,
    revision: file.revision,
    spec: { path: spec.path, sha256: spec.sha256 },
    profile: plan.profile,
    settings: plan.settings,
    precision: plan.precision,
    git,
    machine: machine(),
    seeds: [...new Set(plan.phases.flatMap((phase) => phase.points.map((point) => point.seed)))].sort((a, b) => a - b),
    datasets: plan.datasets.map(({ path, sha256 }) => ({ path, sha256 })),
    runs: runsWith(before?.runs ?? [], run, outcome),
    programs: programsOf(plan),
    blocks,
    engineCalls: Object.values(blocks).reduce((sum, block) => sum + (block.calls ?? 0), 0),
    failures,
    points,
  };
  await writeManifest(folder, manifest);
  return manifest;
}

/** A run that found nothing to do leaves no trace, so the folder stays as it is. */
function runsWith(before: readonly RunNote[], run: RunNote, outcome: RunSoFar): readonly RunNote[] {
  const others = before.filter(({ started }) => started !== run.started);
  const idle = Object.keys(outcome.blocks).length + Object.keys(outcome.failures).length === 0;
  return idle && run.end === "complete" && others.length > 0 ? others : [...others, run].slice(-MOST_RUNS);
}

/** Failures of earlier runs whose points are missing still: an interrupted run did not come to them. */
function stillFailing(plan: StoredPlan, store: Store, before: Manifest["failures"]): Manifest["failures"] {
  const blocks = plan.phases.flatMap((phase) =>
    phase.programs.flatMap(({ blocks: planned }) =>
      planned.map(({ key, points }) => ({ key, keys: points.map((number) => phase.points[number]?.key ?? "") })),
    ),
  );
  const open = new Set(
    blocks.flatMap(({ key, keys }) => (keys.some((point) => store.find(point) === undefined) ? [key] : [])),
  );
  return Object.fromEntries(Object.entries(before).filter(([key]) => open.has(key)));
}

function notesOf(
  plan: StoredPlan,
  store: Store,
  failures: Readonly<Record<string, FailureNote>>,
): readonly PhaseNote[] {
  const reasons = new Map<string, string>();
  for (const { phase, points, reason } of Object.values(failures)) {
    const planned = plan.phases.find(({ name }) => name === phase)?.points;
    for (const number of points) reasons.set(planned?.[number]?.key ?? "", reason);
  }
  return phaseNotes(openResults(plan, store, reasons).phases);
}

function programsOf(plan: StoredPlan): readonly ProgramNote[] {
  return plan.phases.flatMap((phase) =>
    phase.programs.map(({ key, blocks, runs, steps }) => ({
      phase: phase.name,
      key,
      points: blocks.reduce((sum, block) => sum + block.points.length, 0),
      blocks: blocks.length,
      runsPerBlock: runs,
      steps,
    })),
  );
}

/** Every block file that a point lies in, by the block's key; with what is known of how it was computed. */
function blocksOf(
  plan: StoredPlan,
  store: Store,
  known: Readonly<Record<string, BlockNote>>,
): Readonly<Record<string, BlockNote>> {
  const notes: Record<string, BlockNote> = {};
  for (const phase of plan.phases)
    for (const point of phase.points) {
      const found = store.find(point.key);
      const header = found === undefined ? undefined : store.header(found.stem);
      if (header === undefined || notes[header.block] !== undefined) continue;
      notes[header.block] = known[header.block] ?? {
        phase: phase.name,
        program: header.program,
        engine: header.engine,
        calls: null,
        seconds: null,
        finished: null,
      };
    }
  return notes;
}
