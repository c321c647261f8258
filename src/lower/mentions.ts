/** Which sweep variables a constant expression names, constants behind it included. */
import type { AxisId, Experiment, Expr, ListExpr } from "../language/typed.js";

export function mentionedSweeps(root: Expr | ListExpr, experiment: Experiment): ReadonlySet<AxisId> {
  const found = new Set<AxisId>();
  const seen = new Set<unknown>();
  const visit = (part: unknown): void => {
    if (typeof part !== "object" || part === null || seen.has(part)) return;
    seen.add(part);
    if (Array.isArray(part)) {
      part.forEach(visit);
      return;
    }
    if ("kind" in part && part.kind === "sweep" && "axis" in part && typeof part.axis === "number")
      found.add(part.axis);
    if ("kind" in part && part.kind === "size" && "axis" in part && typeof part.axis === "number") {
      visit(experiment.axes.get(part.axis)?.kind);
    }
    if ("kind" in part && part.kind === "constant" && "constant" in part && typeof part.constant === "number") {
      visit(experiment.constants.get(part.constant)?.value);
    }
    Object.values(part).forEach(visit);
  };
  visit(root);
  return found;
}
