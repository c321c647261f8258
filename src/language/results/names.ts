/** What a name or a member stands for in an expression over results. */
import type { Expr, Member, Name } from "../../../grammar/tree.js";
import type { PhaseSignature, ResultName } from "../typed.js";
import { stepAxis } from "./context.js";
import type { Checker } from "./checker.js";
import { faulty } from "./environment.js";
import type { Bound, Env, Value } from "./environment.js";
import { finishedOf } from "./facts.js";
import type { AnalysisAxis } from "./ir.js";
import { at, real } from "./nodes.js";

/** A name's value; a fault when there is none. */
export function valueOfName(checker: Checker, env: Env, name: Name): Value {
  const found = lookUp(checker, env, name);
  if (found !== null) return found;
  const { text, span } = name;
  checker.context.fault("AM6001", span, `nothing is called \`${text}\` here`, {
    ...checker.context.suggest(text, namesIn(checker, env)),
    ...(text === "epoch" ? { help: "record it: `record { epoch }`" } : {}),
  });
  return faulty;
}

/** Whether the name stands for anything but a label. */
export function isNamed(checker: Checker, env: Env, name: Name): boolean {
  const { text } = name;
  if (boundOf(env, text) !== undefined || env.locals.has(text) || checker.declaredNames().includes(text)) return true;
  const known = env.scope.get(text);
  return known !== undefined
    ? known.kind !== "label"
    : ["finished", "step", "pi", "inf"].includes(text) || axisOfName(checker, env, text) !== null;
}

function lookUp(checker: Checker, env: Env, name: Name): Value | null {
  const { text, span } = name;
  const { context } = checker;
  const bound = boundOf(env, text);
  if (bound !== undefined) return boundValue(checker, env, bound, name);
  const local = env.locals.get(text);
  if (local !== undefined) return local.kind === "tensor" ? { ...local, node: at(local.node, span) } : local;
  const declared = checker.declared(env, name);
  if (declared !== null) return declared;
  const known = env.scope.get(text);
  if (known !== undefined) return valueOf(checker, env, known, name, text);
  if (text === "finished") return finished(checker, env, name);
  if (text === "step") return tensor(checker, env, stepAxis, name);
  const constant = text === "pi" ? Math.PI : text === "inf" ? Infinity : null;
  if (constant !== null)
    return {
      kind: "tensor",
      node: context.nodes.constant(constant, real, span),
      name: text,
      positional: [],
      final: false,
    };
  // In a `where`: an axis of what it is asked of.
  const axis =
    axisOfName(checker, env, text) ?? env.subjects?.flatMap((node) => node.axes).find(isCalled(text)) ?? null;
  return axis === null ? null : tensor(checker, env, axis, name);
}

const isCalled =
  (text: string) =>
  ({ label }: AnalysisAxis): boolean =>
    label === text;

function tensor(checker: Checker, env: Env, axis: AnalysisAxis, name: Name): Value {
  const node = checker.context.axisNode(axis, env.positions, name.span);
  return { kind: "tensor", node, name: name.text, positional: [axis.label], final: false };
}

export function boundOf(env: Env, label: string): Bound | undefined {
  return env.bound.findLast((bound) => bound.label === label);
}

function boundValue(checker: Checker, env: Env, bound: Bound, name: Name): Value {
  if (bound.range !== null)
    return { kind: "tensor", node: at(bound.range, name.span), name: name.text, positional: null, final: false };
  if (bound.axis !== null) return tensor(checker, env, bound.axis, name);
  checker.context.fault("AM6010", name.span, `over which axis does \`${name.text}\` range?`, {
    here: "it is used as a value before its axis is known",
    labels: [{ span: bound.span, text: "bound here" }],
    help: `name its axis: \`${name.text}: dim\``,
  });
  return faulty;
}

