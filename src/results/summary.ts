/** How the points of phases ended, counted. */
import type { PhaseNote } from "./store/manifest.js";
import type { PointReport, PointState } from "./types.js";

export function phaseNotes(phases: ReadonlyMap<string, readonly PointReport[]>): readonly PhaseNote[] {
  return [...phases].map(([phase, points]) => {
    const count = (state: PointState): number => points.filter((point) => point.state === state).length;
    const details = points.flatMap(({ detail }, k) => (detail === null ? [] : [[String(k), detail] as const]));
    return {
      phase,
      expected: points.length,
      done: count("done"),
      failed: count("failed"),
      diverged: count("diverged"),
      missing: count("missing"),
      states: points.map(({ state }) => state),
      details: Object.fromEntries(details),
    };
  });
}

export function withoutStates({
  states: _states,
  details: _details,
  ...summary
}: PhaseNote): Omit<PhaseNote, "states" | "details"> {
  return summary;
}
