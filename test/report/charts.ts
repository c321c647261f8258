/** Evaluated charts made by hand, as the results stage hands them over. */
import type {
  Band,
  Cell,
  ChannelField,
  ChannelName,
  EvaluatedChart,
  EvaluatedLayer,
  MarkName,
} from "../../src/results/chart-types.js";

type FieldOptions = Partial<Omit<ChannelField, "field" | "title">>;

export function field(name: string, title: string, options: FieldOptions = {}): ChannelField {
  return {
    field: name,
    title,
    type: "quantitative",
    scale: "linear",
    integer: false,
    domain: null,
    source: "value",
    ...options,
  };
}

export const axis = (name: string, title: string, options: FieldOptions = {}): ChannelField =>
  field(name, title, { source: "axis", ...options });
export const category = (name: string, title: string, domain: readonly Cell[]): ChannelField =>
  field(name, title, {
    type: typeof domain[0] === "number" ? "ordinal" : "nominal",
    domain,
    source: "axis",
    integer: domain.every(Number.isInteger),
  });

type Row = Readonly<Record<string, Cell>>;

export function layer(
  mark: MarkName,
  channels: Readonly<Partial<Record<ChannelName, ChannelField>>>,
  rows: readonly Row[],
  options: Partial<EvaluatedLayer> = {},
): EvaluatedLayer {
  const names = Object.keys(rows[0] ?? {});
  return {
    mark,
    label: null,
    channels,
    detail: [],
    tooltip: [],
    rows: {
      count: rows.length,
      columns: Object.fromEntries(names.map((name) => [name, rows.map((row) => row[name] ?? null)])),
    },
    band: null,
    grid: null,
    cells: null,
    leftOut: { missing: 0, notFinite: 0, notPositive: 0 },
    down: mark === "image",
    ...options,
  };
}

export function chart(name: string, title: string | null, ...layers: readonly EvaluatedLayer[]): EvaluatedChart {
  return { kind: "marks", name, title, doc: null, layers, notes: [] };
}

export const CI: Band = {
  name: "95 % confidence interval of the mean over seed",
  middle: "mean",
  low: "low",
  high: "high",
  count: "n",
  least: 18,
  most: 20,
};

const range = (count: number): readonly number[] => Array.from({ length: count }, (_, k) => k);
const linspace = (from: number, to: number, count: number): readonly number[] =>
  range(count).map((k) => from + ((to - from) * k) / (count - 1));

/** Losses over 100 steps for three step sizes, with bands. */
export function losses(): EvaluatedChart {
  const rows = [1, 3, 10].flatMap((eta) =>
    range(101).map((step) => {
      const y = 1.4 * Math.exp(-0.008 * eta * step) + 0.02;
      return { x: step, y, color: eta, low: y * 0.9, high: y * 1.12, n: eta === 10 ? 18 : 20 };
    }),
  );
  return {
    ...chart(
      "losses",
      "Loss",
      layer(
        "line",
        {
          x: axis("x", "step", { integer: true }),
          y: field("y", "fit.loss", { scale: "log" }),
          color: category("color", "eta", [1, 3, 10]),
        },
        rows,
        { band: CI },
      ),
    ),
    notes: [
      "mean over seed (18 to 20 values: some are missing); the band shows the 95 % confidence interval of the mean over seed",
    ],
  };
}

