/** `iterate 5 from x[i] = m[i] { …; return … }`: a value is replaced by what the body makes of it, some times over. Written out. */
import type { Expr as TreeExpr, Iterate, Name } from "../../../grammar/tree.js";
import { checkSize } from "../axes.js";
import { evaluateConstant } from "../constants.js";
import { declareStatements, misplaced } from "../declare.js";
import { fixedEntry } from "../fixed-entry.js";
import { bindIndex } from "../indices.js";
import { lift } from "../lifting.js";
import { sweepsOf } from "../mentions.js";
import { boundIndex, envOf, Scope, type Env, type Tensor } from "../scopes.js";
import type { Expr, Index } from "../typed.js";
import { notYet } from "../unsupported.js";
import type { World } from "../world.js";
import { faulty, unknown } from "./build.js";
import { checkExpr } from "./check.js";
import { read } from "./names.js";

/** A body is written out for each time: more would make programs that take minutes to compile. */
const MOST_TIMES = 200;

export function checkIterate(world: World, env: Env, tree: Iterate): Expr {
  const { span } = tree;
  const times = timesOf(world, env, tree.count);
  const [name, ...others] = tree.target.path;
  if (times === null || name === undefined) return unknown(span);
  const names = (tree.target.subscripts ?? []).flatMap(({ value }) =>
    value.kind === "expr" && value.expr.kind === "name" ? [value.expr] : [],
  );
  if (others.length > 0 || names.length < (tree.target.subscripts?.length ?? 0))
    return faulty(world, env, "AM2111", tree.target.span, "`iterate` begins with a name and its indices", {
      help: "for example: `iterate 5 from x[i, o] = m[i, o] { return … }`",
    });
  let value = step(world, env, tree, name, names, null, tree.start);
  for (let time = 0; time < times && value !== null; time++) value = step(world, env, tree, name, names, value, null);
  if (value === null) return unknown(span);
  const tensor = value;
  const indices = names.map((index) => boundIndex(env, index.text));
  const free = names.find((_, k) => indices[k] === undefined);
  if (free !== undefined)
    return faulty(world, env, "AM2106", free.span, `nothing binds the index \`${free.text}\` here`, {
      help: "the value has the indices of the place where it stands: write it on the left side",
    });
  const subscripts = indices.flatMap((index, k) =>
    index === undefined ? [] : [{ kind: "index" as const, index, span: names[k]?.span ?? span }],
  );
  return read(tensor, subscripts, span);
}

function timesOf(world: World, env: Env, tree: TreeExpr): number | null {
  const count = checkSize(world, { ...env, stepping: false }, tree, "how often it is done");
  if (count.kind === "unknown") return null;
  const help = "write out fewer, or let a phase take steps";
  if (sweepsOf(world, count).size > 0) {
    notYet(world, env.scope, tree.span, "`iterate` as often as a sweep says", help);
    return null;
  }
  const times = evaluateConstant(count, { experiment: world, sweeps: new Map() });
  if (times <= MOST_TIMES) return times;
  notYet(world, env.scope, tree.span, `\`iterate\` more than ${MOST_TIMES} times`, help);
  return null;
}

/** The start (a tree of its own), or what the body returns where the name means `before`. Null after a fault. */
function step(
  world: World,
  env: Env,
  tree: Iterate,
  name: Name,
  names: readonly Name[],
  before: Tensor | null,
  start: TreeExpr | null,
): Tensor | null {
  const scope = new Scope(env.scope, "fn", `${env.scope.prefix}${name.text}.`);
  if (before !== null) scope.entries.set(name.text, fixedEntry(world, scope, name.text, name.span, before));
  const value = start ?? returned(world, scope, tree);
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
  const inside = { ...envOf(scope), stepping: env.stepping, rest: env.rest, indices: [...outer, ...own] };
  const found = checkExpr(world, inside, value);
  if (found.kind === "unknown") return null;
  const axes = own.map((index) => ({ index, name: index.name, span: index.span }));
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
