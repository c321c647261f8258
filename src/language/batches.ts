/**
 * `batch b: sample = 32`: an axis over the places of a batch, and where along the axis of the data its entries lie in the step at hand.
 * The order of an epoch is a draw that is kept for as many steps; the last batch of an epoch may be shorter.
 */
import type { Batch, Count, Name } from "../../grammar/tree.js";
import type { Span } from "../base/span.js";
import { checkSize } from "./axes.js";
import { valuesOf } from "./bounds.js";
import { apply, both, faulty, int, unknown } from "./expressions/build.js";
import { axisEntry } from "./expressions/resolve.js";
import { readOf } from "./previous.js";
import { keyedBySequences } from "./sequences.js";
import type { PhasePlace } from "./phases.js";
import { declare, type Env, type Scope } from "./scopes.js";
import type { AxisId, DefinitionId, Draw, Expr, Index } from "./typed.js";
import { unknownAxis, type World } from "./world.js";

export interface Batched {
  /** The axis whose positions the entries are. */
  readonly of: AxisId;
  /** By entry: its position. */
  readonly places: DefinitionId;
  /** By entry: whether there is one; null where all batches are full. */
  readonly present: DefinitionId | null;
}

/** Declares the index; the result is the draw of the order, null after a fault. */
export function declareBatch(place: PhasePlace, { index, axis, size, span }: Batch): DefinitionId | null {
  const { world, scope, env } = place;
  const known = axisEntry(world, { ...env, stepping: false }, axis);
  const count = checkSize(world, { ...env, stepping: false }, size, "the size of a batch");
  const isFine = known !== null && known !== unknownAxis && count.kind !== "unknown" && checkBatch(place, count);
  const own = isFine ? makeBatch(place, index, known, count, span) : null;
  const found = own?.axis ?? unknownAxis;
  const lazy = world.lazy(
    scope,
    index.text,
    index.span,
    () => found,
    () => unknownAxis,
  );
  declare(world, scope, { kind: "axis", name: index.text, span: index.span, axis: lazy });
  // What was told once is not told again where epochs are counted.
  scope.epoch ??= unknown(span);
  return own?.order ?? null;
}

function checkBatch({ world, scope, env }: PhasePlace, count: Expr): boolean {
  if (scope.epoch !== null) {
    faulty(world, env, "AM2035", count.span, "a phase has one `batch`, which its epochs are counted by", {
      help: "positions of another axis are drawn: `draw k[slot] ~ choice(other)`",
    });
    return false;
  }
  if (valuesOf(world, count)?.some((value) => value < 1) !== true) return true;
  faulty(world, env, "AM2035", count.span, "a batch has one entry or more", {
    help: "for example `batch b: sample = 32`",
  });
  return false;
}

function makeBatch(
  { world, scope, name }: PhasePlace,
  written: Name,
  of: AxisId,
  count: Expr,
  span: Span,
): { readonly axis: AxisId; readonly order: DefinitionId } {
  const whole = (operation: "add" | "sub" | "mul" | "min" | "mod" | "floor_div", ...operands: readonly Expr[]): Expr =>
    apply(operation, operands, int, span);
  const number = (value: number): Expr => ({ kind: "number", value, type: int, span });
  const total: Expr = { kind: "size", axis: of, type: int, span };
  const size = whole("min", count, total);
  const axis = world.addAxis(written.text, { kind: "plain", size }, written.span);
  const epoch = whole("floor_div", whole("add", total, whole("sub", size, number(1))), size);
  scope.epoch = epoch;

  const full = `${name}.${written.text}`;
  const along = world.newIndex(world.axis(of).name, of, span);
  const draw: Draw = { distribution: { kind: "permutation", along }, by: keyedBySequences(world, scope) };
  const type = { kind: "index", axis: of } as const;
  const order = world.addDefinition(full, [along], type, { kind: "draw", draw, each: { every: epoch } }, span);

  const step: Expr = { kind: "step", type: int, span };
  const begin = whole("mul", whole("mod", step, epoch), size);
  const numbered = (index: Index): Expr => {
    const entry: Expr = { kind: "index", index, type: { kind: "index", axis }, span };
    return whole("add", begin, { kind: "apply", operation: "position", operands: [entry], type: int, span });
  };
  const entry = world.newIndex(written.text, axis, span);
  const places = world.addDefinition(
    `${full} place`,
    [entry],
    type,
    {
      kind: "equation",
      value: {
        kind: "read",
        definition: order,
        subscripts: [{ kind: "position", value: numbered(entry), bounds: "clamp", span }],
        type,
        span,
      },
    },
    span,
  );
  const rest = valuesOf(world, whole("mod", total, size));
  const isFull = rest?.every((value) => value === 0) === true;
  const there = world.newIndex(written.text, axis, span);
  const present = isFull
    ? null
    : world.addDefinition(
        `${full} present`,
        [there],
        { kind: "bool" },
        { kind: "equation", value: apply("lt", [numbered(there), total], { kind: "bool" }, span) },
        span,
      );
  world.batches.set(axis, { of, places, present });
  return { axis, order };
}

/** What an index of a batch is: the position of the entry; undefined for indices of other axes. */
export function batchPlace(world: World, index: Index, span: Span): Expr | undefined {
  const batch = world.batches.get(index.axis);
  return batch === undefined ? undefined : readOf(world.definition(batch.places), [index], span);
}

/** A place along the index of a batch as the entry that stands there; places along other axes are what they are. */
export function entryAt(world: World, axis: AxisId, place: Expr): Expr {
  const batch = world.batches.get(axis);
  if (batch === undefined || place.kind === "unknown") return place;
  const { span } = place;
  const subscripts = [{ kind: "position", value: place, bounds: "proven", span } as const];
  return { kind: "read", definition: batch.places, subscripts, type: { kind: "index", axis: batch.of }, span };
}

/** Tells whether all entries of an index are there in each step. */
export const isWhole = (world: World, { axis }: Index): boolean => (world.batches.get(axis)?.present ?? null) === null;

/** A condition that entries of the last batch of an epoch have to be there, beside the one that is written. */
export function whereThere(world: World, over: readonly Index[], where: Expr | null, span: Span): Expr | null {
  return over.reduce((condition: Expr | null, index) => {
    const present = world.batches.get(index.axis)?.present ?? null;
    if (present === null) return condition;
    const there = readOf(world.definition(present), [index], span);
    return condition === null ? there : both(there, condition);
  }, where);
}

/** Updates done in an epoch, of the phase around a place. */
export function epochOf(scope: Scope): Expr | null {
  for (let here: Scope | null = scope; here !== null; here = here.parent) if (here.epoch !== null) return here.epoch;
  return null;
}

/** A number of steps, which may be written in epochs; null after a fault. */
export function checkSteps(world: World, env: Env, { count, unit, span }: Count, what: string): Expr | null {
  const outside = { ...env, stepping: false };
  const value: Expr =
    count === null ? { kind: "number", value: 1, type: int, span } : checkSize(world, outside, count, what);
  if (value.kind === "unknown") return null;
  if (unit === "steps") return value;
  const epoch = epochOf(env.scope);
  if (epoch !== null) return epoch.kind === "unknown" ? null : apply("mul", [value, epoch], int, span);
  faulty(world, env, "AM2036", span, "epochs are those of a `batch`, and this phase has none", {
    help: "count steps, or write `batch b: sample = 32`, an index over a part of the data in each step",
  });
  return null;
}
