/** Whether a tensor changes while a run goes on. */
import { madeOf } from "./made-of.js";
import { parts } from "./mentions.js";
import type { Definition, DefinitionId, Expr } from "./typed.js";
import type { World } from "./world.js";

/** Whether a tensor depends on a parameter, a state or the step: then it has no single value in a run. */
export function changesDuringRuns(world: World, id: DefinitionId): boolean {
  const seen = new Set<unknown>();
  const visitDefinition = (definition: Definition): boolean => {
    if (seen.has(definition)) return false;
    seen.add(definition);
    const { body } = definition;
    if (body.kind === "param" || body.kind === "state" || body.kind === "gradient" || body.kind === "left") return true;
    if (body.kind === "equation") return visit(body.value);
    if (body.kind === "literal") return body.entries.some(visit);
    if (body.kind === "stacked" || body.kind === "scanned" || body.kind === "scan stack")
      return madeOf(world, definition).definitions.some((part) => visitDefinition(world.definition(part)));
    if (body.kind !== "draw") return false;
    if (body.each !== undefined) return true;
    const { distribution } = body.draw;
    if (distribution.kind === "normal") return visit(distribution.mean) || visit(distribution.sd);
    if (distribution.kind === "uniform") return visit(distribution.low) || visit(distribution.high);
    if (distribution.kind === "categorical") return visit(distribution.weights);
    if (distribution.kind === "gamma") return visit(distribution.shape) || visit(distribution.scale);
    if (distribution.kind === "poisson") return visit(distribution.mean);
    return distribution.kind === "bernoulli" && visit(distribution.p);
  };
  const visit = (expr: Expr): boolean => {
    if (seen.has(expr)) return false;
    seen.add(expr);
    if (expr.kind === "step") return true;
    if (expr.kind === "read" && visitDefinition(world.definition(expr.definition))) return true;
    if ((expr.kind === "grad" || expr.kind === "sharpness") && visitDefinition(world.definition(expr.by))) return true;
    return parts(expr).some(visit);
  };
  return visitDefinition(world.definition(id));
}
