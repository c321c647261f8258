/** AM65xx: numerical health. Warnings beside verdicts, which they do not change. */
import type { CodeTable } from "./entry.js";

export const healthCodes: CodeTable = {
  AM6501: {
    title: "runs became non-finite",
    explanation:
      "A parameter or state of these runs became infinite or NaN, often because a step size is too large. Their records before that step are kept, later ones are missing, and claims that need them are undecided, unless they leave such runs out: `mean(seed where finished) …`. Told once a phase, and beside every verdict that lacks such runs or leaves them out.",
    example: null,
  },
  AM6502: {
    title: "records are not finite",
    explanation:
      "A recorded value is infinite or NaN although the run itself is fine. It is stored as it is and stands in the tables, but counts as missing for claims.",
    example: null,
  },
  AM6503: {
    title: "at the floor of the precision",
    explanation:
      "The verdict hangs on comparisons whose sides differ by no more than rounding: one unit in the last place of each stored number, carried through what is computed of it. Another engine or machine may decide otherwise. Equal sides are told where equality decides (`<`, `increasing`) and the values came there by steps of a few units. Or a line is fitted (`slope`, `r2`, …) through values that no longer change because steps are smaller than a unit, and without them the verdict is another one. Say `precision f64`, compare with a tolerance, or leave the tail out.",
    example: null,
  },
  AM6504: {
    title: "the curve is not flat at its end",
    explanation:
      "The claim reads the end of a curve (`step: last`) whose distance to the threshold shrinks all through the last tenth of the records. Going on like that, slowing down as it did, it crosses before the run is twice as long, so more steps may well change the verdict. Curves with fewer than ten records, or unevenly spaced ones, are not judged, nor runs that `stop when` ended. For a value that is to lie within a band (`approx`, `abs(x) < c`) only a curve still on its way into it is told. Let it run longer, or name the step (`step: 100`) where the value at that step is meant.",
    example: null,
  },
  AM6505: {
    title: "too few seeds",
    explanation:
      "The 95 % interval of what was measured over the seeds covers the threshold, so other seeds may well give another verdict. The share of seeds in `for 90% of seed` and in `fraction(seed)` has Wilson's score interval; `mean(seed)` compared with something has Student's, of the differences seed by seed. All 20 of 20 seeds are no proof of 90 % (the interval begins at 84 %), 35 of 35 are. The number of further seeds is what would decide if more were like these.",
    example: null,
  },
  AM6506: {
    title: "the step budget was hit",
    explanation:
      "Runs took all steps of `for T steps` without meeting `stop when` or `until`, so their `steps` is only a lower bound. Told where a claim reads it and would come out otherwise if these runs went on. Allow more steps, leave them out (`where fit.stopped`), or say what they count for: `if fit.stopped then fit.steps else 999`.",
    example: null,
  },
  AM6508: {
    title: "the first step is too large",
    explanation:
      "Parameters or states of these runs were infinite or NaN after the first step already. It is no matter of how long they ran: from where they start, a step of this size leads beyond the largest number (3.4e38 with 32 bits). The message names what the optimizer was given and the values of the sweeps. Take smaller steps, or start elsewhere.",
    example: null,
  },
  AM6507: {
    title: "an adaptive sweep without an answer",
    explanation:
      "The condition that says where a sweep goes on has no value at some points, because runs failed or diverged, or what it asks for does not exist there. Between these and their neighbours nothing is refined, and a ladder ends. Leave such runs out (`mean(seed where finished) …`), or say what they count for: `if missing(m.y) then false else m.y > 1`.",
    example: null,
  },
  AM6509: {
    title: "a point that was left out is named",
    explanation:
      "A profile or `--set` leaves points of the plan out, and claims, charts, tables or prose name some of them. All such places are told of at once, with the first of them. What reads these points is undecided or not drawn; the rest is judged.",
    example: null,
  },
};
