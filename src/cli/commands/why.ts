/** `amemc why`: where a point stands, and what its key rests on. */
import type { Plan } from "../../plan/types.js";
import { describePoint } from "../../run/endings.js";
import { standingOf, type BlockStanding } from "../../run/standing.js";
import type { EngineNote } from "../../results/store/block-file.js";
import { readManifest, type Manifest } from "../../results/store/manifest.js";
import { lastRun } from "../../results/store/revisions.js";
import { experimentFolder } from "../../results/store/spec-folder.js";
import { Store } from "../../results/store/store.js";
import { changedLines, type ChangedLine } from "../changes.js";
import { EXIT } from "../exit-code.js";
import type { PlanningOptions } from "../options.js";
import { findPoints, type NamedPoint } from "../points.js";
import type { Session } from "../session.js";
import { chooseEngine, engineTag, openSpec, planWithin, refuseFaulty, specFolder } from "../session.js";
import { showDiagnostics, withTexts } from "../show.js";
import type { Colors, Terminal } from "../terminal.js";
import { changeLines } from "./plan.js";

/** Points that are explained at once. */
const MOST_POINTS = 10;

export async function why(
  terminal: Terminal,
  path: string,
  text: string,
  options: PlanningOptions & { readonly json?: boolean },
): Promise<number> {
  const session = await openSpec(terminal, path, options);
  if (refuseFaulty(session)) return EXIT.wrong;
  const folder = specFolder(path, options.out);
  return withTexts(terminal, session.texts, async () => {
    const engine = await chooseEngine(terminal, options.engine, folder);
    const { plans } = await planWithin(session.spec, engine, { ...options, memory: Infinity }, folder);
    const named = findPoints(plans, text);
    const explained: ExplainedPoint[] = [];
    for (const plan of plans) {
      const own = named.filter((one) => one.plan === plan);
      if (own.length > 0) explained.push(...(await explainPoints(session, folder, plan, own)));
    }
    if (options.json === true) terminal.out(`${JSON.stringify({ points: explained }, null, 2)}\n`);
    else terminal.out(texts(explained, terminal.outColors));
    return 0;
  });
}

type State = "done" | "diverged" | "failed" | "there from an earlier plan" | "to go on" | "missing";

export interface ExplainedPoint {
  readonly experiment: string;
  readonly phase: string;
  /** `eta = 1, seed = 0`; empty where nothing is swept. */
  readonly at: string;
  readonly key: string;
  readonly state: State;
  /** Sentences: how it ended, where it lies, why it is not there. */
  readonly why: readonly string[];
  readonly rests: {
    /** Names the program in `programs/`. */
    readonly program: string;
    readonly scalars: readonly number[];
    readonly seed: number;
    /** Keys of the points of earlier phases that it reads. */
    readonly sources: readonly string[];
  };
  /** Lines that changed since the last run; empty for what is there. */
  readonly changes: readonly ChangedLine[];
}

async function explainPoints(
  session: Session,
  specFolderPath: string,
  plan: Plan,
  named: readonly NamedPoint[],
): Promise<readonly ExplainedPoint[]> {
  const folder = experimentFolder(specFolderPath, plan.experiment);
  const store = Store.open(folder, (diagnostic) => showDiagnostics(session.terminal, [diagnostic], session.texts));
  const manifest = await readManifest(folder);
  const standing = new Map(
    standingOf(plan, store, engineTag(plan.engine)).map(({ phase, blocks }) => [phase.name, blocks]),
  );
  const before = await lastRun(folder);
  const changes = new Map<string, readonly ChangedLine[]>();
  for (const name of new Set(named.map(({ phase }) => phase.name)))
    changes.set(name, before === undefined ? [] : await changedLines(session.spec, plan.experiment, [name], before));
  return named.slice(0, MOST_POINTS).map((one) => {
    const block = standing.get(one.phase.name)?.find((candidate) => candidate.block.points.includes(one.number));
    return explainPoint(one, block, store, manifest, changes.get(one.phase.name) ?? []);
  });
}

function explainPoint(
  { plan, phase, number, point }: NamedPoint,
  block: BlockStanding | undefined,
  store: Store,
  manifest: Manifest | undefined,
  changes: readonly ChangedLine[],
): ExplainedPoint {
  const sources = phase.after.flatMap((name, k) => {
    const earlier = plan.phases.find((candidate) => candidate.name === name);
    return earlier?.points[point.sources[k] ?? -1]?.key ?? [];
  });
  const base = {
    experiment: plan.experiment,
    phase: phase.name,
    at: describePoint(plan, phase, point.position),
    key: point.key,
    rests: {
      program: phase.programs[point.program]?.key ?? "",
      scalars: point.scalars,
      seed: point.seed,
      sources,
    },
  };
  const found = store.find(point.key);
  if (found !== undefined) {
    const { state, steps, stopped, diverged, failure } = found.point;
    const ended =
      failure !== null
        ? failure.reason
        : state === "diverged"
          ? `it became non-finite at step ${diverged}`
          : phase.sort === "measure"
            ? "it was evaluated"
            : `it did ${steps} steps${stopped ? ", then `stop when` held" : ""}`;
    const engine = store.header(found.stem)?.engine;
    const lies = `it lies in ${found.stem}${engine === undefined ? "" : `, computed by ${engineText(engine)}`}`;
    return { ...base, state, why: [ended, lies], changes: [] };
  }
  if (block?.reusable.includes(number) === true)
    return {
      ...base,
      state: "there from an earlier plan",
      why: ["all that it needs was computed for an earlier plan; the next run gives it its new key"],
      changes: [],
    };
  const gaveUp = Object.values(manifest?.failures ?? {}).find(
    (failure) => failure.phase === phase.name && failure.points.includes(number) && changes.length === 0,
  );
  if (gaveUp !== undefined)
    return { ...base, state: "failed", why: [`it was given up: ${gaveUp.reason}`], changes: [] };
  if (block !== undefined && block.from > 0) {
    const goesOn = `its block has done ${block.from} steps for an earlier plan and goes on from there`;
    return { ...base, state: "to go on", why: [goesOn], changes };
  }
  return { ...base, state: "missing", why: [missingBecause(manifest, changes)], changes };
}

function missingBecause(manifest: Manifest | undefined, changes: readonly ChangedLine[]): string {
  if (manifest === undefined) return "nothing was run here yet";
  if (changes.length > 0) return "what it rests on has changed since the last run";
  return "nothing that it rests on has changed, but it was not computed: a run was interrupted, or still goes on";
}

const engineText = ({ name, library, version, xla }: EngineNote): string =>
  `the ${name} engine (${library} ${version}${xla ? ", XLA" : ""})`;

function texts(points: readonly ExplainedPoint[], colors: Colors): string {
  const lines = points.flatMap(({ phase, at, key, state, why: reasons, rests, changes }) => [
    `${colors.bold(phase)}${at === "" ? "" : ` ${at}`}${colors.dim(`  key ${key.slice(0, 12)}`)}`,
    `  ${state}: ${reasons.join("; ")}`,
    ...changes.flatMap((change) => changeLines(change, colors)),
    colors.dim(
      `  its key rests on program ${rests.program.slice(0, 12)}, ${rests.scalars.length === 0 ? "no numbers" : `the numbers ${rests.scalars.map(Number).join(", ")}`}, seed ${rests.seed}${rests.sources.length === 0 ? "" : `, points ${rests.sources.map((source) => source.slice(0, 12)).join(", ")}`}`,
    ),
  ]);
  return lines.map((line) => `${line}\n`).join("");
}
