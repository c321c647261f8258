/** Hands what was judged to the page, which is a bundle of its own with the libraries that draw. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Diagnostic } from "../base/diagnostic.js";
import { distFile } from "../base/package.js";
import { summarizePoints } from "../report/points.js";
import type { ExperimentReport, Report, ReportInput, ReportItem } from "../report/types.js";
import type { Judged, JudgedExperiment } from "../results/judged.js";
import { sha256, writeDurably } from "../results/store/files.js";
import { experimentFolder } from "../results/store/spec-folder.js";

/** What `src/report/entry.ts` exports. */
interface ReportBundle {
  makeReport(input: ReportInput): Promise<Report>;
  warm(): Promise<void>;
}

/** Writes `report.html`; returns its path, or that of `claims.json` where the page cannot be drawn. */
export async function writePage(
  specFolder: string,
  judged: Judged,
  report: (diagnostic: Diagnostic) => void,
): Promise<string> {
  const bundle = distFile("report.mjs");
  if (!existsSync(bundle)) {
    report({
      code: "AM8011",
      severity: "warning",
      message: `the page is not drawn: \`${bundle}\` is not there`,
      span: null,
      help: "in a clone run `npm run build`; a package has to be installed again",
    });
    return join(specFolder, "claims.json");
  }
  const drawing = (await import(bundle)) as ReportBundle;
  const { html, problems } = await drawing.makeReport(toReportInput(specFolder, judged));
  for (const { chart, message, help } of problems)
    report({
      code: "AM6901",
      severity: "warning",
      message: `chart \`${chart}\`: ${message}`,
      span: null,
      ...(help === null ? {} : { help }),
    });
  const page = join(specFolder, "report.html");
  await writeDurably(page, html);
  return page;
}

/** Loads what draws while workers compute; whatever goes wrong shows when the page is drawn. */
export async function warmPage(): Promise<void> {
  try {
    await ((await import(distFile("report.mjs"))) as ReportBundle).warm();
  } catch {
    // Told later.
  }
}

export function toReportInput(specFolder: string, { amemc, spec, modules, experiments }: Judged): ReportInput {
  const command = experiments[0] === undefined ? "" : commandOf(experiments[0]);
  return {
    amemc,
    spec,
    modules,
    command,
    claims: [],
    experiments: experiments.map((experiment) => toReport(specFolder, experiment)),
  };
}

function toReport(specFolder: string, experiment: JudgedExperiment): ExperimentReport {
  const { name, title, doc, sources, file, manifest, evaluated, order, points } = experiment;
  const items = order.flatMap(({ kind, number }): readonly ReportItem[] => {
    const [chart, table, text] = [evaluated.charts[number], evaluated.tables[number], evaluated.texts[number]];
    if (kind === "chart") return chart === undefined ? [] : [{ kind, chart }];
    if (kind === "table") return table === undefined ? [] : [{ kind, table }];
    return text === undefined ? [] : [{ kind, text }];
  });
  const planHash = sha256(readFileSync(join(experimentFolder(specFolder, name), "plan.json")));
  return {
    name,
    title,
    doc,
    sources,
    verdicts: evaluated.verdicts,
    items,
    points: summarizePoints(file.plan, points),
    provenance: { manifest, planHash },
  };
}

/** What makes these results again. */
function commandOf({ file }: JudgedExperiment): string {
  const { profile, settings, engine } = file.plan;
  const words = ["amemc", "compile-and-run", file.spec.file, "--engine", engine];
  if (profile !== null) words.push("--profile", profile);
  for (const [name, value] of Object.entries(settings)) words.push("--set", `${name}=${value}`);
  return words.map(quote).join(" ");
}

const quote = (word: string): string => (/^[\w./=+,:@%-]+$/u.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);
