/** Statistics over lanes of one operand or two, and `first`, `last`: in ascending order of the coordinates. */
import type { AnalysisStatistic } from "../../language/results/ir.js";
import type { ResultAxis } from "../types.js";
import { statistics } from "../statistics/table.js";
import { arrange, ascending, commonAxes } from "./align.js";
import { ABSENT, NEVER, TOO_FEW, VALID, makeTensor, sizeOf } from "./tensor.js";
import type { Tensor } from "./tensor.js";

export interface StatisticInput {
  readonly operands: readonly Tensor[];
  readonly where: Tensor | null;
  readonly level: Tensor | null;
  readonly over: readonly string[];
}

interface Lanes {
  readonly outer: readonly ResultAxis[];
  readonly inner: readonly ResultAxis[];
  readonly length: number;
  readonly operands: readonly Tensor[];
  readonly where: Tensor | null;
  readonly level: Tensor | null;
  /** The coordinate of each entry of a lane, along the last axis. */
  readonly coordinates: Float64Array;
}

function makeLanes(input: StatisticInput): Lanes {
  const along = [...input.operands, ...(input.where === null ? [] : [input.where])];
  const axes = commonAxes(input.level === null ? along : [...along, input.level]);
  const outer = axes.filter((axis) => !input.over.includes(axis.name));
  const inner = input.over.flatMap((label) => axes.find((axis) => axis.name === label) ?? []).map(ascending);
  const all = [...outer, ...inner];
  const length = sizeOf(inner);
  const last = inner.at(-1)?.coordinates ?? [0];
  return {
    outer,
    inner,
    length,
    operands: input.operands.map((operand) => arrange(operand, all)),
    where: input.where === null ? null : arrange(input.where, all),
    level: input.level === null ? null : arrange(input.level, outer),
    coordinates: Float64Array.from({ length }, (_, k) => last[k % last.length] ?? NaN),
  };
}

export function statisticOf(statistic: AnalysisStatistic, input: StatisticInput): Tensor {
  if (statistic === "first" || statistic === "last") return firstOrLast(statistic === "last", input);
  const { minimum, evaluate, otherwise } = statistics[statistic];
  const lanes = makeLanes(input);
  const { length, where, level } = lanes;
  const result = makeTensor(lanes.outer);
  const [a, b = a] = lanes.operands;
  const first = new Float64Array(length);
  const second = new Float64Array(length);
  const coordinates = new Float64Array(length);
  for (let lane = 0; lane < result.values.length; lane++) {
    let present = length === 0;
    let missing = level?.states[lane] ?? VALID;
    let count = 0;
    for (let k = 0; k < length; k++) {
      const at = lane * length + k;
      const stateA = a?.states[at] ?? VALID;
      const stateB = b?.states[at] ?? VALID;
      const maskState = where?.states[at] ?? VALID;
      if (stateA === ABSENT || stateB === ABSENT || maskState === ABSENT) continue;
      present = true;
      if (maskState === VALID && where?.values[at] === 0) continue;
      const state = maskState || stateA || stateB;
      if (state !== VALID) {
        missing ||= state;
        continue;
      }
      first[count] = a?.values[at] ?? NaN;
      second[count] = b?.values[at] ?? NaN;
      coordinates[count] = lanes.coordinates[k] ?? NaN;
      count++;
    }
    if (!present) result.states[lane] = ABSENT;
    else if (missing !== VALID) result.states[lane] = missing;
    else if (count < minimum) result.states[lane] = TOO_FEW;
    else {
      const value = evaluate({ count, first, second, coordinates, level: level?.values[lane] ?? 0 });
      result.values[lane] = value;
      if (Number.isNaN(value)) result.states[lane] = otherwise === "never" ? NEVER : TOO_FEW;
    }
  }
  return result;
}

/** The first (last) coordinate where the condition holds. It is missing when it never does, and when an entry before (after) it is. */
function firstOrLast(backwards: boolean, input: StatisticInput): Tensor {
  const lanes = makeLanes(input);
  const { length } = lanes;
  const [condition] = lanes.operands;
  const result = makeTensor(lanes.outer);
  for (let lane = 0; lane < result.values.length; lane++) {
    let present = false;
    let state = NEVER;
    for (let k = 0; k < length; k++) {
      const place = backwards ? length - 1 - k : k;
      const at = lane * length + place;
      const here = condition?.states[at] ?? VALID;
      if (here === ABSENT) continue;
      present = true;
      if (here === VALID && condition?.values[at] === 0) continue;
      state = here;
      result.values[lane] = lanes.coordinates[place] ?? NaN;
      break;
    }
    result.states[lane] = present ? state : ABSENT;
  }
  return result;
}
