/** Points as a user names them: by coordinates, `fit: eta=1, seed=0`, or by the first digits of their key. */
import { UserError } from "../base/diagnostic.js";
import type { PhasePlan, Plan, PointPlan } from "../plan/types.js";
import { nearestWord } from "./nearest.js";

export interface NamedPoint {
  readonly plan: Plan;
  readonly phase: PhasePlan;
  readonly number: number;
  readonly point: PointPlan;
}

const KEY = /^[0-9a-f]{6,64}$/u;

/** All points that the text fits, of every phase unless it names one; there is at least one. */
export function findPoints(plans: readonly Plan[], text: string): readonly NamedPoint[] {
  const all = plans.flatMap((plan) =>
    plan.phases.flatMap((phase) => phase.points.map((point, number) => ({ plan, phase, number, point }))),
  );
  const found = KEY.test(text)
    ? all.filter(({ point }) => point.key.startsWith(text))
    : byCoordinates(plans, all, text);
  if (found.length > 0) return found;
  const help =
    "name it by its coordinates, `eta=1,seed=0`, in one phase `fit:eta=1`, or by the first 6 digits of its key or more";
  throw unknown(`no point of the plan is \`${text}\``, help);
}

function byCoordinates(plans: readonly Plan[], all: readonly NamedPoint[], text: string): readonly NamedPoint[] {
  const [, name, list = ""] = /^(?:\s*([^:=,]+?)\s*:)?([^:]*)$/u.exec(text) ?? [];
  const phases = plans.flatMap((plan) => plan.phases.map((phase) => phase.name));
  if (name !== undefined && !phases.includes(name))
    throw unknown(`there is no phase \`${name}\``, didYouMean(name, phases));
  const wanted = list
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "")
    .map((part) => coordinate(plans, part));
  if (wanted.length === 0 && name === undefined) return [];
  return all.filter(
    ({ plan, phase, point }) =>
      (name === undefined || phase.name === name) && wanted.every((fits) => fits(plan, phase, point)),
  );
}

type Fits = (plan: Plan, phase: PhasePlan, point: PointPlan) => boolean;

/** One `eta=1`; the value is a coordinate of the sweep or a label. */
function coordinate(plans: readonly Plan[], part: string): Fits {
  const [name = "", value] = part.split("=").map((side) => side.trim());
  const sweeps = plans.flatMap((plan) => plan.sweeps).filter((sweep) => sweep.name === name);
  const names = plans.flatMap((plan) => plan.sweeps.map((sweep) => sweep.name));
  if (sweeps.length === 0) throw unknown(`there is no sweep \`${name}\``, didYouMean(name, names));
  if (value === undefined || value === "") throw unknown(`\`${part}\` gives no value`, `write \`${name}=…\``);
  const isValue = (label: string | number): boolean =>
    typeof label === "string" ? label === value : Number(value) === label;
  const values = sweeps.flatMap(({ coordinates, labels }): readonly (string | number)[] => labels ?? coordinates);
  if (!values.some(isValue)) {
    const shown = values.slice(0, 10).join(", ") + (values.length > 10 ? ", …" : "");
    throw unknown(`\`${name}\` is never ${value}`, `its values are ${shown}`);
  }
  return (plan, phase, { position }) => {
    const axis = phase.axes.indexOf(name);
    const sweep = plan.sweeps.find((candidate) => candidate.name === name);
    if (axis < 0 || sweep === undefined) return false;
    const at = sweep.coordinates[position[axis] ?? 0] ?? NaN;
    return isValue(sweep.labels?.[at] ?? at);
  };
}

/** The keys of points and of all that they read from. */
export function withSources(named: readonly NamedPoint[]): ReadonlySet<string> {
  const keys = new Set<string>();
  const add = (plan: Plan, phase: PhasePlan, point: PointPlan): void => {
    if (keys.has(point.key)) return;
    keys.add(point.key);
    phase.after.forEach((name, k) => {
      const source = plan.phases.find((candidate) => candidate.name === name);
      const earlier = source?.points[point.sources[k] ?? -1];
      if (source !== undefined && earlier !== undefined) add(plan, source, earlier);
    });
  };
  for (const { plan, phase, point } of named) add(plan, phase, point);
  return keys;
}

function didYouMean(word: string, known: readonly string[]): string {
  const nearest = nearestWord(word, known);
  return nearest === null
    ? `there are ${known.map((name) => `\`${name}\``).join(", ")}`
    : `did you mean \`${nearest}\`?`;
}

const unknown = (message: string, help: string): UserError =>
  new UserError({ code: "AM8012", severity: "error", message, span: null, help });
