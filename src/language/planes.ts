/** `refine (load log, flip) 4 times where …`: the cells of the plane of several sweeps. */
import type { Name, Refine } from "../../grammar/tree.js";
import { constantExpr } from "./axes.js";
import { atPoints } from "./bounds.js";
import { evaluateConstant, evaluateList } from "./constants.js";
import { faulty } from "./expressions/build.js";
import { sweepsOf } from "./mentions.js";
import { type Scope, envOf } from "./scopes.js";
import { suggestion } from "./suggest.js";
import type { Plane, Sweep } from "./typed.js";
import type { World } from "./world.js";

/** Points of a cell grow like 3 to the number of its axes. */
const MOST_AXES = 3;
const MOST_TIMES = 20;

/** Names of the sweeps that statements refine: known before the sweeps are, whose values are open then. */
export function refinedNames(statements: readonly { readonly kind: string }[]): ReadonlySet<string> {
  const isRefine = (statement: { readonly kind: string }): statement is Refine => statement.kind === "refine";
  return new Set(
    statements.filter(isRefine).flatMap(({ adaptive }) => adaptive.variables.map(({ name }) => name.text)),
  );
}

export function checkPlane(world: World, scope: Scope, { adaptive }: Refine): void {
  const { mode, variables, start, tolerance, span, conditions } = adaptive;
  const refuse = (at: Name["span"], message: string, help: string): void =>
    void faulty(world, envOf(scope), "AM4042", at, message, { help });
  const example = "for example `refine (load log, flip) 4 times where …`";
  if (mode !== "refine" || variables.length === 0 || variables.length > MOST_AXES) {
    refuse(span, `a statement refines the cells of 1 to ${MOST_AXES} sweeps`, example);
    return;
  }
  if (start !== null || tolerance !== null) {
    refuse(
      (tolerance?.value ?? start)?.span ?? span,
      "cells are halved so many times, between the values that the sweeps list",
      `${example}; \`from\` and \`to\` go with one sweep: \`sweep P in 2..400 refine from [2, 400] to 4% where …\``,
    );
    return;
  }
  const times = timesOf(world, scope, adaptive.times, span);
  const axes = variables.map(({ name, log }) => axisOf(world, scope, name, log, variables));
  if (times === null || axes.some((axis) => axis === null)) return;
  const taken = world.planes.flatMap((plane) => plane.axes.map(({ axis }) => axis));
  const found = axes.filter((axis) => axis !== null);
  const twice = variables.find((_, k) =>
    taken.concat(found.slice(0, k).map(({ axis }) => axis)).includes(found[k]?.axis ?? -1),
  );
  if (twice !== undefined) {
    refuse(twice.name.span, `\`${twice.name.text}\` is refined twice`, "a sweep is an axis of one plane");
    return;
  }
  world.planes.push({ axes: found, times, conditions, span });
}

function timesOf(world: World, scope: Scope, tree: Refine["adaptive"]["times"], span: Name["span"]): number | null {
  const env = envOf(scope);
  const value = tree === null ? null : constantExpr(world, env, tree, "how often cells are halved");
  if (value?.kind === "unknown") return null;
  const isFixed = value !== null && value.type.kind === "int" && sweepsOf(world, value).size === 0;
  const number = isFixed ? evaluateConstant(value, { experiment: world, sweeps: new Map() }) : NaN;
  if (number >= 1 && number <= MOST_TIMES) return number;
  faulty(world, env, "AM4042", tree?.span ?? span, `cells are halved a number of times, from 1 to ${MOST_TIMES}`, {
    help: "for example `refine (load log, flip) 4 times where …`",
  });
  return null;
}

function axisOf(
  world: World,
  scope: Scope,
  name: Name,
  log: boolean,
  others: readonly { readonly name: Name }[],
): Plane["axes"][number] | null {
  const env = envOf(scope);
  const refuse = (message: string, help: string): null => {
    faulty(world, env, "AM4042", name.span, message, { help });
    return null;
  };
  const entry = scope.lookup(name.text);
  if (entry === undefined) {
    const names = [...world.axes.values()].flatMap((axis) => (axis.kind.kind === "sweep" ? [axis.name] : []));
    faulty(world, env, "AM2001", name.span, `there is no sweep \`${name.text}\` here`, suggestion(name.text, names));
    return null;
  }
  if (entry.kind === "faulty") return null;
  if (entry.kind !== "sweep") return refuse(`\`${name.text}\` is no sweep`, "name sweeps of this experiment");
  const type = entry.type.get();
  const sweep = world.sweeps.find(({ axes }) => axes.includes(entry.axis));
  // What is wrong with the sweep itself was told.
  if (sweep === undefined) return null;
  if (sweep.values.kind !== "list" || (type.kind !== "int" && type.kind !== "real"))
    return refuse(
      sweep.axes.length > 1 ? `\`${name.text}\` moves together with another sweep` : `\`${name.text}\` has labels`,
      "there is nothing between its values: a plane has sweeps of numbers, each for itself",
    );
  if (sweep.adaptive !== undefined)
    return refuse(`\`${name.text}\` is adaptive by itself`, "either the sweep is refined, or the cells of a plane");
  const own = others
    .map((other) => scope.lookup(other.name.text))
    .flatMap((one) => (one?.kind === "sweep" ? [one.axis] : []));
  if ([...sweepsOf(world, sweep.values.list)].some((axis) => own.includes(axis)))
    return refuse(
      `the values of \`${name.text}\` follow another sweep of the plane`,
      "cells need the same values at both",
    );
  if (log && !isPositive(world, sweep))
    return refuse(`\`${name.text}\` has values that are not above 0`, "leave out `log`");
  return { axis: entry.axis, log };
}

/** Where it can be told now; else the plan tells. */
function isPositive(world: World, { values }: Sweep): boolean {
  if (values.kind !== "list") return true;
  const { list } = values;
  const lists = atPoints(world, list, (sweeps) => evaluateList(list, { experiment: world, sweeps }));
  return (lists ?? []).every((list) => list.every((value) => value > 0));
}
