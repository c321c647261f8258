/**
 * The step budget was hit: runs that ended at T although their phase has a `stop when`. Their `steps` is a lower bound. Told
 * where a claim reads it and would come out otherwise if those runs took forever.
 */
import type { CheckedExpectation } from "../../language/results/index.js";
import { Analysis } from "../analysis/evaluate.js";
import { VALID } from "../analysis/tensor.js";
import { nodesIn } from "../analysis/walk.js";
import type { Outcome } from "../chart-types.js";
import type { Finding } from "./finding.js";
import { withColumns } from "./sources.js";
import type { Column, ResultSource } from "../types.js";
import { outcomeOf } from "../verdicts.js";

export function budgetWarning(
  expectation: CheckedExpectation,
  verdict: Outcome,
  { source }: Analysis,
  stopping: ReadonlyMap<string, string>,
): Finding | null {
  if (verdict === "undecided") return null;
  const { condition, where } = expectation;
  const read = nodesIn(where === null ? [condition] : [condition, where]).flatMap((node) =>
    node.kind === "column" && node.result === "steps" && stopping.has(node.phase) ? [node.phase] : [],
  );
  const found = [...new Set(read)].flatMap((phase) => censoredIn(phase, source) ?? []);
  const [first] = found;
  if (first === undefined) return null;
  const endless = withColumns(source, (column, phase, name) =>
    name === "steps" ? (found.find((one) => one.phase === phase)?.endless ?? column) : column,
  );
  const { verdict: other } = outcomeOf(expectation, new Analysis(endless));
  if (other === verdict) return null;
  const { phase, count, total, most } = first;
  return {
    code: "AM6506",
    message: `${String(count)} of ${String(total)} runs of \`${phase}\` took all their steps (${String(most)}) without meeting \`${stopping.get(phase) ?? "stop when"}\`: \`${phase}.steps\` is only a lower bound, and with more the verdict may be ${other === "undecided" ? "open" : `\`${other}\``}`,
    help: `allow more steps, leave them out (\`where ${phase}.stopped\`), or say what they count for: \`if ${phase}.stopped then ${phase}.steps else ${String(most)}\``,
    numbers: { count, total, steps: most },
  };
}

interface Censored {
  readonly phase: string;
  readonly count: number;
  readonly total: number;
  readonly most: number;
  /** `steps` with infinity where the budget was hit. */
  readonly endless: Column;
}

function censoredIn(phase: string, source: ResultSource): Censored | null {
  const steps = source.column(phase, "steps");
  const stopped = source.column(phase, "stopped");
  if (steps === undefined || stopped === undefined) return null;
  const isCensored = (i: number): boolean =>
    steps.states[i] === VALID && stopped.states[i] === VALID && stopped.values[i] === 0;
  const places = [...steps.values.keys()].filter(isCensored);
  if (places.length === 0) return null;
  return {
    phase,
    count: places.length,
    total: steps.states.filter((state) => state === VALID).length,
    most: Math.max(...places.map((i) => steps.values[i] ?? 0)),
    endless: { ...steps, values: steps.values.map((value, i) => (isCensored(i) ? Infinity : value)) },
  };
}
