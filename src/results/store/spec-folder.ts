/** The folder of a spec's results: one folder for each experiment, and which spec it belongs to. */
import { existsSync, renameSync } from "node:fs";
import { join } from "node:path";
import type { Diagnostic } from "../../base/diagnostic.js";
import { UserError } from "../../base/diagnostic.js";
import { entriesOf, sha256 } from "./files.js";
import type { PlanFile } from "./plan-file.js";
import { readPlanFile } from "./plan-file.js";

/** Where an experiment's results lie, below the folder of its spec. */
export const experimentFolder = (specFolder: string, experiment: string): string => join(specFolder, experiment);

type PlanFiles = readonly [PlanFile, ...PlanFile[]];

/** The plans in a folder, all of one text; throws where there is none. */
export async function readSpecFolder(folder: string, report: (diagnostic: Diagnostic) => void): Promise<PlanFiles> {
  const files: PlanFile[] = [];
  for (const { name } of experimentsIn(folder)) {
    const reading = await readPlanFile(join(folder, name));
    if (reading.kind === "plan") files.push(reading.file);
    if (reading.kind === "bad") throw badPlan(join(folder, name), reading.reason);
  }
  const [first] = files;
  if (first === undefined) throw noResults(folder);
  const same = files.filter(({ spec }) => spec.sha256 === first.spec.sha256);
  if (same.length < files.length) report(mixedFolder(folder, files.length - same.length));
  return [first, ...same.slice(1)];
}

/** Refuses a folder whose plans came from another file with another text. */
export async function refuseForeign(folder: string, path: string, text: string): Promise<void> {
  for (const { name } of experimentsIn(folder)) {
    const reading = await readPlanFile(join(folder, name));
    if (reading.kind !== "plan") continue;
    const { spec } = reading.file;
    if (spec.path === path || spec.sha256 === sha256(text)) continue;
    throw new UserError({
      code: "AM8006",
      severity: "error",
      message: `\`${folder}\` holds the results of another spec, \`${spec.path}\``,
      span: null,
      help: "choose another folder with `--out`, remove that one, or take it over: `--adopt`",
    });
  }
}

/** Experiments that the spec has no more keep their numbers, but are in no report. */
export function retireOthers(folder: string, experiments: readonly string[]): void {
  for (const { name } of experimentsIn(folder)) {
    const plan = join(folder, name, "plan.json");
    if (!experiments.includes(name)) renameSync(plan, `${plan}.retired`);
  }
}

function experimentsIn(folder: string): readonly { readonly name: string }[] {
  return entriesOf(folder).filter((entry) => entry.isDirectory() && existsSync(join(folder, entry.name, "plan.json")));
}

function badPlan(folder: string, reason: string): UserError {
  return new UserError({
    code: "AM8007",
    severity: "error",
    message: `\`${join(folder, "plan.json")}\` cannot be used: ${reason}`,
    span: null,
    help: "`amemc compile` with the spec writes it anew; finished points are kept",
  });
}

function noResults(folder: string): UserError {
  return new UserError({
    code: "AM8005",
    severity: "error",
    message: `\`${folder}\` is no folder of results`,
    span: null,
    help: "name the folder that `amemc run` wrote, for instance `out/quickstart`",
  });
}

function mixedFolder(folder: string, others: number): Diagnostic {
  return {
    code: "AM8007",
    severity: "warning",
    message: `${others} of the experiments in \`${folder}\` were compiled from another version of the spec`,
    span: null,
    help: "they are left out; compile the spec again",
  };
}

/** The engine of the plans in a folder; null where there are none. */
export async function plannedEngine(folder: string): Promise<"graph" | "portable" | null> {
  for (const { name } of experimentsIn(folder)) {
    const reading = await readPlanFile(join(folder, name));
    if (reading.kind === "plan") return reading.file.plan.engine;
  }
  return null;
}
