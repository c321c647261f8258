/** One chart a mark, and the combinations that are easily got wrong. */
import type { Cell, EvaluatedChart } from "../../src/results/chart-types.js";
import { axis, category, chart, CI, field, landscape, layer, losses, waiting } from "./charts.js";

const range = (count: number): readonly number[] => Array.from({ length: count }, (_, k) => k);
/** Not random at all: the same on every machine. */
const wobble = (k: number): number => Math.sin(12.9898 * k) * Math.cos(78.233 * k);

export function gallery(): readonly EvaluatedChart[] {
  return [
    losses(),
    waiting(),
    landscape(24),
    points(),
    bars(),
    histogram(),
    images(),
    arrows(),
    places(),
    contours(),
    many(),
    labels(),
    panels(),
    gaps(),
    single(),
  ];
}

function points(): EvaluatedChart {
  const rows = [3, 5, 10].flatMap((d, i) =>
    ["gd", "adam"].map((method, k) => {
      const y = 0.4 / (i + 1) + 0.1 * k;
      return { x: d, y, color: method, shape: method, size: d * 2, low: y - 0.05, high: y + 0.07, n: 20 };
    }),
  );
  const method = ["gd", "adam"];
  return chart(
    "points",
    "Final loss",
    layer(
      "point",
      {
        x: axis("x", "d", { integer: true }),
        y: field("y", "loss"),
        color: category("color", "method", method),
        shape: category("shape", "method", method),
        size: field("size", "parameters", { integer: true }),
      },
      rows,
      { band: CI },
    ),
    layer("rule", { y: field("y", "loss") }, [{ y: 0.25 }], { label: "chance" }),
  );
}

function bars(): EvaluatedChart {
  const rows = [3, 5, 10].flatMap((d) =>
    [3, 10, 20].map((eta) => ({
      x: d,
      y: (0.3 * eta) / d / 6,
      color: eta,
      low: (0.25 * eta) / d / 6,
      high: (0.36 * eta) / d / 6,
      n: 100,
    })),
  );
  return chart(
    "bars",
    "Share of seeds whose loss rises",
    layer(
      "bar",
      { x: category("x", "d", [3, 5, 10]), y: field("y", "rises"), color: category("color", "eta", [3, 10, 20]) },
      rows,
      { band: CI },
    ),
  );
}

function histogram(): EvaluatedChart {
  const rows = ["first", "last"].flatMap((when, k) =>
    range(200).map((i) => ({ x: k + wobble(i + 7 * k), color: when })),
  );
  return chart(
    "histogram",
    "Margins",
    layer("histogram", { x: field("x", "margin"), color: category("color", "when", ["first", "last"]) }, rows),
  );
}

function images(): EvaluatedChart {
  const rows = range(4).flatMap((image) =>
    range(12).flatMap((y) =>
      range(12).map((x) => ({
        x,
        y,
        column: image,
        color: Math.exp(-((x - 3 - image) ** 2 + (y - 3) ** 2) / 8),
        x_low: x - 0.5,
        x_high: x + 0.5,
        y_low: y - 0.5,
        y_high: y + 0.5,
      })),
    ),
  );
  return chart(
    "images",
    "Patterns",
    layer(
      "image",
      {
        x: axis("x", "col", { integer: true }),
        y: axis("y", "row", { integer: true }),
        color: field("color", "xi"),
        column: category("column", "pattern", range(4)),
      },
      rows,
      {
        grid: { x: range(12), y: range(12) },
        cells: { x: { low: "x_low", high: "x_high" }, y: { low: "y_low", high: "y_high" } },
      },
    ),
  );
}

