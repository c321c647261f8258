import { describe, expect, it } from "vitest";
import { evaluateResults } from "../../src/results/evaluate-report.js";
import type { EvaluatedChart, EvaluatedLayer } from "../../src/results/chart-types.js";
import { make, messages } from "../language/results/fixture.js";
import type { Spec } from "../language/results/fixture.js";

const spec: Spec = {
  sweeps: [
    { name: "seed", values: [0, 1, 2, 3] },
    { name: "eta", values: [10, 1] },
    { name: "method", labels: ["gd", "muon"] },
  ],
  axes: [
    { name: "dim", size: 2 },
    { name: "g", values: [1, 10, 100] },
  ],
  phases: {
    fit: {
      sweeps: ["seed", "eta"],
      state: ({ seed, eta }) => (seed === 3 && eta === 10 ? "diverged" : "done"),
      results: {
        loss: {
          steps: [0, 1, 2],
          value: ({ seed = 0, eta = 0, step = 0 }) => (seed === 3 && eta === 10 ? "missing" : seed + eta + step),
        },
        gamma: {
          steps: [0, 1, 2],
          axes: [["dim", "dim"]],
          value: ({ dim = 0, step = 0 }) => (dim === 0 ? step : -step),
        },
        right: { type: "bool", value: ({ seed = 0 }) => Number(seed > 0) },
      },
    },
    one: {
      sweeps: ["eta", "method"],
      results: {
        gap: { value: ({ eta = 0, method = 0 }) => (eta === 1 && method === 1 ? "absent" : eta * (method + 1)) },
      },
    },
    map: {
      sort: "measure",
      results: {
        loss: {
          axes: [
            ["g", "g"],
            ["g'", "g"],
          ],
          value: ({ g = 0, "g'": other = 0 }) => (g === 1 && other === 100 ? "missing" : g * other),
        },
      },
    },
    stop: {
      sweeps: ["eta"],
      results: {
        x: {
          steps: [0, 2, 4],
          value: ({ eta = 0, step = 0 }) => (eta === 1 && step > 3 ? "missing" : step),
          last: ({ eta = 0 }) => (eta === 1 ? 33 : 4),
        },
        steps: { type: "int", value: ({ eta = 0 }) => (eta === 1 ? 3 : 4) },
      },
    },
  },
};

function chartOf(text: string): Extract<EvaluatedChart, { kind: "marks" }> {
  const made = make(spec, text);
  expect(messages(made)).toEqual([]);
  const [chart] = evaluateResults(made.results, made.source).charts;
  if (chart?.kind !== "marks") throw new Error("no chart");
  return chart;
}
function layerOf(text: string): EvaluatedLayer {
  const [layer] = chartOf(text).layers;
  if (layer === undefined) throw new Error("no layer");
  return layer;
}

