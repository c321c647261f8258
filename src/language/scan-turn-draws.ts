/** Draws that are made in the iterations of scans: the positions of the scans are places in their keys, as those of axes are. */
import type { DrawEquation, SubscriptItem, Target } from "../../grammar/tree.js";
import { drawOf } from "./draws.js";
import { position } from "./expressions/build.js";
import { bindTarget, inside } from "./indices.js";
import { renameDraw } from "./rename-draws.js";
import type { Env, Scope, Tensor } from "./scopes.js";
import { defined, headerOf } from "./tensors.js";
import type { Draw, Expr } from "./typed.js";
import type { World } from "./world.js";

/** An iteration: the index of its scan, and where that stands. */
export interface Turn {
  readonly name: string;
  readonly position: Expr;
}

/** `outside` is where the outermost scan stands, `full` the name that the draw is made by. */
export function drawnInTurn(
  world: World,
  env: Env,
  outside: Scope,
  statement: DrawEquation,
  turns: readonly Turn[],
  full: string,
): Tensor | null {
  const { target, distribution, by, doc } = statement;
  if (outside.role === "fn") {
    world.report(outside, {
      code: "AM2019",
      span: target.span,
      message: "a fn has no parameters, states or draws of its own",
      help: "declare it outside and read it here, or pass it as an argument",
    });
    return null;
  }
  const items = target.subscripts ?? [];
  const own = items.filter((item) => turnOf(item, turns) === undefined);
  const header = headerOf(
    full,
    target,
    doc,
    bindTarget(world, env, { ...target, subscripts: own.length === 0 ? null : own }, [distribution], null),
  );
  const drawn = drawOf(world, inside(env, header.bound), header, distribution, by);
  if (drawn === null) return null;
  const draw: Draw = { ...drawn.draw, at: [...outside.over.map(() => null), ...placesOf(target, turns)] };
  const each = outside.redrawn ?? undefined;
  return defined(world, { ...header, over: outside.over }, drawn.type, (names) => ({
    kind: "draw",
    draw: renameDraw(draw, names),
    ...(each === undefined ? {} : { each }),
  }));
}

/** As for a tensor over all of them; scans that the left side does not name come first. */
function placesOf({ subscripts }: Target, turns: readonly Turn[]): readonly (Expr | null)[] {
  const named = (subscripts ?? []).map((item) => turnOf(item, turns) ?? null);
  const others = turns.filter((turn) => !named.includes(turn));
  return [...others, ...named].map((turn) => (turn === null ? null : position(turn.position)));
}

function turnOf({ name, value }: SubscriptItem, turns: readonly Turn[]): Turn | undefined {
  if (name !== null || value.kind !== "expr" || value.expr.kind !== "name") return undefined;
  const { text } = value.expr;
  return turns.find((turn) => turn.name === text);
}
