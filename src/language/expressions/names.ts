/** Names and members: what they stand for in an expression. */
import type { Expr as TreeExpr, Member, Name } from "../../../grammar/tree.js";
import type { Span } from "../../base/span.js";
import { changesDuringRuns } from "../dependence.js";
import { tensorText } from "../indices.js";
import { boundIndex, type Entry, type Env, type Scope, type Tensor } from "../scopes.js";
import { nearest, suggestion } from "../suggest.js";
import type { AxisId, Expr, ScalarType, Subscript } from "../typed.js";
import { notYet } from "../unsupported.js";
import { unknownAxis, type World } from "../world.js";
import { faulty, int, real, unknown } from "./build.js";

export function checkName(world: World, env: Env, tree: Name): Expr {
  const index = boundIndex(env, tree.text);
  if (index !== undefined) {
    if (index.axis === unknownAxis) return unknown(tree.span, int);
    return { kind: "index", index, type: { kind: "index", axis: index.axis }, span: tree.span };
  }
  const entry = env.scope.lookup(tree.text);
  if (entry !== undefined) return valueOf(world, env, entry, tree, tree.text);
  if (tree.text === "step" && env.stepping) return { kind: "step", type: int, span: tree.span };
  if (tree.text === "pi") return { kind: "number", value: Math.PI, type: real, span: tree.span };
  if (tree.text === "inf") return { kind: "number", value: Infinity, type: real, span: tree.span };
  if (tree.text === "epoch" && env.stepping) {
    notYet(world, env.scope, tree.span, "`epoch`");
    return unknown(tree.span);
  }
  return labelNamed(world, env.scope, tree) ?? unknownName(world, env, tree);
}

export function checkMember(world: World, env: Env, tree: Member): Expr {
  const entry = resolve(world, env, tree);
  return entry === null ? unknown(tree.span) : valueOf(world, env, entry, tree, pathText(tree));
}

function unknownName(world: World, env: Env, tree: Name): Expr {
  if (tree.text === "step") {
    return faulty(world, env, "AM2008", tree.span, "`step` means something only inside a phase that takes steps", {
      here: "there is no step here",
    });
  }
  const index = env.scope.lookupAxis(tree.text.replace(/['\d\u2080-\u2089]+$/u, ""));
  if (index?.kind === "axis") {
    return faulty(world, env, "AM2106", tree.span, `nothing binds the index \`${tree.text}\` here`, {
      here: `an index of \`${index.name}\`, but it is not on the left side, and no reduction binds it`,
      help: `write it on the left side, or reduce over it: \`sum(${tree.text}) …\``,
    });
  }
  const known = [...env.indices.map((bound) => bound.name), ...env.scope.names()];
  return faulty(world, env, "AM2001", tree.span, `there is no \`${tree.text}\` here`, {
    here: "unknown name",
    ...suggestion(tree.text, known),
  });
}

/** The entry of a name or a member; null when there is none, which is told. */
export function resolve(world: World, env: Env, tree: TreeExpr): Entry | null {
  if (tree.kind === "name") {
    const entry = env.scope.lookup(tree.text);
    if (entry === undefined) unknownName(world, env, tree);
    return entry ?? null;
  }
  if (tree.kind !== "member") {
    if (tree.kind !== "missing")
      faulty(world, env, "AM2010", tree.span, "a name is wanted here", { here: "this is none" });
    return null;
  }
  const object = resolve(world, env, tree.object);
  if (object === null || object.kind === "faulty") return null;
  const members = membersOf(world, env, object, tree);
  if (members === null) return null;
  const entry = members.own(tree.name.text);
  if (entry !== undefined) return object.kind === "phase" && !isLeftBehind(world, env, entry, tree) ? null : entry;
  const name = pathText(tree.object);
  world.report(env.scope, {
    code: "AM2003",
    span: tree.name.span,
    message: `\`${name}\` has no \`${tree.name.text}\``,
    here: "unknown member",
    labels: [{ span: object.span, text: `\`${name}\` is declared here` }],
    ...memberHelp(tree.name.text, name, members),
  });
  return null;
}

/** States of an earlier phase are there; values that were computed in it would have to be kept aside where they change. */
function isLeftBehind(world: World, env: Env, entry: Entry, tree: Member): boolean {
  const tensor = entry.kind === "tensor" ? entry.tensor.get() : null;
  if (tensor?.source.kind !== "definition") return true;
  const { definition } = tensor.source;
  if (world.definition(definition).body.kind === "state" || !changesDuringRuns(world, definition)) return true;
  notYet(world, env.scope, tree.span, "reading in a later phase what an equation of an earlier one was");
  return false;
}

function memberHelp(written: string, object: string, members: Scope): { readonly help?: string } {
  const near = nearest(written, members.entries.keys());
  if (near !== null) return { help: `did you mean \`${object}.${near}\`?` };
  const all = [...members.entries.keys()];
  return all.length === 0
    ? {}
    : {
        help: `it has ${all
          .slice(0, 12)
          .map((name) => `\`${name}\``)
          .join(", ")}`,
      };
}

function membersOf(world: World, env: Env, object: Entry, tree: Member): Scope | null {
  if (object.kind === "component") {
    const instance = object.instance.get();
    if (instance !== null) return instance.members;
    if (object.declaration.parameters !== null) {
      world.report(env.scope, {
        code: "AM2009",
        span: tree.span,
        message: `\`${object.name}\` is a template, and its parameters have no values here`,
        labels: [{ span: object.span, text: "declared here" }],
        help: `make one of it first: \`${object.sort} M = ${object.name}(…)\`, then \`M.${tree.name.text}\``,
      });
    }
    return null;
  }
  if (object.kind === "phase") {
    if (object.values !== null) return object.values;
    if (object.failed) return null;
    world.report(env.scope, {
      code: "AM2011",
      span: tree.span,
      message: `\`${object.name}\` runs later than this place`,
      labels: [{ span: object.span, text: "this phase" }],
      help: "a phase sees what earlier phases left behind; move it",
    });
    return null;
  }
  faulty(world, env, "AM2003", tree.span, `\`${pathText(tree.object)}\` has no members`, {
    labels: [{ span: object.span, text: "declared here" }],
  });
  return null;
}