describe("charts", () => {
  it("averages seeds, with the band, and says what is missing", () => {
    const chart = chartOf('chart c "Loss" = line(x: step, y: fit.loss, color: eta)');
    const [layer] = chart.layers;
    expect(chart.title).toBe("Loss");
    expect(layer?.channels.color).toEqual({
      field: "color",
      title: "eta",
      type: "ordinal",
      scale: "linear",
      integer: true,
      domain: [1, 10],
      source: "axis",
    });
    expect(layer?.rows.columns).toMatchObject({
      x: [0, 1, 2, 0, 1, 2],
      color: [1, 1, 1, 10, 10, 10],
      y: [2.5, 3.5, 4.5, 11, 12, 13],
      n: [4, 4, 4, 3, 3, 3],
    });
    expect(layer?.rows.columns.low?.[0]).toBeCloseTo(2.5 - (3.182446305 * Math.sqrt(5 / 3)) / 2, 6);
    expect(layer?.band).toMatchObject({
      name: "95 % confidence interval of the mean over seed",
      middle: "mean",
      least: 3,
      most: 4,
    });
    expect(chart.notes).toEqual([
      "mean over seed (3 to 4 values: some are missing); the band shows the 95 % confidence interval of the mean over seed",
    ]);
  });

  it("takes the band as written; of bools it is Wilson's", () => {
    const layer = layerOf("chart c = line(x: eta, y: fit.loss[step: last], band: quantile(seed, 0, 1))");
    expect(layer.band).toMatchObject({ name: "quantiles 0 to 1 over seed", middle: "median" });
    expect(layer.rows.columns).toMatchObject({ x: [1, 10], y: [4.5, 13], low: [3, 12], high: [6, 14] });
    const share = layerOf("chart c = bar(x: eta, y: fit.right, band: ci(seed, 0.95))");
    expect(share.rows.columns.y).toEqual([0.75, 0.75]);
    expect(share.rows.columns.low?.[0]).toBeCloseTo(0.3006, 4);
    expect(share.channels.x?.type).toBe("ordinal");
  });

  it("shows seeds where it is told to", () => {
    const layer = layerOf("chart c = line(x: step, y: fit.loss[eta: 1], detail: seed, filter: step > 0)");
    expect(layer.detail).toMatchObject([{ field: "detail1", title: "seed", type: "ordinal" }]);
    expect(layer.rows.columns).toEqual({
      x: [1, 2, 1, 2, 1, 2, 1, 2],
      y: [2, 3, 3, 4, 4, 5, 5, 6],
      detail1: [0, 0, 1, 1, 2, 2, 3, 3],
    });
  });

  it("paths keep the order of the steps", () => {
    const layer = layerOf(
      "chart c = trajectory(x: fit.gamma[dim: 0], y: fit.gamma[dim: 1], color: eta, detail: seed, filter: seed == 0)",
    );
    expect(layer.rows.columns).toMatchObject({
      x: [0, 1, 2, 0, 1, 2],
      y: [-0, -1, -2, -0, -1, -2],
      color: [1, 1, 1, 10, 10, 10],
    });
  });

  it("labels in their order; absent points have no row", () => {
    const layer = layerOf("chart c = bar(x: method, y: one.gap, color: eta)");
    expect(layer.channels.x).toMatchObject({ type: "nominal", domain: ["gd", "muon"] });
    expect(layer.rows.columns).toEqual({ x: ["gd", "gd", "muon"], y: [1, 10, 20], color: [1, 10, 10] });
  });

  it("heatmaps have the full grid and the edges of cells", () => {
    const layer = layerOf("chart c = heatmap(x: g scale log, y: g', color: map.loss)");
    expect(layer.grid).toEqual({ x: [1, 10, 100], y: [1, 10, 100] });
    expect(layer.rows.columns.color).toEqual([1, 10, 100, 10, 100, 1000, null, 1000, 10000]);
    expect(layer.rows.columns.y_low?.[0]).toBe(-3.5);
    expect(layer.rows.columns.x_low?.[0]).toBeCloseTo(1 / Math.sqrt(10));
    expect(layer.rows.columns.x_high?.[0]).toBeCloseTo(Math.sqrt(10));
    expect(layer.cells).toEqual({ x: { low: "x_low", high: "x_high" }, y: { low: "y_low", high: "y_high" } });
    expect(layer.leftOut.missing).toBe(1);
  });

  it("draws a stopped run to its end", () => {
    const layer = layerOf("chart c = line(x: step, y: stop.x, color: eta)");
    expect(layer.rows.columns).toEqual({ x: [0, 2, 3, 0, 2, 4], y: [0, 2, 33, 0, 2, 4], color: [1, 1, 1, 10, 10, 10] });
    expect(layer.leftOut.missing).toBe(1);
  });

  it("leaves out what a log scale can not show, and says so", () => {
    const chart = chartOf("chart c = line(x: step scale log, y: stop.x[eta: 10] scale log)");
    expect(chart.layers[0]?.rows.columns).toEqual({ x: [2, 4], y: [2, 4] });
    expect(chart.notes).toEqual(["1 value is not greater than 0 and not drawn on a log scale"]);
  });

  it("layers carry labels and their own channels", () => {
    const chart = chartOf(
      'chart c = layer(line(x: eta, y: one.gap[method: gd], label: "GD"), point(x: eta, y: 3 * eta, label: "law"), rule(y: 5))',
    );
    expect(chart.layers.map((layer) => [layer.mark, layer.label, layer.rows.count])).toEqual([
      ["line", "GD", 2],
      ["point", "law", 2],
      ["rule", null, 1],
    ]);
    expect(chart.layers[1]?.channels.y).toMatchObject({ title: "3 * eta", source: "value" });
  });

  it("histograms take every value; scatter plots need no axis channel for what moves them", () => {
    expect(layerOf("chart c = histogram(x: fit.loss[step: 2])").rows.count).toBe(7);
    expect(layerOf("chart c = point(x: map.loss, y: 2 * map.loss)").rows.count).toBe(8);
  });

  it("a line over a measured value runs along the axis that moves it", () => {
    const layer = layerOf("chart c = line(x: -one.gap, y: one.gap, color: method, detail: eta)");
    expect(layer.rows.columns).toEqual({ x: [-1, -10, -20], y: [1, 10, 20], color: ["gd", "gd", "muon"] });
  });

  it.each([
    ["AM6040 `eta` is on no channel", "line(x: step, y: fit.loss)"],
    ["AM6040 `eta`, `method` are on no channel", "line(x: step, y: fit.loss * one.gap)"],
    ["AM6041 `line` needs `y`", "line(x: step)"],
    ["AM6041 no channel is called `colour`", "line(x: step, y: fit.loss, colour: eta)"],
    ["AM6041 no mark is called `lines`", "lines(x: step, y: fit.loss)"],
    ["AM6042 this is no band", "line(x: step, y: fit.loss, color: eta, band: 0.95)"],
    [
      "AM6042 the band is taken over `method`, and nothing here varies with it",
      "line(x: step, y: fit.loss, color: eta, band: ci(method, 0.95))",
    ],
    ["AM6001 nothing is called `fti` here", "line(x: step, y: fti.loss)"],
  ])("%s", (message, mark) => {
    expect(messages(make(spec, `chart c = ${mark}`))).toEqual([message]);
  });

  it("passes Vega-Lite on as it is", () => {
    const made = make(spec, 'chart c = vegalite """{ "mark": "point" }"""');
    expect(evaluateResults(made.results, made.source).charts).toMatchObject([{ kind: "vegalite", name: "c" }]);
  });
});

