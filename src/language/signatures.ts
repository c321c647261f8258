/** What claims, charts, tables and prose may name. */
import { changesDuringRuns } from "./changing.js";
import type { Entry, Scope } from "./scopes.js";
import type {
  DefinitionId,
  Phase,
  PhaseSignature,
  ResultName,
  ResultScope,
  ResultSignature,
  ScalarType,
} from "./typed.js";
import type { World } from "./world.js";

const faulty: ResultName = { kind: "faulty" };

export function signatureOf(world: World, phase: Phase): PhaseSignature {
  const results = new Map<string, ResultSignature>();
  const add = (name: string, definition: DefinitionId, stepped: boolean): void => {
    const { axes, type, span } = world.definition(definition);
    results.set(name, {
      name,
      axes: axes.map((index) => ({ name: index.name, axis: index.axis })),
      stepped,
      type,
      span,
    });
  };
  for (const { name, definition } of phase.results) add(name, definition, false);
  for (const { steps, entries } of phase.records.filter(({ hidden }) => hidden !== true))
    for (const { name, definition } of entries) add(name, definition, steps.kind !== "last");
  if (phase.sort === "train") {
    const given: readonly (readonly [string, ScalarType["kind"] & ("int" | "bool")])[] = [
      ["steps", "int"],
      ["stopped", "bool"],
      ["diverged", "bool"],
    ];
    for (const [name, kind] of given)
      if (!results.has(name)) results.set(name, { name, axes: [], stepped: false, type: { kind }, span: phase.span });
  }
  return { name: phase.name, sort: phase.sort, axes: phase.axes, results };
}

/** Everything in sight of an experiment's end, inner names before outer ones. */
export function resultScope(world: World, scope: Scope, phases: readonly Phase[]): ResultScope {
  const signatures = new Map(phases.map((phase) => [phase.name, signatureOf(world, phase)]));
  const done = new Map<Scope, ResultScope>();
  const scopeOf = (here: Scope): ResultScope => {
    const known = done.get(here);
    if (known !== undefined) return known;
    const names = new Map<string, ResultName>();
    done.set(here, names);
    for (const [name, value] of here.parent === null ? labels(world) : scopeOf(here.parent)) names.set(name, value);
    for (const part of [...here.also, here]) {
      for (const [name, entry] of part.entries) {
        const value = valueOf(entry);
        if (value === null) names.delete(name);
        else names.set(name, value);
      }
    }
    return names;
  };
  const valueOf = (entry: Entry): ResultName | null => {
    switch (entry.kind) {
      case "axis": {
        const axis = entry.axis.get();
        return axis === 0 ? faulty : { kind: "axis", axis };
      }
      case "sweep":
        return { kind: "axis", axis: entry.axis };
      case "constant": {
        const constant = entry.value.get();
        return constant === null ? faulty : { kind: "constant", constant: constant.id };
      }
      case "tensor": {
        const tensor = entry.tensor.get();
        if (tensor === null) return faulty;
        if (tensor.source.kind !== "definition" || tensor.prefix.length > 0) return null;
        const { definition } = tensor.source;
        return changesDuringRuns(world, definition)
          ? { kind: "unrecorded", definition, span: entry.span }
          : { kind: "definition", definition };
      }
      case "component": {
        const isTemplate = entry.declaration.instance === null && entry.declaration.parameters !== null;
        if (entry.sort === "optimizer" || isTemplate) return null;
        const members = entry.instance.get()?.members;
        if (members === undefined) return faulty;
        const named = [...members.entries].map(([name, member]) => [name, valueOf(member)] as const);
        return {
          kind: "component",
          members: new Map(named.filter((pair): pair is readonly [string, ResultName] => pair[1] !== null)),
        };
      }
      case "fn": {
        const { body, parameters, results } = entry.fn;
        if (entry.chosen !== undefined || entry.open !== undefined) return null;
        const isScalar =
          parameters.every((parameter) => parameter.axes === null && parameter.sort === "value") &&
          (results === null || results.length === 0);
        if (!isScalar || body === null || body.kind === "block") return null;
        return {
          kind: "fn",
          parameters: parameters.map((parameter) => parameter.name.text),
          body,
          scope: scopeOf(entry.scope),
        };
      }
      case "phase": {
        const phase = signatures.get(entry.name);
        if (phase === undefined) return faulty;
        const inner = [...(entry.values?.entries ?? [])];
        const failed = new Set(
          inner.flatMap(([name, part]) =>
            part.kind === "faulty" || (part.kind === "tensor" && part.tensor.get() === null) ? [name] : [],
          ),
        );
        return { kind: "phase", phase: { ...phase, failed } };
      }
      case "faulty":
        return faulty;
      case "template":
      case "value":
      case "result":
        return null;
    }
  };
  // The variable of a sequence is an axis of results, and a name only inside of it in runs.
  const sequences = [...world.sequences].map(([axis, { text }]) => [text, { kind: "axis" as const, axis }] as const);
  return new Map([...scopeOf(scope), ...sequences]);
}

function labels(world: World): ResultScope {
  const names = new Map<string, ResultName>();
  for (const { kind } of world.axes.values()) {
    const found = kind.kind === "labels" || kind.kind === "sweep" ? (kind.labels ?? []) : [];
    for (const label of found) names.set(label, { kind: "label", label });
  }
  return names;
}
