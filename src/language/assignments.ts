/** `name[i] <- e`: what changes states and parameters. */
import type { Assign, Expr as TreeExpr, Target } from "../../grammar/tree.js";
import { both, condition, coordinate, faulty, sameType } from "./expressions/build.js";
import { checkExpr } from "./expressions/check.js";
import { tensorNamed } from "./expressions/names.js";
import { rename } from "./expressions/rename.js";
import { fitting, pathTree } from "./expressions/with.js";
import type { Span } from "../base/span.js";
import { branchesOf } from "./chosen-components.js";
import { checkOrderOf } from "./asynchronous.js";
import { bindTarget, inside } from "./indices.js";
import { checkRight } from "./joined.js";
import { freshFor } from "./lifting.js";
import { wholeCondition, wholeValue, withoutParts } from "./part-writes.js";
import { closed } from "./products.js";
import type { Env, Tensor } from "./scopes.js";
import { sliceConditions, withoutSlices } from "./slice-writes.js";
import type { Assignment, Definition, DefinitionId, Expr } from "./typed.js";
import type { World } from "./world.js";

type Change = Assignment["targets"][number];

/** All targets read the old values; null after a fault. */
export function checkAssign(world: World, env: Env, statement: Assign): Assignment | null {
  const values = valuesFor(world, env, statement);
  if (values === null) return null;
  const targets = statement.targets.map((target, k) => {
    const value = values[k];
    return value === undefined ? null : checkTarget(world, env, target, value, statement.where);
  });
  const complete = targets.filter((target) => target !== null);
  if (complete.length < targets.length) return null;
  const found = complete.flatMap((change) => writtenWhereChosen(world, change, statement.span));
  const { asynchronously, span } = statement;
  if (asynchronously === null) return { targets: found, span };
  const [target, ...others] = complete;
  if (target === undefined || others.length > 0) {
    faulty(world, env, "AM2034", span, "entries of one state change one after the other, not those of several", {
      help: "write a statement for each state",
    });
    return null;
  }
  const order = checkOrderOf(world, env, target, asynchronously);
  return order === null ? null : { targets: found, asynchronously: order, span };
}

function valuesFor(world: World, env: Env, statement: Assign): readonly TreeExpr[] | null {
  const { targets, value } = statement;
  if (targets.length === 1) return [value];
  if (value.kind === "tuple" && value.items.length === targets.length) return value.items;
  faulty(world, env, "AM2017", value.span, `${targets.length} values are wanted here`, {
    help: "write them in parentheses: `(v[i], h[j]) <- (e1, e2)`",
  });
  return null;
}

function checkTarget(world: World, env: Env, target: Target, tree: TreeExpr, where: TreeExpr | null): Change | null {
  const tensor = tensorNamed(world, env, pathTree(target));
  if (tensor === null) return null;
  const definition = changeable(world, env, target, tensor);
  if (definition === null) return null;
  const found = changeOf(world, env, target, tensor, tree, where, (here, value) =>
    widening(world, here, tensor, value),
  );
  return found === null ? null : { definition, ...overPrefix(world, tensor, found) };
}

/** The change of a state that is read at indices of the place, `M[e].s`: for all values of these. */
function overPrefix(
  world: World,
  { prefix }: Tensor,
  { axes, value, where }: Omit<Change, "definition">,
): Omit<Change, "definition"> {
  const outer = prefix.flatMap((part) => (part.kind === "index" ? [part.index] : []));
  const { fresh, names } = freshFor(world, outer);
  return {
    axes: [...fresh, ...axes],
    value: rename(value, names),
    where: where === null ? null : rename(where, names),
  };
}

/** What a tensor becomes, over an index for each of its axes; `fit` gives the value its type. Null after a fault. */
export function changeOf(
  world: World,
  env: Env,
  target: Target,
  tensor: Tensor,
  tree: TreeExpr,
  where: TreeExpr | null,
  fit: (env: Env, value: Expr) => Expr,
): Omit<Change, "definition"> | null {
  const { target: opened, parts } = withoutParts(world, env, target, tensor);
  const { target: whole, slices } = withoutSlices(env, opened, tensor);
  const trees = [tree, ...(where === null ? [] : [where]), ...slices.map((slice) => slice.tree)];
  const bound = bindTarget(world, env, whole, trees, tensor.axes);
  const around = inside(env, bound);
  const here: Env = { ...around, indices: [...around.indices, ...parts.map(({ index }) => index)] };
  const chosen = sliceConditions(world, here, tensor, slices, bound.indices);
  const value = checkRight(world, here, bound, tree);
  const test =
    where === null
      ? null
      : closed(bound, condition(world, here, checkExpr(world, here, where), "what follows `where`"));
  const fits = fit(here, value);
  if (fits.kind === "unknown" || test?.kind === "unknown" || chosen === null) return null;
  const conditions = [...chosen, ...(test === null ? [] : [test])];
  const [first, ...others] = conditions;
  const all = first === undefined ? null : others.reduce(both, first);
  return {
    axes: bound.indices,
    value: wholeValue(tensor, bound.indices, parts, fits),
    where: all === null ? null : wholeCondition(bound.indices, parts, all),
  };
}

