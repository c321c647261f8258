/** Coordinates that are asked for and that a profile or `--set` left out: one warning for all of them. */
import type { Diagnostic } from "../base/diagnostic.js";
import type { Plan } from "../plan/types.js";

type Chosen = Pick<Plan, "profile" | "settings">;

export const isWholePlan = ({ profile, settings }: Chosen): boolean =>
  profile === null && Object.keys(settings).length === 0;

/** Problems as they are told: of a part of the plan, those with coordinates are one. */
export function toldOf(problems: readonly Diagnostic[], chosen: Chosen): readonly Diagnostic[] {
  if (isWholePlan(chosen)) return problems;
  const isLeftOut = ({ code }: Diagnostic): boolean => code === "AM6020";
  const [first, ...more] = uniqueOf(problems.filter(isLeftOut));
  if (first === undefined) return problems;
  const others = problems.filter((problem) => !isLeftOut(problem));
  const also =
    more.length === 0
      ? ""
      : `, and so ${more.length === 1 ? "does 1 more place" : `do ${String(more.length)} more places`}`;
  return [
    ...others,
    {
      code: "AM6509",
      severity: "warning",
      span: first.span,
      message: `this names a point that ${nameOf(chosen)} leaves out${also}`,
      ...(first.here === undefined ? {} : { here: first.here }),
      help: "claims that read such points are undecided, and charts are drawn without them",
    },
  ];
}

function nameOf({ profile, settings }: Chosen): string {
  const names = Object.keys(settings);
  return [
    ...(profile === null ? [] : [`the profile \`${profile}\``]),
    ...(names.length === 0 ? [] : [`\`--set ${names.join(", ")}\``]),
  ].join(" with ");
}

function uniqueOf(problems: readonly Diagnostic[]): readonly Diagnostic[] {
  const places = new Map(problems.map((problem) => [placeOf(problem), problem]));
  return [...places.values()];
}

const placeOf = ({ span, message }: Diagnostic): string =>
  span === null ? message : `${span.file} ${String(span.start)} ${String(span.end)}`;
