/** `sweep P in 2..400 refine from [2, 400] to 4% where …`, `sweep rung in 0..200 until …`: sweeps whose values results ask for. */
import type { SweepDeclaration } from "../../grammar/tree.js";
import { constantExpr } from "./axes.js";
import { atPoints } from "./bounds.js";
import { evaluateConstant, evaluateList } from "./constants.js";
import { faulty } from "./expressions/build.js";
import { checkList } from "./expressions/lists.js";
import { sweepsOf } from "./mentions.js";
import { type Env, type Scope, envOf } from "./scopes.js";
import type { Checked } from "./sweep-values.js";
import type { AdaptiveSweep, Sweep } from "./typed.js";
import type { World } from "./world.js";

/** Null where the sweep is an ordinary one, and after a fault. */
export function checkAdaptive(
  world: World,
  env: Env,
  { adaptive, variables }: SweepDeclaration,
  { values, types }: Checked,
): AdaptiveSweep | null {
  if (adaptive === null) return null;
  const { mode, span, conditions, times, variables: named } = adaptive;
  const refuse = (message: string, help: string): null => {
    faulty(world, env, "AM4040", span, message, { help });
    return null;
  };
  if (times !== null || named.length > 0)
    return refuse(
      "a sweep is refined to a tolerance; cells of a plane are halved so many times",
      "`refine to 4% where …` here, or a statement of its own: `refine (load log, flip) 4 times where …`",
    );
  if (mode === "refine" && conditions.length === 0)
    return refuse("nothing says where it is to be refined", "`refine … where mean(seed) one.error > 0.005`");
  const [type] = types;
  if (variables.length > 1 || values.kind !== "list" || (type?.kind !== "int" && type?.kind !== "real"))
    return refuse(
      "one variable with numbers can be adaptive",
      "for example `sweep P in 2..400 refine from [2, 400] where …`",
    );
  const tolerance = toleranceOf(world, env, adaptive);
  if (tolerance === undefined) return null;
  const start = adaptive.start === null ? null : (checkList(world, env, adaptive.start)?.list ?? undefined);
  if (start === undefined) return null;
  const listed = type.kind === "int" || start !== null;
  if (mode === "refine" && tolerance === null && !listed)
    return refuse(
      "between two real numbers there is always another one",
      "say how near is near enough: `refine to 4% where …`",
    );
  return { mode, start, tolerance, listed, conditions, span };
}

/** What can be told before the plan is made: the values to begin with, where they are known by now. */
export function checkStart(
  world: World,
  scope: Scope,
  sweep: Sweep,
  { mode, start, tolerance, span }: AdaptiveSweep,
): void {
  const { values } = sweep;
  if (mode !== "refine" || values.kind !== "list") return;
  const list = start ?? values.list;
  const known = atPoints(world, list, (sweeps) => evaluateList(list, { experiment: world, sweeps })) ?? [];
  const refuse = (message: string, help: string): void =>
    void faulty(world, envOf(scope), "AM4040", start?.span ?? span, message, { help });
  const isUnordered = known.some((own) => own.some((value, k) => value <= (own[k - 1] ?? -Infinity)));
  if (start !== null && isUnordered) {
    refuse("the values to begin with do not ascend", "the smaller one first: `from [2, 400]`");
    return;
  }
  if (known.some((own) => own.length < 2)) {
    refuse(
      "a sweep begins with two values at least: what it looks for lies between neighbours",
      "for example `from [2, 400]`",
    );
    return;
  }
  if (tolerance?.relative === true && known.some((own) => own.some((value) => value <= 0))) {
    refuse("a tolerance in % is about numbers above 0", "`to 0.1` instead of `to 10%` goes by differences");
    return;
  }
}

/** Undefined after a fault. */
function toleranceOf(
  world: World,
  env: Env,
  { tolerance }: NonNullable<SweepDeclaration["adaptive"]>,
): AdaptiveSweep["tolerance"] | undefined {
  if (tolerance === null) return null;
  const value = constantExpr(world, env, tolerance.value, "the tolerance of a sweep");
  if (value.kind === "unknown") return undefined;
  const number =
    sweepsOf(world, value).size > 0 ? NaN : evaluateConstant(value, { experiment: world, sweeps: new Map() });
  if (number > 0) return { value: number, relative: tolerance.percent };
  faulty(world, env, "AM4040", tolerance.value.span, "a tolerance is a number above 0", {
    help: "`to 4%`: neighbours differ by 4 % at most; `to 0.1`: by 0.1",
  });
  return undefined;
}