function arrows(): EvaluatedChart {
  const rows = range(6).flatMap((i) =>
    range(6).map((j) => ({
      x: i,
      y: j,
      x2: i + 0.4 * Math.cos(i + j),
      y2: j + 0.4 * Math.sin(i + j),
      color: i < 3 ? "a" : "b",
    })),
  );
  return chart(
    "arrows",
    "A field",
    layer(
      "arrow",
      {
        x: axis("x", "g1"),
        y: axis("y", "g2"),
        x2: field("x2", "g1 + f"),
        y2: field("y2", "g2 + f"),
        color: category("color", "side", ["a", "b"]),
      },
      rows,
    ),
  );
}

function places(): EvaluatedChart {
  const rows = range(8).map((k) => ({ x: Math.cos(k), y: Math.sin(k), text: k % 2 === 0 ? "even" : k / 7 }));
  return chart(
    "places",
    "Embeddings",
    layer("text", { x: field("x", "e[0]"), y: field("y", "e[1]"), text: field("text", "token") }, rows),
  );
}

function contours(): EvaluatedChart {
  const xs = range(20).map((k) => 10 ** (-1 + k / 9.5));
  const ys = range(15).map((k) => k / 7);
  const rows = ys.flatMap((y) =>
    xs.map((x): Record<string, Cell> => ({ x, y, color: x > 5 && y > 1.5 ? null : Math.sin(2 * Math.log(x)) + y })),
  );
  return chart(
    "contours",
    "Contours over uneven coordinates, with a hole",
    layer(
      "contour",
      { x: axis("x", "lr", { scale: "log" }), y: axis("y", "beta"), color: field("color", "loss") },
      rows,
      { grid: { x: xs, y: ys } },
    ),
  );
}

function many(): EvaluatedChart {
  const rows = range(15).flatMap((k) =>
    range(60).map((x) => ({ x: x + 1, y: 1 + k * Math.log(x + 1), color: 2 ** k })),
  );
  const color = axis("color", "load", { scale: "log", integer: true });
  return chart(
    "many",
    "Fifteen loads",
    layer("line", { x: axis("x", "step", { scale: "log", integer: true }), y: field("y", "gain"), color }, rows, {
      detail: [color],
    }),
  );
}

function labels(): EvaluatedChart {
  const line = (slope: number, name: string) =>
    layer(
      "line",
      { x: axis("x", "n"), y: field("y", name) },
      range(20).map((x) => ({ x, y: slope * x })),
      { label: name },
    );
  const colored = layer(
    "line",
    { x: axis("x", "n"), y: field("y", "theory"), color: category("color", "d", [2, 3]) },
    [2, 3].flatMap((d) => range(20).map((x) => ({ x, y: d * x + 4, color: d }))),
    { label: "theory" },
  );
  return chart("labels", "Labels", line(1, "M"), line(2, "W"), colored);
}

function panels(): EvaluatedChart {
  const rows = [3, 10, 20].flatMap((eta) =>
    [3, 5, 10].flatMap((d) =>
      range(5).flatMap((token) =>
        range(40).map((x) => ({ x, y: Math.log1p(x * eta) / (token + 1) - 3 / d, color: token, row: eta, column: d })),
      ),
    ),
  );
  return chart(
    "panels",
    "Margins, mean over the seeds",
    layer(
      "line",
      {
        x: axis("x", "step", { integer: true }),
        y: field("y", "fit.margin"),
        color: category("color", "token", range(5)),
        row: category("row", "eta", [3, 10, 20]),
        column: category("column", "d", [3, 5, 10]),
      },
      rows,
    ),
    layer("rule", { y: field("y", "0") }, [{ y: 0 }]),
  );
}

function gaps(): EvaluatedChart {
  const rows = range(30).map((x) => ({ x, y: x === 12 ? null : 1e-7 * 3 ** (x / 3) }));
  return chart(
    "gaps",
    "A line with a gap, over many decades",
    layer("line", { x: axis("x", "n", { integer: true }), y: field("y", "error", { scale: "log" }) }, rows),
  );
}

function single(): EvaluatedChart {
  return chart(
    "single",
    null,
    layer("line", { x: axis("x", "n", { integer: true }), y: field("y", "error") }, [{ x: 3, y: 2 }]),
  );
}
