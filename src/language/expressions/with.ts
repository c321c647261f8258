/** `EXPR with NAME[i, j] = E2`: an expression where a tensor has another value. */
import type { Target, With } from "../../../grammar/tree.js";
import { cover, type Span } from "../../base/span.js";
import { bindTarget, inside } from "../indices.js";
import { checkRight } from "../joined.js";
import type { Env } from "../scopes.js";
import type { Expr, ScalarType, WithExpr } from "../typed.js";
import type { World } from "../world.js";
import { bool, coordinate, faulty, int, numeric, sameType, typeName, unknown, widen } from "./build.js";
import { checkExpr } from "./check.js";
import { tensorNamed } from "./names.js";
import { checkWithTuple } from "./with-tuple.js";

export function checkWith(world: World, env: Env, tree: With): Expr {
  if (tree.tuple !== null) return checkWithTuple(world, env, tree, tree.tuple);
  const body = checkExpr(world, env, tree.body);
  const replacements = tree.replacements.map(({ target, value }) => checkReplacement(world, env, target, value));
  const known = replacements.filter((replacement) => replacement !== null);
  if (known.length < replacements.length || body.kind === "unknown") return unknown(tree.span, body.type);
  return { kind: "with", body, replacements: known, type: body.type, span: tree.span };
}

type Replacement = WithExpr["replacements"][number];

function checkReplacement(world: World, env: Env, target: Target, tree: With["body"]): Replacement | null {
  const tensor = tensorNamed(world, env, pathTree(target));
  if (tensor === null) return null;
  if (tensor.source.kind !== "definition") {
    faulty(world, env, "AM2109", target.span, "a gradient cannot be replaced");
    return null;
  }
  const bound = bindTarget(world, env, target, [tree], tensor.axes);
  const here: Env = { ...inside(env, bound), whole: null, positions: false };
  const value = fitting(world, here, checkRight(world, here, bound, tree), tensor.type, `\`${tensor.name}\``);
  if (value.kind === "unknown") return null;
  const prefix = tensor.prefix.map((subscript) => {
    const axis = subscript.kind === "index" ? subscript.index.axis : 0;
    return world.newIndex(subscript.kind === "index" ? subscript.index.name : "?", axis, subscript.span);
  });
  return { definition: tensor.source.definition, indices: [...prefix, ...bound.indices], value };
}

/** A path of names as an expression. */
export function pathTree(target: Target): With["body"] {
  const [first, ...others] = target.path;
  if (first === undefined) return { kind: "missing", span: target.span };
  let tree: With["body"] = first;
  for (const name of others) tree = { kind: "member", object: tree, name, span: spanOf(tree.span, name.span) };
  return tree;
}

function spanOf(first: Span, last: Span): Span {
  return cover(first, last);
}

/** A value brought to the type of what it is given to: ints widen, indices read as their coordinates; else a fault. */
export function fitting(world: World, env: Env, value: Expr, type: ScalarType, what: string): Expr {
  if (value.kind === "unknown" || sameType(value.type, type)) return value;
  const found = coordinate(world, env, value);
  if (sameType(found.type, type)) return found;
  if (type.kind === "real") {
    if (found.type.kind === "int") return widen(found);
    return numeric(world, env, found);
  }
  // Along a part an int would not tell whether it counts inside or along the whole.
  if (type.kind === "index" && found.type.kind === "int" && world.axis(type.axis).kind.kind !== "part") return found;
  const wanted = type.kind === "int" ? int : type.kind === "bool" ? bool : type;
  return faulty(world, env, "AM3013", value.span, `${what} holds ${typeName(world, wanted)}`, {
    here: `this is ${typeName(world, value.type)}`,
    ...(type.kind === "int" && found.type.kind === "real" ? { help: "write `round(…)` or `floor(…)`" } : {}),
  });
}
