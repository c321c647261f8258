/** Names and members: what they stand for in an expression. */
import type { Expr as TreeExpr, Member, Name } from "../../../grammar/tree.js";
import type { Span } from "../../base/span.js";
import { batchPlace, epochOf } from "../batches.js";
import { tensorText } from "../indices.js";
import { type Entry, type Env, type Tensor, type Tuple, boundIndex } from "../scopes.js";
import type { Expr, Subscript } from "../typed.js";
import { memberValue, membersOf } from "../tuples.js";
import { type World, unknownAxis } from "../world.js";
import { apply, faulty, int, real, unknown } from "./build.js";
import { labelNamed, pathText, resolve, unknownName } from "./resolve.js";
import { whereUnbound } from "./unbound.js";

export function checkName(world: World, env: Env, tree: Name): Expr {
  const index = boundIndex(env, tree.text);
  if (index !== undefined) {
    if (index.axis === unknownAxis) return unknown(tree.span, int);
    const inBatch = batchPlace(world, index, tree.span);
    return inBatch ?? { kind: "index", index, type: { kind: "index", axis: index.axis }, span: tree.span };
  }
  const entry = env.scope.lookup(tree.text);
  if (tree.text === "step" && env.stepping && (entry === undefined || !isValue(entry)))
    return { kind: "step", type: int, span: tree.span };
  if (entry !== undefined) return valueOf(world, env, entry, tree, tree.text);
  if (tree.text === "pi") return { kind: "number", value: Math.PI, type: real, span: tree.span };
  if (tree.text === "inf") return { kind: "number", value: Infinity, type: real, span: tree.span };
  if (tree.text === "epoch" && env.stepping) {
    const length = epochOf(env.scope);
    const step: Expr = { kind: "step", type: int, span: tree.span };
    if (length?.kind === "unknown") return unknown(tree.span, int);
    if (length !== null) return apply("floor_div", [step, length], int, tree.span);
    return faulty(world, env, "AM2036", tree.span, "epochs are those of a `batch`, and this phase has none");
  }
  return labelNamed(world, env.scope, tree) ?? unknownName(world, env, tree);
}

/** An optimizer, a fn or a phase may be called like a value that is always there. */
const isValue = ({ kind }: Entry): boolean => kind !== "component" && kind !== "fn" && kind !== "phase";

export function checkMember(world: World, env: Env, tree: Member): Expr {
  const entry = resolve(world, env, tree);
  return entry === null ? unknown(tree.span) : valueOf(world, env, entry, tree, pathText(tree));
}

/** An entry as a value without subscripts. */
function valueOf(world: World, env: Env, entry: Entry, tree: Name | Member, written: string): Expr {
  const { span } = tree;
  const refuse = (message: string, help?: string): Expr =>
    faulty(world, env, "AM2104", span, message, {
      labels: [{ span: entry.span, text: "declared here" }],
      ...(help === undefined ? {} : { help }),
    });
  switch (entry.kind) {
    case "faulty":
      return unknown(span);
    case "value":
      return entry.value.get();
    case "constant": {
      const constant = entry.value.get();
      if (constant === null) return unknown(span);
      if (constant.list)
        return refuse(
          `\`${written}\` is a list, and a number is wanted here`,
          `take an entry of it: \`${written}[0]\``,
        );
      return { kind: "constant", constant: constant.id, type: constant.type, span };
    }
    case "sweep":
      return { kind: "sweep", axis: entry.axis, type: entry.type.get(), span };
    case "axis":
      return labelNamed(world, env.scope, tree) ?? refuseAxis(world, env, entry.name, span, written);
    case "tensor": {
      const tensor = entry.tensor.get();
      return tensor === null ? unknown(span) : bareTensor(world, env, tensor, span, written);
    }
    case "component":
      return bareComponent(world, env, entry, span, written);
    case "fn":
      return refuse(`\`${written}\` is a fn, and a value is wanted here`, `call it: \`${written}(…)\``);
    case "template":
      return refuse(`\`${written}\` is a template of a phase, and a value is wanted here`);
    case "phase":
      return refuse(`\`${written}\` is a phase, and a value is wanted here`);
    case "result":
      return faulty(world, env, "AM2012", span, `\`${written}\` is made of results: a run cannot use it`, {
        labels: [{ span: entry.span, text: "it names a result here" }],
      });
  }
}

