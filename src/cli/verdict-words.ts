/** Verdicts in words, the same in a terminal, an annotation and a job's summary. */
import type { Expectation, Verdict } from "../results/chart-types.js";

/** What became of the mark `expected fails`. */
export function expectationNote({ verdict, expectedFails }: Verdict): string {
  if (expectedFails === null || verdict === "undecided") return "";
  return verdict === "fails" ? " (as expected)" : " (expected to fail)";
}

/** The numbers of what decided: what fails, or is undecided, else all of them. */
export function claimDetail({ verdict, expectations }: Verdict): string {
  const deciding = expectations.filter((expectation) => expectation.verdict === verdict);
  return deciding.map(expectationWords).join("; ");
}

function expectationWords({ text, verdict, measured, worst, counts, share, reason }: Expectation): string {
  const found = [measured === null ? text : comparison(measured)];
  if (share !== null && share.found !== null) found.push(`in ${percent(share.found)} of ${share.of}`);
  const where = worst.map(
    ({ axis, coordinate }) => `${axis} = ${typeof coordinate === "number" ? shortNumber(coordinate) : coordinate}`,
  );
  if (where.length > 0 && counts.total > 1) found.push(`at ${where.join(", ")}`);
  const words = found.join(" ");
  if (reason === null) return words;
  if (verdict !== "undecided") return `${words} (${reason})`;
  return measured === null ? reason : `${reason}; so far ${words}`;
}

/** Digits enough to see what is different. */
function comparison({ leftValue, comparator, rightValue }: NonNullable<Expectation["measured"]>): string {
  const [left, right] = [shortNumber(leftValue), shortNumber(rightValue)];
  const hidden = left === right && leftValue !== rightValue;
  return hidden ? `${String(leftValue)} ${comparator} ${String(rightValue)}` : `${left} ${comparator} ${right}`;
}

const percent = (share: number): string => `${Number((100 * share).toPrecision(4))}%`;

export function shortNumber(value: number | null): string {
  if (value === null) return "?";
  return Number.isInteger(value) && Math.abs(value) < 1e9 ? String(value) : String(Number(value.toPrecision(4)));
}
