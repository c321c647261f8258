/**
 * One chart of a report, drawn: its picture, and what the page needs to draw it again with a pointer at hand.
 * Bundled as `dist/charts.cjs`.
 */
import type { EvaluatedChart } from "../../results/chart-types.js";
import type { SchemaValidator } from "../../base/validator.js";
import { schemaErrors } from "../../base/validator.js";
import { drawChart, ROWS } from "./chart.js";
import type { DrawnChart, MarksChart } from "./chart.js";
import { compileSpec, drawSvg, loadValidator } from "./compile.js";
import { describeChart } from "./describe.js";
import type { JsonObject } from "./json.js";
import type { LiveChart } from "./live.js";
import { describeRows } from "./live.js";
import type { NamedTables, RawFault } from "./raw.js";
import { readRaw } from "./raw.js";
import { rowsOf } from "./rows.js";
import type { DrawnRow } from "./rows.js";
import type { Picture } from "./svg.js";
import { tidySvg } from "./svg.js";
import { WARMING } from "./warming.js";
import { plainTitle } from "./words.js";

export { loadValidator };

export interface ChartDrawing {
  /** Null where nothing could be drawn. */
  readonly picture: Picture | null;
  readonly live: LiveChart | null;
  readonly notes: readonly string[];
  /** Of charts written as Vega-Lite by hand: why they are not drawn, or what is doubtful. */
  readonly faults: readonly RawFault[];
}

/** More marks than this make a page that no browser likes. */
const MOST_ROWS = 150_000;

export async function drawAny(
  chart: EvaluatedChart,
  tables: NamedTables,
  prefix: string,
  validate: SchemaValidator,
): Promise<ChartDrawing> {
  return chart.kind === "marks" ? drawMarks(chart, prefix, validate) : drawRaw(chart, tables, prefix, validate);
}

/** Draws a small chart, so that the first real one does not wait. */
export async function warm(): Promise<void> {
  await drawAny(WARMING, {}, "warm-", await loadValidator());
}

async function drawMarks(chart: MarksChart, prefix: string, validate: SchemaValidator): Promise<ChartDrawing> {
  const nothing = { picture: null, live: null, faults: [] };
  const count = chart.layers.reduce((sum, layer) => sum + layer.rows.count, 0);
  if (count === 0)
    return { ...nothing, notes: chart.notes.length > 0 ? chart.notes : ["there is nothing to draw yet"] };
  const drawn = drawChart(chart);
  // Our own spec: a fault here is ours.
  if (!validate(drawn.spec)) throw new Error(`the chart ${chart.name} became no Vega-Lite: ${schemaErrors(validate)}`);
  const rows = rowsOf(drawn.parts, drawn.panels);
  const notes = [...chart.notes, ...drawn.notes];
  if (rows.length > MOST_ROWS)
    return {
      ...nothing,
      notes: [...notes, `${rows.length} marks are too many to draw in a page: choose some, or reduce`],
    };
  const compiled = compileSpec(drawn.spec);
  const picture = await render(compiled.vega, { [ROWS]: rows }, prefix, describeChart(chart), true);
  return { picture, live: liveOf(chart, drawn, compiled.vega), notes: [...notes, ...compiled.warnings], faults: [] };
}

function liveOf(chart: MarksChart, drawn: DrawnChart, vega: JsonObject): LiveChart {
  return {
    name: chart.name,
    vega,
    parts: drawn.parts,
    panels: drawn.panels,
    layers: describeRows(chart, drawn),
    layerOfPart: drawn.layerOfPart,
    tables: {},
  };
}

async function drawRaw(
  chart: Extract<EvaluatedChart, { readonly kind: "vegalite" }>,
  tables: NamedTables,
  prefix: string,
  validate: SchemaValidator,
): Promise<ChartDrawing> {
  const reading = readRaw(chart.text, tables, validate);
  if (reading.kind === "faults") return { picture: null, live: null, notes: chart.notes, faults: reading.faults };
  const { spec, reads, remarks } = reading;
  const used = Object.fromEntries(reads.map((name) => [name, [...(tables[name] ?? [])]]));
  try {
    const compiled = compileSpec(spec);
    const picture = await render(compiled.vega, used, prefix, plainTitle(chart.title ?? chart.name), false);
    const live: LiveChart = {
      name: chart.name,
      vega: compiled.vega,
      parts: [],
      panels: { row: 0, column: 0 },
      layers: [],
      layerOfPart: [],
      tables: used,
    };
    return { picture, live, notes: [...chart.notes, ...compiled.warnings], faults: remarks };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return {
      picture: null,
      live: null,
      notes: chart.notes,
      faults: [...remarks, { message: `Vega-Lite could not draw it: ${reason}`, help: null }],
    };
  }
}

async function render(
  vega: JsonObject,
  data: Readonly<Record<string, DrawnRow[]>>,
  prefix: string,
  description: string,
  own: boolean,
): Promise<Picture> {
  return tidySvg(await drawSvg(vega, data, own), { prefix, description });
}
