/**
 * Free axes of a chart's mark: each must be shown by a channel, but for `seed` (or the axis of the `band`), over which values are
 * averaged. Missing runs are left out of these averages, and the number of values is printed.
 */
import type { Expr, Mark } from "../../../grammar/tree.js";
import type { CheckedAverage, CheckedChannel, MarkName } from "./checked.js";
import type { Checker } from "./checker.js";
import type { Env } from "./environment.js";
import type { AnalysisAxis, AnalysisNode } from "./ir.js";
import { int, real } from "./nodes.js";

/** `band: ci(seed, 0.95)`, `band: quantile(seed, 0.1, 0.9)`. */
export interface Band {
  readonly kind: "ci" | "quantile";
  readonly axis: string;
  readonly numbers: readonly number[];
}

export function readBand(checker: Checker, env: Env, tree: Expr): Band | null {
  const name = tree.kind === "call" && tree.callee.kind === "name" ? tree.callee.text : null;
  const args =
    tree.kind === "call"
      ? tree.args.flatMap((argument) => (argument.kind === "positional" ? [argument.value] : []))
      : [];
  const [axis, ...rest] = args;
  const numbers = rest
    .map((part) => checker.expr(env, part))
    .map((node) => (node.kind === "constant" ? node.value : NaN));
  const isFine = numbers.every((value) => value >= 0 && value <= 1);
  if (axis?.kind === "name" && isFine && name === "ci" && numbers.length <= 1)
    return { kind: "ci", axis: axis.text, numbers: numbers.length === 0 ? [0.95] : numbers };
  if (axis?.kind === "name" && isFine && name === "quantile" && numbers.length === 2)
    return { kind: "quantile", axis: axis.text, numbers };
  checker.context.fault("AM6042", tree.span, "this is no band", {
    help: "`band: ci(seed, 0.95)` or `band: quantile(seed, 0.1, 0.9)`",
  });
  return null;
}

interface Layer {
  readonly channels: readonly CheckedChannel[];
  readonly filter: AnalysisNode | null;
  readonly band: Band | null;
}
export interface Averaged {
  readonly channels: readonly CheckedChannel[];
  readonly filter: AnalysisNode | null;
  readonly average: CheckedAverage | null;
  /** Axes that those which are shown determine. */
  readonly following: ReadonlySet<string>;
}

export function averageLayer(checker: Checker, tree: Mark, mark: MarkName, layer: Layer): Averaged | null {
  const { context } = checker;
  const { channels, filter, band } = layer;
  const axes = context.nodes.merge(
    [...channels.map(({ node }) => node), ...(filter === null ? [] : [filter])],
    tree.span,
  );
  const shown = new Set(channels.flatMap(({ axis }) => (axis === null ? [] : [axis])));
  const single = new Set([
    ...pinnedBy(filter),
    ...axes.filter((axis) => hasOneCoordinate(checker, axis)).map((axis) => axis.label),
  ]);
  if (band !== null && (shown.has(band.axis) || !axes.some((axis) => axis.label === band.axis))) {
    context.fault(
      "AM6042",
      tree.span,
      `the band is taken over \`${band.axis}\`, ${shown.has(band.axis) ? "which a channel shows" : "and nothing here varies with it"}`,
      {
        ...(shown.has(band.axis)
          ? {}
          : { here: `the axes here are ${axes.map((axis) => `\`${axis.label}\``).join(", ") || "none"}` }),
      },
    );
    return null;
  }
  const isSeed = (label: string): boolean => label === "seed" && mark !== "histogram";
  const over =
    band?.axis ??
    axes.find((axis) => axis.kind === "sweep" && isSeed(axis.label) && !shown.has(axis.label))?.label ??
    null;
  const following = followers(checker, axes, new Set([...shown, ...single]));
  const free = axes
    .map((axis) => axis.label)
    .filter(
      (label) =>
        label !== over && !single.has(label) && !following.has(label) && !isCovered(label, mark, channels, shown),
    );
  if (free.length > 0) {
    const names = free.map((label) => `\`${label}\``).join(", ");
    context.fault("AM6040", tree.span, `${names} ${free.length === 1 ? "is" : "are"} on no channel`, {
      here: `the values vary with ${axes.map((axis) => `\`${axis.label}\``).join(", ")}`,
      help: `show it (\`color: ${free[0] ?? ""}\`, \`detail: ${free[0] ?? ""}\`), select one (\`x[${free[0] ?? ""}: …]\`), or reduce over it (\`mean(${free[0] ?? ""}) …\`)`,
    });
    return null;
  }
  return over === null
    ? { channels, filter, average: null, following }
    : average(checker, tree, mark, { channels, filter, band }, over, following);
}

/** Axes of which the filter leaves a single coordinate: `filter: T == 50 and method == gd`. */
function pinnedBy(filter: AnalysisNode | null): readonly string[] {
  if (filter?.kind !== "apply") return [];
  if (filter.operation === "and") return filter.operands.flatMap(pinnedBy);
  if (filter.operation !== "eq_coordinate" && filter.operation !== "eq") return [];
  const [left, right] = filter.operands;
  if (left?.kind === "axis" && right?.kind === "constant") return [left.axis.label];
  return right?.kind === "axis" && left?.kind === "constant" ? [right.axis.label] : [];
}

