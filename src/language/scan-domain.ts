/** What a scan goes over: an axis or a count, and whether its length is known when the spec is checked. */
import type { Scan } from "../../grammar/tree.js";
import type { Span } from "../base/span.js";
import { checkSize } from "./axes.js";
import { int } from "./expressions/build.js";
import { axisEntry } from "./expressions/resolve.js";
import { iterations } from "./iterations.js";
import { sweepsOf } from "./mentions.js";
import { readsApart } from "./scan-reads.js";
import { envOf, type Scope } from "./scopes.js";
import type { AxisId, Expr } from "./typed.js";
import { unknownAxis, type World } from "./world.js";

/** A body that is written out this often compiles quickly, and what differs from position to position is folded. */
export const WRITTEN_OUT = 16;
/** XLA works out anew what is read at several places, and what that was made of: its code doubles with every position. */
const WRITTEN_OUT_APART = 3;

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
  const count =
    axis === null
      ? checkSize(world, env, over, "the number of positions that are scanned")
      : sizeAlong(world, axis, over.span);
  if (count.kind === "unknown") return null;
  if (tree.until !== null || isSwept(world, axis, count)) return { axis, count, known: null };
  const size = iterations(count, { experiment: world, sweeps: new Map() });
  // The body of one of no positions is looked at as that of a loop: what it stacks is empty, and has a type.
  const most = readsApart(tree) ? WRITTEN_OUT_APART : WRITTEN_OUT;
  return { axis, count, known: size > most || size === 0 ? null : size };
}

/** Whether sweeps decide how long it is, or what its positions read as. */
function isSwept(world: World, axis: AxisId | null, count: Expr): boolean {
  if (sweepsOf(world, count).size > 0) return true;
  const kind = axis === null ? null : world.axis(axis).kind;
  if (axis === null || kind?.kind !== "part") return false;
  const { whole } = kind;
  return world.axis(whole).kind.kind !== "plain" && isSwept(world, whole, sizeAlong(world, whole, count.span));
}

/** The number of positions of an axis. */
export function sizeAlong(world: World, axis: AxisId, span: Span): Expr {
  const { kind } = world.axis(axis);
  return kind.kind === "plain" ? kind.size : { kind: "size", axis, type: int, span };
}

/** What the scanned index is at a position: on a plain axis, and without one, an int. */
export function positionAt(world: World, axis: AxisId | null, value: Expr): Expr {
  const { span } = value;
  const isCounted = axis === null || world.axis(axis).kind.kind === "plain";
  if (value.kind === "number") return isCounted ? value : { ...value, type: { kind: "index", axis } };
  return isCounted && axis !== null
    ? { kind: "apply", operation: "position", operands: [value], type: int, span }
    : value;
}