/** The axis that a name runs over: the name itself, or with its primes, then digits taken off. */
export function axisOfName(checker: Checker, env: Env, name: string): AnalysisAxis | null {
  for (let text = name; text !== ""; text = text.slice(0, -1)) {
    if (text === "step") return { ...stepAxis, label: name };
    const known = env.scope.get(text);
    if (known?.kind === "axis") return checker.context.axis(known.axis, name);
    const own = checker.axisOfResults(text);
    if (known === undefined && own !== null) return checker.context.axis(own, name);
    if (!/['\d\u2080-\u2089]$/u.test(text)) return null;
  }
  return null;
}

function valueOf(checker: Checker, env: Env, known: ResultName, name: Name, written: string): Value {
  const { context } = checker;
  switch (known.kind) {
    case "phase":
      return { kind: "phase", phase: known.phase, slices: [] };
    case "constant":
      return checker.constant(known.constant, name);
    case "axis":
      return tensor(checker, env, context.axis(known.axis, name.text), name);
    case "definition":
      return context.definition(known.definition, name.span) ?? faulty;
    case "unrecorded":
      context.fault("AM6003", name.span, `\`${written}\` depends on parameters or states, and no phase records it`, {
        here: "claims, charts and prose see results",
        labels: [{ span: known.span, text: "declared here" }],
        help: `record it (\`record { ${written} }\`) or measure it after the run (\`measure m { value = ${written} }\`), and name the result`,
      });
      return faulty;
    case "component":
      return { kind: "component", name: written, members: known.members };
    case "experiment":
      return { kind: "experiment", name: known.name };
    case "fn":
      return { kind: "fn", name: written, fn: known };
    case "label":
      return { kind: "label", label: known.label };
    case "faulty":
      return faulty;
  }
}

/** `finished` in a `where`: of all runs that the reduction's body reads. */
function finished(checker: Checker, env: Env, name: Name): Value {
  const node = env.subjects === null ? null : finishedOf(checker.context, env.subjects);
  if (node !== null)
    return { kind: "tensor", node: at(node, name.span), name: "finished", positional: [], final: false };
  checker.context.fault(
    "AM6004",
    name.span,
    "`finished` says of a run that it neither failed nor diverged, and no run is meant here",
    {
      help: "write it in the `where` of a reduction of results, as `mean(seed where finished) fit.loss`, or name the phase: `fit.finished`",
    },
  );
  return faulty;
}

/** `fit.loss`, `M.p`. */
export function valueOfMember(checker: Checker, env: Env, member: Member): Value {
  const object = checker.value(env, member.object);
  const { context } = checker;
  const { name } = member;
  switch (object.kind) {
    case "phase": {
      const result = object.phase.results.get(name.text);
      const value =
        result === undefined
          ? context.builtIn(object.phase, name.text, member.span)
          : context.result(object.phase, result, member.span);
      if (value === null)
        return object.phase.failed?.has(name.text) === true ? faulty : noResult(checker, object.phase, name);
      return checker.applyAll(
        value,
        object.slices.filter((slice) => value.node.axes.some((axis) => axis.label === slice.label)),
      );
    }
    case "component": {
      const written = `${object.name}.${name.text}`;
      const known = object.members.get(name.text);
      if (known !== undefined) return valueOf(checker, env, known, { ...name, span: member.span }, written);
      context.fault(
        "AM6002",
        name.span,
        `\`${object.name}\` has no member \`${name.text}\``,
        context.suggest(name.text, object.members.keys()),
      );
      return faulty;
    }
    case "experiment":
      return checker.inExperiment(object.name, { ...name, span: member.span }, name.span);
    case "faulty":
      return faulty;
    default:
      context.fault("AM6002", name.span, `\`${describe(member.object)}\` has no members`, {
        here: "only phases and components have",
      });
      return faulty;
  }
}

function noResult(checker: Checker, phase: PhaseSignature, name: Name): Value {
  const known = [...phase.results.keys(), "steps", "stopped", "diverged", "finished"];
  const verb = phase.sort === "train" ? "records" : "measures";
  checker.context.fault("AM6002", name.span, `\`${phase.name}\` ${verb} no \`${name.text}\``, {
    here: `it has ${[...phase.results.keys()].map((own) => `\`${own}\``).join(", ") || "no results"}`,
    ...(checker.context.suggest(name.text, known).help === undefined
      ? { help: phase.sort === "train" ? `add it: \`record { ${name.text} }\`` : "add an equation for it" }
      : checker.context.suggest(name.text, known)),
  });
  return faulty;
}

function describe(tree: Expr): string {
  return tree.kind === "name" ? tree.text : "this";
}

function namesIn(checker: Checker, env: Env): readonly string[] {
  return [
    ...env.bound.map((bound) => bound.label),
    ...env.locals.keys(),
    ...checker.declaredNames(),
    ...env.scope.keys(),
    "step",
  ];
}
