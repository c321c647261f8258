/** What a scan goes over: an axis or a count, and whether its length is known when the spec is checked. */
import type { Scan } from "../../grammar/tree.js";
import { checkSize } from "./axes.js";
import { evaluateConstant } from "./constants.js";
import { axisEntry } from "./expressions/resolve.js";
import { sweepsOf } from "./mentions.js";
import { envOf, type Scope } from "./scopes.js";
import type { AxisId, Expr } from "./typed.js";
import { notYet } from "./unsupported.js";
import { unknownAxis, type World } from "./world.js";

/** A body that is written out this often compiles quickly, and what differs from position to position is folded. */
export const WRITTEN_OUT = 16;

export interface Domain {
  /** Null for a count. */
  readonly axis: AxisId | null;
  readonly count: Expr;
  /** How many positions are written out; null for a loop. */
  readonly known: number | null;
}

export function domainOf(world: World, scope: Scope, tree: Scan): Domain | null {
  const env = envOf(scope);
  const over = tree.over ?? tree.index;
  const named = over.kind === "name" ? scope.lookupAxis(over.text) : undefined;
  const axis = named?.kind === "axis" ? axisEntry(world, env, over) : null;
  if (axis === unknownAxis) return null;
  const kind = axis === null ? null : world.axis(axis).kind;
  if (kind !== null && kind.kind !== "plain") {
    notYet(
      world,
      scope,
      over.span,
      "a `scan` over an axis with coordinates or parts",
      "scan a plain axis of the same size",
    );
    return null;
  }
  const count = kind === null ? checkSize(world, env, over, "the number of positions that are scanned") : kind.size;
  if (count.kind === "unknown") return null;
  if (tree.until !== null || sweepsOf(world, count).size > 0) return { axis, count, known: null };
  const size = evaluateConstant(count, { experiment: world, sweeps: new Map() });
  return { axis, count, known: size > WRITTEN_OUT ? null : size };
}
