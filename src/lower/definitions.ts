/** Definitions to values: each is lowered once in an environment, over its own indices. */
import { evaluateConstant } from "../language/constants.js";
import type { DimId, ValueId } from "../ir/types.js";
import type { AxisId, Definition, DefinitionId } from "../language/typed.js";
import { dimAlong, sizeOf } from "./axes.js";
import { definitionOf, dtypeOf, type Context, type Environment } from "./context.js";
import { lowerDraw } from "./draws.js";
import { lowerExpr, lowerReal, spread, toDType } from "./expressions.js";
import { openScans } from "../language/made-of.js";
import { lowerScanned } from "./scans.js";
import { isOwnOf } from "../language/phase-own.js";
import { watch } from "./ints.js";
import { lowerStepDraw } from "./step-draws.js";
import { isRunConstant, lowerRunConstant } from "./scalars.js";

/** Dims of a definition's indices, in their order. */
export function dimsOf(context: Context, definition: Definition): readonly DimId[] {
  return definition.axes.map((index) => dimAlong(context, index));
}

/** The value of a definition here; it may lack dims along which it is constant, and have those that a `with` brought in. */
export function lowerDefinition(context: Context, place: Environment, id: DefinitionId): ValueId {
  const environment = homeOf(context, place, id);
  const known = environment.get(id) ?? environment.memo.get(id);
  if (known !== undefined) return known;
  // A tensor stands for itself: conditions around the place that reads it are not its own.
  const guards = context.guards;
  context.guards = [];
  const value = lowerBody(context, environment, definitionOf(context, id));
  context.guards = guards;
  environment.memo.set(id, value);
  return value;
}

/** Out of iterations of scans in which it does not differ. */
function homeOf(context: Context, place: Environment, id: DefinitionId): Environment {
  let environment = place;
  for (let { iteration } = environment; iteration !== null; { iteration } = environment) {
    if (openScans(context.experiment, definitionOf(context, id)).has(iteration.scan)) break;
    environment = iteration.around;
  }
  return environment;
}

function lowerBody(context: Context, environment: Environment, definition: Definition): ValueId {
  const dtype = dtypeOf(context, definition.type);
  const { body } = definition;
  switch (body.kind) {
    case "equation":
      return dtype === context.experiment.precision
        ? lowerReal(context, environment, body.value)
        : toDType(context, lowerExpr(context, environment, body.value), dtype);
    case "literal":
      return lowerLiteral(context, definition);
    case "draw":
      return body.each === undefined && body.draw.at === undefined
        ? lowerDraw(context, environment, definition, body.draw)
        : lowerStepDraw(context, environment, definition, { draw: body.draw, every: body.each?.every });
    case "data": {
      const { dataset, column } = dataOf(context, body);
      const source = { kind: "data" as const, dataset, column };
      const input = { name: definition.name, type: { dtype, dims: dimsOf(context, definition) }, source };
      const value = inputValue(context, `data ${dataset} ${column}`, input);
      if (definition.type.kind === "index") checkPositions(context, definition, definition.type.axis, value);
      return value;
    }
    case "stacked":
      return lowerStacked(context, environment, definition, body.along, body.parts);
    case "scanned":
    case "scan stack":
      return lowerScanned(context, environment, definition, body);
    case "turn":
      throw new Error(`\`${definition.name}\` is read outside of its scan`);
    case "left": {
      const source = { kind: "result" as const, phase: body.phase, value: body.value };
      const input = { name: definition.name, type: { dtype, dims: dimsOf(context, definition) }, source };
      return inputValue(context, `left ${body.phase} ${body.value}`, input);
    }
    case "param":
    case "state":
      // Nothing has changed it so far: it is what it starts as.
      return lowerInitial(context, context.start, definition);
    case "gradient":
      throw new Error(`the gradient by \`${definition.name}\` is read outside of its optimizer`);
  }
}

/** The file and column that the points of this program read. */
function dataOf(context: Context, body: Extract<Definition["body"], { readonly kind: "data" }>) {
  if (body.choice === undefined) return body;
  const { chosen, from } = body.choice;
  const place = evaluateConstant(chosen, { experiment: context.experiment, sweeps: context.structural });
  const found = from[place];
  if (found === undefined) throw new Error(`there is no file number ${place}`);
  return found;
}

