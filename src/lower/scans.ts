/** Scans that are loops inside of a step. */
import { makeLoop } from "../ir/compose/loop.js";
import type { LoopResults } from "../ir/compose/loop.js";
import type { DimId, ValueId } from "../ir/types.js";
import { iterations } from "../language/iterations.js";
import type { Definition, DefinitionBody, DefinitionId, ScanLoop } from "../language/typed.js";
import { definitionOf, dtypeOf, type Context, type Environment } from "./context.js";
import { dimsOf, lowerDefinition } from "./definitions.js";
import { spread } from "./expressions.js";
import { checkedInt } from "./ints.js";

type Scanned = Extract<DefinitionBody, { readonly kind: "scanned" | "scan stack" }>;

export function lowerScanned(
  context: Context,
  environment: Environment,
  definition: Definition,
  body: Scanned,
): ValueId {
  const { builder } = context;
  const scan = context.experiment.scans.get(body.scan);
  if (scan === undefined) throw new Error(`scan ${body.scan} is not in the experiment`);
  const results = environment.scans.get(scan.id) ?? lowerScan(context, environment, scan);
  environment.scans.set(scan.id, results);
  const dims = dimsOf(context, definition);
  if (body.kind === "scanned") {
    const of = scan.states[body.state]?.now;
    const final = results.finals[body.state];
    if (of === undefined || final === undefined) throw new Error(`scan ${scan.id} has no state ${body.state}`);
    return builder.relabel(final, dimsOf(context, definitionOf(context, of)), dims);
  }
  const of = scan.stacked[body.stacked];
  const to = dims[body.along];
  if (of === undefined || to === undefined) throw new Error(`scan ${scan.id} has no stack ${body.stacked}`);
  const along = builder.dim(builder.dimName(to), builder.exactSize(to));
  const rows = results.stack(body.stacked, along);
  const own = dimsOf(context, definitionOf(context, of));
  const rest = dims.filter((_, k) => k !== body.along);
  return builder.relabel(scan.reverse ? builder.flip(rows, along) : rows, [along, ...own], [to, ...rest]);
}

function lowerScan(context: Context, environment: Environment, scan: ScanLoop): LoopResults {
  const { builder, experiment, structural } = context;
  const times = checkedInt(iterations(scan.count, { experiment, sweeps: structural }), scan.count.span);
  const whole = (place: Environment, id: DefinitionId, like: DefinitionId): ValueId => {
    const [own, dims] = [dimsOfId(context, id), dimsOfId(context, like)];
    return builder.relabel(spread(context, lowerDefinition(context, place, id), own), own, dims);
  };
  const states = scan.states.map(({ now, initial }) => {
    const definition = definitionOf(context, now);
    const type = { dtype: dtypeOf(context, definition.type), dims: dimsOf(context, definition) };
    return { type, initial: whole(environment, initial, now) };
  });
  const outside = builder.checks.length;
  const loop = makeLoop(builder, builder.constant(times, "i32"), times, states, (turn, now) => {
    context.intBounds.set(turn, { low: 0, high: Math.max(times - 1, 0), known: true });
    const position = scan.reverse ? builder.sub(builder.constant(times - 1, "i32"), turn) : turn;
    const sources = scan.states.map((state, k) => [state.now, at(now, k)] as const);
    const inner = environment.inScan(scan.id, [[scan.position, position], ...sources]);
    const next = scan.states.map((state) => whole(inner, state.next, state.now));
    const stacked = scan.stacked.map((id) =>
      spread(context, lowerDefinition(context, inner, id), dimsOfId(context, id)),
    );
    const until = scan.until === null ? null : lowerDefinition(context, inner, scan.until);
    return { next, stacked, until, checks: builder.checks.splice(outside) };
  });
  return loop;
}

function dimsOfId(context: Context, id: DefinitionId): readonly DimId[] {
  return dimsOf(context, definitionOf(context, id));
}

function at<T>(list: readonly T[], index: number): T {
  const found = list[index];
  if (found === undefined) throw new Error(`a scan has no value ${index}`);
  return found;
}
