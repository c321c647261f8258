/** Ranges of expressions over results: of columns by what computes them, of the rest by their operations. */
import { alike } from "../../ranges/alike.js";
import { DefinitionRanges } from "../../ranges/definitions.js";
import { ofOperation, ofReduction } from "../../ranges/operations.js";
import { anything, atLeastNothing, hull, ofValues, range, share, type Range } from "../../ranges/range.js";
import type { DefinitionId, Experiment } from "../../typed.js";
import type { CheckedResults } from "../checked.js";
import { KnownCoordinates } from "../coordinates.js";
import type { AnalysisNode } from "../ir.js";

/** What tells nodes, and nothing else, apart. */
export const places: ReadonlySet<string> = new Set(["span", "id"]);

export class ResultRanges {
  readonly coordinates: KnownCoordinates;
  private readonly definitions: DefinitionRanges;
  private readonly sources: ReadonlyMap<string, DefinitionId>;
  private readonly known = new Map<AnalysisNode, Range>();

  constructor(experiment: Experiment, results: CheckedResults) {
    this.coordinates = new KnownCoordinates(experiment);
    this.definitions = new DefinitionRanges(experiment, (axis) => this.coordinates.of(axis));
    const recorded = experiment.phases.flatMap(({ name, records, results: own }) =>
      [...records.flatMap(({ entries }) => entries), ...own].map(
        (entry) => [`${name}.${entry.name}`, entry.definition] as const,
      ),
    );
    const needed = results.needed.map(({ phase, name, definition }) => [`${phase}.${name}`, definition] as const);
    this.sources = new Map([...recorded, ...needed]);
  }

  /** What computes a column. */
  sourceOf({ phase, result }: Extract<AnalysisNode, { readonly kind: "column" }>): DefinitionId | null {
    return this.sources.get(`${phase}.${result}`) ?? null;
  }

  of(node: AnalysisNode): Range {
    const known = this.known.get(node);
    if (known !== undefined) return known;
    const found = this.find(node);
    this.known.set(node, found);
    return found;
  }

  private find(node: AnalysisNode): Range {
    if (node.type.kind === "bool" && node.kind !== "constant") return share;
    if (node.type.kind !== "number" && node.type.kind !== "bool") return anything;
    switch (node.kind) {
      case "constant":
        return range(node.value, node.value);
      case "column":
        return this.column(node);
      case "literal":
        return ofValues(node.values);
      case "axis":
        return node.position ? atLeastNothing : this.axis(node);
      case "apply": {
        const [first, second] = node.operands;
        const same = first !== undefined && second !== undefined && alike(first, second, places);
        if (node.operation === "pow" && second?.kind === "constant" && second.value === 2)
          return ofOperation("mul", [this.of(first ?? node), this.of(first ?? node)], true);
        const operands = node.operands.map((operand) => this.of(operand));
        return ofOperation(node.operation, operands, same);
      }
      case "choose":
        return hull(node.arms.map((arm) => this.of(arm)));
      case "select":
      case "expand":
        return this.of(node.body);
      case "reduce":
        return ["argmax", "argmin", "ci_low", "ci_high"].includes(node.reducer)
          ? anything
          : ofReduction(node.reducer, this.of(node.body), null, false);
      case "scan":
        return ofReduction(node.scan, this.of(node.body), null, false);
      case "statistic":
        return ofReduction(node.statistic, anything, null, false);
      case "in":
      case "missing":
      case "unknown":
        return anything;
    }
  }

  private column(node: Extract<AnalysisNode, { readonly kind: "column" }>): Range {
    if (node.coordinates !== null) return ofValues(node.coordinates);
    const source = this.sourceOf(node);
    if (source !== null) return this.definitions.definition(source);
    return node.result === "steps" ? atLeastNothing : anything;
  }

  private axis({ axis, coordinates }: Extract<AnalysisNode, { readonly kind: "axis" }>): Range {
    if (coordinates.kind === "known") return ofValues(coordinates.values);
    if (axis.kind === "step") return atLeastNothing;
    return axis.axis === null ? anything : ofValues(this.coordinates.of(axis.axis));
  }
}
