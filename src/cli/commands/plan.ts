/** `amemc plan`: what a run would do. Which points are there, which would be computed, how long, and why. Writes nothing. */
import type { AdaptivePlan, Plan } from "../../plan/types.js";
import { estimateSeconds } from "../../run/estimate.js";
import { estimateMemory } from "../../run/memory.js";
import type { PhaseStanding } from "../../run/standing.js";
import { standingOf } from "../../run/standing.js";
import { readManifest } from "../../results/store/manifest.js";
import { lastRun } from "../../results/store/revisions.js";
import { experimentFolder } from "../../results/store/spec-folder.js";
import { Store } from "../../results/store/store.js";
import { roundsText } from "../adaptive-words.js";
import { changedLines, type ChangedLine } from "../changes.js";
import { counted } from "../counted.js";
import { EXIT } from "../exit-code.js";
import type { PlanningOptions } from "../options.js";
import type { Session } from "../session.js";
import { chooseEngine, engineTag, openSpec, pathFromFolder, planWithin, refuseFaulty, specFolder } from "../session.js";
import { showDiagnostics, withTexts } from "../show.js";
import type { Colors, Terminal } from "../terminal.js";

export async function plan(
  terminal: Terminal,
  path: string,
  options: PlanningOptions & { readonly json?: boolean; readonly adopt?: boolean },
): Promise<number> {
  const session = await openSpec(terminal, path, options);
  if (refuseFaulty(session)) return EXIT.wrong;
  const folder = specFolder(path, options.out);
  return withTexts(terminal, session.texts, async () => {
    const { refuseForeign } = await import("../../results/store/spec-folder.js");
    if (options.adopt !== true) await refuseForeign(folder, pathFromFolder(folder, path), session.texts.source.text);
    const engine = await chooseEngine(terminal, options.engine, folder);
    const { plans } = await planWithin(session.spec, engine, { ...options, memory: Infinity }, folder);
    const experiments = await Promise.all(plans.map((one) => forecast(session, folder, one)));
    if (options.json === true) terminal.out(`${JSON.stringify({ folder, experiments }, null, 2)}\n`);
    else terminal.out(experiments.map((one) => forecastText(one, terminal.outColors)).join("\n"));
    return 0;
  });
}

export interface PhaseForecast {
  readonly phase: string;
  readonly points: number;
  readonly done: number;
  /** There from an earlier plan. */
  readonly reused: number;
  readonly goesOn: number;
  /** The step from which they do. */
  readonly from: number;
  readonly computed: number;
  readonly blocks: number;
  readonly programs: number;
}

export interface Forecast {
  readonly experiment: string;
  readonly engine: "graph" | "portable";
  readonly phases: readonly PhaseForecast[];
  /** Adaptive sweeps: the points are those of the rounds that are known by now. */
  readonly adaptive: readonly AdaptivePlan[];
  readonly seconds: number;
  /** Whether the time rests on earlier runs here; else on a model. */
  readonly measured: boolean;
  readonly memoryBytes: number;
  /** The revision that was run last; null when nothing was. */
  readonly since: number | null;
  readonly changes: readonly ChangedLine[];
}

async function forecast(session: Session, specFolderPath: string, one: Plan): Promise<Forecast> {
  const folder = experimentFolder(specFolderPath, one.experiment);
  const store = Store.open(folder, (diagnostic) => showDiagnostics(session.terminal, [diagnostic], session.texts));
  const standing = standingOf(one, store, engineTag(one.engine));
  const phases = standing.map(phaseForecast);
  const { parent, worker } = estimateMemory(one);
  const before = await lastRun(folder);
  const affected = phases.filter(({ goesOn, computed }) => goesOn + computed > 0).map(({ phase }) => phase);
  const changes =
    before === undefined || affected.length === 0
      ? []
      : await changedLines(session.spec, one.experiment, affected, before);
  return {
    experiment: one.experiment,
    engine: one.engine,
    phases,
    adaptive: one.adaptive ?? [],
    ...estimateSeconds(standing, one.engine, await readManifest(folder)),
    memoryBytes: Math.round(parent + worker),
    since: before?.revision ?? null,
    changes,
  };
}

function phaseForecast({ phase, blocks }: PhaseStanding): PhaseForecast {
  const sum = (count: (block: (typeof blocks)[number]) => number): number =>
    blocks.reduce((total, block) => total + count(block), 0);
  const open = blocks.filter(({ missing }) => missing.length > 0);
  return {
    phase: phase.name,
    points: phase.points.length,
    done: sum(({ done }) => done.length),
    reused: sum(({ reusable }) => reusable.length),
    goesOn: sum(({ missing, from }) => (from > 0 ? missing.length : 0)),
    from: Math.max(0, ...open.map(({ from }) => from)),
    computed: sum(({ missing, from }) => (from > 0 ? 0 : missing.length)),
    blocks: open.length,
    programs: new Set(open.map(({ program }) => program.key)).size,
  };
}

function forecastText(found: Forecast, colors: Colors): string {
  const { experiment, engine, phases, adaptive, seconds, measured, memoryBytes, since, changes } = found;
  const width = Math.max(...phases.map(({ phase }) => phase.length));
  const lines = [
    colors.bold(experiment) + colors.dim(` (${engine} engine)`),
    ...phases.map((phase) => `  ${phase.phase.padEnd(width)}  ${phaseText(phase)}`),
    ...adaptive.map(
      (one) => `  ${roundsText(one)}${seconds > 0 ? "; more points follow where results ask for them" : ""}`,
    ),
  ];
  if (seconds > 0) {
    const basis = measured ? "by earlier blocks" : "by a model";
    const memory = `${(memoryBytes / 1e9).toFixed(1)} GB`;
    lines.push(`  about ${duration(seconds)} with one worker (${basis}), ${memory} of memory`);
  } else lines.push("  nothing to compute");
  if (changes.length > 0) lines.push(`  changed since revision ${since ?? "?"}, which was run last:`);
  lines.push(...changes.flatMap((change) => changeLines(change, colors)));
  return lines.map((line) => `${line}\n`).join("");
}

function phaseText({ points, done, reused, goesOn, from, computed, blocks, programs }: PhaseForecast): string {
  const parts = [
    [done, "there"],
    [reused, "there from an earlier plan"],
    [goesOn, `to go on from step ${from}`],
    [computed, "to compute"],
  ] as const;
  const words = parts.flatMap(([count, word]) => (count === 0 ? [] : [`${count} ${word}`]));
  const work = blocks === 0 ? "" : ` (${counted(blocks, "block")}, ${counted(programs, "program")})`;
  return `${counted(points, "point")}: ${words.join(", ")}${work}`;
}

export function changeLines({ kind, file, line, text, before, phases }: ChangedLine, colors: Colors): string[] {
  const marks = { changed: "~", new: "+", gone: "-" } as const;
  const head = `    ${marks[kind]} ${file}:${line}  ${text}${colors.dim(`  (${phases.join(", ")})`)}`;
  return before === null ? [head] : [head, colors.dim(`      was: ${before}`)];
}

function duration(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}
