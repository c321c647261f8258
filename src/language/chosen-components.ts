/**
 * `memory M = case arm { a: block(…), b: other(…) }`: an instance for each arm, and one whose members are those that all arms
 * have. Each member is a choice among the arms' own, so that only what is chosen is computed.
 */
import type { Case, Component, Expr as TreeExpr } from "../../grammar/tree.js";
import type { Span } from "../base/span.js";
import { faulty, sameType, unify } from "./expressions/build.js";
import { checkArms } from "./expressions/cases.js";
import { read } from "./expressions/names.js";
import { lift } from "./lifting.js";
import { sweepsOf } from "./mentions.js";
import { subscriptOf } from "./outer-indices.js";
import {
  declare,
  envOf,
  Scope,
  type Chosen,
  type ComponentEntry,
  type Entry,
  type FnEntry,
  type Instance,
  type Tensor,
  type TensorEntry,
  type ValueEntry,
} from "./scopes.js";
import type { DefinitionId, Expr, Index } from "./typed.js";
import type { World } from "./world.js";

/** Makes the instance of an arm, under a name. */
type Make = (tree: TreeExpr, name: string) => Instance | null;

export function chooseComponent(
  world: World,
  scope: Scope,
  declaration: Component,
  over: readonly Index[],
  tree: Case,
  name: string,
  make: Make,
): Instance | null {
  const arms = checkArms(world, envOf(scope), tree);
  if (arms === null) return null;
  const known = arms.only === null ? undefined : arms.trees[arms.only];
  if (known !== undefined) return make(known, name);
  if (sweepsOf(world, arms.subject).size === 0 || arms.subject.kind !== "sweep") {
    faulty(world, envOf(scope), "AM3007", tree.subject.span, "a component is chosen by the label of a sweep", {
      here: "this is none",
      help: "declare `sweep arm in {first, second}` and choose by `arm`",
    });
    return null;
  }
  const made = new Map<TreeExpr, Instance | null>();
  arms.trees.forEach((arm, k) => {
    if (made.has(arm)) return;
    // Draws of the same name are the same in all arms, so that these can be compared.
    const own = `${name}.${arms.labels[k] ?? ""}`;
    world.sharedNames.set(`${own}.`, `${name}.`);
    made.set(arm, make(arm, own));
  });
  const byLabel = arms.trees.map((arm) => made.get(arm) ?? null);
  const found = byLabel.filter((instance) => instance !== null);
  if (found.length < byLabel.length) return null;
  const like: Combined = { name, sort: declaration.sort, span: declaration.name.span };
  return combinedOver(world, scope, like, { subject: arms.subject, byLabel: found }, over);
}

/** The arms as one, also where they are over axes. */
export function combinedOver(
  world: World,
  scope: Scope,
  like: Combined,
  arms: Chosen<Instance>,
  over: readonly Index[],
): Instance {
  const closed = combined(world, scope, like, arms);
  if (over.length === 0) return noted(world, closed);
  const inner = combined(world, scope, like, { ...arms, byLabel: arms.byLabel.map(innerOf) }, over);
  return noted(world, { ...closed, over: { indices: over, inner: inner.members } });
}

function noted(world: World, instance: Instance): Instance {
  world.tuples.push(instance);
  return instance;
}

/** One of each, at the indices of its axes. */
function innerOf({ over, ...instance }: Instance): Instance {
  return over === undefined ? instance : { ...instance, members: over.inner };
}

export interface Combined {
  readonly name: string;
  readonly sort: Component["sort"];
  readonly span: Span;
}

export function combined(
  world: World,
  scope: Scope,
  { name, sort, span }: Combined,
  arms: Chosen<Instance>,
  over: readonly Index[] = [],
): Instance {
  const members = new Scope(scope, "component", `${name}.`);
  members.over = [...scope.over, ...over];
  const [first] = arms.byLabel;
  for (const text of first?.members.entries.keys() ?? []) {
    const entries = arms.byLabel.flatMap((instance) => instance.members.own(text) ?? []);
    if (entries.length < arms.byLabel.length) continue;
    const entry = chooseEntry(world, members, { subject: arms.subject, byLabel: entries }, span);
    if (entry !== null) declare(world, members, entry);
  }
  const chosen = { subject: arms.subject, byLabel: arms.byLabel };
  return { name, sort, members, parameters: [], declared: [...members.entries.keys()], chosen };
}

/** A member of all arms; null where it is not the same sort of thing in all. */
function chooseEntry(world: World, scope: Scope, { subject, byLabel }: Chosen<Entry>, span: Span): Entry | null {
  const [first] = byLabel;
  if (first === undefined || byLabel.some(({ kind }) => kind !== first.kind)) return null;
  const same = <T extends Entry>(is: (entry: Entry) => entry is T): Chosen<T> => ({
    subject,
    byLabel: byLabel.filter(is),
  });
  switch (first.kind) {
    case "tensor":
      return chooseTensor(
        world,
        scope,
        first,
        same((entry) => entry.kind === "tensor"),
      );
    case "fn":
      return chooseFn(
        first,
        same((entry) => entry.kind === "fn"),
      );
    case "value":
      return chooseValue(
        world,
        scope,
        first,
        same((entry) => entry.kind === "value"),
      );
    case "component":
      return chooseInner(
        world,
        scope,
        first,
        same((entry) => entry.kind === "component"),
        span,
      );
    case "axis":
      return byLabel.every((entry) => entry.kind === "axis" && entry.axis.get() === first.axis.get()) ? first : null;
    default:
      return null;
  }
}

