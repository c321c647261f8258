/** What a mark is asked for, and what it answers: finished rows, and Vega-Lite units that draw them. */
import type { Cell, ChannelName, EvaluatedLayer } from "../../results/chart-types.js";
import { isObject } from "./json.js";
import type { JsonObject } from "./json.js";

/** Columns by the names that units use: those of the channels, `low`, `high`, `n`, `x_low` …, `detail1`, `tooltip1` … */
export type Columns = Readonly<Record<string, readonly Cell[]>>;

export interface DrawnRows {
  readonly count: number;
  readonly columns: Columns;
}

/** One unit of a layer; which rows it draws is added by the chart. */
export interface Unit {
  readonly mark: JsonObject;
  readonly encoding: JsonObject;
  /** Answers the pointer and shows nothing: left out of the picture made on the way. */
  readonly hover?: boolean;
}

export interface Piece {
  readonly rows: DrawnRows;
  readonly units: readonly Unit[];
  /** Repeats rows of another piece. */
  readonly extra?: true;
}

export interface Drawing {
  /** From the bottom to the top. */
  readonly pieces: readonly Piece[];
  readonly notes: readonly string[];
}

/** A layer as its mark sees it. */
export interface LayerView {
  readonly layer: EvaluatedLayer;
  /** Categories are numbers here: places in the domain that all layers share. */
  readonly rows: DrawnRows;
  /** The columns that tell one series from another (row, column, colour, shape, details), as far as the layer has them. */
  readonly series: readonly string[];
  /** The channel's encoding (axis or legend and scale are those of the chart); `{}` where the layer does not have it. */
  encode(...channels: readonly ChannelName[]): JsonObject;
  /** Colour and the entry of `label:` in the legend. */
  readonly look: JsonObject;
  /** Splits paths without showing. */
  readonly detail: JsonObject;
  /** Whether the layer has a colour of its own (a channel, or a label). */
  readonly colored: boolean;
  /** The only layer of its chart. */
  readonly alone: boolean;
  readonly overHeatmap: boolean;
  /** Width and height of one panel, in pixels. */
  readonly panel: { readonly width: number; readonly height: number };
  readonly logs: { readonly x: boolean; readonly y: boolean };
}

export type DrawMark = (view: LayerView) => Drawing;

/** The pointer finds rows of lines at their points; these show nothing. */
export function hoverPoints(view: LayerView, ...channels: readonly ChannelName[]): Unit {
  return {
    hover: true,
    mark: { type: "point", filled: true, size: 110, opacity: 0, tooltip: { content: "data" } },
    encoding: view.encode(...(channels.length > 0 ? channels : (["x", "y"] as const))),
  };
}

/** Another column of the rows along the axis of a channel. */
export function along(view: LayerView, name: "x" | "y", field: string): JsonObject {
  const own = view.encode(name)[name];
  return { ...(isObject(own) ? own : {}), field };
}

export const TOOLTIP: JsonObject = { content: "data" };
