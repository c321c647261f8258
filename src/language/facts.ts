/**
 * What a phase rests on, declaration by declaration, as texts that can be compared: two versions of a spec differ for a phase in
 * just those declarations whose texts differ. Comments, spans and numbers of indices do not show.
 */
import type { Span } from "../base/span.js";
import { Printer } from "./print.js";
import type { AxisId, ConstantId, DefinitionId, Experiment, Index, Phase } from "./typed.js";

/** A declaration, or a part of a phase. */
export interface Fact {
  /** What it is, for people: "`eta`", "`M.W`", "the steps of `fit`". */
  readonly name: string;
  readonly text: string;
  readonly span: Span;
}

/** By a key that is the same in every version of the spec. */
export type Facts = ReadonlyMap<string, Fact>;

/** All that a phase and the phases before it rest on. */
export function phaseFacts(experiment: Experiment, name: string): Facts {
  const printer = new FactPrinter(experiment);
  const open = [name];
  const done = new Set<string>();
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (done.has(next)) continue;
    done.add(next);
    // In a sequence it reads more from the second turn on.
    const turns = experiment.phases.filter((candidate) => candidate.name === next);
    turns.slice(0, 1).forEach((phase) => printer.addPhase(phase));
    open.push(...new Set(turns.flatMap(({ after }) => after)));
  }
  return printer.all();
}

class FactPrinter extends Printer {
  private readonly facts = new Map<string, Fact>();
  private readonly axes = new Set<AxisId>();
  private readonly definitions = new Set<DefinitionId>();
  private readonly constants = new Set<ConstantId>();

  constructor(private readonly whole: Experiment) {
    super(whole);
  }

  override axisName(id: AxisId): string {
    this.axes.add(id);
    return super.axisName(id);
  }

  override definitionName(id: DefinitionId): string {
    this.definitions.add(id);
    return super.definitionName(id);
  }

  override constantName(id: ConstantId): string {
    this.constants.add(id);
    return super.constantName(id);
  }

  override index(index: Index): string {
    return index.name;
  }

  addPhase(phase: Phase): void {
    const [head = "", ...lines] = this.phase(phase);
    this.facts.set(`phase ${phase.name}`, {
      name: `the phase \`${phase.name}\``,
      text: [head.replace(/ over \(.*$/u, ""), ...lines].join("\n"),
      span: phase.span,
    });
    phase.axes.forEach((axis) => this.axisName(axis));
    this.facts.set("precision", {
      name: "the precision",
      text: this.whole.precision,
      span: this.whole.span,
    });
  }

  /** Follows what was mentioned until nothing new is. */
  all(): Facts {
    const { axes, definitions, constants } = this;
    const done = new Set<string>();
    const each = <Id extends number>(ids: Set<Id>, sort: string, add: (id: Id) => void): void => {
      for (const id of ids) {
        if (done.has(`${sort} ${id}`)) continue;
        done.add(`${sort} ${id}`);
        add(id);
      }
    };
    for (let before = -1; before < done.size;) {
      before = done.size;
      each(axes, "axis", (id) => this.addAxis(id));
      each(definitions, "definition", (id) => this.addDefinition(id));
      each(constants, "constant", (id) => this.addConstant(id));
    }
    return this.facts;
  }

  private addAxis(id: AxisId): void {
    const axis = this.whole.axes.get(id);
    // The axis `step` is always there.
    if (axis === undefined || id === 0) return;
    const sweep = this.whole.sweeps.find((candidate) => candidate.axes.includes(id));
    const text = [this.axis(axis), ...(sweep === undefined ? [] : [this.sweep(sweep)])].join("\n");
    this.facts.set(`axis ${axis.name}`, { name: `\`${axis.name}\``, text, span: sweep?.span ?? axis.span });
  }

  private addDefinition(id: DefinitionId): void {
    const definition = this.whole.definitions.get(id);
    if (definition === undefined) return;
    const { name, body, span } = definition;
    const sources = body.kind === "data" ? (body.choice?.from ?? [body]) : [];
    const files = sources.flatMap(({ dataset }) => this.whole.datasets[dataset] ?? []);
    const text = [this.definition(definition), ...files.map(({ path, sha256 }) => `${path} ${sha256}`)].join("\n");
    const key = `definition ${name}`;
    // Definitions that the checker made itself may share a name; they are one fact then.
    const known = this.facts.get(key);
    this.facts.set(key, { name: `\`${name}\``, text: known === undefined ? text : `${known.text}\n${text}`, span });
  }

  private addConstant(id: ConstantId): void {
    const constant = this.whole.constants.get(id);
    if (constant === undefined) return;
    const { name, value, span } = constant;
    const text = "type" in value ? this.expr(value) : this.list(value);
    this.facts.set(`constant ${name}`, { name: `\`${name}\``, text, span });
  }
}

export interface Change {
  readonly kind: "changed" | "new" | "gone";
  readonly name: string;
  /** In the new text; of what is gone, in the old one. */
  readonly span: Span;
  /** Where it stood before, if it did and still does. */
  readonly was: Span | null;
}

/** In the order of the text, what is gone last. */
export function changesBetween(before: Facts, now: Facts): readonly Change[] {
  const changes: Change[] = [];
  for (const [key, { name, text, span }] of now) {
    const old = before.get(key);
    if (old === undefined) changes.push({ kind: "new", name, span, was: null });
    else if (old.text !== text) changes.push({ kind: "changed", name, span, was: old.span });
  }
  changes.sort((a, b) => a.span.start - b.span.start);
  for (const [key, { name, span }] of before) if (!now.has(key)) changes.push({ kind: "gone", name, span, was: null });
  return changes;
}
