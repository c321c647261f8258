/** Random draws: `name[i] ~ distribution(…) by e`. */
import type { Expr as TreeExpr } from "../../grammar/tree.js";
import { distributions } from "./distributions.js";
import { constantExpr } from "./axes.js";
import { bool, faulty, int, real, toReal } from "./expressions/build.js";
import { argumentsOf } from "./expressions/calls.js";
import { checkExpr } from "./expressions/check.js";
import { axisEntry } from "./expressions/resolve.js";
import { inside } from "./indices.js";
import { closed } from "./products.js";
import { keyedBySequences } from "./sequences.js";
import { boundIndex, type Env, type Tensor } from "./scopes.js";
import { suggestion } from "./suggest.js";
import { renameDraw } from "./rename-draws.js";
import { defined, type Header } from "./tensors.js";
import type { Draw, Expr, Index, ScalarType } from "./typed.js";
import type { World } from "./world.js";

export function checkDrawn(
  world: World,
  env: Env,
  header: Header,
  distribution: TreeExpr,
  by: TreeExpr | null,
  each?: { readonly every: Expr | null },
): Tensor | null {
  const drawn = drawOf(world, inside(env, header.bound), header, distribution, by);
  if (drawn === null) return null;
  const again = each === undefined ? {} : { each };
  return defined(world, header, drawn.type, (names) => ({
    kind: "draw",
    draw: renameDraw(drawn.draw, names),
    ...again,
  }));
}

interface Drawn {
  readonly draw: Draw;
  readonly type: ScalarType;
}

/** `env` binds the indices of the left side. */
export function drawOf(world: World, env: Env, header: Header, tree: TreeExpr, by: TreeExpr | null): Drawn | null {
  if (tree.kind === "missing") return null;
  const name = tree.kind === "call" && tree.callee.kind === "name" ? tree.callee.text : "";
  const wanted = Object.hasOwn(distributions, name) ? distributions[name]?.parameters : undefined;
  if (tree.kind !== "call" || wanted === undefined) {
    faulty(world, env, "AM3017", tree.span, "a distribution is wanted after `~`", {
      help: "for example `normal(0, 1)`, `uniform(0, 1)`, `rademacher()`, `on_sphere(dim)`",
      ...suggestion(name, Object.keys(distributions)),
    });
    return null;
  }
  const args = argumentsOf(world, env, tree, name, wanted, false);
  const keys = seedOf(world, env, by);
  if (args === null || keys === undefined) return null;
  const found = distributionOf(world, env, header, name, args);
  return found === null ? null : { draw: { distribution: found.distribution, by: keys }, type: found.type };
}

type Distribution = Draw["distribution"];

