/** The context of expressions over results of several experiments. */
import type { Diagnostics } from "../../base/diagnostic.js";
import type { Source, Span } from "../../base/span.js";
import type { AxisId, CheckedExperiment, DefinitionId, Experiment, PhaseSignature } from "../typed.js";
import { Context } from "./context.js";
import type { Needed } from "./definitions.js";
import type { TensorValue } from "./environment.js";
import type { AnalysisAxis } from "./ir.js";
import type { Nodes } from "./nodes.js";
import type { SharedAxes } from "./shared-axes.js";

/** An experiment of the file; without a name what stands outside of all. */
export interface Part {
  readonly name: string | null;
  readonly checked: CheckedExperiment;
  /** Without a profile and `--set`; null where there are none. */
  readonly full: Experiment | null;
  readonly needed: readonly Needed[];
}

export class UnionContext extends Context {
  override readonly phases: readonly PhaseSignature[];

  constructor(
    checked: CheckedExperiment,
    diagnostics: Diagnostics,
    sources: readonly Source[],
    private readonly shared: SharedAxes,
    phases: readonly PhaseSignature[],
    nodes: Nodes | null,
  ) {
    super(checked, diagnostics, sources, null, nodes);
    this.phases = phases;
  }

  override axis(id: AxisId, label?: string): AnalysisAxis {
    return super.axis(this.shared.one(id), label);
  }

  override describeAxis(axis: AnalysisAxis): string {
    const of = axis.axis === null ? null : this.shared.nameOf(axis.axis);
    return of === null ? super.describeAxis(axis) : `${super.describeAxis(axis)} of ${of}`;
  }

  override fullCoordinates(id: AxisId): readonly number[] | null {
    return this.shared.inFull(id);
  }

  override get isChanged(): boolean {
    return this.shared.isChanged;
  }

  override definition(id: DefinitionId, span: Span): TensorValue | null {
    const name = this.experiment.definitions.get(id)?.name ?? "";
    if (this.shared.need(id, name) !== null) return super.definition(id, span);
    this.fault("AM6003", span, `no experiment computes \`${name}\` here`, {
      here: "it stands outside of all experiments",
      help: `name the experiment whose value is meant: \`experiment.${name}\``,
    });
    return null;
  }

  protected override neededFor(id: DefinitionId, name: string): Needed {
    return this.shared.need(id, name) ?? super.neededFor(id, name);
  }

  protected override twoAxes(first: AnalysisAxis, second: AnalysisAxis, span: Span): void {
    this.fault("AM6011", span, `\`${first.label}\` stands for two different axes here`, {
      here: `\`${this.describeAxis(first)}\` and \`${this.describeAxis(second)}\` meet`,
      notes: ["axes of two experiments are one where they have the same name and the same coordinates"],
      help: `select from both, reduce them (\`mean(${first.label}) …\`), or give one of them another name: \`x[${first.label}: ${first.label}']\``,
    });
  }
}
