/** `record stepwise`: what the body of a step makes is carried to the end of the step, and recorded there. */
import type { Carried, ValueId } from "../ir/types.js";
import type { DefinitionId, PhaseStatement } from "../language/typed.js";
import { definitionOf, dtypeOf, type Context, type Environment } from "./context.js";
import { dimsOf } from "./definitions.js";

export interface Made {
  readonly definition: DefinitionId;
  /** What the step before has made. */
  readonly current: ValueId;
  carried(next: ValueId): Carried;
}

export function madeInStep(context: Context, id: DefinitionId): Made {
  const { builder } = context;
  const definition = definitionOf(context, id);
  const type = { dtype: dtypeOf(context, definition.type), dims: dimsOf(context, definition) };
  const current = builder.carried(type);
  return {
    definition: id,
    current,
    carried: (next) => ({
      name: definition.name,
      role: "state",
      type,
      init: builder.broadcast(builder.constant(0, type.dtype), type.dims),
      next,
      watched: false,
    }),
  };
}

/** What the equations of a body were at their places. */
export function snapshots(
  statements: readonly PhaseStatement[],
  after: Environment,
): readonly (readonly [DefinitionId, ValueId])[] {
  return statements.flatMap((statement) => {
    const value = statement.kind === "snapshot" ? after.get(statement.definition) : undefined;
    return statement.kind !== "snapshot" || value === undefined ? [] : [[statement.definition, value] as const];
  });
}