/** A 10 x 10 heatmap over ten values of a third sweep, log in x, with holes. */
export function waiting(): EvaluatedChart {
  const etas = range(10).map((k) => 10 ** (-1 + (2 * k) / 9));
  const alphas = linspace(0.5, 1, 10);
  const ratios = range(10).map((k) => 10 ** (-0.5 + k / 9));
  const edge = (list: readonly number[], k: number, log: boolean): readonly [number, number] => {
    const to = log ? Math.log : (v: number): number => v;
    const from = log ? Math.exp : (v: number): number => v;
    const values = list.map(to);
    const step = (values[1] ?? 1) - (values[0] ?? 0);
    const value = values[k] ?? 0;
    return [from(value - step / 2), from(value + step / 2)];
  };
  const rows = ratios.flatMap((ratio) =>
    alphas.flatMap((alpha, j) =>
      etas.map((eta, i) => {
        const [xLow, xHigh] = edge(etas, i, true);
        const [yLow, yHigh] = edge(alphas, j, false);
        const color = alpha > 0.999 ? null : Math.log10(1 + (ratio * alpha) / (eta * (1.001 - alpha)));
        return { x: eta, y: alpha, column: ratio, color, x_low: xLow, x_high: xHigh, y_low: yLow, y_high: yHigh };
      }),
    ),
  );
  return chart(
    "waiting",
    "log10 of the first right step",
    layer(
      "heatmap",
      {
        x: axis("x", "eta", { scale: "log" }),
        y: axis("y", "alpha"),
        color: field("color", "log10(fit.steps)"),
        column: category("column", "ratio", ratios),
      },
      rows,
      {
        grid: { x: etas, y: alphas },
        cells: { x: { low: "x_low", high: "x_high" }, y: { low: "y_low", high: "y_high" } },
      },
    ),
  );
}

/** The landscape of two margins with its contours, and the paths of two step sizes over it. */
export function landscape(size = 50): EvaluatedChart {
  const alphas = [0, 0.5, 0.95];
  const xs = linspace(-1, 8, size);
  const ys = linspace(-17, 10, size);
  const softplus = (v: number): number => Math.max(v, 0) + Math.log1p(Math.exp(-Math.abs(v)));
  const margins = (alpha: number, g1: number, g2: number): readonly [number, number] => [
    g1,
    -(alpha * g1 + Math.sqrt(1 - alpha * alpha) * g2),
  ];
  const loss = (alpha: number, g1: number, g2: number): number => {
    const [m1, m2] = margins(alpha, g1, g2);
    return 0.75 * softplus(-m1) + 0.25 * softplus(-m2);
  };
  const grid = (value: (alpha: number, g1: number, g2: number) => number): readonly Row[] => {
    const dx = 9 / (size - 1) / 2;
    const dy = 27 / (size - 1) / 2;
    return alphas.flatMap((alpha) =>
      ys.flatMap((y) =>
        xs.map((x) => ({
          x,
          y,
          column: alpha,
          color: value(alpha, x, y),
          x_low: x - dx,
          x_high: x + dx,
          y_low: y - dy,
          y_high: y + dy,
        })),
      ),
    );
  };
  const column = category("column", "alpha", alphas);
  const place = { x: axis("x", "g1"), y: axis("y", "g2"), column };
  const accuracy = grid((alpha, g1, g2) => {
    const [m1, m2] = margins(alpha, g1, g2);
    return (m1 > 0 ? 0.75 : 0) + (m2 > 0 ? 0.25 : 0);
  });
  const paths = alphas.flatMap((alpha) =>
    [1, 10].flatMap((eta) => {
      let [g1, g2] = [0, 0];
      return range(36).map((step) => {
        const row = { x: g1, y: g2, color: eta, column: alpha, tooltip1: step };
        const h = 1e-5;
        const d1 = (loss(alpha, g1 + h, g2) - loss(alpha, g1 - h, g2)) / (2 * h);
        const d2 = (loss(alpha, g1, g2 + h) - loss(alpha, g1, g2 - h)) / (2 * h);
        [g1, g2] = [g1 - 2 * eta * d1, g2 - 2 * eta * d2];
        return row;
      });
    }),
  );
  const both = { grid: { x: xs, y: ys } };
  return chart(
    "path",
    "The path over the landscape: loss as lines, accuracy as colour",
    layer("heatmap", { ...place, color: field("color", "landscape.accuracy_at") }, accuracy, {
      ...both,
      cells: { x: { low: "x_low", high: "x_high" }, y: { low: "y_low", high: "y_high" } },
    }),
    layer("contour", { ...place, color: field("color", "landscape.loss_at") }, grid(loss), both),
    layer(
      "trajectory",
      {
        x: field("x", "fit.gamma[dim: 0]"),
        y: field("y", "fit.gamma[dim: 1]"),
        color: category("color", "eta", [1, 10]),
        column,
      },
      paths,
      { tooltip: [axis("tooltip1", "step", { integer: true })] },
    ),
  );
}
