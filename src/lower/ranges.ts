/**
 * Between what the ints lie that go through the loops of a program (carried values and states of loops inside of a step): by induction.
 * If all initial values lie in some ranges, and all next values do wherever the values before them do, then these are the ranges.
 */
import { dependentsThroughLoops } from "../ir/regions.js";
import { loopOperands } from "../ir/ops/loop.js";
import type { Carried, ValueId } from "../ir/types.js";
import type { Bounds, Context } from "./context.js";
import { boundsOfOperand, sourceKey, union } from "./ints.js";

/** Ranges that go on growing have no end that a few rounds find. */
const ROUNDS = 4;
const MOST = 2 ** 31 - 1;
const anything: Bounds = { low: -MOST - 1, high: MOST, known: false };

interface Source {
  readonly key: string;
  readonly initial: ValueId;
  readonly next: ValueId;
}

/** Of a program that was lowered; empty where nothing is sure. */
export function intRanges(context: Context, carried: readonly Carried[]): ReadonlyMap<string, Bounds> {
  const sources = sourcesOf(context, carried);
  if (sources.length === 0) return new Map();
  const { nodes } = context.builder;
  const later = dependentsThroughLoops(nodes, (node) => sourceKey(context, node) !== null);
  // What was told of other values stays so, and what was told of positions of loops.
  const told = [...context.intBounds].filter(([id]) => !later.has(id));
  const trial = (ranges: ReadonlyMap<string, Bounds>): Context => ({ ...context, intBounds: new Map(told), ranges });
  const first = new Map<string, Bounds>();
  for (const { key, initial } of sources) first.set(key, boundsOfOperand(trial(first), initial));
  let ranges: ReadonlyMap<string, Bounds> = first;
  for (let round = 0; ; round++) {
    const before = ranges;
    const here = trial(before);
    const grown = sources.map(({ key, initial, next }) => {
      const known = before.get(key) ?? anything;
      const wider = [initial, next].map((id) => boundsOfOperand(here, id)).reduce(union, known);
      return [key, round >= ROUNDS && !same(wider, known) ? anything : { ...wider, known: false }] as const;
    });
    ranges = new Map(grown);
    if (sources.every(({ key }) => same(before.get(key), ranges.get(key)))) return sure(ranges);
  }
}

function sourcesOf(context: Context, carried: readonly Carried[]): Source[] {
  const { builder } = context;
  const whole = (id: ValueId): boolean => builder.dtypeOf(id) === "i32";
  const found = carried.flatMap(({ type, init, next }, index): Source[] =>
    type.dtype === "i32" ? [{ key: `carried ${index}`, initial: init, next }] : [],
  );
  // From without to within, so that inner loops begin from what is known of those around.
  const loops = builder.nodes.filter((node) => node.op === "loop");
  for (const node of loops.sort((a, b) => a.attributes.loop - b.attributes.loop)) {
    const { initial, next } = loopOperands(node);
    initial.forEach((id, index) => {
      const to = next[index];
      if (to !== undefined && whole(id))
        found.push({ key: `loop ${node.attributes.loop} state ${index}`, initial: id, next: to });
    });
  }
  return found;
}

function same(x: Bounds | undefined, y: Bounds | undefined): boolean {
  return x?.low === y?.low && x?.high === y?.high;
}

function sure(ranges: ReadonlyMap<string, Bounds>): ReadonlyMap<string, Bounds> {
  return new Map([...ranges].filter(([, { low, high }]) => low > anything.low || high < anything.high));
}

/** Tells whether all of the ranges are proven by others. */
export function covers(ranges: ReadonlyMap<string, Bounds>, proven: ReadonlyMap<string, Bounds>): boolean {
  return [...ranges].every(([key, { low, high }]) => {
    const own = proven.get(key);
    return own !== undefined && own.low >= low && own.high <= high;
  });
}
