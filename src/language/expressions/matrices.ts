/** Linear algebra over two named axes: `inverse(i, j) X[i, j]`, `(lam[k], vec[k, i]) = eigh(i, i') C[i, i']`. */
import type { Binder, Reduction } from "../../../grammar/tree.js";
import { sizesOf } from "../bounds.js";
import { bindIndex } from "../indices.js";
import { lift } from "../lifting.js";
import { mentions } from "../mentions.js";
import { boundIndex, type Env, type Scope, type Tensor } from "../scopes.js";
import type { Header } from "../tensors.js";
import type { AxisId, Expr, Index, MatrixExpr, MatrixPart } from "../typed.js";
import { unknownAxis, type World } from "../world.js";
import { faulty, real, toReal, unknown } from "./build.js";
import { checkExpr } from "./check.js";
import { read } from "./names.js";
import { forms, shapes, type Form } from "./matrix-forms.js";
import { firstValue } from "./reduction-arguments.js";

export function isMatrixName(name: string): boolean {
  return Object.hasOwn(forms, name) || name === "projector" || Object.hasOwn(results, name);
}

/** Where it stands as an expression. */
export function checkMatrix(world: World, env: Env, tree: Reduction): Expr {
  const name = tree.name.text;
  const form = forms[name];
  if (form === undefined) {
    return faulty(world, env, "AM3041", tree.span, `\`${name}\` stands alone on a right side`, {
      help:
        name === "projector"
          ? "give it a name: `P[j, j'] = projector(i, j) X[i, j]`"
          : `write ${shapes[name] ?? ""}; \`${name}_values\` gives the values alone`,
    });
  }
  const pair = twoBinders(world, env, tree, form.tolerance === true);
  if (pair === null) return unknown(tree.span);
  const bound: Index[] = [];
  const [rows, columns] = pair.binders.map((binder, k) =>
    form.stays[k] === true
      ? staying(world, env, tree, binder)
      : ending(world, { ...env, indices: [...env.indices, ...bound] }, tree, binder, bound),
  );
  if (rows === undefined || columns === undefined || rows === null || columns === null) return unknown(tree.span);
  const here: Env = { ...env, indices: [...env.indices, ...bound], positions: false };
  const made = operandOf(world, here, tree, rows, columns);
  const right = tree.at === null ? null : toReal(world, here, checkExpr(world, here, tree.at));
  if (made === null || right?.kind === "unknown" || pair.tolerance?.kind === "unknown") return unknown(tree.span);
  if (form.square && !isSquare(world, env, tree, rows, columns)) return unknown(tree.span);
  if (right !== null && !mentions(right, rows)) return unmentioned(world, env, tree, rows, "the right side");
  if (right !== null && mentions(right, columns)) {
    return faulty(world, env, "AM3041", right.span, `the right side of \`solve\` is over \`${rows.name}\` alone`, {
      here: `this depends on \`${columns.name}\`, over which the solution stands`,
    });
  }
  const results = [rows, columns].filter((_, k) => form.stays[k] === true);
  return matrix(form, rows, columns, results, made, tree, { right, tolerance: pair.tolerance });
}

function matrix(
  form: Pick<Form, "operation" | "part">,
  rows: Index,
  columns: Index,
  results: readonly Index[],
  body: Expr,
  tree: Reduction,
  { right = null, tolerance = null }: { readonly right?: Expr | null; readonly tolerance?: Expr | null } = {},
): MatrixExpr {
  const { operation, part = null } = form;
  return {
    kind: "matrix",
    operation,
    part,
    rows,
    columns,
    results,
    body,
    right,
    tolerance,
    type: real,
    span: tree.span,
  };
}