/**
 * Axes of a sweep of several variables that have one value at each combination of the others that are shown:
 * `sweep (n, m) in [(2, 10), (3, 20)]` where `n` is on a channel.
 */
function followers(checker: Checker, axes: readonly AnalysisAxis[], known: ReadonlySet<string>): ReadonlySet<string> {
  const { known: coordinates, experiment } = checker.context;
  const found = new Set<string>();
  for (const sweep of experiment.sweeps) {
    const rows = coordinates.rows(sweep);
    if (rows === null) continue;
    const labels = sweep.axes.map((id) => axes.find(({ axis }) => axis === id)?.label);
    const places = labels.flatMap((label, k) => (label !== undefined && known.has(label) ? [k] : []));
    const points = new Set(rows.map((row) => row.join()));
    const seen = new Set(rows.map((row) => places.map((k) => row[k]).join()));
    if (places.length > 0 && seen.size === points.size)
      labels.forEach((label) => {
        if (label !== undefined && !known.has(label)) found.add(label);
      });
  }
  return found;
}

/** Nothing is hidden by an axis that has one value. */
function hasOneCoordinate(checker: Checker, axis: AnalysisAxis): boolean {
  return axis.axis !== null && checker.context.known.of(axis.axis)?.length === 1;
}

/** An axis is shown when a channel shows its coordinate, or when it moves a mark along x, y without one. */
function isCovered(
  label: string,
  mark: MarkName,
  channels: readonly CheckedChannel[],
  shown: ReadonlySet<string>,
): boolean {
  if (shown.has(label) || mark === "histogram") return true;
  if (mark === "heatmap" || mark === "contour" || mark === "image" || mark === "bar") {
    return channels.some(
      ({ channel, axis, node }) =>
        ["x", "y", "row", "column"].includes(channel) && axis === null && channel !== valueOf(mark) && has(node, label),
    );
  }
  if (mark === "trajectory" && label === "step") return true;
  return channels.some(
    ({ channel, axis, node }) =>
      axis === null && channel !== "y" && channel !== "tooltip" && channel !== "color" && has(node, label),
  );
}

function valueOf(mark: MarkName): string {
  return mark === "bar" ? "y" : "color";
}

function has(node: AnalysisNode, label: string): boolean {
  return node.axes.some((axis) => axis.label === label);
}

function average(
  checker: Checker,
  tree: Mark,
  mark: MarkName,
  layer: Layer,
  over: string,
  following: ReadonlySet<string>,
): Averaged | null {
  const { context } = checker;
  const { nodes } = context;
  const { channels, filter, band } = layer;
  const inside = filter !== null && has(filter, over) ? filter : null;
  const labelled = channels.find(({ node, type }) => has(node, over) && type.kind === "label");
  if (labelled !== undefined) {
    context.fault("AM6042", tree.span, `\`${labelled.title}\` is a label, which has no average over \`${over}\``, {
      help: `show \`${over}\`, select one, or reduce over it`,
    });
    return null;
  }
  const middle = band?.kind === "quantile" ? "median" : "mean";
  const take = (
    node: AnalysisNode,
    what: Parameters<typeof nodes.reduce>[0],
    parameter: number | null,
  ): AnalysisNode => {
    const body =
      node.type.kind === "bool" && (what === "median" || what === "quantile")
        ? nodes.apply("real", [node], real, node.span)
        : node;
    return nodes.reduce(
      what,
      [over],
      { body, where: inside, parameter, skipMissing: true },
      what === "valid" ? int : real,
      node.span,
    );
  };
  const averaged = channels.map((channel): CheckedChannel =>
    has(channel.node, over) ? { ...channel, node: take(channel.node, middle, null), type: real } : channel,
  );
  const value =
    channels.find(({ channel, node }) => channel === valueChannel(mark) && has(node, over)) ??
    channels.find(({ node }) => has(node, over));
  const node = value?.node;
  if (node === undefined) {
    // Only the filter varies with it: a point is shown when it passes for some value.
    const some =
      filter === null ? null : nodes.reduce("any", [over], { body: filter, where: null }, filter.type, filter.span);
    return { channels, filter: some, average: null, following };
  }
  const count = take(node, "valid", null);
  const drawn =
    (mark === "line" || mark === "point" || mark === "bar") && value?.channel === "y"
      ? (band ?? { kind: "ci" as const, axis: over, numbers: [0.95] })
      : null;
  const [first = 0.95, second = first] = drawn?.numbers ?? [];
  const isQuantile = drawn?.kind === "quantile";
  return {
    channels: averaged,
    filter: inside === null ? filter : null,
    following,
    average: {
      axis: over,
      middle,
      band:
        drawn === null
          ? null
          : {
              kind: drawn.kind,
              numbers: drawn.numbers,
              low: take(node, isQuantile ? "quantile" : "ci_low", first),
              high: take(node, isQuantile ? "quantile" : "ci_high", second),
              count,
            },
      count,
    },
  };
}

function valueChannel(mark: MarkName): string {
  return mark === "heatmap" || mark === "contour" || mark === "image" ? "color" : "y";
}