function distributionOf(
  world: World,
  env: Env,
  header: Header,
  name: string,
  args: readonly TreeExpr[],
): { readonly distribution: Distribution; readonly type: ScalarType } | null {
  const [first, second] = args;
  const number = (arg: TreeExpr | undefined): Expr | null => {
    const value = arg === undefined ? null : closed(header.bound, toReal(world, env, checkExpr(world, env, arg)));
    return value === null || value.kind === "unknown" ? null : value;
  };
  switch (name) {
    case "normal": {
      const [mean, sd] = [number(first), number(second)];
      return mean === null || sd === null ? null : { distribution: { kind: "normal", mean, sd }, type: real };
    }
    case "uniform": {
      const [low, high] = [number(first), number(second)];
      return low === null || high === null ? null : { distribution: { kind: "uniform", low, high }, type: real };
    }
    case "rademacher":
      return { distribution: { kind: "rademacher" }, type: int };
    case "bernoulli": {
      const p = number(first);
      return p === null ? null : { distribution: { kind: "bernoulli", p }, type: bool };
    }
    case "gamma": {
      const [shape, scale] = [number(first), number(second)];
      return shape === null || scale === null ? null : { distribution: { kind: "gamma", shape, scale }, type: real };
    }
    case "poisson": {
      const mean = number(first);
      return mean === null ? null : { distribution: { kind: "poisson", mean }, type: int };
    }
    case "categorical": {
      if (first === undefined || second === undefined) return null;
      const axis = axisEntry(world, env, first);
      if (axis === null) return null;
      const over = world.newIndex(first.kind === "name" ? first.text : world.axis(axis).name, axis, first.span);
      // Inside the weights the name means this index, whatever is bound outside.
      const indices = [...env.indices.filter((index) => index.name !== over.name), over];
      const weights = closed(header.bound, toReal(world, env, checkExpr(world, { ...env, indices }, second)));
      if (weights.kind === "unknown") return null;
      return { distribution: { kind: "categorical", over, weights }, type: { kind: "index", axis } };
    }
    case "on_sphere":
    case "permutation": {
      const along = first === undefined ? null : indexAlong(world, env, header, first);
      if (along === null) return null;
      return name === "on_sphere"
        ? { distribution: { kind: "on_sphere", along }, type: real }
        : { distribution: { kind: "permutation", along }, type: { kind: "index", axis: along.axis } };
    }
    default: {
      if (first === undefined) return null;
      if (first.kind === "range") {
        const outside = { ...env, indices: [] };
        const end = (arg: TreeExpr): Expr => constantExpr(world, outside, arg, "an end of the range");
        const [from, to] = [end(first.from), end(first.to)];
        if (from.kind === "unknown" || to.kind === "unknown") return null;
        if (from.type.kind === "int" && to.type.kind === "int")
          return { distribution: { kind: "among", from, to }, type: int };
        faulty(world, env, "AM3017", first.span, "`choice` is among ints", {
          help: "write a range of ints: `choice(2..5)`",
        });
        return null;
      }
      const axis = axisEntry(world, env, first);
      return axis === null ? null : { distribution: { kind: "choice", axis }, type: { kind: "index", axis } };
    }
  }
}

/** The index of the left side along which a draw goes: by its name, else the one of that axis. */
function indexAlong(world: World, env: Env, header: Header, tree: TreeExpr): Index | null {
  const named = tree.kind === "name" ? boundIndex(env, tree.text) : undefined;
  if (named !== undefined && header.bound.indices.includes(named)) return named;
  const axis = axisEntry(world, env, tree);
  if (axis === null) return null;
  const [index, ...others] = header.bound.indices.filter((candidate) => world.sameAxis(candidate.axis, axis));
  if (index !== undefined && others.length === 0) return index;
  faulty(
    world,
    env,
    "AM3017",
    tree.span,
    `\`${header.shown}\` has ${index === undefined ? "no" : "more than one"} index of this axis`,
    {
      labels: [{ span: header.span, text: "its left side" }],
      ...(index === undefined ? {} : { help: "name the index itself" }),
    },
  );
  return null;
}

/** `seed` means the experiment's sweep of that name, also where the text cannot see it; without one it is 0. */
function seedHere(world: World, env: Env, tree: TreeExpr): Expr | null {
  if (tree.kind !== "name" || tree.text !== "seed" || env.scope.lookup("seed") !== undefined) return null;
  const sweep = [...world.axes.values()].find((axis) => axis.kind.kind === "sweep" && axis.name === "seed");
  if (sweep === undefined) return { kind: "number", value: 0, type: int, span: tree.span };
  return { kind: "sweep", axis: sweep.id, type: int, span: tree.span };
}

/** What `by` puts into the key; undefined after a fault. */
function seedOf(world: World, env: Env, by: TreeExpr | null): readonly Expr[] | null | undefined {
  if (by === null) return keyedBySequences(world, env.scope);
  const trees = by.kind === "tuple" ? by.items : [by];
  const outside = { ...env, indices: [] };
  const parts = trees.map(
    (tree) => seedHere(world, outside, tree) ?? constantExpr(world, outside, tree, "what follows `by`"),
  );
  return parts.some((part) => part.kind === "unknown") ? undefined : parts;
}
