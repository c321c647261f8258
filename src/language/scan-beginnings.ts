/** What states of a scan begin as, and draws in its iterations. */
import type { DrawEquation, State, Target } from "../../grammar/tree.js";
import { read } from "./expressions/names.js";
import { axisOfName, bindTarget, inside } from "./indices.js";
import { checkRight } from "./joined.js";
import { subscriptOf } from "./outer-indices.js";
import { nameOf, type ScanNames } from "./scan-names.js";
import { placeIn } from "./scan-targets.js";
import { drawnInTurn, type Turn } from "./scan-turn-draws.js";
import type { Env } from "./scopes.js";
import { checkEquation, headerOf } from "./tensors.js";

/** False after a fault. */
export function beginState(names: ScanNames, { target, init, span }: State): boolean {
  const { world, around, tree } = names;
  const name = names.ownName(target);
  if (name === null) return false;
  if (placeIn(target, tree.index.text) >= 0 && axisOfName(around.scope, tree.index.text) === undefined)
    return names.refuse(`\`${name}\` begins before there is a \`${tree.index.text}\``, target.span);
  if (init.kind === "none") return names.refuse(`\`${name}\` has no beginning`, target.span);
  const env = names.env(null);
  if (init.kind === "draw") {
    const draw = { kind: "draws", target, distribution: init.distribution, by: init.by, doc: null, span } as const;
    const full = `${around.outside.prefix}${name}`;
    return drawInScan(names, draw, env, names.turns(null), full) && fitBeginning(names, name, target, env);
  }
  const bound = bindTarget(world, env, target, [init.value], null);
  if (init.value.kind === "list" && bound.indices.length > 0) {
    const header = headerOf(names.fullName(name, null), target, null, bound);
    const tensor = checkEquation(world, env, header, init.value, 1, 0);
    if (tensor !== null) names.now.set(name, tensor);
    return tensor !== null && fitBeginning(names, name, target, env);
  }
  const here = inside(env, bound);
  const found = checkRight(world, here, bound, init.value);
  return names.set(name, target, bound.indices, names.types.fit(here, name, found, null), null);
}

/** A beginning that was made already, in the type of its state. */
function fitBeginning(names: ScanNames, name: string, target: Target, env: Env): boolean {
  const tensor = names.now.get(name);
  if (tensor === undefined) return false;
  const indices = tensor.axes.map((axis) => names.world.newIndex(axis.name, axis.axis, axis.span));
  const value = read(tensor, indices.map(subscriptOf), target.span);
  const fitted = names.types.fit(env, name, value, null);
  return fitted === value || names.set(name, target, indices, fitted, null);
}

export function drawInScan(
  names: ScanNames,
  statement: DrawEquation,
  env: Env,
  turns: readonly Turn[],
  full: string,
): boolean {
  const made = drawnInTurn(names.world, env, names.around.outside, statement, turns, full);
  if (made !== null) names.now.set(nameOf(statement.target), made);
  return made !== null;
}