describe("tables and prose", () => {
  it("tables have a column for each point that is left", () => {
    const made = make(
      spec,
      'table t "Gaps" { row "gap": one.gap, row "twice": 2 * one.gap[method: gd] }\n table u { row "loss": fit.loss[step: last] }',
    );
    const [table, means] = evaluateResults(made.results, made.source).tables;
    expect(table?.axes).toEqual(["eta", "method"]);
    expect(table?.columns).toEqual([
      ["10", "gd"],
      ["10", "muon"],
      ["1", "gd"],
      ["1", "muon"],
    ]);
    expect(table?.rows.map((row) => row.cells.map((cell) => cell.text))).toEqual([
      ["10", "20", "1", ""],
      ["20", "20", "2", "2"],
    ]);
    expect(means?.rows[0]?.cells.map((cell) => cell.text)).toEqual(["\u2013", "4.5 \u00b1 2.1"]);
    expect(means?.notes).toHaveLength(1);
  });

  it("prose holds numbers", () => {
    const made = make(
      spec,
      'text """The gap is {one.gap[eta: 10, method: muon]}, {one.gap[eta: 10, method: gd] / 3} and {fit.right[seed: 0, eta: 1]}; $x$."""',
    );
    const [text] = evaluateResults(made.results, made.source).texts;
    expect(text?.pieces.map((piece) => piece.text).join("")).toBe("The gap is 20, 3.333 and no; $x$.");
    expect(messages(make(spec, 'text """{one.gap}"""'))).toEqual([
      "AM6050 a number is wanted in prose, and this has one for each value of `eta`, `method`",
    ]);
  });
});
