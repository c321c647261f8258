/** `x[unit] = pixel: v[pixel] | class: -1`: definitions by parts. */
import type { Expr as TreeExpr, Joined, Name } from "../../grammar/tree.js";
import { tryAtPoints } from "./bounds.js";
import { faulty, typeName, unify, unknown } from "./expressions/build.js";
import { checkExpr } from "./expressions/check.js";
import { axisOfName, bindIndex, type Bound } from "./indices.js";
import { checkCover } from "./made-axes.js";
import { closed } from "./products.js";
import type { Env } from "./scopes.js";
import type { AxisId, Expr, Index } from "./typed.js";
import { unknownAxis, type World } from "./world.js";

/** A whole right side at the place inside of its left side; a value over the indices of the left side. */
export function checkRight(world: World, env: Env, bound: Bound, tree: TreeExpr): Expr {
  return closed(bound, tree.kind === "joined" ? checkJoined(world, env, bound, tree) : checkExpr(world, env, tree));
}

interface Part {
  readonly name: Name;
  readonly axis: AxisId;
  readonly tree: TreeExpr;
}

function checkJoined(world: World, env: Env, bound: Bound, tree: Joined): Expr {
  const parts = tree.parts.map(({ part, value }): Part | null => {
    const axis = axisOfPart(world, env, part);
    return axis === null ? null : { name: part, axis, tree: value };
  });
  const known = parts.filter((part) => part !== null);
  if (known.length < parts.length) return unknown(tree.span);
  const target = targetOf(world, env, bound, tree, known);
  if (target === null || !isOnceEach(world, env, tree, target, known)) return unknown(tree.span);
  const indices = env.indices.filter((index) => index.id !== target.id);
  const pieces = known.map(({ name, axis, tree: value }) => {
    const index = { ...bindIndex(world, env, name, { trees: [value] }), axis };
    return { index, value: checkExpr(world, { ...env, indices: [...indices, index] }, value) };
  });
  const values = pieces.map(({ value }) => value);
  if (values.some((value) => value.kind === "unknown")) return unknown(tree.span);
  const unified = unify(world, env, values);
  if (unified === null)
    return faulty(world, env, "AM3006", tree.span, "the parts of this definition have different types", {
      labels: values.map((value) => ({ span: value.span, text: typeName(world, value.type) })),
    });
  return {
    kind: "assemble",
    index: target,
    pieces: pieces.map(({ index }, k) => ({ indices: [index], value: unified.exprs[k] ?? unknown(tree.span) })),
    type: unified.type,
    span: tree.span,
  };
}

function axisOfPart(world: World, env: Env, name: Name): AxisId | null {
  const entry = axisOfName(env.scope, name.text);
  if (entry?.kind === "axis") {
    const axis = entry.axis.get();
    return axis === unknownAxis ? null : axis;
  }
  faulty(world, env, "AM2004", name.span, `there is no axis \`${name.text}\` here`, {
    here: "the name of a part of the left side's axis is wanted",
  });
  return null;
}

/** The index of the left side whose axis the parts make up. */
function targetOf(world: World, env: Env, bound: Bound, tree: Joined, parts: readonly Part[]): Index | null {
  const fits = (index: Index, axis: AxisId): boolean => makes(world, axis, index.axis);
  const candidates = bound.indices.filter((index) => parts.some((part) => fits(index, part.axis)));
  const [target, ...others] = candidates;
  const stray = target === undefined ? parts[0] : parts.find((part) => !fits(target, part.axis));
  if (target !== undefined && others.length === 0 && stray === undefined) return target;
  if (others.length > 0) {
    faulty(world, env, "AM2123", tree.span, "these are parts of more than one axis of the left side", {
      labels: candidates.map((index) => ({ span: index.span, text: `\`${index.name}\`` })),
      help: "define one axis by parts, and use a tensor for the pieces of the other",
    });
    return null;
  }
  if (stray === undefined) return null;
  const axis = target === undefined ? null : world.axis(target.axis);
  faulty(
    world,
    env,
    "AM2123",
    stray.name.span,
    axis === null
      ? `\`${stray.name.text}\` is no part of an axis of the left side`
      : `\`${stray.name.text}\` is no part of \`${axis.name}\``,
    {
      labels: [
        ...(axis === null ? [] : [{ span: axis.span, text: `\`${axis.name}\` is declared here` }]),
        { span: world.axis(stray.axis).span, text: `\`${world.axis(stray.axis).name}\` is declared here` },
      ],
      help: "parts are the axes of a join (`axis unit = pixel ++ class`), or parts of one axis that make up all of it",
    },
  );
  return null;
}

/** Whether an axis is one of those of which another is made, or a part of it. */
function makes(world: World, part: AxisId, whole: AxisId): boolean {
  const [own, other] = [world.axis(part).kind, world.axis(whole).kind];
  return other.kind === "join" ? other.parts.includes(part) : own.kind === "part" && own.whole === whole;
}

function isOnceEach(world: World, env: Env, tree: Joined, target: Index, parts: readonly Part[]): boolean {
  for (const [k, part] of parts.entries()) {
    const first = parts.findIndex((other) => other.axis === part.axis);
    if (first === k) continue;
    faulty(world, env, "AM2123", part.name.span, `the part \`${part.name.text}\` is defined twice`, {
      labels: [{ span: parts[first]?.name.span ?? tree.span, text: "first here" }],
    });
    return false;
  }
  const whole = world.axis(target.axis);
  if (whole.kind.kind === "join") {
    const missing = whole.kind.parts.filter((axis) => !parts.some((part) => part.axis === axis));
    if (missing.length === 0) return true;
    const names = missing.map((axis) => `\`${world.axis(axis).name}\``).join(" and ");
    faulty(
      world,
      env,
      "AM2123",
      tree.span,
      `${names} of \`${whole.name}\` ${missing.length === 1 ? "is" : "are"} not defined`,
      {
        here: "all parts have to be, once each",
        labels: [{ span: whole.span, text: `\`${whole.name}\` is declared here` }],
        help: `add \`| ${world.axis(missing[0] ?? unknownAxis).name}: …\``,
      },
    );
    return false;
  }
  // Parts of an axis have to make up all of it at every point.
  const axes = parts.map((part) => part.axis);
  const operands = [target.axis, ...axes].map((axis): Expr => ({
    kind: "size",
    axis,
    type: { kind: "int" },
    span: tree.span,
  }));
  const sizes: Expr = { kind: "apply", operation: "add", operands, type: { kind: "int" }, span: tree.span };
  return world.attempt(
    () => {
      tryAtPoints(world, sizes, (sweeps) => checkCover(target.axis, axes, { experiment: world, sweeps }, tree.span));
      return true;
    },
    () => false,
  );
}