export function pathText(tree: TreeExpr): string {
  if (tree.kind === "name") return tree.text;
  return tree.kind === "member" ? `${pathText(tree.object)}.${tree.name.text}` : "…";
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
      help: `write it on the left side, or reduce over it: \`sum(${written}) …\``,
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
  if (instance === null) return unknown(span);
  const [first, ...others] = instance.parameters;
  if (first === undefined)
    return faulty(world, env, "AM2104", span, `\`${written}\` has no parameters: it is no value`);
  if (others.length > 0 || env.whole === null) {
    notYet(
      world,
      env.scope,
      span,
      "computing with all parameters of a component at once",
      `name one of them: \`${written}.${first}\``,
    );
    return unknown(span);
  }
  const member = instance.members.own(first);
  const tensor = member?.kind === "tensor" ? member.tensor.get() : null;
  return tensor === null ? unknown(span) : bareTensor(world, env, tensor, span, `${written}.${first}`);
}

/** Reads a tensor; the subscripts are those of its open axes. */
export function read(tensor: Tensor, subscripts: readonly Subscript[], span: Span): Expr {
  const { source, type } = tensor;
  const all = [...tensor.prefix, ...subscripts];
  if (source.kind === "definition") return { kind: "read", definition: source.definition, subscripts: all, type, span };
  const mapped = source.mapped.length === 0 ? {} : { mapped: source.mapped };
  return { kind: "grad", of: source.of, by: source.by, subscripts: all, type, span, ...mapped };
}

/** A bare label as a value: that of the first axis or sweep in sight that has it. */
export function labelNamed(world: World, scope: Scope, tree: Name | Member): Expr | null {
  if (tree.kind !== "name") return null;
  for (let here: Scope | null = scope; here !== null; here = here.parent) {
    for (const entry of here.entries.values()) {
      const type = labelType(world, entry);
      const position = type?.labels.indexOf(tree.text) ?? -1;
      if (type !== null && position >= 0) return { kind: "label", position, type, span: tree.span };
    }
  }
  return null;
}

function labelType(world: World, entry: Entry): Extract<ScalarType, { readonly kind: "label" }> | null {
  if (entry.kind !== "sweep" && entry.kind !== "axis") return null;
  if (entry.kind === "axis" && !entry.axis.isDone) return null;
  const { kind } = world.axis(entry.kind === "sweep" ? entry.axis : entry.axis.get());
  if (kind.kind === "labels") return { kind: "label", labels: kind.labels };
  return kind.kind === "sweep" && kind.labels !== null ? { kind: "label", labels: kind.labels } : null;
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

/** The axis that a name stands for, even where an index of that name is bound; null after a fault. */
export function axisEntry(world: World, env: Env, tree: TreeExpr): AxisId | null {
  if (tree.kind === "name") {
    const entry = env.scope.lookupAxis(tree.text);
    if (entry?.kind === "axis") return entry.axis.get();
    if (entry?.kind === "sweep") {
      world.report(env.scope, {
        code: "AM2110",
        span: tree.span,
        message: `\`${tree.text}\` is a sweep: inside a run it is a value, no axis`,
        labels: [{ span: entry.span, text: "the sweep" }],
      });
      return null;
    }
    const known = env.scope.names().filter((name) => env.scope.lookupAxis(name)?.kind === "axis");
    faulty(world, env, "AM2004", tree.span, `there is no axis \`${tree.text}\` here`, {
      here: "an axis is wanted",
      ...suggestion(tree.text, known),
    });
    return null;
  }
  const entry = tree.kind === "member" ? resolve(world, env, tree) : null;
  if (entry?.kind === "axis") return entry.axis.get();
  if (tree.kind !== "member" || entry !== null) {
    faulty(world, env, "AM2004", tree.span, "the name of an axis is wanted here", { here: "this is none" });
  }
  return null;
}
