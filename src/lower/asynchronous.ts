/**
 * Entries of a state that change one after the other: a loop over the positions, in each of which the whole right side is read at one
 * position, and one entry is written. That only this entry is computed is a matter of reads (`src/ir/gather-rules.ts`), that sums over
 * the state are corrected and not made anew one of loops (`src/ir/increments.ts`).
 */
import { makeLoop } from "../ir/compose/loop.js";
import type { ValueId } from "../ir/types.js";
import type { Assignment, Asynchronously, Expr } from "../language/typed.js";
import { definitionOf, dtypeOf, type Context, type Environment } from "./context.js";
import { dimsOf, lowerDefinition } from "./definitions.js";
import { spread } from "./expressions.js";

type Target = Assignment["targets"][number];
/** The whole right side at a place, over the state's own dims. */
type Assigned = (context: Context, environment: Environment, target: Target) => ValueId;

export function oneAfterTheOther(
  context: Context,
  environment: Environment,
  target: Target,
  { over, order }: Asynchronously,
  assigned: Assigned,
): ValueId {
  const { builder } = context;
  const definition = definitionOf(context, target.definition);
  const dims = dimsOf(context, definition);
  if (isKept(context, target, target.value)) return lowerDefinition(context, environment, target.definition);
  const along = dims[target.axes.indexOf(over)];
  if (along === undefined) throw new Error(`\`${definition.name}\` has no index \`${over.name}\``);
  const size = builder.exactSize(along);
  const begin = builder.broadcast(
    spread(context, lowerDefinition(context, environment, target.definition), dims),
    dims,
  );
  const write = (state: ValueId, position: ValueId): ValueId => {
    const inner = environment.with([[target.definition, state]]);
    const entry = builder.gather(assigned(context, inner, target), position, along);
    return builder.select(builder.eq(builder.iota(along), position), entry, state);
  };
  const places = order === null ? null : placesOf(context, environment, target, order);
  if (places !== null && places.along === null) return write(begin, places.value);
  const type = { dtype: dtypeOf(context, definition.type), dims };
  const outside = builder.checks.length;
  const { finals } = makeLoop(
    builder,
    builder.constant(size, "i32"),
    size,
    [{ type, initial: begin }],
    (turn, [state = -1]) => {
      context.intBounds.set(turn, { low: 0, high: Math.max(size - 1, 0), known: true });
      const position = places === null ? turn : builder.gather(places.value, turn, places.along ?? along);
      return {
        next: [write(state, position)],
        stacked: [],
        until: null,
        checks: builder.checks.splice(outside),
      };
    },
  );
  return finals[0] ?? begin;
}

/** The positions in their order along a dim of their own (null: one position), over dims of the state where these have their own. */
function placesOf(
  context: Context,
  environment: Environment,
  target: Target,
  order: NonNullable<Asynchronously["order"]>,
) {
  const { builder } = context;
  const drawn = definitionOf(context, order.definition);
  const own = dimsOf(context, drawn);
  const state = dimsOf(context, definitionOf(context, target.definition));
  const per = order.per.map((index) => state[target.axes.indexOf(index)] ?? -1);
  const value = spread(context, lowerDefinition(context, environment, order.definition), own);
  const along = order.all ? (own.at(-1) ?? null) : null;
  return { value: builder.relabel(value, own.slice(0, per.length), per), along };
}

/** Whether the state belongs to an arm that is not chosen: its entries stay what they are. */
function isKept(context: Context, target: Target, value: Expr): boolean {
  if (value.kind === "case" && value.subject.kind === "sweep") {
    const arm = value.arms[context.structural.get(value.subject.axis) ?? -1];
    return arm !== undefined && isKept(context, target, arm);
  }
  return (
    value.kind === "read" &&
    value.definition === target.definition &&
    value.subscripts.every((part, k) => part.kind === "index" && part.index.id === target.axes[k]?.id)
  );
}
