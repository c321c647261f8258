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
  let ranges = new Map<string, Bounds>();
  for (let round = 0; ; round++) {
    const trial: Context = { ...context, intBounds: new Map(told), ranges };
    const grown = new Map(
      sources.map(({ key, initial, next }) => {
        const begin = boundsOfOperand(trial, initial);
        const known = ranges.get(key) ?? begin;
        const wider = round === 0 ? begin : union(union(known, begin), boundsOfOperand(trial, next));
        const isNew = wider.low < known.low || wider.high > known.high;
        return [key, isNew && round >= ROUNDS ? anything : { ...wider, known: false }] as const;
      }),
    );
    const isSame = sources.every(({ key }) => same(grown.get(key), ranges.get(key)));
    if (round > 0 && isSame) return sure(ranges);
    ranges = grown;
  }
}

function sourcesOf(context: Context, carried: readonly Carried[]): Source[] {
  const { builder } = context;
  const whole = (id: ValueId): boolean => builder.dtypeOf(id) === "i32";
  const found = carried.flatMap(({ type, init, next }, index): Source[] =>
    type.dtype === "i32" ? [{ key: `carried ${index}`, initial: init, next }] : [],
  );
  for (const node of builder.nodes) {
    if (node.op !== "loop") continue;
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