/** A file's header does not tell its values: that they are positions of the axis is seen when it is read. */
function checkPositions(context: Context, definition: Definition, axis: AxisId, value: ValueId): void {
  const { builder } = context;
  const size = sizeOf(context, axis, definition.span);
  const inside = builder.and(
    builder.ge(value, builder.constant(0, "i32")),
    builder.lt(value, builder.constant(size, "i32")),
  );
  watch(context, inside, `\`${definition.name}\` holds a value outside of 0 … ${size - 1}`, definition.span);
}

/** What a parameter or a state starts as, spread over all its dims: as it was before any phase, unless the phase itself declares it. */
export function lowerInitial(context: Context, start: Environment, definition: Definition): ValueId {
  const { body } = definition;
  const environment = isOwnOf(context.phase, definition) ? start : context.beginning;
  if (body.kind !== "param" && body.kind !== "state") throw new Error(`\`${definition.name}\` has no initial value`);
  const dtype = dtypeOf(context, definition.type);
  const value =
    body.init.kind === "draw"
      ? lowerDraw(context, environment, definition, body.init.draw)
      : dtype === context.experiment.precision
        ? lowerReal(context, environment, body.init.value)
        : toDType(context, lowerExpr(context, environment, body.init.value), dtype);
  return spread(context, value, dimsOf(context, definition));
}

function lowerLiteral(context: Context, definition: Definition): ValueId {
  const { builder } = context;
  const { body } = definition;
  if (body.kind !== "literal") throw new Error(`\`${definition.name}\` is no literal`);
  const dtype = dtypeOf(context, definition.type);
  const dims = dimsOf(context, definition);
  dims.forEach((dim) => builder.exactSize(dim));
  const entries = body.entries.map((entry) => {
    if (!isRunConstant(entry)) throw new Error(`an entry of \`${definition.name}\` is no constant`);
    return toDType(context, lowerRunConstant(context, entry), dtype);
  });
  const numbers = entries.map((entry) => constantOf(context, entry));
  if (numbers.every((value): value is number => value !== undefined)) return builder.data(numbers, { dtype, dims });
  // Entries that differ between runs: picked by their place in row-major order.
  let place = builder.constant(0, "i32");
  for (const dim of dims)
    place = builder.add(builder.mul(place, builder.constant(builder.size(dim), "i32")), builder.iota(dim));
  let value = entries[entries.length - 1] ?? builder.constant(0, dtype);
  for (let k = entries.length - 2; k >= 0; k--) {
    const entry = entries[k];
    if (entry !== undefined) value = builder.select(builder.eq(place, builder.constant(k, "i32")), entry, value);
  }
  return value;
}

function constantOf(context: Context, value: ValueId): number | undefined {
  const node = context.builder.node(value);
  return node.op === "constant" ? node.attributes.data[0] : undefined;
}

/** One input for each thing given from outside. */
export function inputValue(context: Context, key: string, input: Parameters<Context["builder"]["input"]>[0]): ValueId {
  const known = context.inputOf.get(key);
  if (known !== undefined) return known;
  const value = context.builder.input(input);
  context.inputOf.set(key, value);
  return value;
}

/** Each part becomes an entry along the axis. */
function lowerStacked(
  context: Context,
  environment: Environment,
  definition: Definition,
  along: number,
  parts: readonly DefinitionId[],
): ValueId {
  const { builder } = context;
  const dims = dimsOf(context, definition);
  const to = dims[along];
  if (to === undefined) throw new Error(`\`${definition.name}\` is stacked along no axis`);
  builder.exactSize(to);
  const rest = dims.filter((_, k) => k !== along);
  const from: DimId[] = [];
  const values = parts.map((part) => {
    const one = builder.dim(builder.dimName(to), 1);
    from.push(one);
    const own = dimsOf(context, definitionOf(context, part));
    const value = spread(context, lowerDefinition(context, environment, part), own);
    return builder.broadcast(builder.relabel(builder.broadcast(value, own), own, rest), [one, ...rest]);
  });
  return builder.concat(values, from, to);
}