/** The two indices in the parentheses, and `tol: …` where it may stand. */
function twoBinders(
  world: World,
  env: Env,
  tree: Reduction,
  mayTolerate: boolean,
): { readonly binders: readonly [Binder, Binder]; readonly tolerance: Expr | null } | null {
  const name = tree.name.text;
  if (tree.where !== null) {
    faulty(world, env, "AM3041", tree.where.span, `\`${name}\` takes no \`where\``, {
      help: "write `if … then … else 0` in the matrix",
    });
    return null;
  }
  const isTolerance = (binder: Binder): boolean => binder.name?.text === "tol" && binder.value !== null;
  const [first, second, ...more] = tree.binders.filter((binder) => !isTolerance(binder));
  const given = tree.binders.find(isTolerance);
  const stray = more[0] ?? (mayTolerate ? undefined : given);
  if (first === undefined || second === undefined || stray !== undefined) {
    faulty(world, env, "AM2113", (stray ?? tree).span, `\`${name}\` is over two indices`, {
      help: `as in ${shapes[name] ?? `\`${name}(i, j) X[i, j]\``}`,
    });
    return null;
  }
  const tolerance = given?.value ?? null;
  return { binders: [first, second], tolerance: tolerance === null ? null : toleranceOf(world, env, tolerance) };
}

function toleranceOf(world: World, env: Env, tree: NonNullable<Binder["value"]>): Expr {
  const value = toReal(world, env, checkExpr(world, { ...env, positions: false }, tree));
  const wrong = firstValue(world, value, (tolerance) => !(tolerance >= 0 && tolerance < 1));
  if (wrong === undefined) return value;
  return faulty(world, env, "AM3040", tree.span, "`tol` is a share of the largest singular value, from 0 to below 1", {
    here: `this is ${wrong}`,
  });
}

/** What `name(i, j)` looks like, for help. */
function staying(world: World, env: Env, tree: Reduction, binder: Binder): Index | null {
  const index = binder.name === null ? undefined : boundIndex(env, binder.name.text);
  if (index !== undefined && binder.value === null) return index;
  const name = binder.name?.text ?? "…";
  faulty(
    world,
    env,
    "AM2108",
    binder.span,
    `\`${tree.name.text}\` keeps its index, and nothing binds \`${name}\` here`,
    {
      here: "not on the left side, and no reduction around it binds it",
      help: `write \`${name}\` on the left side of the equation`,
    },
  );
  return null;
}

function ending(world: World, env: Env, tree: Reduction, binder: Binder, bound: Index[]): Index | null {
  if (binder.name === null || binder.value !== null) {
    faulty(world, env, "AM2113", binder.span, `\`${tree.name.text}\` names its indices, and this is none`, {
      help: `as in ${shapes[tree.name.text] ?? `\`${tree.name.text}(i, j) X[i, j]\``}`,
    });
    return null;
  }
  const trees = [tree.body, tree.at].filter((part) => part !== null);
  const index = bindIndex(world, env, binder.name, { trees });
  bound.push(index);
  return index;
}

function operandOf(world: World, env: Env, tree: Reduction, rows: Index, columns: Index): Expr | null {
  if (tree.body === null) return null;
  const body = toReal(world, env, checkExpr(world, env, tree.body));
  if (body.kind === "unknown") return null;
  if (rows.axis === unknownAxis || columns.axis === unknownAxis) return null;
  for (const index of [rows, columns]) {
    if (mentions(body, index)) continue;
    unmentioned(world, env, tree, index, "the matrix");
    return null;
  }
  return body;
}

function unmentioned(world: World, env: Env, tree: Reduction, index: Index, what: string): Expr {
  return faulty(
    world,
    env,
    "AM2114",
    tree.span,
    `${what} of \`${tree.name.text}\` does not depend on \`${index.name}\``,
    {
      help: "if more was meant to belong to it, put that in parentheses",
    },
  );
}

function isSquare(world: World, env: Env, tree: Reduction, rows: Index, columns: Index): boolean {
  const [first, second] = [sizesOf(world, rows.axis), sizesOf(world, columns.axis)];
  const [n, d] = [onlyOf(first), onlyOf(second)];
  if (n === null || d === null || n === d) return true;
  faulty(world, env, "AM3041", tree.span, `\`${tree.name.text}\` takes a square matrix, and this is ${n} by ${d}`, {
    labels: [rows, columns].map((index) => ({
      span: world.axis(index.axis).span,
      text: `the axis of \`${index.name}\``,
    })),
  });
  return false;
}

function onlyOf(sizes: readonly number[] | null): number | null {
  return sizes?.length === 1 ? (sizes[0] ?? null) : null;
}

/** `P[j, j'] = projector(i, j) X[i, j]`: the first index ends here, the second stays, and the left side has one more of its axis. */
export function checkProjector(world: World, env: Env, header: Header, tree: Reduction): Expr | null {
  const pair = twoBinders(world, env, tree, true);
  if (pair === null) return null;
  const bound: Index[] = [];
  const columns = staying(world, env, tree, pair.binders[1]);
  const rows = ending(world, env, tree, pair.binders[0], bound);
  if (rows === null || columns === null) return null;
  const others = header.bound.indices.filter(
    (index) => index.id !== columns.id && world.sameAxis(index.axis, columns.axis),
  );
  const here: Env = { ...env, indices: [...env.indices, ...bound], positions: false };
  const body = operandOf(world, here, tree, rows, columns);
  if (body === null || pair.tolerance?.kind === "unknown") return null;
  const free = others.filter((index) => !mentions(body, index));
  const [other] = free;
  if (other === undefined || free.length > 1) {
    faulty(world, env, "AM3041", tree.span, `the projector is a matrix over the axis of \`${columns.name}\` twice`, {
      labels: [{ span: header.span, text: "this left side has to name that axis once more" }],
      help: `write ${shapes.projector ?? ""}`,
    });
    return null;
  }
  const form = { operation: "projector" } as const;
  return matrix(form, rows, columns, [columns, other], body, tree, { tolerance: pair.tolerance });
}

/** What each target of `eigh` and `svd` is: a part, and which binder's index its vectors are over. */
const results: Readonly<Record<string, readonly { readonly part: MatrixPart; readonly along: 0 | 1 | null }[]>> = {
  eigh: [
    { part: "values", along: null },
    { part: "vectors", along: 0 },
  ],
  svd: [
    { part: "left", along: 0 },
    { part: "values", along: null },
    { part: "right", along: 1 },
  ],
};

/** The matrix as a tensor of its own: all targets read the same one, so that it is decomposed once. */
const shared = new WeakMap<Scope, Map<Reduction, Tensor | null>>();

/** One target of `(lam[k], vec[k, i]) = eigh(i, i') C[i, i']`; null where the name gives no several results. */
export function checkDecomposition(
  world: World,
  env: Env,
  header: Header,
  tree: Reduction,
  targets: number,
  pick: number,
): Expr | null {
  const name = tree.name.text;
  const wanted = results[name];
  const own = wanted?.[pick];
  if (wanted === undefined || own === undefined || wanted.length !== targets) {
    faulty(world, env, "AM2017", tree.span, `this gives no ${targets} results`, {
      help: wanted === undefined ? "call a fn that returns as many" : `it is ${shapes[name] ?? ""}`,
    });
    return null;
  }
  const pair = twoBinders(world, env, tree, false);
  if (pair === null) return null;
  const names = pair.binders.map((binder) => binder.name?.text ?? "");
  const outer: Env = { ...env, indices: env.indices.filter((index) => !names.includes(index.name)), positions: false };
  const tensor = sharedMatrix(world, outer, header, tree, pair.binders);
  if (tensor === null) return null;
  const axes = tensor.axes.map(({ axis }) => axis);
  const alongName = own.along === null ? null : names[own.along];
  const along = header.bound.indices.find((index) => index.name === alongName);
  const batch = new Set(tensor.prefix.map((given) => (given.kind === "index" ? given.index.name : "")));
  const [to, ...more] = header.bound.indices.filter((index) => index.id !== along?.id && !batch.has(index.name));
  const isNamed = [...batch].every((text) => text === "" || boundIndex(outer, text) !== undefined);
  const isAlong =
    own.along === null || (along !== undefined && world.sameAxis(along.axis, axes[own.along] ?? unknownAxis));
  const fits = isNamed && isAlong && more.length === 0;
  if (to === undefined || !fits || !isShortEnough(world, env, tree, to, axes, name === "svd"))
    return misfit(world, env, header, tree, to === undefined || !fits);
  const [rows, columns] = tensor.axes.map((axis) => world.newIndex(axis.name, axis.axis, axis.span));
  if (rows === undefined || columns === undefined) return null;
  const subscripts = [rows, columns].map((index) => ({ kind: "index", index, span: tree.span }) as const);
  const given = tensor.prefix.map((subscript) => renamedTo(subscript, outer));
  const body = read({ ...tensor, prefix: given }, subscripts, tree.span);
  const form = { operation: name === "svd" ? "svd" : "eigh", part: own.part } as const;
  return matrix(form, rows, columns, along === undefined ? [to] : [to, along], body, tree);
}

/** The index of the same name at this target. */
function renamedTo(subscript: Tensor["prefix"][number], env: Env): Tensor["prefix"][number] {
  if (subscript.kind !== "index") return subscript;
  const index = boundIndex(env, subscript.index.name) ?? subscript.index;
  return { ...subscript, index };
}

function sharedMatrix(
  world: World,
  env: Env,
  header: Header,
  tree: Reduction,
  binders: readonly [Binder, Binder],
): Tensor | null {
  const known = shared.get(env.scope) ?? new Map<Reduction, Tensor | null>();
  shared.set(env.scope, known);
  const found = known.get(tree);
  if (found !== undefined) return found;
  const bound: Index[] = [];
  const [rows, columns] = binders.map((binder) =>
    ending(world, { ...env, indices: [...env.indices, ...bound] }, tree, binder, bound),
  );
  const here: Env = { ...env, indices: [...env.indices, ...bound] };
  const body =
    rows === undefined || columns === undefined || rows === null || columns === null
      ? null
      : operandOf(world, here, tree, rows, columns);
  const isSound =
    body !== null &&
    (tree.name.text === "svd" ||
      bound.length < 2 ||
      isSquare(world, env, tree, bound[0] ?? fail(), bound[1] ?? fail()));
  const name = `${header.name}.${tree.name.text}`;
  const own = bound.map((index) => ({ index, name: index.name, span: index.span }));
  const tensor = body !== null && isSound ? lift(world, { name, span: tree.span, type: real, own, value: body }) : null;
  known.set(tree, tensor);
  return tensor;
}

function fail(): never {
  throw new Error("two indices were bound");
}

/** The new axis takes the leading values: it may be shorter than there are, and not longer. */
function isShortEnough(
  world: World,
  env: Env,
  tree: Reduction,
  to: Index,
  axes: readonly AxisId[],
  isSvd: boolean,
): boolean {
  const sizes = axes.map((axis) => onlyOf(sizesOf(world, axis)));
  const most = isSvd ? Math.min(...sizes.map((size) => size ?? Infinity)) : (sizes[0] ?? Infinity);
  const size = onlyOf(sizesOf(world, to.axis));
  if (size === null || size <= most) return true;
  faulty(
    world,
    env,
    "AM3041",
    to.span,
    `there are only ${most} values, and axis \`${world.axis(to.axis).name}\` has ${size} positions`,
    {
      labels: [{ span: tree.span, text: "of this matrix" }],
      help: "a shorter axis takes the leading ones",
    },
  );
  return false;
}

function misfit(world: World, env: Env, header: Header, tree: Reduction, tell: boolean): null {
  if (tell)
    faulty(
      world,
      env,
      "AM3041",
      header.span,
      `\`${header.shown}\` does not have the axes of what \`${tree.name.text}\` gives`,
      {
        labels: [{ span: tree.span, text: "this decomposition" }],
        help: `it is ${shapes[tree.name.text] ?? ""}: the new axis, the axis of the vectors, and those that the matrix has besides`,
      },
    );
  return null;
}
