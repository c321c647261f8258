/** The way into the report: evaluated results to one HTML file. Bundled as `dist/report.cjs`, loaded when it is needed. */
import { readFileSync } from "node:fs";
import { distFile } from "../base/package.js";
import { renderPage } from "./page/page.js";
import { renderDoc } from "./prose/markdown.js";
import type { ExperimentReport, Report, ReportInput, ReportProblem } from "./types.js";
import type { ChartDrawing } from "./vega/index.js";
import type * as Charts from "./vega/index.js";
import { namedTables } from "./vega/named-tables.js";
import { idOf } from "./html.js";

export type * from "./types.js";

/** What draws charts, with Vega and the schema of its specs: a large bundle of its own. Asked for where there is a chart. */
export type LoadCharts = () => Pick<typeof Charts, "drawAny" | "loadValidator">;

/** The page. The same input gives the same bytes. */
export async function renderReport(input: ReportInput, loadCharts: LoadCharts): Promise<string> {
  return (await makeReport(input, loadCharts)).html;
}

/** The page, and what the user should be told beside it. */
export async function makeReport(input: ReportInput, loadCharts: LoadCharts): Promise<Report> {
  const hasCharts = input.experiments.some(({ items }) => items.some(({ kind }) => kind === "chart"));
  const charts = hasCharts ? loadCharts() : null;
  const validate = await charts?.loadValidator();
  const drawings = new Map<ExperimentReport, readonly ChartDrawing[]>();
  const problems: ReportProblem[] = [];
  for (const experiment of input.experiments) {
    const tables = namedTables(experiment.items.flatMap((item) => (item.kind === "table" ? [item.table] : [])));
    const own: ChartDrawing[] = [];
    for (const item of experiment.items) {
      if (item.kind !== "chart" || charts === null || validate === undefined) continue;
      const { chart } = item;
      const prefix = `${idOf("picture", experiment.name, chart.name)}-`;
      const drawing = await charts.drawAny(chart, tables, prefix, validate);
      own.push(drawing);
      problems.push(...drawing.faults.map((fault) => ({ experiment: experiment.name, chart: chart.name, ...fault })));
    }
    drawings.set(experiment, own);
  }
  const script = readFileSync(distFile("page.js"), "utf8");
  return { html: renderPage(input, { drawings, script }), problems };
}

/** Passes once through what reads prose: its patterns are compiled when they are first used. */
export function warm(): void {
  renderDoc("warm");
}
