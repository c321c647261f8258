/** Adaptive sweeps in words: what they may cost, and how far they came. */
import type { AdaptivePlan } from "../plan/types.js";
import { counted } from "./counted.js";

/** `adaptive P at each of N (3): 2 values to begin with, about 9 if conditions change once, at most 399`. */
export function costText({ sweeps, over, groups, first, crossed, most, mode }: AdaptivePlan): string {
  const where = over.length === 0 ? "" : ` at each ${over.join(", ")} (${groups})`;
  const what = mode === "cells" ? "points" : "values";
  const begin = first === null ? [] : [`${rangeText(first)} ${what} to begin with`];
  const once = crossed === null ? [] : [`${rangeText(crossed)} if conditions change at one place`];
  const all = most === null ? "more than 100 000 at most" : `${rangeText(most)} at most`;
  return `adaptive ${sweeps.join(", ")}${where}: ${[...begin, ...once, all].join(", ")}`;
}

/** `in rounds that results decide: after each one, new values lie between neighbours of which `m.y > 3` says different things`. */
export function decidedText({ mode }: AdaptivePlan, conditions: readonly string[]): string {
  const what = conditions.map((condition) => `\`${condition}\``).join(" or ");
  const after = {
    refine: `after each one, new values lie between neighbours for which ${what} differs`,
    until: `after each one, the next value follows where ${what} does not hold`,
    cells: `after each one, the cells are halved between whose points ${what} differs`,
  };
  return `in rounds that results decide: ${after[mode]}`;
}

export function roundsText({ sweeps, rounds }: AdaptivePlan): string {
  return `adaptive ${sweeps.join(", ")}: ${counted(rounds, "round")}`;
}

const rangeText = ([least, most]: readonly [number, number]): string =>
  least === most ? String(least) : `${least} to ${most}`;
