/** What the channels of a mark show: scales, kinds of values, the order of categories. */
import type { CheckedChannel, MarkName } from "../../language/results/index.js";
import type { Cell, ChannelField } from "../chart-types.js";
import type { FieldOf, Row } from "./join.js";

/** Beyond this many values a legend of numbers is a scale, not a list. */
const MOST_ENTRIES = 12;

/** Every channel with a field of its own; several of `detail` and `tooltip` are numbered. */
export function fieldsOf(channels: readonly CheckedChannel[]): readonly FieldOf[] {
  const counts = new Map<string, number>();
  return channels.map((channel) => {
    const number = (counts.get(channel.channel) ?? 0) + 1;
    counts.set(channel.channel, number);
    const isMany = channel.channel === "detail" || channel.channel === "tooltip";
    return { channel, field: isMany ? `${channel.channel}${String(number)}` : channel.channel };
  });
}

export function describeField({ channel, field }: FieldOf, mark: MarkName, rows: readonly Row[]): ChannelField {
  const cells = rows.map((row) => row.cells[field] ?? null);
  const numbers = cells.filter((cell) => typeof cell === "number");
  const distinct = [...new Set(numbers)].sort((a, b) => a - b);
  const type = fieldType(channel, mark, distinct.length);
  return {
    field,
    title: channel.title,
    type,
    scale: channel.log ? "log" : "linear",
    integer: numbers.every(Number.isInteger),
    domain: type === "quantitative" ? null : domainOf(channel, cells, distinct),
    source: channel.axis === null ? "value" : "axis",
  };
}

function fieldType(
  { channel, type, axis, log }: CheckedChannel,
  mark: MarkName,
  distinct: number,
): ChannelField["type"] {
  if (type.kind === "label") return "nominal";
  switch (channel) {
    case "x":
    case "y":
      return mark === "bar" && channel === "x" ? "ordinal" : "quantitative";
    case "x2":
    case "y2":
    case "size":
    case "opacity":
    case "order":
      return "quantitative";
    case "row":
    case "column":
    case "shape":
    case "detail":
      return type.kind === "bool" ? "nominal" : "ordinal";
    case "color":
      if (type.kind === "bool") return "nominal";
      return axis !== null && !log && distinct <= MOST_ENTRIES ? "ordinal" : "quantitative";
    case "text":
    case "tooltip":
      return type.kind === "bool" ? "nominal" : "quantitative";
  }
}

function domainOf({ type }: CheckedChannel, cells: readonly Cell[], distinct: readonly number[]): readonly Cell[] {
  const present = new Set(cells);
  if (type.kind === "label") return type.labels.filter((label) => present.has(label));
  return type.kind === "bool" ? [false, true].filter((value) => present.has(value)) : distinct;
}