/** What a tensor stands for: itself, or the tensors of a component that is chosen. */
function standsFor(world: World, tensor: Tensor): readonly Definition[] {
  if (tensor.source.kind !== "definition") return [];
  const { definition } = tensor.source;
  const among = world.choices.get(definition);
  return (among === undefined ? [definition] : among.byLabel).map((id) => world.definition(id));
}

function changeable(world: World, env: Env, target: Target, tensor: Tensor): DefinitionId | null {
  const id = tensor.source.kind === "definition" ? tensor.source.definition : null;
  const kinds = standsFor(world, tensor).map(({ body }) => body.kind);
  if (id !== null && kinds.length > 0 && kinds.every((kind) => kind === "state" || kind === "param")) return id;
  const kind = kinds.find((one) => one !== "state" && one !== "param");
  faulty(
    world,
    env,
    "AM2022",
    target.span,
    `\`${tensor.name}\` cannot be changed: it is ${kind === "equation" ? "defined by an equation" : "no state"}`,
    {
      labels: [{ span: tensor.span, text: "declared here" }],
      help: `only a \`state\` or a \`param\` changes: \`state ${tensor.name}… = …\``,
    },
  );
  return null;
}

/** A state gets the narrowest type that holds its initial value and all its updates: a wider one is noted for the next pass. */
function widening(world: World, env: Env, tensor: Tensor, value: Expr): Expr {
  const { type } = tensor;
  if (value.kind === "unknown" || sameType(value.type, type)) return value;
  const states = standsFor(world, tensor).filter(({ body }) => body.kind === "state");
  const found = coordinate(world, env, value);
  const isCounted = type.kind === "int" || type.kind === "index";
  if (
    states.length > 0 &&
    isCounted &&
    (found.type.kind === "real" || (type.kind === "index" && found.type.kind === "int"))
  ) {
    const wider = found.type.kind === "real" ? "real" : "int";
    for (const { name } of states) {
      if (world.widened.get(name) === "real" || world.widened.get(name) === wider) continue;
      world.widened.set(name, wider);
      world.again = true;
    }
    return found;
  }
  return fitting(world, env, value, type, `\`${tensor.name}\``);
}

/** The same assignment, carried out only where a label has one of some values. */
export function onlyWhere(
  assignment: Assignment,
  subject: Expr,
  isChosen: readonly boolean[],
  world: World,
): Assignment {
  if (isChosen.every(Boolean)) return assignment;
  const targets = assignment.targets.map((target) => changedWhere(target, subject, isChosen, world, assignment.span));
  return { ...assignment, targets };
}

/** A change of one tensor of several, where it is the one that is chosen. */
function writtenWhereChosen(world: World, change: Change, span: Span): readonly Change[] {
  const among = world.choices.get(change.definition);
  if (among === undefined) return [change];
  return branchesOf(among).flatMap(({ definition, isChosen }) =>
    writtenWhereChosen(world, changedWhere({ ...change, definition }, among.subject, isChosen, world, span), span),
  );
}

export function changedWhere(
  target: Change,
  subject: Expr,
  isChosen: readonly boolean[],
  world: World,
  span: Span,
): Change {
  const definition = world.definition(target.definition);
  const old: Expr = {
    kind: "read",
    definition: target.definition,
    subscripts: target.axes.map((index) => ({ kind: "index", index, span: span })),
    type: definition.type,
    span: span,
  };
  const kept: Expr =
    target.where === null
      ? target.value
      : {
          kind: "if",
          condition: target.where,
          then: target.value,
          otherwise: old,
          type: definition.type,
          span: span,
        };
  const value: Expr = {
    kind: "case",
    subject,
    arms: isChosen.map((chosen) => (chosen ? kept : old)),
    type: definition.type,
    span: span,
  };
  return { ...target, value, where: null };
}

/** The same assignment, carried out only when a condition of the whole run holds. */
export function onlyWhen(assignment: Assignment, holds: Expr): Assignment {
  const targets = assignment.targets.map((target) => ({
    ...target,
    where: target.where === null ? holds : both(holds, target.where),
  }));
  return { ...assignment, targets };
}
