/** `sweep P in 2..400 refine from [2, 400] to 4% where …`, `sweep rung in 0..200 until …`: sweeps whose values results ask for. */
import type { SweepDeclaration } from "../../grammar/tree.js";
import { constantExpr } from "./axes.js";
import { evaluateConstant } from "./constants.js";
import { faulty } from "./expressions/build.js";
import { checkList } from "./expressions/lists.js";
import { sweepsOf } from "./mentions.js";
import type { Env } from "./scopes.js";
import type { Checked } from "./sweep-values.js";
import type { AdaptiveSweep, ListExpr } from "./typed.js";
import type { World } from "./world.js";

/** Null where the sweep is an ordinary one, and after a fault. */
export function checkAdaptive(
  world: World,
  env: Env,
  { adaptive, variables }: SweepDeclaration,
  { values, types }: Checked,
): AdaptiveSweep | null {
  if (adaptive === null) return null;
  const { mode, span, conditions } = adaptive;
  const refuse = (message: string, help: string): null => {
    faulty(world, env, "AM4040", span, message, { help });
    return null;
  };
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
  return { mode, start: start satisfies ListExpr | null, tolerance, listed, conditions, span };
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
