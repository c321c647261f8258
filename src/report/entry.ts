/** The way into the report: evaluated results to one HTML file. Bundled as `dist/report.mjs`, loaded when it is needed. */
import { readFileSync } from "node:fs";
import { distFile } from "../base/package.js";
import type { EvaluatedChart } from "../results/chart-types.js";
import { renderPage } from "./page/page.js";
import type { ExperimentReport, Report, ReportInput, ReportProblem } from "./types.js";
import type { ChartDrawing } from "./vega/index.js";
import { namedTables } from "./vega/named-tables.js";
import type { NamedTables } from "./vega/raw.js";
import { WARMING } from "./vega/warming.js";
import { idOf } from "./html.js";

export type * from "./types.js";

/** The page. The same input gives the same bytes. */
export async function renderReport(input: ReportInput): Promise<string> {
  return (await makeReport(input)).html;
}

/** The page, and what the user should be told beside it. */
export async function makeReport(input: ReportInput): Promise<Report> {
  const hasCharts = input.experiments.some(({ items }) => items.some(({ kind }) => kind === "chart"));
  const draw = hasCharts ? await loadDrawing() : null;
  const drawings = new Map<ExperimentReport, readonly ChartDrawing[]>();
  const problems: ReportProblem[] = [];
  for (const experiment of input.experiments) {
    const tables = namedTables(experiment.items.flatMap((item) => (item.kind === "table" ? [item.table] : [])));
    const own: ChartDrawing[] = [];
    for (const item of experiment.items) {
      if (item.kind !== "chart" || draw === null) continue;
      const { chart } = item;
      const prefix = `${idOf("picture", experiment.name, chart.name)}-`;
      const drawing = await draw(chart, tables, prefix);
      own.push(drawing);
      problems.push(...drawing.faults.map((fault) => ({ experiment: experiment.name, chart: chart.name, ...fault })));
    }
    drawings.set(experiment, own);
  }
  const script = readFileSync(distFile("page.js"), "utf8");
  return { html: renderPage(input, { drawings, script }), problems };
}

type Draw = (chart: EvaluatedChart, tables: NamedTables, prefix: string) => Promise<ChartDrawing>;

/** Vega and the schema of its specs are large: loaded only where there is a chart. */
async function loadDrawing(): Promise<Draw> {
  const { drawAny, loadValidator } = await import("./vega/index.js");
  const validate = await loadValidator();
  return (chart, tables, prefix) => drawAny(chart, tables, prefix, validate);
}

/** Loads what charts need and draws a small one, so that the first real one does not wait. */
export async function warm(): Promise<void> {
  await (
    await loadDrawing()
  )(WARMING, {}, "warm-");
}
