/** How the points of an experiment ended, as words: for the report and the terminal. Loads nothing of Vega. */
import { describeCoordinate } from "../results/analysis/words.js";
import { sweepAxes } from "../results/grid.js";
import type { StoredPlan } from "../results/store/plan-file.js";
import type { PointReport, PointState, ResultAxis } from "../results/types.js";
import type { PhaseSummary, Trouble } from "./types.js";

export function summarizePoints(
  plan: StoredPlan,
  reports: ReadonlyMap<string, readonly PointReport[]>,
): readonly PhaseSummary[] {
  return plan.phases.map((phase) => {
    const points = reports.get(phase.name) ?? [];
    const axes = sweepAxes(plan, phase);
    const count = (state: PointState): number => points.filter((point) => point.state === state).length;
    const [done, failed, diverged] = [count("done"), count("failed"), count("diverged")];
    const expected = phase.points.length;
    return {
      phase: phase.name,
      expected,
      done,
      failed,
      diverged,
      missing: expected - done - failed - diverged,
      troubles: points.flatMap((point) => trouble(axes, point)),
    };
  });
}

function trouble(axes: readonly ResultAxis[], { position, state, detail }: PointReport): readonly Trouble[] {
  if (state !== "failed" && state !== "diverged") return [];
  const point = axes.map((axis, k) => {
    const coordinate = axis.coordinates[position[k] ?? 0] ?? NaN;
    return { axis: axis.name, coordinate: describeCoordinate(axis, coordinate) };
  });
  return [{ point, state, detail }];
}
