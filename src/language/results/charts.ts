/** Charts: channels as nodes, what is averaged, what orders the rows. The join of all channels is made when they are evaluated. */
import type { Channel, Chart, Expr, Mark } from "../../../grammar/tree.js";
import type { ChannelName, CheckedChannel, CheckedChart, CheckedLayer, MarkName } from "./checked.js";
import type { Checker } from "./checker.js";
import { averageLayer, readBand } from "./averages.js";
import type { Band } from "./averages.js";
import { envOf } from "./environment.js";
import type { Env } from "./environment.js";
import type { AnalysisNode } from "./ir.js";
import { wantBool } from "./operators.js";
import { atLastRecord } from "./steps.js";

const marks: readonly MarkName[] = [
  "line",
  "point",
  "bar",
  "heatmap",
  "contour",
  "histogram",
  "trajectory",
  "arrow",
  "image",
  "text",
  "rule",
];
const channelNames: readonly (ChannelName | "detail" | "tooltip")[] = [
  "x",
  "y",
  "x2",
  "y2",
  "color",
  "size",
  "shape",
  "row",
  "column",
  "opacity",
  "order",
  "text",
  "detail",
  "tooltip",
];
/** Channels without which a mark shows nothing; of `rule` one is enough. */
const required: Readonly<Record<MarkName, readonly ChannelName[]>> = {
  line: ["x", "y"],
  point: ["x", "y"],
  bar: ["x", "y"],
  heatmap: ["x", "y", "color"],
  contour: ["x", "y", "color"],
  histogram: ["x"],
  trajectory: ["x", "y"],
  arrow: ["x", "y", "x2", "y2"],
  image: ["x", "y", "color"],
  text: ["x", "y", "text"],
  rule: [],
};

export function checkChart(checker: Checker, chart: Chart): CheckedChart {
  const { name, title, doc, body, span } = chart;
  const base = { name: name.text, title, doc, span };
  if (body.kind === "vegalite") return { ...base, body: { kind: "vegalite", text: body.text.value } };
  const isLayer = body.name.text === "layer";
  const shared = isLayer ? body.channels : [];
  if (isLayer && body.layers.length === 0)
    checker.context.fault("AM6041", body.span, "`layer` holds marks", { help: "`layer(line(…), point(…))`" });
  const layers = (isLayer ? body.layers : [body]).flatMap((mark) => checkMark(checker, mark, shared) ?? []);
  return { ...base, body: { kind: "marks", layers } };
}

interface Read {
  readonly channels: CheckedChannel[];
  filter: AnalysisNode | null;
  band: Band | null;
  label: string | null;
  isFine: boolean;
}

/** One mark; null after a fault. Channels of the enclosing `layer` hold where the mark does not give its own. */
function checkMark(checker: Checker, tree: Mark, shared: readonly Channel[]): CheckedLayer | null {
  const { context } = checker;
  const mark = marks.find((known) => known === tree.name.text);
  if (mark === undefined) {
    context.fault(
      "AM6041",
      tree.name.span,
      `no mark is called \`${tree.name.text}\``,
      context.suggest(tree.name.text, [...marks, "layer"]),
    );
    return null;
  }
  const env = envOf(context.checked.scope);
  const read: Read = { channels: [], filter: null, band: null, label: null, isFine: true };
  const own = new Set(tree.channels.map((channel) => channel.name.text));
  context.completeAll(() => {
    for (const channel of [...tree.channels, ...shared.filter((other) => !own.has(other.name.text))])
      readChannel(checker, env, channel, read);
    return {
      made: null,
      nodes: [...read.channels.map(({ node }) => node), ...(read.filter === null ? [] : [read.filter])],
    };
  });
  if (!read.isFine || !isComplete(checker, tree, mark, read.channels)) return null;
  const averaged = averageLayer(checker, tree, mark, read);
  if (averaged === null) return null;
  const { channels, average, filter, following } = averaged;
  const of = (kind: "detail" | "tooltip"): readonly CheckedChannel[] =>
    channels.filter((channel) => channel.channel === kind);
  const along = alongOf(mark, channels, following);
  return {
    mark,
    label: read.label,
    channels: channels.filter(({ channel }) => channel !== "detail" && channel !== "tooltip"),
    detail: of("detail").filter((channel) => channel.axis === null || channel.axis !== along),
    tooltip: of("tooltip"),
    filter,
    average,
    atLast: average === null ? lastRows(checker, mark, channels, filter) : null,
    along,
    span: tree.span,
  };
}

