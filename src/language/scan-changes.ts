/** `s[q, n] <- e` in the body of a scan. */
import type { Assign, Expr as TreeExpr, Target } from "../../grammar/tree.js";
import { changeOf } from "./assignments.js";
import { read } from "./expressions/names.js";
import { subscriptOf } from "./outer-indices.js";
import { nameOf, type Position, type ScanNames } from "./scan-names.js";
import { changesOneByOne } from "./scan-one-by-one.js";
import type { Tensor } from "./scopes.js";
import type { Expr } from "./typed.js";

const ofItsOwn =
  "declare it in the `scan`, `state S[i] = outer[i]`; only in the body of a phase a `scan` changes what stands outside of it";

/** One of the targets of an update. */
interface Change {
  readonly statement: Assign;
  readonly target: Target;
  readonly tree: TreeExpr;
  readonly position: Position;
}

/** All targets read the old values; false after a fault. */
export function assignInScan(names: ScanNames, statement: Assign, position: Position): boolean {
  const { targets, value, asynchronously } = statement;
  const values = targets.length === 1 ? [value] : value.kind === "tuple" ? value.items : [];
  if (values.length !== targets.length) return names.refuse(`${targets.length} values are wanted here`, value.span);
  const before = new Map(names.now);
  const after: (readonly [string, Tensor])[] = [];
  for (const [k, target] of targets.entries()) {
    const [tree, name] = [values[k], nameOf(target)];
    const old = before.get(name);
    if (old === undefined || tree === undefined || !names.isState(name))
      return names.refuse(`\`${name}\` is no state of this \`scan\``, target.span, ofItsOwn);
    const one = { statement, target, tree, position };
    if (!(asynchronously === null ? change(names, one, old) : changeOneByOne(names, one, old))) return false;
    const made = names.now.get(name);
    if (made === undefined) return false;
    after.push([name, made]);
    const fault = names.types.note(name, old.type, made.type);
    if (fault !== null) return names.refuse(fault, target.span);
    for (const [key, tensor] of before) names.now.set(key, tensor);
  }
  for (const [name, tensor] of after) names.now.set(name, tensor);
  return true;
}

function change(names: ScanNames, { statement, target, tree, position }: Change, old: Tensor): boolean {
  const name = nameOf(target);
  const where = statement.where === null ? null : names.here(statement.where);
  const found = changeOf(
    names.world,
    names.env(position),
    names.here(target),
    old,
    names.here(tree),
    where,
    (env, value) => names.types.fit(env, name, value, old),
  );
  if (found === null) return false;
  const { axes, value } = found;
  const kept: Expr =
    found.where === null
      ? value
      : {
          kind: "if",
          condition: found.where,
          then: value,
          otherwise: read(old, axes.map(subscriptOf), tree.span),
          type: value.type,
          span: tree.span,
        };
  return names.set(name, target, axes, kept, position);
}

function changeOneByOne(names: ScanNames, one: Change, old: Tensor): boolean {
  const { statement, target, position } = one;
  const name = nameOf(target);
  const whole = (now: Tensor): Tensor | null => {
    names.now.set(name, now);
    return change(names, one, now) ? (names.now.get(name) ?? null) : null;
  };
  const place = {
    env: names.env(position),
    outside: names.around.outside,
    turns: names.turns(position),
    full: names.fullName(name, position),
  };
  const made = changesOneByOne(names.world, place, statement, target, old, whole);
  if (made !== null) names.now.set(name, made);
  return made !== null;
}
