/**
 * `plan.json`: the plan of an experiment with all texts that it came from, so that a folder explains itself without
 * the spec. Programs stand beside it in `programs/<key>.json`. An edit of the spec writes the next revision.
 */
import { join } from "node:path";
import type { SchemaValidator } from "../../base/validator.js";
import { schemaErrors } from "../../base/validator.js";
import type { Program } from "../../ir/types.js";
import type { PhasePlan, Plan, PointPlan, ProgramPlan } from "../../plan/types.js";
import { damagedFile, type Report } from "./damage.js";
import { entriesOf, readText, sha256, writeDurablySync } from "./files.js";
import { canonicalJson, fromJson, toJson } from "./json.js";
import { readManifest } from "./manifest.js";

/** A plan without the programs and the meanings (blocks name theirs): what results need. Every `Plan` is one. */
export interface StoredPlan extends Omit<Plan, "phases"> {
  readonly phases: readonly StoredPhase[];
}
export interface StoredPhase extends Omit<PhasePlan, "programs" | "points"> {
  readonly programs: readonly StoredProgram[];
  readonly points: readonly StoredPlanPoint[];
}
export type StoredProgram = Omit<ProgramPlan, "program" | "meanings" | "keepsState">;
export type StoredPlanPoint = Omit<PointPlan, "reads">;

/** A text that the spec was checked with. */
export interface StoredText {
  /** As diagnostics name it: `specs/recall.amem`, `std/linear.amem`. */
  readonly file: string;
  readonly sha256: string;
  readonly text: string;
}

export interface PlanFile {
  readonly format: 1;
  /** Counts the plans that this folder has had. */
  readonly revision: number;
  readonly amemc: string;
  readonly spec: StoredText & {
    /** Relative to the folder of the spec's results, with slashes. */
    readonly path: string;
  };
  /** Files that the spec uses, in the order in which they were read. */
  readonly modules: readonly StoredText[];
  /** What the checker learned from data files (headers), by what it asked. */
  readonly data: readonly { readonly question: string; readonly answer: unknown }[];
  readonly plan: StoredPlan;
}

export type PlanReading =
  | { readonly kind: "none" }
  | { readonly kind: "plan"; readonly file: PlanFile }
  | { readonly kind: "bad"; readonly reason: string };

export function storedText(file: string, text: string): StoredText {
  return { file, sha256: sha256(text), text };
}

export function withoutPrograms(plan: Plan): StoredPlan {
  const phases = plan.phases.map((phase) => ({
    ...phase,
    programs: phase.programs.map(({ program: _, meanings: _meanings, keepsState: _keeps, ...rest }) => rest),
    points: phase.points.map(({ reads: _reads, ...rest }) => rest),
  }));
  return { ...plan, phases };
}

/** The latest readings: a large plan takes a while to read and check, and a command asks for it several times. */
const readings = new Map<string, { readonly text: string; readonly reading: PlanReading }>();

export async function readPlanFile(folder: string): Promise<PlanReading> {
  const path = join(folder, "plan.json");
  const text = readText(path);
  if (text === undefined) return { kind: "none" };
  const known = readings.get(path);
  if (known?.text === text) return known.reading;
  const { validate } = await import("../schemas/plan.validate.js");
  const reading = parsePlan(text, validate);
  readings.set(path, { text, reading });
  return reading;
}

function parsePlan(text: string, validate: SchemaValidator): PlanReading {
  try {
    // The schema speaks of the text: infinities are objects there.
    if (!validate(JSON.parse(text))) return { kind: "bad", reason: schemaErrors(validate) };
  } catch {
    return { kind: "bad", reason: "it is no JSON" };
  }
  return { kind: "plan", file: fromJson(text) as PlanFile };
}

/** Writes the plan and its programs; the same plan again keeps its revision. Returns what stands in the folder now. */
export async function writePlan(
  folder: string,
  next: Omit<PlanFile, "format" | "revision" | "plan">,
  plan: Plan,
  replaced: (old: PlanFile) => void = () => undefined,
  report: Report = () => undefined,
): Promise<PlanFile> {
  const before = await readPlanFile(folder);
  if (before.kind === "bad")
    report(damagedFile(join(folder, "plan.json"), before.reason, "it is written anew; finished points are kept"));
  const revision = before.kind === "plan" ? before.file.revision : await latestRevision(folder);
  const file: PlanFile = { format: 1, revision, ...next, plan: withoutPrograms(plan) };
  writePrograms(folder, plan);
  if (before.kind === "plan") {
    if (canonicalJson(before.file) === canonicalJson(file)) return before.file;
    replaced(before.file);
  }
  const written = { ...file, revision: revision + 1 };
  const path = join(folder, "plan.json");
  const text = `${toJson(written)}\n`;
  const { validate } = await import("../schemas/plan.validate.js");
  const reading = parsePlan(text, validate);
  if (reading.kind === "bad") throw new Error(`plan.json does not fit its schema: ${reading.reason}`);
  writeDurablySync(path, text);
  readings.set(path, { text, reading });
  return written;
}

/** Numbers go on where there is no plan to tell them. */
async function latestRevision(folder: string): Promise<number> {
  const kept = entriesOf(join(folder, "revisions")).map(({ name }) => Number(/^(\d+)\.json$/u.exec(name)?.[1] ?? 0));
  return Math.max(0, (await readManifest(folder))?.revision ?? 0, ...kept);
}

function writePrograms(folder: string, plan: Plan): void {
  for (const { key, program } of plan.phases.flatMap((phase) => phase.programs)) {
    const path = programFile(folder, key);
    const text = `${toJson(program)}\n`;
    if (readText(path) !== text) writeDurablySync(path, text);
  }
}

/** The program of a key, or undefined where the folder lacks it. */
export function readProgram(folder: string, key: string): Program | undefined {
  const text = readText(programFile(folder, key));
  return text === undefined ? undefined : (fromJson(text) as Program);
}

const programFile = (folder: string, key: string): string => join(folder, "programs", `${key}.json`);
