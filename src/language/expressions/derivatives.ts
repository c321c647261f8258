/** Derivatives beyond `grad`: `jacobian(f(x[:]), x)[out, in]`, `hvp(e, v, d)[i]`, `hessian(e, v)[i, i']`, `sharpness(e, v)`. */
import type { Argument, Call, Expr as TreeExpr } from "../../../grammar/tree.js";
import type { Table } from "../described.js";
import { lift } from "../lifting.js";
import { Whole, type Env, type Tensor, type TensorAxis } from "../scopes.js";
import type { Expr, GradExpr, Index, Subscript } from "../typed.js";
import type { World } from "../world.js";
import { faulty, real, toReal, unknown } from "./build.js";
import { argumentsOf, checkGrad } from "./calls.js";
import { checkExpr } from "./check.js";
import { read } from "./names.js";

/** Functions whose second argument is what is differentiated by. */
export const derivatives: Table = {
  grad: { form: "grad(e, v)[i]", says: "the derivative of e by each entry of v[i]", derivative: "yes" },
  jacobian: {
    form: "jacobian(f, v)[o, i]",
    says: "the derivative of each entry of f[o] by each of v[i]",
    derivative: "yes",
  },
  hessian: { form: "hessian(e, v)[i, i']", says: "all second derivatives", derivative: "yes" },
  hvp: { form: "hvp(e, v, d)[i]", says: "the Hessian times the direction d[i]", derivative: "yes" },
  sharpness: { form: "sharpness(e, v)", says: "the largest eigenvalue of the Hessian" },
};

/** A derivative that is subscripted; null after a fault. */
export function checkDerivative(world: World, env: Env, tree: Call, name: string): Tensor | null {
  switch (name) {
    case "jacobian":
      return checkJacobian(world, env, tree);
    case "hessian":
      return checkHessian(world, env, tree);
    case "hvp":
      return checkProduct(world, env, tree);
    default:
      return checkGrad(world, env, tree);
  }
}

/** The derivative by a tensor, of something that is put in afterwards. */
type GradTensor = Tensor & { readonly source: Extract<Tensor["source"], { readonly kind: "grad" }> };

function gradBy(world: World, env: Env, tree: Call, of: TreeExpr, by: TreeExpr): GradTensor | null {
  const args = [of, by].map((value): Argument => ({ kind: "positional", value, span: value.span }));
  const tensor = checkGrad(world, env, { ...tree, args });
  return tensor?.source.kind === "grad" ? { ...tensor, source: tensor.source } : null;
}

function freshAxes(world: World, axes: readonly TensorAxis[]): readonly Index[] {
  return axes.map((axis) => world.newIndex(axis.name, axis.axis, axis.span));
}

/** The same axes under other names. */
function primed(axes: readonly TensorAxis[]): readonly TensorAxis[] {
  return axes.map((axis) => ({ ...axis, name: `${axis.name}'` }));
}

function subscriptsOf(indices: readonly Index[], tree: Call): readonly Subscript[] {
  return indices.map((index) => ({ kind: "index", index, span: tree.span }));
}

/** A tensor of its own, over the axes of what is differentiated and of what by. */
function lifted(world: World, env: Env, tree: Call, name: string, own: readonly Index[], value: Expr): Tensor {
  const axes = own.map((index) => ({ index, name: index.name, span: index.span }));
  const full = `${env.scope.prefix}${name}`;
  return { ...lift(world, { name: full, span: tree.span, type: real, own: axes, value }), name: `${name}(…)` };
}

/** The first argument is a tensor; its axes come first. */
function checkJacobian(world: World, env: Env, tree: Call): Tensor | null {
  const [of, by] = argumentsOf(world, env, tree, "jacobian", ["f", "x"], false) ?? [];
  if (of === undefined || by === undefined) return null;
  const whole = new Whole(world);
  const value = toReal(world, env, checkExpr(world, { ...env, whole, positions: false }, of));
  const nothing: TreeExpr = { kind: "number", value: 0, integer: false, span: of.span };
  const variable = gradBy(world, env, tree, nothing, by);
  if (variable === null || value.kind === "unknown") return null;
  const out = whole.slots.map((slot) => slot.index);
  const isTaken = out.some((index) => variable.axes.some((axis) => axis.name === index.name));
  const into = freshAxes(world, isTaken ? primed(variable.axes) : variable.axes);
  const derivative = read(
    { ...variable, source: { ...variable.source, of: value } },
    subscriptsOf(into, tree),
    tree.span,
  );
  return lifted(world, env, tree, "jacobian", [...out, ...into], derivative);
}

function checkHessian(world: World, env: Env, tree: Call): Tensor | null {
  const [of, by] = argumentsOf(world, env, tree, "hessian", ["e", "v"], false) ?? [];
  if (of === undefined || by === undefined) return null;
  const variable = gradBy(world, env, tree, of, by);
  if (variable === null) return null;
  const [first, second] = [freshAxes(world, variable.axes), freshAxes(world, primed(variable.axes))];
  const slope = read(variable, subscriptsOf(first, tree), tree.span);
  const value = read({ ...variable, source: { ...variable.source, of: slope } }, subscriptsOf(second, tree), tree.span);
  return lifted(world, env, tree, "hessian", [...first, ...second], value);
}

/** The Hessian times a direction, without the Hessian. */
function checkProduct(world: World, env: Env, tree: Call): Tensor | null {
  const [of, by, along] = argumentsOf(world, env, tree, "hvp", ["e", "v", "d"], false) ?? [];
  if (of === undefined || by === undefined || along === undefined) return null;
  const variable = gradBy(world, env, tree, of, by);
  const whole = new Whole(world);
  const direction = toReal(world, env, checkExpr(world, { ...env, whole, positions: false }, along));
  if (variable === null || direction.kind === "unknown") return null;
  const indices = whole.slots.map((slot) => slot.index);
  const fits =
    indices.length === variable.axes.length &&
    variable.axes.every((axis, k) => world.sameAxis(axis.axis, indices[k]?.axis ?? -1));
  if (!fits) {
    const names = variable.axes.map((axis) => `\`${world.axis(axis.axis).name}\``).join(", ");
    faulty(world, env, "AM3042", along.span, "a direction has the axes of what is differentiated by", {
      here: `it is over ${names === "" ? "no axis" : names}`,
      labels: [{ span: variable.span, text: "declared here" }],
      help: "pass a tensor whole: `hvp(e, v, d)` with d over the axes of v",
    });
    return null;
  }
  const into = freshAxes(world, variable.axes);
  const slope = read(variable, subscriptsOf(into, tree), tree.span);
  if (slope.kind !== "grad") return null;
  const value: GradExpr = { ...slope, along: { indices, value: direction } };
  return lifted(world, env, tree, "hvp", into, value);
}

/** The largest eigenvalue of the Hessian: a number. */
export function checkSharpness(world: World, env: Env, tree: Call): Expr {
  const [of, by] = argumentsOf(world, env, tree, "sharpness", ["e", "v"], false) ?? [];
  if (of === undefined || by === undefined) return unknown(tree.span);
  const variable = gradBy(world, env, tree, of, by);
  if (variable === null) return unknown(tree.span);
  const { of: value, by: definition } = variable.source;
  return { kind: "sharpness", of: value, by: definition, at: variable.prefix, type: real, span: tree.span };
}
