/** Records of the groups: rows of buffers that go through the outer loop, written where the host's table says. */
import type { DType, ValueId } from "../../ir/types.js";
import type { ProgramView } from "./analyse.js";
import { spread } from "./axes.js";
import type { Axis, Value } from "./axes.js";
import { whenever } from "./control-flow.js";
import type { Tensor } from "./function-builder.js";
import type { Region } from "./region.js";
import { byRun, isRunning, kindsOfEnd } from "./step.js";
import type { Ends } from "./step.js";
import { binary, compare, entry, logical, scalar, select, writeRow } from "./tensors.js";

/** Rows for the slots of a call and a spare one, for each entry of each group. The axes are those of a row. */
export function emptyBuffers(region: Region, ends: Ends, slotsPerCall: number): readonly Value[] {
  const { f, view } = region;
  return (view.program.loop?.groups ?? []).flatMap((group) =>
    group.entries.map((record): Value => {
      const { type, axes } = recordKind(view, ends, record.value);
      return { tensor: f.constant(type, [slotsPerCall + 1, ...view.table.shape(axes)], 0), axes };
    }),
  );
}

/** What is needed of the step becomes a matter of the run where runs end at steps of their own. */
function recordKind(view: ProgramView, ends: Ends, id: ValueId): { type: DType; axes: readonly Axis[] } {
  const type = view.program.nodes[id]?.type;
  if (type === undefined) throw new Error(`the program has no value ${id}`);
  const ownStep = ends.early && view.stepping[id] === true && view.table.runs > 1;
  return { type: type.dtype, axes: view.table.ordered(type.dims, view.varying[id] === true || ownStep) };
}

/** What the round is, and its row of the host's table. */
export interface Round {
  readonly isSlot: Tensor;
  /** The round that writes the spare row. */
  readonly isLast: Tensor;
  readonly slot: Tensor;
}

/** All groups' entries, where they are due, written to their rows; `asked` where a round need be neither slot nor last. */
export function recordAll(
  region: Region,
  round: Round,
  buffers: readonly Value[],
  spareRow: number,
  asked = false,
): readonly Value[] {
  const { f, view } = region;
  const groups = view.program.loop?.groups ?? [];
  const spare = scalar(f, "i32", spareRow);
  const pending = [...buffers];
  return groups.flatMap((group, number) => {
    const own = pending.splice(0, group.entries.length);
    const compute = (inner: Region) =>
      own.map((buffer, k) => {
        const record = group.entries[k];
        if (record === undefined) throw new Error("a buffer has no record");
        return spread(inner.f, view.table, inner.get(record.value), buffer.axes);
      });
    const row = select(f, round.isSlot, entry(f, round.slot, number + 1), spare);
    // Groups have their own steps: one that is not due now is not computed, and leaves zeros in the spare row.
    const due = logical(f, "LogicalOr", compare(f, "NotEqual", row, spare), round.isLast);
    const values = asked || groups.length > 1 ? whenever(region, due, compute) : compute(region);
    return values.map((value, k): Value => {
      const buffer = own[k];
      if (buffer === undefined) throw new Error("a record has no buffer");
      return { tensor: writeRow(f, buffer.tensor, row, value.tensor), axes: buffer.axes };
    });
  });
}

/** By run: the updates that it has done, also where it ended earlier than others. */
export function ownSteps(region: Region, marks: Tensor | null, step: Tensor): Value {
  const { f, view } = region;
  if (marks === null) return { tensor: step, axes: [] };
  const ended = binary(f, "FloorDiv", marks, scalar(f, "i32", kindsOfEnd(view.program)));
  return byRun(view, select(f, isRunning(f, marks), step, ended));
}
