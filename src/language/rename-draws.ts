/** Draws and initial values whose free indices get other identities. */
import { rename } from "./expressions/rename.js";
import type { Draw, Index, IndexId, Initial } from "./typed.js";

type Names = ReadonlyMap<IndexId, Index>;

export function renameInitial(init: Initial, names: Names): Initial {
  return init.kind === "draw"
    ? { ...init, draw: renameDraw(init.draw, names) }
    : { ...init, value: rename(init.value, names) };
}

export function renameDraw(draw: Draw, names: Names): Draw {
  return names.size === 0 ? draw : { ...draw, distribution: renameDistribution(draw.distribution, names) };
}

function renameDistribution(distribution: Draw["distribution"], names: Names): Draw["distribution"] {
  switch (distribution.kind) {
    case "normal":
      return { ...distribution, mean: rename(distribution.mean, names), sd: rename(distribution.sd, names) };
    case "uniform":
      return { ...distribution, low: rename(distribution.low, names), high: rename(distribution.high, names) };
    case "bernoulli":
      return { ...distribution, p: rename(distribution.p, names) };
    case "gamma":
      return { ...distribution, shape: rename(distribution.shape, names), scale: rename(distribution.scale, names) };
    case "poisson":
      return { ...distribution, mean: rename(distribution.mean, names) };
    case "categorical":
      return { ...distribution, weights: rename(distribution.weights, names) };
    case "rademacher":
    case "on_sphere":
    case "permutation":
    case "choice":
    case "among":
      return distribution;
  }
}
