/** Numbers and coordinates as words, the same in verdicts, charts, tables, prose and messages. */
import type { ResultAxis } from "../types.js";

/** A number with as many digits as tell it apart: integers whole, others to `digits` significant ones. */
export function formatNumber(value: number, digits = 4): string {
  if (Number.isNaN(value)) return "not a number";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  if (Number.isInteger(value) && Math.abs(value) < 1e15) return String(value);
  const size = Math.abs(value);
  if (size >= 1e6 || size < 1e-3) {
    const [mantissa = "", exponent = ""] = value.toExponential(digits - 1).split("e");
    return `${trimZeros(mantissa)}e${exponent.replace("+", "")}`;
  }
  return trimZeros(value.toPrecision(digits));
}

function trimZeros(text: string): string {
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}

/** A coordinate as it is written in a spec: labels by name, numbers with up to 10 digits. */
export function describeCoordinate(axis: Pick<ResultAxis, "labels">, value: number): string {
  return axis.labels?.[value] ?? formatNumber(value, 10);
}

/** The coordinates nearest to a value (all labels), as words in ascending order. */
export function nearestCoordinates(axis: ResultAxis, value: number): readonly string[] {
  if (axis.labels !== null) return axis.coordinates.map((own) => describeCoordinate(axis, own));
  return [...axis.coordinates]
    .sort((a, b) => Math.abs(a - value) - Math.abs(b - value))
    .slice(0, 4)
    .sort((a, b) => a - b)
    .map((own) => describeCoordinate(axis, own));
}