function readChannel(checker: Checker, env: Env, channel: Channel, read: Read): void {
  const { context } = checker;
  const { name, value } = channel;
  if (name.text === "label") {
    if (value.kind === "string") read.label = value.value;
    else context.fault("AM6041", value.span, "a label is a text", { help: '`label: "M"`' });
    return;
  }
  if (name.text === "band") {
    read.band = readBand(checker, env, value);
    read.isFine &&= read.band !== null;
    return;
  }
  const known = name.text === "filter" ? "filter" : channelNames.find((own) => own === name.text);
  if (known === undefined) {
    context.fault(
      "AM6041",
      name.span,
      `no channel is called \`${name.text}\``,
      context.suggest(name.text, [...channelNames, "filter", "band", "label"]),
    );
    read.isFine = false;
    return;
  }
  const node = checker.expr({ ...env, subjects: read.channels.map((own) => own.node) }, value);
  if (node.type.kind === "unknown") {
    read.isFine = false;
    return;
  }
  if (known === "filter") {
    read.isFine &&= wantBool(checker, node, "`filter`");
    read.filter = node;
    return;
  }
  if (known !== "detail" && known !== "tooltip" && read.channels.some((own) => own.channel === known)) {
    context.fault("AM6041", name.span, `\`${known}\` is given twice`);
    read.isFine = false;
    return;
  }
  const log = channel.scale?.text === "log";
  if (channel.scale !== null && !["log", "linear"].includes(channel.scale.text)) {
    context.fault("AM6041", channel.scale.span, `no scale is called \`${channel.scale.text}\``, {
      help: "`scale log`, or nothing for a linear one",
    });
  }
  const type = node.type.kind === "word" ? ({ kind: "unknown" } as const) : node.type;
  read.channels.push({
    channel: known,
    node,
    title: titleOf(checker, value),
    type,
    log,
    axis: node.kind === "axis" ? node.axis.label : null,
  });
}

function titleOf(checker: Checker, tree: Expr): string {
  return checker.context.text(tree.span);
}

function isComplete(checker: Checker, tree: Mark, mark: MarkName, channels: readonly CheckedChannel[]): boolean {
  const has = (name: ChannelName): boolean => channels.some((own) => own.channel === name);
  const lacking = required[mark].filter((name) => !has(name));
  if (mark === "rule" && !has("x") && !has("y")) lacking.push("y");
  if (lacking.length === 0) return true;
  checker.context.fault(
    "AM6041",
    tree.name.span,
    `\`${mark}\` needs ${lacking.map((name) => `\`${name}\``).join(", ")}`,
    {
      help: `\`${mark}(${required[mark].map((name) => `${name}: …`).join(", ") || "y: …"})\``,
    },
  );
  return false;
}

/** What orders a path: `order`, else `step`, else the only axis that nothing shows. Of a line over a value: the axis that moves it. */
function alongOf(mark: MarkName, channels: readonly CheckedChannel[], following: ReadonlySet<string>): string | null {
  if ((mark !== "line" && mark !== "trajectory") || channels.some(({ channel }) => channel === "order")) return null;
  const x = channels.find(({ channel }) => channel === "x");
  if (mark === "line" && x?.axis !== null) return null;
  const splitting = new Set(
    channels.flatMap(({ channel, axis }) => (axis !== null && channel !== "x" && channel !== "detail" ? [axis] : [])),
  );
  const free = [...new Set(channels.flatMap(({ node }) => node.axes.map((axis) => axis.label)))].filter(
    (label) => !splitting.has(label) && !following.has(label),
  );
  if (free.includes("step")) return "step";
  const details = new Set(
    channels.flatMap(({ channel, axis }) => (channel === "detail" && axis !== null ? [axis] : [])),
  );
  const [only, ...more] = free.filter((label) => !details.has(label));
  if (only !== undefined) return more.length === 0 ? only : null;
  // `line(x: share, y: acc, detail: tau)`: without tau there would be a single point in each line.
  return free.length === 1 ? (free[0] ?? null) : null;
}

/** A run that stopped between two recorded steps is drawn to its end. */
function lastRows(
  checker: Checker,
  mark: MarkName,
  channels: readonly CheckedChannel[],
  filter: AnalysisNode | null,
): CheckedLayer["atLast"] {
  const { context } = checker;
  if (mark !== "line" && mark !== "trajectory") return null;
  const all = filter === null ? channels.map(({ node }) => node) : [...channels.map(({ node }) => node), filter];
  const anchor = channels.find(({ channel }) => channel === "y")?.node;
  if (anchor?.axes.some((axis) => axis.label === "step") !== true) return null;
  const made = atLastRecord(context, all, anchor);
  if (made === null || made.some((node) => node.axes.some((axis) => axis.label === "step"))) return null;
  return { nodes: made.slice(0, channels.length), filter: filter === null ? null : (made.at(-1) ?? null) };
}
