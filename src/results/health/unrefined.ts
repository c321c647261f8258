/** Adaptive sweeps whose conditions have no value at some of their points: nothing is refined there. */
import type { Diagnostic } from "../../base/diagnostic.js";
import type { CheckedAdaptive } from "../../language/results/index.js";
import { Analysis } from "../analysis/evaluate.js";
import { ABSENT, VALID } from "../analysis/tensor.js";
import type { ResultSource } from "../types.js";

export function unrefined(adaptive: readonly CheckedAdaptive[], source: ResultSource): readonly Diagnostic[] {
  const analysis = new Analysis(source);
  return adaptive.flatMap(({ conditions, sweeps, mode, span }): readonly Diagnostic[] => {
    const states = conditions.flatMap((node) => [...analysis.evaluate(node).states]);
    const known = states.filter((state) => state !== ABSENT);
    const missing = known.filter((state) => state !== VALID).length;
    if (missing === 0) return [];
    const names = sweeps.map(({ label }) => `\`${label}\``).join(", ");
    return [
      {
        code: "AM6507",
        severity: "warning",
        message: `the condition of the adaptive sweep over ${names} has no value at ${String(missing)} of ${String(known.length)} points: ${mode === "until" ? "it ends there" : "nothing is refined there"}`,
        span,
        help: "its runs failed or diverged: `mean(seed where finished) …` leaves those out",
      },
    ];
  });
}
