/** The join of a mark's channels: one entry for each combination of all axes, of which the drawable ones are kept. */
import type { CheckedChannel, CheckedLayer } from "../../language/results/index.js";
import { align } from "../analysis/align.js";
import type { Analysis } from "../analysis/evaluate.js";
import { ABSENT, VALID, stridesOf } from "../analysis/tensor.js";
import type { Tensor } from "../analysis/tensor.js";
import type { Cell, EvaluatedLayer } from "../chart-types.js";

/** A row while it is made: cells by field, and what it is sorted by. */
export interface Row {
  readonly cells: Record<string, Cell>;
  /** The coordinate of the axis that orders a line or path. */
  readonly along: number;
}

/** A channel with the field of the rows that it fills. */
export interface FieldOf {
  readonly channel: CheckedChannel;
  readonly field: string;
}

export interface Joined {
  readonly rows: readonly Row[];
  readonly leftOut: EvaluatedLayer["leftOut"];
}

/** Marks of which a row without a value is kept: as a hole in the grid, or a gap in the line. */
const keepsHoles = new Set(["heatmap", "contour", "image"]);
const keepsGaps = new Set(["line", "trajectory"]);

export function joinChannels(layer: CheckedLayer, fields: readonly FieldOf[], analysis: Analysis): Joined {
  const band = layer.average?.band ?? null;
  const extra = band === null ? [] : [band.low, band.high, band.count].map((node) => analysis.evaluate(node));
  const main = collect(
    layer,
    fields,
    fields.map(({ channel }) => analysis.evaluate(channel.node)),
    {
      filter: layer.filter === null ? null : analysis.evaluate(layer.filter),
      extra,
      atEnd: false,
    },
  );
  const { atLast } = layer;
  if (atLast === null) return main;
  const ends = collect(
    layer,
    fields,
    atLast.nodes.map((node) => analysis.evaluate(node)),
    {
      filter: atLast.filter === null ? null : analysis.evaluate(atLast.filter),
      extra: [],
      atEnd: true,
    },
  );
  // A run whose last record is on the grid has been drawn to its end already.
  const known = new Set(main.rows.filter((row) => row.cells.y !== null).map(keyOf));
  return {
    rows: [...main.rows, ...ends.rows.filter((row) => row.cells.y !== null && !known.has(keyOf(row)))],
    leftOut: main.leftOut,
  };
}

function keyOf({ cells }: Row): string {
  return Object.entries(cells)
    .map(([field, cell]) => `${field}=${String(cell)}`)
    .join(" ");
}

interface Parts {
  readonly filter: Tensor | null;
  readonly extra: readonly Tensor[];
  readonly atEnd: boolean;
}

function collect(
  layer: CheckedLayer,
  fields: readonly FieldOf[],
  values: readonly Tensor[],
  { filter, extra, atEnd }: Parts,
): Joined {
  const { axes, tensors } = align([...values, ...extra, ...(filter === null ? [] : [filter])]);
  const mask = filter === null ? undefined : tensors.at(-1);
  const along = axes.findIndex((axis) => axis.name === layer.along);
  const stride = stridesOf(axes)[along] ?? 1;
  const coordinates = axes[along]?.coordinates ?? [0];
  const leftOut = { missing: 0, notFinite: 0, notPositive: 0 };
  const rows: Row[] = [];
  const size = tensors[0]?.values.length ?? 0;
  for (let i = 0; i < size; i++) {
    if (mask !== undefined && (mask.states[i] !== VALID || mask.values[i] === 0)) continue;
    const cells: Record<string, Cell> = {};
    const fate = fillCells(layer, fields, tensors, i, cells);
    if (fate === "absent") continue;
    if (fate !== "drawn") leftOut[fate]++;
    if (fate === "drawn" || keepsHoles.has(layer.mark) || (keepsGaps.has(layer.mark) && cells.x !== null)) {
      if (extra.length > 0) {
        const at = (k: number): Cell => numberAt(tensors[fields.length + k], i);
        Object.assign(cells, { low: at(0), high: at(1), n: at(2) });
      }
      rows.push({ cells, along: atEnd ? Infinity : (coordinates[Math.floor(i / stride) % coordinates.length] ?? 0) });
    }
  }
  return { rows, leftOut };
}

function numberAt(tensor: Tensor | undefined, i: number): Cell {
  const value = tensor?.values[i] ?? NaN;
  return tensor?.states[i] === VALID && Number.isFinite(value) ? value : null;
}

type Fate = "drawn" | "absent" | "missing" | "notFinite" | "notPositive";

function fillCells(
  layer: CheckedLayer,
  fields: readonly FieldOf[],
  tensors: readonly Tensor[],
  i: number,
  cells: Record<string, Cell>,
): Fate {
  let fate: Fate = "drawn";
  for (const [k, { channel, field }] of fields.entries()) {
    const state = tensors[k]?.states[i] ?? VALID;
    const value = tensors[k]?.values[i] ?? NaN;
    const isOptional = channel.channel === "tooltip";
    let cell: Cell = null;
    let own: Fate = "drawn";
    if (state === ABSENT) own = "absent";
    else if (state !== VALID) own = "missing";
    else if (!Number.isFinite(value)) own = "notFinite";
    else if (channel.log && value <= 0) own = "notPositive";
    else cell = cellOf(channel, value);
    cells[field] = cell;
    if (own === "absent" && !isOptional) return "absent";
    if (fate === "drawn" && !isOptional) fate = own;
  }
  return fate;
}

/** Labels and truth values by name, where they are not places on a scale. */
function cellOf({ type, channel }: CheckedChannel, value: number): Cell {
  if (type.kind === "label") return type.labels[value] ?? null;
  const isScale = ["x", "y", "x2", "y2", "size", "opacity", "order"].includes(channel);
  return type.kind === "bool" && !isScale ? value !== 0 : value;
}
