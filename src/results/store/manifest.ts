/**
 * `manifest.json`: who computed what, when, with which versions, and how every point ended.
 * Blocks on disk name their engine themselves; calls and times are known here only.
 */
import { join } from "node:path";
import { schemaErrors } from "../../base/validator.js";
import type { PointState } from "../types.js";
import type { EngineNote } from "./block-file.js";
import { damagedFile, type Report } from "./damage.js";
import { readText, writeDurablySync } from "./files.js";
import { fromJson, toJson } from "./json.js";

export interface Manifest {
  readonly format: 1;
  readonly amemc: string;
  readonly experiment: string;
  readonly revision: number;
  readonly spec: { readonly path: string; readonly sha256: string };
  readonly profile: string | null;
  readonly settings: Readonly<Record<string, string>>;
  readonly precision: "f32" | "f64";
  readonly git: GitState | null;
  readonly machine: Machine;
  readonly seeds: readonly number[];
  readonly datasets: readonly { readonly path: string; readonly sha256: string }[];
  /** Commands that worked on this folder, the latest last. */
  readonly runs: readonly RunNote[];
  readonly programs: readonly ProgramNote[];
  /** Every block that a point of the plan lies in, by its key. */
  readonly blocks: Readonly<Record<string, BlockNote>>;
  readonly engineCalls: number;
  /** Blocks that were given up, by their keys. */
  readonly failures: Readonly<Record<string, FailureNote>>;
  readonly points: readonly PhaseNote[];
}

/** The state of the repository that holds the spec. */
export interface GitState {
  readonly commit: string;
  readonly changed: boolean;
}

export interface Machine {
  readonly host: string;
  readonly platform: string;
  readonly cpu: string;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly node: string;
}

export interface RunNote {
  /** ISO 8601, UTC. */
  readonly started: string;
  readonly seconds: number;
  readonly jobs: number;
  readonly blocks: number;
  readonly calls: number;
  /** Updates that were done, summed over blocks. */
  readonly steps: number;
  /** Points of earlier plans that were entered under their new keys. */
  readonly reused: number;
  /** The largest resident size of a worker. */
  readonly peakBytes: number;
  readonly end: "complete" | "incomplete" | "interrupted";
}

export interface ProgramNote {
  readonly phase: string;
  readonly key: string;
  readonly points: number;
  readonly blocks: number;
  readonly runsPerBlock: number;
  readonly steps: number;
}

export interface BlockNote {
  readonly phase: string;
  readonly program: string;
  readonly engine: EngineNote;
  /** Null when the process that computed it was killed before it could say so. */
  readonly calls: number | null;
  readonly seconds: number | null;
  readonly finished: string | null;
}

export interface FailureNote {
  readonly phase: string;
  readonly points: readonly number[];
  readonly reason: string;
  /** The end of what the workers printed. */
  readonly log: string;
}

export interface PhaseNote {
  readonly phase: string;
  readonly expected: number;
  readonly done: number;
  readonly failed: number;
  readonly diverged: number;
  readonly missing: number;
  /** By point, in the order of the plan. */
  readonly states: readonly PointState[];
  /** Why points are not done, by their numbers; without those that are only missing. */
  readonly details: Readonly<Record<string, string>>;
}

/** The manifest of a folder; undefined where there is none that can be read. `report` hears of a damaged one. */
export async function readManifest(folder: string, report: Report = () => undefined): Promise<Manifest | undefined> {
  const file = join(folder, "manifest.json");
  const text = readText(file);
  if (text === undefined) return undefined;
  const { validate } = await import("../schemas/manifest.validate.js");
  let reason = "it is no JSON";
  try {
    if (validate(JSON.parse(text))) return fromJson(text) as Manifest;
    reason = schemaErrors(validate);
  } catch {
    // Told below.
  }
  report(damagedFile(file, reason, "`amemc run` writes it anew; how long earlier blocks took is forgotten"));
  return undefined;
}

export async function writeManifest(folder: string, manifest: Manifest): Promise<void> {
  const { validate } = await import("../schemas/manifest.validate.js");
  const text = toJson(manifest, 1);
  if (!validate(JSON.parse(text))) throw new Error(`manifest.json does not fit its schema: ${schemaErrors(validate)}`);
  writeDurablySync(join(folder, "manifest.json"), `${text}\n`);
}
