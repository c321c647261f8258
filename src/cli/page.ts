/** Hands what was judged to the page, which is a bundle of its own with the libraries that draw. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { loadBundle } from "../base/compiled.js";
import type { Diagnostic } from "../base/diagnostic.js";
import { distFile } from "../base/package.js";
import type { Source } from "../base/span.js";
import { summarizePoints } from "../report/points.js";
import { sourceText } from "../report/source-text.js";
import type * as Page from "../report/entry.js";
import type { ExperimentReport, ReportInput, ReportItem } from "../report/types.js";
import type * as Charts from "../report/vega/index.js";
import type { Judged, JudgedExperiment } from "../results/judged.js";
import { sha256, writeDurably } from "../results/store/files.js";
import { experimentFolder } from "../results/store/spec-folder.js";
import { shellWords } from "./shell-words.js";

const PAGE = "report.cjs";
const CHARTS = "charts.cjs";
// Bundles and this file are of one build.
const loadPage = (): typeof Page => loadBundle(PAGE, "page") as typeof Page;
const loadCharts = (): typeof Charts => loadBundle(CHARTS, "page") as typeof Charts;

/** Writes `report.html`; returns its path, or that of `claims.json` where the page cannot be drawn. */
export async function writePage(
  specFolder: string,
  judged: Judged,
  report: (diagnostic: Diagnostic) => void,
): Promise<string> {
  const missing = [PAGE, CHARTS].map(distFile).find((bundle) => !existsSync(bundle));
  if (missing !== undefined) {
    report({
      code: "AM8011",
      severity: "warning",
      message: `the page is not drawn: \`${missing}\` is not there`,
      span: null,
      help: "in a clone run `npm run build`; a package has to be installed again",
    });
    return join(specFolder, "claims.json");
  }
  const { html, problems } = await loadPage().makeReport(toReportInput(specFolder, judged), loadCharts);
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
export async function warmPage(texts: readonly Source[], hasCharts: boolean): Promise<void> {
  try {
    loadPage().warm();
    for (const { file, text } of texts) sourceText(file, text);
    if (hasCharts) await loadCharts().warm();
  } catch {
    // Told later.
  }
}

export function toReportInput(specFolder: string, { amemc, spec, modules, experiments, ofFile }: Judged): ReportInput {
  const command = experiments[0] === undefined ? "" : commandOf(experiments[0]);
  return {
    amemc,
    spec: sourceText(spec.file, spec.text),
    modules: modules.map(({ file, text }) => sourceText(file, text)),
    command,
    claims: ofFile?.evaluated.verdicts ?? [],
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
    provenance: { manifest, planHash, adaptive: file.plan.adaptive ?? [] },
  };
}

/** What makes these results again. */
function commandOf({ file }: JudgedExperiment): string {
  const { profile, settings, engine } = file.plan;
  const words = ["amemc", "compile-and-run", file.spec.file, "--engine", engine];
  if (profile !== null) words.push("--profile", profile);
  for (const [name, value] of Object.entries(settings)) words.push("--set", `${name}=${value}`);
  return shellWords(words);
}
