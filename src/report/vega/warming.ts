/** A small chart that passes through all of the code that most charts need. */
import type { ChannelField, EvaluatedChart } from "../../results/chart-types.js";

const field = (name: string, title: string): ChannelField => ({
  field: name,
  title,
  type: "quantitative",
  scale: "linear",
  integer: true,
  domain: null,
  source: "axis",
});

export const WARMING: EvaluatedChart = {
  kind: "marks",
  name: "warming",
  title: null,
  doc: null,
  notes: [],
  layers: [
    {
      mark: "line",
      label: null,
      channels: {
        x: field("x", "x"),
        y: { ...field("y", "y"), scale: "log" },
        color: { ...field("color", "a"), type: "ordinal", domain: [1, 2] },
        column: { ...field("column", "b"), type: "ordinal", domain: [1] },
      },
      detail: [],
      tooltip: [],
      rows: { count: 4, columns: { x: [0, 1, 0, 1], y: [1, 2, 3, 4], color: [1, 1, 2, 2], column: [1, 1, 1, 1] } },
      band: null,
      grid: null,
      cells: null,
      leftOut: { missing: 0, notFinite: 0, notPositive: 0 },
      down: false,
    },
  ],
};
