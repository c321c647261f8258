/**
 * The texts of earlier plans of a folder, `revisions/<n>.json`: what a spec said when it was run, so that it can be told which
 * lines changed since.
 */
import { join } from "node:path";
import { readText, writeDurablySync } from "./files.js";
import { fromJson, toJson } from "./json.js";
import { readManifest } from "./manifest.js";
import type { PlanFile } from "./plan-file.js";
import { readPlanFile } from "./plan-file.js";

/** A plan's texts and how they were read. */
export interface Revision extends Pick<PlanFile, "revision" | "spec" | "modules" | "data"> {
  readonly profile: string | null;
  readonly settings: Readonly<Record<string, string>>;
}

export function revisionOf({ revision, spec, modules, data, plan }: PlanFile): Revision {
  return { revision, spec, modules, data, profile: plan.profile, settings: plan.settings };
}

/** Called before the next revision takes the place of this one. */
export function keepRevision(folder: string, file: PlanFile): void {
  writeDurablySync(revisionFile(folder, file.revision), `${toJson(revisionOf(file))}\n`);
}

/** What the last run of a folder was made from; undefined where nothing was run, or its texts are gone. */
export async function lastRun(folder: string): Promise<Revision | undefined> {
  const manifest = await readManifest(folder);
  if (manifest === undefined) return undefined;
  const reading = await readPlanFile(folder);
  if (reading.kind === "plan" && reading.file.revision === manifest.revision) return revisionOf(reading.file);
  const text = readText(revisionFile(folder, manifest.revision));
  try {
    const data = text === undefined ? undefined : fromJson(text);
    return isRevision(data) ? data : undefined;
  } catch {
    return undefined;
  }
}

function isRevision(data: unknown): data is Revision {
  if (typeof data !== "object" || data === null) return false;
  if (!("revision" in data && "spec" in data && "modules" in data && "data" in data && "settings" in data))
    return false;
  const isText = (text: unknown): boolean =>
    typeof text === "object" && text !== null && "text" in text && typeof text.text === "string" && "file" in text;
  return isText(data.spec) && Array.isArray(data.modules) && data.modules.every(isText) && Array.isArray(data.data);
}

const revisionFile = (folder: string, revision: number): string => join(folder, "revisions", `${revision}.json`);
