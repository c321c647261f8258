/**
 * `iterate 5 from x[i] = m[i] { …; return … }`: a value is replaced by what the body makes of it, some times over. It is written out
 * where that is done a few times, else a loop, as a `scan` is.
 */
import type { Expr as TreeExpr, Iterate, Name } from "../../../grammar/tree.js";
import { checkSize } from "../axes.js";
import { declareStatements, misplaced } from "../declare.js";
import { fixedEntry } from "../fixed-entry.js";
import { bindIndex } from "../indices.js";
import { iterations } from "../iterations.js";
import { lift } from "../lifting.js";
import { sweepsOf } from "../mentions.js";
import { WRITTEN_OUT } from "../scan-domain.js";
import { subscriptOf } from "../outer-indices.js";
import { LoopRound } from "../scan-loops.js";
import { boundIndex, envOf, Scope, type Env, type Tensor } from "../scopes.js";
import type { Expr, Index } from "../typed.js";
import type { World } from "../world.js";
import { faulty, toReal, unknown } from "./build.js";
import { checkExpr } from "./check.js";
import { read } from "./names.js";

export function checkIterate(world: World, env: Env, tree: Iterate): Expr {
  const { span } = tree;
  const count = checkSize(world, { ...env, stepping: false }, tree.count, "how often it is done");
  const [name, ...others] = tree.target.path;
  if (count.kind === "unknown" || name === undefined) return unknown(span);
  const names = (tree.target.subscripts ?? []).flatMap(({ value }) =>
    value.kind === "expr" && value.expr.kind === "name" ? [value.expr] : [],
  );
  const items = tree.target.subscripts ?? [];
  const hasRest = items.at(-1)?.value.kind === "rest";
  if (others.length > 0 || names.length < items.length - Number(hasRest) || (hasRest && env.rest === null))
    return faulty(world, env, "AM2111", tree.target.span, "`iterate` begins with a name and its indices", {
      help: "for example: `iterate 5 from x[i, o] = m[i, o] { return … }`",
    });
  const step: Step = (before, isReal) => stepOf(world, env, tree, { name, names, hasRest, before, isReal });
  const times = knownTimes(world, count);
  const tensor = times === null ? looped(world, name, count, step) : writtenOut(times, step);
  if (tensor === null) return unknown(span);
  const indices = names.map((index) => boundIndex(env, index.text));
  const free = names.find((_, k) => indices[k] === undefined);
  if (free !== undefined)
    return faulty(world, env, "AM2106", free.span, `nothing binds the index \`${free.text}\` here`, {
      help: "the value has the indices of the place where it stands: write it on the left side",
    });
  const bound = [...indices.filter((index) => index !== undefined), ...(hasRest ? (env.rest ?? []) : [])];
  return read(tensor, bound.map(subscriptOf), span);
}

/** How often the body is written out; null for a loop. */
function knownTimes(world: World, count: Expr): number | null {
  if (sweepsOf(world, count).size > 0) return null;
  const times = iterations(count, { experiment: world, sweeps: new Map() });
  return times > WRITTEN_OUT ? null : times;
}

/** The start for null, else what the body makes of a value. Null after a fault. */
type Step = (before: Tensor | null, isReal: boolean) => Tensor | null;

function writtenOut(times: number, step: Step): Tensor | null {
  let value = step(null, false);
  for (let time = 0; time < times && value !== null; time++) value = step(value, false);
  return value;
}

function looped(world: World, name: Name, count: Expr, step: Step): Tensor | null {
  const round = new LoopRound(world, { index: name, reverse: false }, { axis: null, count });
  let isReal = false;
  // It is real as soon as its start or what becomes of it is, and has all indices of the place: known after some rounds.
  for (let before = -1; before < Number(isReal) + round.found;) {
    before = Number(isReal) + round.found;
    const start = step(null, isReal);
    if (start === null) return null;
    const now = new Map([[name.text, start]]);
    round.begin(now);
    const next = step(now.get(name.text) ?? start, isReal || start.type.kind === "real");
    if (next === null || !round.end(new Map([[name.text, next]]), [])) return null;
    isReal ||= next.type.kind === "real";
  }
  return round.results([]).get(name.text) ?? null;
}

interface Turn {
  readonly name: Name;
  readonly names: readonly Name[];
  /** `x[i, ..]`. */
  readonly hasRest: boolean;
  readonly before: Tensor | null;
  readonly isReal: boolean;
}

/** The start, or what the body returns where the name means `before`. */
function stepOf(world: World, env: Env, tree: Iterate, { name, names, hasRest, before, isReal }: Turn): Tensor | null {
  const scope = new Scope(env.scope, "fn", `${env.scope.prefix}${name.text}.`);
  if (before !== null) scope.entries.set(name.text, fixedEntry(world, scope, name.text, name.span, before));
  const value = before === null ? tree.start : returned(world, scope, tree);
  if (value === null) return null;
  const outer = env.indices.filter((index) => !names.some(({ text }) => text === index.name));
  const own: Index[] = [];
  for (const index of names) {
    const known = boundIndex(env, index.text);
    own.push(
      known === undefined
        ? bindIndex(world, { ...env, indices: [...outer, ...own] }, index, { trees: [value] })
        : world.newIndex(index.text, known.axis, index.span),
    );
  }
  const rest =
    hasRest && env.rest !== null
      ? env.rest.map(({ name: of, axis, span }) => world.newIndex(of, axis, span))
      : env.rest;
  const inside = { ...envOf(scope), stepping: env.stepping, rest, indices: [...outer, ...own] };
  const given = checkExpr(world, inside, value);
  const found = isReal ? toReal(world, inside, given) : given;
  if (found.kind === "unknown") return null;
  const axes = [...own, ...(hasRest ? (rest ?? []) : [])].map((index) => ({
    index,
    name: index.name,
    span: index.span,
  }));
  return lift(world, { name: `${scope.prefix}value`, span: name.span, type: found.type, own: axes, value: found });
}

function returned(world: World, scope: Scope, tree: Iterate): TreeExpr | null {
  const last = tree.body.at(-1);
  const [value, ...others] = last?.kind === "return" ? last.values : [];
  if (value === undefined || others.length > 0) {
    world.report(scope, {
      code: "AM2018",
      span: tree.span,
      message: "the body of `iterate` ends with `return` and one value",
      help: "write `return EXPR` as its last statement",
    });
    return null;
  }
  for (const statement of declareStatements(world, scope, tree.body.slice(0, -1)))
    misplaced(world, scope, statement, "in the body of `iterate`");
  return value;
}
