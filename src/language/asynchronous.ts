/** `s[q, n] <- e asynchronously over n`: in which order the entries change. */
import type { Assign, Name } from "../../grammar/tree.js";
import type { Span } from "../base/span.js";
import { faulty, position } from "./expressions/build.js";
import { freshAxes } from "./previous.js";
import type { Turn } from "./scan-turn-draws.js";
import type { Env } from "./scopes.js";
import type { Assignment, Asynchronously, DefinitionId, Draw, Expr, Index } from "./typed.js";
import { keyedBySequences } from "./sequences.js";
import type { World } from "./world.js";

/** A state by the names of its indices: as they are written on the left side, and where it is declared. */
export interface NamedState {
  readonly name: string;
  readonly span: Span;
  readonly written: readonly string[];
  readonly declared: readonly string[];
}

/** How an order is drawn: by which name, in which iterations of scans, in each step. */
interface Drawn {
  readonly name: string;
  readonly turns: readonly Turn[];
  readonly each: { readonly every: Expr | null } | undefined;
}

/** Null after a fault. */
export function checkOrderOf(
  world: World,
  env: Env,
  target: Assignment["targets"][number],
  asynchronously: NonNullable<Assign["asynchronously"]>,
): Asynchronously | null {
  const { name, span, axes } = world.definition(target.definition);
  const written = target.axes.map((index) => index.name);
  const state = { name, span, written, declared: axes.map((index) => index.name), indices: target.axes };
  const place = placeAmong(world, env, state, asynchronously.over);
  const index = target.axes[place];
  if (index === undefined) return null;
  // The order is keyed like a draw named as the state.
  const order = checkOrder(world, env, state, asynchronously, place, { name, turns: [], each: { every: null } });
  if (order === undefined) return null;
  const per = (order?.per ?? []).flatMap((at) => target.axes[at] ?? []);
  return { over: index, order: order === null ? null : { ...order, per } };
}

/** The order of the entries along the index at `place`; null for the natural one, undefined after a fault. */
export function checkOrder(
  world: World,
  env: Env,
  state: NamedState & { readonly indices: readonly Index[] },
  { over, order, per }: NonNullable<Assign["asynchronously"]>,
  place: number,
  { name, turns, each }: Drawn,
): { readonly all: boolean; readonly definition: DefinitionId; readonly per: readonly number[] } | null | undefined {
  if (order === "natural" && per.length === 0) return null;
  if (order === "natural") {
    faulty(world, env, "AM2034", over.span, "the natural order is the same for all", { help: "leave out `per`" });
    return undefined;
  }
  const own = per.map((one) => placeAmong(world, env, state, one));
  if (own.some((at) => at < 0)) return undefined;
  if (own.includes(place) || new Set(own).size < own.length) {
    faulty(world, env, "AM2034", over.span, `\`per\` names other axes than \`${over.text}\`, each once`, {
      help: `\`asynchronously over ${over.text} per query\`: each query has an order of its own`,
    });
    return undefined;
  }
  const fresh = freshAxes(
    world,
    own.flatMap((at) => state.indices[at] ?? []),
  );
  const [along] = freshAxes(
    world,
    state.indices.filter((_, at) => at === place),
  );
  if (along === undefined) return undefined;
  const all = order === "random";
  const axes = all ? [...fresh, along] : fresh;
  const draw: Draw = {
    distribution: all ? { kind: "permutation", along } : { kind: "choice", axis: along.axis },
    by: keyedBySequences(world, env.scope),
    ...(turns.length === 0 ? {} : { at: [...turns.map((turn) => position(turn.position)), ...axes.map(() => null)] }),
  };
  const body = { kind: "draw", draw, ...(each === undefined ? {} : { each }) } as const;
  const definition = world.addDefinition(name, axes, { kind: "index", axis: along.axis }, body, over.span);
  return { all, definition, per: own };
}

/** Which of a state's indices has this name; -1 after a fault. */
export function placeAmong(world: World, env: Env, state: NamedState, { text, span }: Name): number {
  const written = state.written.indexOf(text);
  const place = written >= 0 ? written : state.declared.indexOf(text);
  if (place >= 0) return place;
  faulty(world, env, "AM2034", span, `\`${text}\` is no index of \`${state.name}\` here`, {
    labels: [{ span: state.span, text: "declared here" }],
    help: `its indices are ${state.written.map((name) => `\`${name}\``).join(", ")}`,
  });
  return -1;
}