function refuseAxis(world: World, env: Env, axis: string, span: Span, written: string): Expr {
  if (env.positions) {
    return faulty(world, env, "AM2106", span, `nothing binds the index \`${written}\` here`, {
      here: "not on the left side, and no reduction binds it",
      ...whereUnbound(env, written),
    });
  }
  return faulty(
    world,
    env,
    "AM2106",
    span,
    `\`${written}\` is an axis here, not a number: nothing binds an index of this name`,
    {
      here: "not on the left side, and no reduction binds it",
      help: `write \`size(${axis})\` for its size, or bind it: on the left side, or as in \`sum(${written}) …\``,
    },
  );
}

/** A tensor without subscripts: one index for each axis, where such a thing may stand. */
export function bareTensor(world: World, env: Env, tensor: Tensor, span: Span, written: string): Expr {
  const { whole } = env;
  if (tensor.axes.length === 0) return read(tensor, [], span);
  if (whole === null) {
    const text = tensorText(written, tensor.axes);
    return faulty(world, env, "AM2104", span, `\`${written}\` stands without its indices`, {
      here: `it is \`${text}\``,
      labels: [{ span: tensor.span, text: "declared here" }],
      help: `write \`${text}\`: inside an equation every index is written`,
    });
  }
  return read(tensor, wholeSubscripts(env, tensor, span), span);
}

function wholeSubscripts(env: Env, tensor: Tensor, span: Span): readonly Subscript[] {
  return tensor.axes.flatMap((axis, k) => {
    const ordinal = tensor.axes.slice(0, k).filter((other) => other.axis === axis.axis).length;
    const index = env.whole?.take(axis.axis, ordinal, axis.name, false, span);
    return index === undefined ? [] : [{ kind: "index", index, span } as const];
  });
}

/** The tuple of a component's parameters; a tuple of one may stand for that one. */
function bareComponent(
  world: World,
  env: Env,
  entry: Extract<Entry, { readonly kind: "component" }>,
  span: Span,
  written: string,
): Expr {
  const instance = entry.instance.get();
  const { declaration } = entry;
  if (instance === null && declaration.instance === null && declaration.parameters !== null)
    return faulty(world, env, "AM2009", span, `\`${written}\` is a template, and a value is wanted here`, {
      labels: [{ span: entry.span, text: "declared here" }],
      help: `make one of it first: \`${entry.sort} M = ${written}(…)\``,
    });
  if (instance === null) return unknown(span);
  const tuple: Tuple = { name: written, span, members: membersOf(instance) };
  if (env.member !== null && tuple.members.length > 0) return memberValue(world, env, env.member, tuple, span);
  const [first, ...others] = tuple.members;
  if (first === undefined)
    return faulty(world, env, "AM2104", span, `\`${written}\` has no parameters: it is no value`);
  if (others.length > 0 || env.whole === null) {
    return faulty(world, env, "AM2104", span, `\`${written}\` is all parameters of a component at once`, {
      here: "one number is wanted here",
      help: `\`norm(${written})\` and \`total(…)\` make a number of them; one of them is \`${written}.${first.name}\``,
    });
  }
  return bareTensor(world, env, first.tensor, span, `${written}.${first.name}`);
}

/** Reads a tensor; the subscripts are those of its open axes. */
export function read(tensor: Tensor, subscripts: readonly Subscript[], span: Span): Expr {
  const { source, type } = tensor;
  const all = [...tensor.prefix, ...subscripts];
  if (source.kind === "definition") return { kind: "read", definition: source.definition, subscripts: all, type, span };
  const mapped = source.mapped.length === 0 ? {} : { mapped: source.mapped };
  return { kind: "grad", of: source.of, by: source.by, subscripts: all, type, span, ...mapped };
}

/** The tensor that a path names, for places that want one; faults are told. */
export function tensorNamed(world: World, env: Env, tree: TreeExpr): Tensor | null {
  if (tree.kind === "name" && boundIndex(env, tree.text) !== undefined) {
    faulty(world, env, "AM2109", tree.span, `\`${tree.text}\` is an index: it has no axes`);
    return null;
  }
  const entry = resolve(world, env, tree);
  if (entry === null || entry.kind === "faulty") return null;
  if (entry.kind === "tensor") return entry.tensor.get();
  if (entry.kind === "result") {
    valueOf(world, env, entry, { kind: "name", text: entry.name, span: tree.span }, pathText(tree));
    return null;
  }
  faulty(world, env, "AM2109", tree.span, `\`${pathText(tree)}\` is no tensor`, {
    labels: [{ span: entry.span, text: "declared here" }],
  });
  return null;
}