function chooseTensor(
  world: World,
  scope: Scope,
  first: TensorEntry,
  { subject, byLabel }: Chosen<TensorEntry>,
): Entry | null {
  const { name, span, declared, axes } = first;
  const isAlike = byLabel.every((entry) => {
    const own = entry.axes.get();
    return (
      own.length === axes.get().length && own.every(({ axis }, k) => world.sameAxis(axis, axes.get()[k]?.axis ?? -1))
    );
  });
  if (!isAlike) return null;
  const tensor = world.lazy<Tensor | null>(
    scope,
    name,
    span,
    () => {
      const tensors = byLabel.map((entry) => entry.tensor.get());
      const found = tensors.filter((one) => one !== null);
      return found.length < tensors.length
        ? null
        : choice(world, scope, `${scope.prefix}${name}`, { subject, byLabel: found }, span);
    },
    () => null,
  );
  const over = scope.over.length === 0 ? {} : { over: scope.over };
  return { kind: "tensor", name, span, declared, axes, tensor, ...over };
}

/** One tensor that is, at each label, that of the arm; all are of the same axes. */
export function choice(
  world: World,
  scope: Scope,
  name: string,
  { subject, byLabel }: Chosen<Tensor>,
  span: Span,
): Tensor | null {
  const [first] = byLabel;
  if (first === undefined) return null;
  const own = first.axes.map(({ name: written, axis, span: at }) => ({
    index: world.newIndex(written, axis, at),
    name: written,
    span: at,
  }));
  const subscripts = own.map(({ index }) => subscriptOf(index));
  const reads = byLabel.map((tensor) => read(tensor, subscripts, span));
  const unified = unify(world, envOf(scope), reads);
  if (unified === null) {
    const other = byLabel.find(({ type }) => !sameType(type, first.type)) ?? first;
    world.report(scope, {
      code: "AM3006",
      span: first.span,
      message: `the arms have \`${first.name}\` in different types`,
      labels: [{ span: other.span, text: "the other one" }],
    });
    return null;
  }
  const { exprs: arms, type } = unified;
  if (arms.some((arm) => arm.kind === "unknown")) return null;
  const value: Expr = { kind: "case", subject, arms, type, span };
  const chosen = lift(world, { name, span: first.span, type, own, value });
  const ids = byLabel.flatMap((tensor) =>
    tensor.source.kind === "definition" && sameType(tensor.type, type) ? [tensor.source.definition] : [],
  );
  if (ids.length === byLabel.length && chosen.source.kind === "definition")
    world.choices.set(chosen.source.definition, { subject, byLabel: ids });
  const { outer, picked } = first;
  return {
    ...chosen,
    name: first.name,
    ...(outer === undefined ? {} : { outer }),
    ...(picked === true ? { picked } : {}),
  };
}

function chooseFn(first: FnEntry, chosen: Chosen<FnEntry>): Entry | null {
  const isAlike = chosen.byLabel.every(
    ({ fn }) =>
      fn.parameters.length === first.fn.parameters.length &&
      (fn.results ?? []).length === (first.fn.results ?? []).length &&
      (fn.results ?? []).every((result, k) => result.length === first.fn.results?.[k]?.length),
  );
  return isAlike ? { ...first, chosen } : null;
}

function chooseValue(world: World, scope: Scope, first: ValueEntry, { subject, byLabel }: Chosen<ValueEntry>): Entry {
  const { name, span } = first;
  const value = world.lazy<Expr>(
    scope,
    name,
    span,
    () => {
      const arms = byLabel.map((entry) => entry.value.get());
      const type = arms[0]?.type ?? { kind: "real" as const };
      if (arms.some((arm) => arm.kind === "unknown" || !sameType(arm.type, type)))
        return { kind: "unknown", type, span };
      return { kind: "case", subject, arms, type, span };
    },
    () => ({ kind: "unknown", type: { kind: "real" }, span }),
  );
  return { kind: "value", name, span, value };
}

function chooseInner(
  world: World,
  scope: Scope,
  first: ComponentEntry,
  { subject, byLabel }: Chosen<ComponentEntry>,
  span: Span,
): Entry {
  const instance = world.lazy<Instance | null>(
    scope,
    first.name,
    first.span,
    () => {
      const found = byLabel.map((entry) => entry.instance.get()).filter((one) => one !== null);
      if (found.length < byLabel.length) return null;
      const { sort } = first;
      const like: Combined = { name: `${scope.prefix}${first.name}`, sort, span };
      return noted(world, combined(world, scope, like, { subject, byLabel: found }));
    },
    () => null,
  );
  return { ...first, instance };
}

/** The definitions that change where one that stands for several is written to. */
export interface Branch {
  readonly definition: DefinitionId;
  readonly isChosen: readonly boolean[];
}

export function branchesOf({ byLabel }: Chosen<DefinitionId>): readonly Branch[] {
  return [...new Set(byLabel)].map((definition) => ({
    definition,
    isChosen: byLabel.map((other) => other === definition),
  }));
}
