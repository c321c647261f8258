/**
 * `s[q, n] <- e asynchronously over n` in a scan: a scan of its own over the entries, in each of which the whole right side is read at
 * one position, and one entry is written.
 */
import type { Assign, Target } from "../../grammar/tree.js";
import { checkOrder, placeAmong } from "./asynchronous.js";
import { bool, faulty, int } from "./expressions/build.js";
import { read } from "./expressions/names.js";
import { lift } from "./lifting.js";
import { subscriptOf } from "./outer-indices.js";
import { sizeAlong } from "./scan-domain.js";
import { LoopRound } from "./scan-loops.js";
import type { Turn } from "./scan-turn-draws.js";
import type { Env, Scope, Tensor } from "./scopes.js";
import type { AxisId, DefinitionId, Expr, Index, Subscript } from "./typed.js";
import type { World } from "./world.js";

interface Place {
  readonly env: Env;
  readonly outside: Scope;
  readonly turns: readonly Turn[];
  readonly full: string;
}
/** In which order positions come: all of them along an axis of its own or one alone, over axes of the state by their places. */
interface Order {
  readonly definition: DefinitionId;
  readonly all: boolean;
  readonly per: readonly number[];
}

/** `whole` gives the right side for all entries where the state has a value; null after a fault. */
export function changesOneByOne(
  world: World,
  place: Place,
  statement: Assign,
  target: Target,
  old: Tensor,
  whole: (now: Tensor) => Tensor | null,
): Tensor | null {
  const { asynchronously, targets } = statement;
  if (asynchronously === null) return null;
  const { env } = place;
  if (targets.length > 1) {
    faulty(
      world,
      env,
      "AM2034",
      statement.span,
      "entries of one state change one after the other, not those of several",
      {
        help: "write a statement for each state",
      },
    );
    return null;
  }
  const names = (target.subscripts ?? []).map(({ value }) =>
    value.kind === "expr" && value.expr.kind === "name" ? value.expr.text : "",
  );
  const name = target.path[0]?.text ?? "";
  const state = { name, span: old.span, written: names, declared: old.axes.map(({ name }) => name) };
  const at = placeAmong(world, env, state, asynchronously.over);
  const axis = old.axes[at]?.axis;
  if (axis === undefined) return null;
  const order = orderOf(world, place, asynchronously, state, old, at);
  if (order === undefined) return null;
  if (order !== null && !order.all) {
    const value = whole(old);
    return value === null ? null : written(world, place, old, value, at, order, null);
  }
  const { span } = asynchronously.over;
  const index = { kind: "name", text: asynchronously.over.text, span } as const;
  const round = new LoopRound(world, { index, reverse: false }, { axis, count: sizeAlong(world, axis, span) });
  for (let before = -1; before < round.found;) {
    before = round.found;
    const now = new Map([[name, old]]);
    const turn = round.begin(now);
    const current = now.get(name) ?? old;
    const value = whole(current);
    if (value === null) return null;
    // It needs another type than it has: there will be another round.
    if (value.type.kind !== old.type.kind) return value;
    round.end(new Map([[name, written(world, place, current, value, at, order, turn)]]), []);
  }
  return round.results([]).get(name) ?? null;
}

/** Null for the natural order, undefined after a fault. */
function orderOf(
  world: World,
  place: Place,
  asynchronously: NonNullable<Assign["asynchronously"]>,
  state: Parameters<typeof placeAmong>[2],
  old: Tensor,
  at: number,
): Order | null | undefined {
  const { env, outside, turns } = place;
  const isDrawn = asynchronously.order !== "natural";
  if (isDrawn && outside.role === "fn") {
    faulty(world, env, "AM2019", asynchronously.over.span, "a fn draws nothing, no order either", {
      help: "write `in order`: the natural order of the entries",
    });
    return undefined;
  }
  const each = outside.redrawn ?? (env.stepping ? { every: null } : undefined);
  const indices = old.axes.map(({ name, axis, span }) => world.newIndex(name, axis, span));
  // No name of a spec looks like this: the state may begin with a draw by its own.
  const name = `${outside.prefix}${state.name} order`;
  return checkOrder(world, env, { ...state, indices }, asynchronously, at, { name, turns, each });
}

/** The state when the entry whose turn it is has its new value. */
function written(
  world: World,
  { full }: Place,
  state: Tensor,
  value: Tensor,
  at: number,
  order: Order | null,
  turn: Expr | null,
): Tensor {
  const { span } = value;
  const indices = state.axes.map((axis) => world.newIndex(axis.name, axis.axis, span));
  const own = indices[at];
  if (own === undefined) throw new Error(`\`${state.name}\` has no axis ${at}`);
  const position = positionOf(world, order, indices, own.axis, turn, span);
  const subscripts = indices.map((index): Subscript =>
    index === own ? { kind: "position", value: position, bounds: "proven", span } : subscriptOf(index),
  );
  const here: Expr = { kind: "index", index: own, type: { kind: "index", axis: own.axis }, span };
  const isHere: Expr = {
    kind: "apply",
    operation: "eq",
    operands: [counted(here, own.axis), position],
    type: bool,
    span,
  };
  const next: Expr = {
    kind: "if",
    condition: isHere,
    then: read(value, subscripts, span),
    otherwise: read(state, indices.map(subscriptOf), span),
    type: state.type,
    span,
  };
  const axes = indices.map((index) => ({ index, name: index.name, span }));
  return lift(world, { name: `${full} one by one`, span, type: state.type, own: axes, value: next });
}

function positionOf(
  world: World,
  order: Order | null,
  indices: readonly Index[],
  axis: AxisId,
  turn: Expr | null,
  span: Expr["span"],
): Expr {
  const along = turn === null ? null : counted(turn, axis);
  if (order === null) {
    if (along === null) throw new Error("the natural order has an entry for each turn");
    return along;
  }
  const per = order.per.flatMap((at) => indices[at] ?? []).map(subscriptOf);
  const place: readonly Subscript[] =
    along === null || !order.all ? [] : [{ kind: "position", value: along, bounds: "proven", span }];
  const { type } = world.definition(order.definition);
  return counted({ kind: "read", definition: order.definition, subscripts: [...per, ...place], type, span }, axis);
}

/** An int that counts along an axis. */
function counted(expr: Expr, axis: AxisId): Expr {
  return expr.type.kind === "index"
    ? { kind: "apply", operation: "position", operands: [expr], along: axis, type: int, span: expr.span }
    : expr;
}
