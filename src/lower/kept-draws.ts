/**
 * Orders that are drawn every so many steps (those of the epochs of a batch): the program keeps them from step to step, for to make one
 * costs more than a step that reads a few of its entries. When a new one is due it is made in a loop of one iteration; else of none.
 */
import { makeLoop } from "../ir/compose/loop.js";
import type { Carried, ValueId } from "../ir/types.js";
import type { Definition, Draw, Expr, Phase } from "../language/typed.js";
import { definitionOf, dtypeOf, type Context, type Environment } from "./context.js";
import { dimsOf } from "./definitions.js";
import { spread } from "./expressions.js";
import { drawnEvery, lowerStepDraw } from "./step-draws.js";

export interface KeptDraw {
  readonly definition: Definition;
  /** The order of the step at hand. */
  readonly current: ValueId;
  readonly carried: Carried;
}

/** Carried values of their own, behind those that were made before. */
export function keepDraws(context: Context, environment: Environment, phase: Phase): readonly KeptDraw[] {
  return phase.draws.flatMap((id): KeptDraw[] => {
    const definition = definitionOf(context, id);
    const { body } = definition;
    if (body.kind !== "draw" || body.draw.distribution.kind !== "permutation") return [];
    const every = body.each?.every ?? null;
    return every === null ? [] : [keepDraw(context, environment, definition, body.draw, every)];
  });
}

function keepDraw(
  context: Context,
  environment: Environment,
  definition: Definition,
  draw: Draw,
  every: Expr,
): KeptDraw {
  const { builder: b } = context;
  const type = { dtype: dtypeOf(context, definition.type), dims: dimsOf(context, definition) };
  const current = b.carried(type);
  const drawnAt = (step: ValueId): ValueId => {
    const value = lowerStepDraw({ ...context, step }, environment, definition, { draw, every });
    return b.broadcast(spread(context, value, type.dims), type.dims);
  };
  const next = b.add(b.step(), b.constant(1, "i32"));
  const isDue = b.eq(b.mod(next, b.constant(drawnEvery(context, definition, every), "i32")), b.constant(0, "i32"));
  const times = b.select(isDue, b.constant(1, "i32"), b.constant(0, "i32"));
  // The turn is 0: with it the draw belongs to the loop, and is not made where none is due.
  const { finals } = makeLoop(b, times, 1, [{ type, initial: current }], (turn) => ({
    next: [drawnAt(b.add(next, turn))],
    stacked: [],
    until: null,
  }));
  const carried: Carried = {
    name: definition.name,
    role: "state",
    type,
    init: drawnAt(b.constant(0, "i32")),
    next: finals[0] ?? current,
    watched: false,
  };
  return { definition, current, carried };
}
