/** Draws made before the run: standard draws come from the host, location and scale are applied here. */
import { largestPoissonMean } from "../ir/draws/poisson.js";
import type { DrawDistribution, ValueId } from "../ir/types.js";
import { gammaDraw, poissonDraw, watchGamma, watchPoisson } from "./counts-and-waits.js";
import type { Definition, Draw, Expr } from "../language/typed.js";
import { sizeOf } from "./axes.js";
import { among, categorical } from "./chances.js";
import { dtypeOf, type Context, type Environment } from "./context.js";
import { dimsOf, inputValue } from "./definitions.js";
import { lowerReal } from "./expressions.js";
import { drawPositions } from "./made-axes.js";
import { isRunConstant, scalarIndex } from "./scalars.js";
import { Bits, streamOf } from "./step-draws.js";

export function lowerDraw(context: Context, environment: Environment, definition: Definition, draw: Draw): ValueId {
  const { builder } = context;
  const { distribution } = draw;
  const real = (expr: Expr): ValueId => lowerReal(context, environment, expr);
  // The host knows constants only: with other parameters the program makes the draw from the same words.
  if (distribution.kind === "gamma" && !isRunConstant(distribution.shape)) {
    const bits = new Bits(context, definition, draw, undefined, environment);
    return gammaDraw(context, bits.key(), real(distribution.shape), real(distribution.scale), definition);
  }
  if (distribution.kind === "poisson" && !isRunConstant(distribution.mean)) {
    const bits = new Bits(context, definition, draw, undefined, environment);
    return poissonDraw(context, bits.uniform(), real(distribution.mean), definition);
  }
  const standard = standardDraw(context, definition, draw);
  switch (distribution.kind) {
    case "normal":
      return builder.add(
        lowerReal(context, environment, distribution.mean),
        builder.mul(lowerReal(context, environment, distribution.sd), standard),
      );
    case "uniform": {
      const low = lowerReal(context, environment, distribution.low);
      const high = lowerReal(context, environment, distribution.high);
      return builder.add(low, builder.mul(builder.sub(high, low), standard));
    }
    case "gamma": {
      const scale = real(distribution.scale);
      watchGamma(context, real(distribution.shape), scale, definition);
      return context.builder.mul(scale, standard);
    }
    case "poisson":
      watchPoisson(context, real(distribution.mean), largestPoissonMean, definition);
      return standard;
    case "bernoulli":
      return isRunConstant(distribution.p) ? standard : builder.lt(standard, real(distribution.p));
    case "among":
      return among(context, standard, distribution);
    case "categorical":
      return categorical(context, standard, distribution.over, lowerReal(context, environment, distribution.weights));
    default:
      return standard;
  }
}

function standardDraw(context: Context, definition: Definition, draw: Draw): ValueId {
  const dims = dimsOf(context, definition);
  const positions = drawPositions(context, definition.axes);
  const by = draw.by === null ? null : draw.by.map((part) => scalarIndex(context, part));
  const distribution = hostDistribution(context, definition, draw);
  // Bools, ints and positions are made of uniform numbers in the program.
  const dtype = distribution.kind === "uniform" ? context.experiment.precision : dtypeOf(context, definition.type);
  return inputValue(context, `draw ${definition.id}`, {
    name: definition.name,
    type: { dtype, dims },
    source: {
      kind: "draw",
      stream: streamOf(definition),
      distribution,
      by,
      ...positions,
    },
  });
}

function hostDistribution(context: Context, definition: Definition, draw: Draw): DrawDistribution {
  const { distribution } = draw;
  switch (distribution.kind) {
    case "normal":
    case "uniform":
    case "rademacher":
      return { kind: distribution.kind };
    // Made in the program: their chances are values of it.
    case "among":
    case "categorical":
      return { kind: "uniform" };
    case "bernoulli":
      return isRunConstant(distribution.p)
        ? { kind: "bernoulli", p: scalarIndex(context, distribution.p) }
        : { kind: "uniform" };
    case "gamma":
      return { kind: "gamma", p: scalarIndex(context, distribution.shape) };
    case "poisson":
      return { kind: "poisson", p: scalarIndex(context, distribution.mean) };
    case "on_sphere":
    case "permutation":
      return {
        kind: distribution.kind,
        along: definition.axes.findIndex((index) => index.id === distribution.along.id),
      };
    case "choice":
      return { kind: "choice", size: sizeOf(context, distribution.axis, definition.span) };
  }
}
