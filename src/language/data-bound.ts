/** What calls like `dataset.mnist(…)`, which have no block, bind. */
import type { Call, Name } from "../../grammar/tree.js";
import type { DataColumn } from "./datasets.js";
import { int } from "./expressions/build.js";
import type { AxisId, AxisKind, DataSet, Expr, ScalarType } from "./typed.js";
import { unknownAxis } from "./world.js";

export interface Bound {
  /** For each filling of the names in its path. */
  readonly datasets: readonly DataSet[];
  /** Which of them a point has; null where there is one. */
  readonly chosen: Expr | null;
  readonly names: readonly Name[];
  /** What the axes are where nothing declares them. */
  readonly kinds: readonly AxisKind[];
  /** Whether the first axis is that of samples, of which fewer may be taken. */
  readonly sampled: boolean;
  readonly members: readonly {
    readonly name: string;
    /** Which of the axes it has. */
    readonly over: readonly number[];
    readonly type: (axes: readonly AxisId[]) => ScalarType;
    readonly column: DataColumn;
  }[];
  /** Names that others of its kind bind, with the reason why this does not. */
  readonly without?: ReadonlyMap<string, string>;
}

export const indexOf = (axis: AxisId | undefined): ScalarType =>
  axis === undefined || axis === unknownAxis ? int : { kind: "index", axis };

export function namesIn(call: Call): readonly Name[] {
  return call.args.flatMap((argument) =>
    argument.kind === "positional" && argument.value.kind === "name" ? [argument.value] : [],
  );
}
