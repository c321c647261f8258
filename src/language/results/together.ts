/**
 * Claims that stand outside of experiments and name results of several: `full.fit.loss < reduced.fit.loss`. The experiments are
 * put together as one, whose phases are called `full.fit`; axes that agree in name and coordinates are one axis.
 */
import { Diagnostics } from "../../base/diagnostic.js";
import type { Source, Span } from "../../base/span.js";
import type { CheckedFile } from "../check.js";
import type { CheckedExperiment, Experiment, PhaseSignature, ResultName, ResultScope } from "../typed.js";
import type { CheckedClaim, CheckedResults } from "./checked.js";
import { Checker } from "./checker.js";
import { checkClaim } from "./claims.js";
import type { Needed } from "./definitions.js";
import { SharedAxes } from "./shared-axes.js";
import { UnionContext, type Part } from "./union.js";

export interface FileClaims {
  readonly claims: readonly CheckedClaim[];
  /** Of each experiment all definitions that have to be stored, those of its own claims and charts included. */
  readonly needed: ReadonlyMap<string, readonly Needed[]>;
  /** The experiments as one, and what has to be stored of it. */
  readonly union: { readonly experiment: Experiment; readonly needed: readonly Needed[] };
}

interface CheckedPart {
  readonly checked: CheckedExperiment;
  readonly results: CheckedResults;
  /** Without a profile and `--set`; null where there are none. */
  readonly full: CheckedExperiment | null;
}

export function checkFileClaims(
  { checked: file, experiments: names }: CheckedFile,
  experiments: readonly CheckedPart[],
  sources: readonly Source[],
  diagnostics: Diagnostics,
): FileClaims {
  const shared: Part = { name: null, checked: file, full: null, needed: [] };
  const parts = experiments.map(({ checked, results, full }): Part => ({
    name: checked.experiment.name,
    checked,
    full: full?.experiment ?? null,
    needed: results.needed,
  }));
  const axes = new SharedAxes([shared, ...parts]);
  const experiment = unionOf(file.experiment, parts, axes);
  const scopes = parts.map((part) => renamedScope(part, axes));
  const scope = scopeOfAll(file, parts, scopes, names, axes);
  const whole = { experiment, scope, statements: file.statements };
  const context = new UnionContext(whole, diagnostics, sources, axes, scopes.flatMap(phasesIn), null);
  const inside = new Map(
    parts.map(({ name, checked }, k) => {
      const own = { experiment, scope: scopes[k] ?? new Map<string, ResultName>(), statements: checked.statements };
      const phases = phasesIn(own.scope);
      const reader = new UnionContext(own, new Diagnostics(), sources, axes, phases, context.nodes);
      return [name ?? "", new Checker(reader)];
    }),
  );
  const checker = new Checker(context, inside);
  const claims: CheckedClaim[] = [];
  const seen = new Map<string, Span>();
  for (const statement of file.statements) {
    if (statement.kind !== "claim") continue;
    const { text, span } = statement.name;
    const first = seen.get(text);
    if (first !== undefined)
      context.fault("AM6009", span, `a second claim is called \`${text}\``, {
        labels: [{ span: first, text: "the first one" }],
        help: "give it another name",
      });
    seen.set(text, first ?? span);
    claims.push(checkClaim(checker, statement));
  }
  const needed = new Map(parts.map(({ name }) => [name ?? "", axes.neededOf(name)]));
  const all = parts.flatMap((part) =>
    axes.neededOf(part.name).map((one) => ({ ...one, phase: phaseIn(part, one.phase) })),
  );
  return { claims, needed, union: { experiment, needed: all } };
}

const phasesIn = (scope: ResultScope): readonly PhaseSignature[] =>
  [...scope.values()].flatMap((entry) => (entry.kind === "phase" ? [entry.phase] : []));

/** As it is named in a claim of the file. */
const phaseIn = (part: Part, phase: string): string => `${part.name ?? ""}.${phase}`;

function unionOf(file: Experiment, parts: readonly Part[], axes: SharedAxes): Experiment {
  const all = [file, ...parts.map(({ checked }) => checked.experiment)];
  const together = <K, V>(of: (experiment: Experiment) => ReadonlyMap<K, V>): ReadonlyMap<K, V> =>
    new Map(all.flatMap((experiment) => [...of(experiment)]));
  return {
    ...file,
    precision: all.some(({ phases, precision }) => phases.length > 0 && precision === "f32") ? "f32" : "f64",
    axes: together((experiment) => experiment.axes),
    constants: together((experiment) => experiment.constants),
    definitions: together((experiment) => experiment.definitions),
    scans: together((experiment) => experiment.scans),
    sweeps: all.flatMap(({ sweeps }) => sweeps),
    phases: parts.flatMap((part) =>
      part.checked.experiment.phases.map((phase) => ({
        ...phase,
        name: phaseIn(part, phase.name),
        axes: phase.axes.map((axis) => axes.one(axis)),
      })),
    ),
  };
}

/** The names of an experiment: its phases under the names that they have here, with the axes that several share. */
function renamedScope(part: Part, axes: SharedAxes): ResultScope {
  const done = new Map<ResultScope, Map<string, ResultName>>();
  const scopeOf = (scope: ResultScope): ReadonlyMap<string, ResultName> => {
    const known = done.get(scope);
    if (known !== undefined) return known;
    const names = new Map<string, ResultName>();
    done.set(scope, names);
    for (const [name, value] of scope) names.set(name, renamed(value));
    return names;
  };
  const renamed = (value: ResultName): ResultName => {
    switch (value.kind) {
      case "axis":
        return { kind: "axis", axis: axes.one(value.axis) };
      case "component":
        return { kind: "component", members: scopeOf(value.members) };
      case "fn":
        return { ...value, scope: scopeOf(value.scope) };
      case "phase": {
        const { phase } = value;
        const results = [...phase.results].map(([name, result]) => {
          const own = result.axes.map((written) => ({ ...written, axis: axes.one(written.axis) }));
          return [name, { ...result, axes: own }] as const;
        });
        return {
          kind: "phase",
          phase: {
            ...phase,
            name: phaseIn(part, phase.name),
            axes: phase.axes.map((axis) => axes.one(axis)),
            results: new Map(results),
          },
        };
      }
      default:
        return value;
    }
  };
  return scopeOf(part.checked.scope);
}

/** What the file declares, the experiments by their names, and those axes of theirs whose name means one axis. */
function scopeOfAll(
  file: CheckedExperiment,
  parts: readonly Part[],
  scopes: readonly ResultScope[],
  names: readonly string[],
  axes: SharedAxes,
): ResultScope {
  const all = new Map<string, ResultName>();
  const several = new Set<string>();
  for (const scope of scopes) {
    for (const [name, value] of scope) {
      const known = all.get(name);
      if (value.kind === "label") all.set(name, known ?? value);
      if (value.kind !== "axis") continue;
      if (known?.kind === "axis" && known.axis !== value.axis) several.add(name);
      all.set(name, value);
    }
  }
  several.forEach((name) => all.delete(name));
  for (const [name, value] of file.scope)
    all.set(name, value.kind === "axis" ? { kind: "axis", axis: axes.one(value.axis) } : value);
  for (const name of names)
    all.set(name, parts.some((part) => part.name === name) ? { kind: "experiment", name } : { kind: "faulty" });
  return all;
}
