/** `record … { … }`: what is kept of a run, and at which steps. */
import type { Expr as TreeExpr, Record as TreeRecord, SubscriptItem } from "../../grammar/tree.js";
import { checkSteps as countSteps } from "./batches.js";
import { tensorEntry } from "./declare.js";
import { faulty } from "./expressions/build.js";
import { checkExpr } from "./expressions/check.js";
import { checkList } from "./expressions/lists.js";
import { axisOfName } from "./indices.js";
import { lift } from "./lifting.js";
import { placeOf, type PhasePlace } from "./phases.js";
import { boundIndex, declare, envOf, Scope, Whole, type Env, type Tensor } from "./scopes.js";
import type { DefinitionId, RecordBlock, Steps } from "./typed.js";
import type { Span } from "../base/span.js";

interface Entry {
  readonly name: string;
  readonly definition: DefinitionId;
}

export function checkRecords(phase: PhasePlace, records: readonly TreeRecord[]): readonly RecordBlock[] {
  const seen = new Map<string, Span>();
  return records.flatMap((record) => {
    const place = placeOf(phase, record);
    const steps = checkSteps(place, record);
    // What a record defines is seen by the other entries of it.
    const scope = new Scope(place.scope, "record", place.scope.prefix);
    const equations = declareEquations(place, scope, record);
    const entries = record.entries.flatMap((entry) => {
      const found =
        entry.kind === "equation"
          ? checkEquationEntry(equations, entry.target.path[0]?.text ?? "")
          : checkValueEntry(place, scope, entry.value);
      if (found === null) return [];
      const first = seen.get(found.name);
      if (first !== undefined) {
        place.world.report(scope, {
          code: "AM2026",
          span: entry.span,
          message: `\`${found.name}\` is recorded twice`,
          labels: [{ span: first, text: "first here" }],
          help: `give it a name of its own: \`${found.name}2 = …\``,
        });
        return [];
      }
      seen.set(found.name, entry.span);
      return [found];
    });
    return steps === null ? [] : [{ steps, entries, span: record.span }];
  });
}

function checkSteps(place: PhasePlace, record: TreeRecord): Steps | null {
  const { world, env } = place;
  const { schedule } = record;
  const outside: Env = { ...env, stepping: false };
  switch (schedule.kind) {
    case "each":
    case "last":
    case "stepwise":
      return { kind: schedule.kind };
    case "every": {
      const count = countSteps(world, env, schedule.count, "the number of steps between records");
      return count === null ? null : { kind: "every", count };
    }
    case "at": {
      const { steps } = schedule;
      const isNumber = steps.kind === "number";
      const list = checkList(world, outside, isNumber ? { kind: "list", items: [steps], span: steps.span } : steps);
      return list === null ? null : { kind: "at", steps: list.list };
    }
  }
}

type Equations = ReadonlyMap<string, ReturnType<typeof tensorEntry>>;

function declareEquations(place: PhasePlace, scope: Scope, record: TreeRecord): Equations {
  const { world } = place;
  const found = new Map<string, ReturnType<typeof tensorEntry>>();
  for (const entry of record.entries) {
    if (entry.kind !== "equation") continue;
    const { target, value, span } = entry;
    const [name, ...others] = target.path;
    if (name === undefined) continue;
    if (others.length > 0) {
      faulty(world, place.env, "AM2020", target.span, "a recorded equation has a name of its own", {
        help: `write \`${others.at(-1)?.text ?? ""} = …\``,
      });
      continue;
    }
    // In `margin[token] = 2 * margin[token]` the right side means what has the name outside.
    const env = envOf(scope, { stepping: place.env.stepping });
    const made = tensorEntry(world, env, scope, {
      statement: { kind: "equation", doc: null, targets: [target], value, span },
      target,
      pick: 0,
    });
    if (!found.has(name.text)) found.set(name.text, made);
    if (scope.lookup(name.text) === undefined) declare(world, scope, made);
  }
  return found;
}

function checkEquationEntry(equations: Equations, name: string): Entry | null {
  const tensor = equations.get(name)?.tensor.get() ?? null;
  return tensor?.source.kind === "definition" ? { name, definition: tensor.source.definition } : null;
}

/** `loss`, `M.W`, `margin[token]`, `W[0, dim]`: recorded under its own name. */
function checkValueEntry(place: PhasePlace, scope: Scope, tree: TreeExpr): Entry | null {
  const { world } = place;
  const env = envOf(scope, { stepping: place.env.stepping });
  if (tree.kind === "missing") return null;
  const named = tree.kind === "subscript" ? tree.object : tree;
  const name = named.kind === "name" ? named.text : named.kind === "member" ? named.name.text : null;
  if (name === null) {
    faulty(world, env, "AM2027", tree.span, "what is recorded needs a name", { help: "write `name = …`" });
    return null;
  }
  const whole = new Whole(world);
  const indices = tree.kind === "subscript" ? freeNames(place, scope, tree.items) : [];
  const value = checkExpr(world, { ...env, indices, whole }, tree);
  if (value.kind === "unknown") return null;
  const slots = whole.slots.map((slot) => slot.index);
  const own = [...indices, ...slots].map((index) => ({ index, name: index.name, span: tree.span }));
  const tensor: Tensor = lift(world, { name: `${place.name}.${name}`, span: tree.span, type: value.type, own, value });
  return tensor.source.kind === "definition" ? { name, definition: tensor.source.definition } : null;
}

/** Names in the brackets that are no values become axes of the record. */
function freeNames(place: PhasePlace, scope: Scope, items: readonly SubscriptItem[]): Env["indices"] {
  const { world } = place;
  const found: Env["indices"][number][] = [];
  const trees = items.flatMap(({ value }) => (value.kind === "expr" ? [value.expr] : []));
  for (const tree of trees.flatMap((own) => (own.kind === "tuple" ? own.items : [own]))) {
    if (tree.kind !== "name") continue;
    const { text, span } = tree;
    const entry = axisOfName(scope, text);
    const isValue = scope.lookup(text) !== undefined && scope.lookup(text)?.kind !== "axis";
    if (entry?.kind !== "axis" || isValue || boundIndex(envOf(scope, { indices: found }), text) !== undefined) continue;
    found.push(world.newIndex(text, entry.axis.get(), span));
  }
  return found;
}
