/** What the page keeps of a chart: a Vega spec, the rows in columns, and how to say them in words. Shared with its script. */
import type { Cell, ChannelField, ChannelName } from "../../results/chart-types.js";
import type { DrawnChart, MarksChart } from "./chart.js";
import type { JsonObject } from "./json.js";
import type { DrawnRow, PanelCounts, Part } from "./rows.js";

export interface LiveChart {
  readonly name: string;
  readonly vega: JsonObject;
  readonly parts: readonly Part[];
  readonly panels: PanelCounts;
  readonly layers: readonly LiveLayer[];
  readonly layerOfPart: readonly number[];
  /** Of charts written by hand: the tables that they read. */
  readonly tables: Readonly<Record<string, readonly DrawnRow[]>>;
}

export interface LiveLayer {
  readonly label: string | null;
  readonly fields: readonly LiveField[];
}

/** A column of the rows, in the user's words. */
export interface LiveField {
  readonly column: string;
  readonly title: string;
  /** What places in the column mean; null where it holds the values themselves. */
  readonly domain: readonly Cell[] | null;
}

const ORDER: readonly ChannelName[] = [
  "row",
  "column",
  "color",
  "shape",
  "x",
  "y",
  "x2",
  "y2",
  "size",
  "opacity",
  "text",
  "order",
];

export function describeRows(chart: MarksChart, drawn: DrawnChart): readonly LiveLayer[] {
  return chart.layers.map((layer, number) => {
    const { channels } = layer;
    const fields: LiveField[] = [];
    const add = (column: string, title: string, domain: readonly Cell[] | null = null): void => {
      if (!fields.some((own) => own.column === column)) fields.push({ column, title, domain });
    };
    for (const channel of ORDER) {
      const field = channels[channel];
      if (field === undefined) continue;
      if (layer.mark === "contour" && channel === "color") add("level", field.title);
      else add(channel, field.title, domainOf(drawn, channel, field, number));
    }
    if (layer.mark === "histogram") {
      const title = channels.x?.title ?? "x";
      fields.splice(0, fields.length, ...fields.filter(({ column }) => column !== "x"));
      add("x_low", `${title} from`);
      add("x_high", `${title} to`);
      add("y", "count");
    }
    for (const field of [...layer.detail, ...layer.tooltip]) {
      const shown = Object.values(channels).some((own) => own.field === field.field);
      if (!shown) add(field.field, field.title);
    }
    if (layer.band !== null) {
      add("low", "low");
      add("high", "high");
      add("n", "n");
    }
    return { label: layer.label, fields };
  });
}

function domainOf(
  { domains }: DrawnChart,
  channel: ChannelName,
  field: ChannelField,
  layer: number,
): readonly Cell[] | null {
  switch (channel) {
    case "row":
    case "column":
    case "shape":
    case "x":
    case "y":
      return domains[channel];
    case "x2":
      return domains.x;
    case "y2":
      return domains.y;
    case "color":
      return field.type === "quantitative" ? null : (domains.color[layer]?.domain ?? null);
    case "size":
    case "opacity":
    case "order":
    case "text":
      return null;
  }
}
