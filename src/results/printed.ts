/** Tables and prose: evaluated values as words. */
import type { CheckedPrint, CheckedTable, CheckedText } from "../language/results/index.js";
import { align } from "./analysis/align.js";
import type { Analysis } from "./analysis/evaluate.js";
import { ABSENT, VALID, stridesOf } from "./analysis/tensor.js";
import type { Tensor } from "./analysis/tensor.js";
import { describeCoordinate, formatNumber } from "./analysis/words.js";
import type { Cell, EvaluatedTable, EvaluatedText } from "./chart-types.js";

interface Printed {
  readonly text: string;
  readonly value: Cell;
  readonly state: "valid" | "missing" | "absent";
}

const MISSING_TEXT = "\u2013";

/** One value: labels by name, truth values as yes and no, means over seeds with half of their interval. */
function printEntry(print: CheckedPrint, value: Tensor, spread: readonly (Tensor | undefined)[], i: number): Printed {
  const state = value.states[i] ?? VALID;
  if (state === ABSENT) return { text: "", value: null, state: "absent" };
  if (state !== VALID) return { text: MISSING_TEXT, value: null, state: "missing" };
  const number = value.values[i] ?? NaN;
  const { type } = print.node;
  if (type.kind === "label") {
    const label = type.labels[number] ?? MISSING_TEXT;
    return { text: label, value: label, state: "valid" };
  }
  if (type.kind === "bool") return { text: number !== 0 ? "yes" : "no", value: number !== 0, state: "valid" };
  const [low, high] = spread;
  const known = low?.states[i] === VALID && high?.states[i] === VALID;
  const half = known ? ((high.values[i] ?? NaN) - (low.values[i] ?? NaN)) / 2 : NaN;
  const text = Number.isFinite(half) && half > 0 ? withSpread(number, half) : formatNumber(number);
  return { text, value: Number.isFinite(number) ? number : null, state: "valid" };
}

/** The mean to the second digit of its spread: `0.532 ± 0.021`. */
function withSpread(mean: number, half: number): string {
  const size = Math.max(Math.abs(mean), half);
  if (size >= 1e6 || size < 1e-3) return `${formatNumber(mean, 4)} \u00b1 ${formatNumber(half, 2)}`;
  const digits = Math.min(12, Math.max(0, 1 - Math.floor(Math.log10(half))));
  return `${mean.toFixed(digits)} \u00b1 ${half.toFixed(digits)}`;
}

function tensorsOf(print: CheckedPrint, analysis: Analysis): readonly Tensor[] {
  const { node, spread } = print;
  return (spread === null ? [node] : [node, spread.low, spread.high]).map((part) => analysis.evaluate(part));
}

export function evaluateTable(table: CheckedTable, analysis: Analysis): EvaluatedTable {
  const { name, title, doc } = table;
  const perRow = table.rows.map(({ print }) => tensorsOf(print, analysis));
  // Axes are joined over all rows; a row that lacks an axis repeats its value.
  const { axes, tensors } = align(perRow.flat());
  const strides = stridesOf(axes);
  const size = axes.reduce((product, axis) => product * axis.coordinates.length, 1);
  let next = 0;
  const rows = table.rows.map(({ title: rowTitle, print }, k) => {
    const own = tensors.slice(next, next + (perRow[k]?.length ?? 0));
    next += own.length;
    const [value, ...spread] = own;
    const cells = Array.from({ length: size }, (_, i) =>
      value === undefined
        ? { text: MISSING_TEXT, value: null, state: "missing" as const }
        : printEntry(print, value, spread, i),
    );
    return { title: rowTitle, cells };
  });
  const isUsed = (i: number): boolean => rows.some((row) => row.cells[i]?.state !== "absent");
  const used = Array.from({ length: size }, (_, i) => i).filter(isUsed);
  const columns = used.map((i) =>
    axes.map((axis, k) =>
      describeCoordinate(axis, axis.coordinates[Math.floor(i / (strides[k] ?? 1)) % axis.coordinates.length] ?? NaN),
    ),
  );
  const averaged = table.rows.some(({ print }) => print.spread !== null);
  return {
    name,
    title,
    doc,
    axes: axes.map((axis) => axis.name),
    columns,
    rows: rows.map((row) => ({ ...row, cells: row.cells.filter((_, i) => isUsed(i)) })),
    notes: averaged ? ["means over seed \u00b1 half of their 95 % confidence interval"] : [],
  };
}

export function evaluateText(text: CheckedText, analysis: Analysis): EvaluatedText {
  const pieces = text.pieces.flatMap((piece, k): EvaluatedText["pieces"] => {
    const markdown = { kind: "markdown" as const, text: piece };
    const hole = text.holes[k];
    if (hole === undefined) return [markdown];
    if (hole === null) return [markdown, { kind: "value", text: MISSING_TEXT, value: null, state: "missing" }];
    const [value, ...spread] = tensorsOf(hole, analysis);
    return value === undefined ? [markdown] : [markdown, { kind: "value", ...printEntry(hole, value, spread, 0) }];
  });
  return { doc: text.doc, pieces };
}
