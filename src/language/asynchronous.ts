/** `s[q, n] <- e asynchronously over n`: in which order the entries change. */
import type { Assign, Name } from "../../grammar/tree.js";
import { faulty } from "./expressions/build.js";
import { freshAxes } from "./previous.js";
import type { Env } from "./scopes.js";
import type { Assignment, Asynchronously, Definition, Draw, Index } from "./typed.js";
import { keyedBySequences } from "./sequences.js";
import type { World } from "./world.js";

/** Null after a fault. */
export function checkOrderOf(
  world: World,
  env: Env,
  target: Assignment["targets"][number],
  { over, order, per }: NonNullable<Assign["asynchronously"]>,
): Asynchronously | null {
  const definition = world.definition(target.definition);
  const place = placeOf(world, env, target.axes, definition, over);
  const index = target.axes[place];
  if (index === undefined) return null;
  if (order === "natural" && per.length === 0) return { over: index, order: null };
  if (order === "natural") {
    faulty(world, env, "AM2034", over.span, "the natural order is the same for all", { help: "leave out `per`" });
    return null;
  }
  const own = per.map((name) => placeOf(world, env, target.axes, definition, name));
  if (own.some((at) => at < 0)) return null;
  if (own.includes(place) || new Set(own).size < own.length) {
    faulty(world, env, "AM2034", over.span, `\`per\` names other axes than \`${over.text}\`, each once`, {
      help: `\`asynchronously over ${over.text} per query\`: each query has an order of its own`,
    });
    return null;
  }
  const indices = own.flatMap((at) => target.axes[at] ?? []);
  const fresh = freshAxes(world, indices);
  const [along] = freshAxes(world, [index]);
  if (along === undefined) return null;
  const all = order === "random";
  const draw: Draw = {
    distribution: all ? { kind: "permutation", along } : { kind: "choice", axis: index.axis },
    by: keyedBySequences(world, env.scope),
  };
  // The order is keyed like a draw named as the state.
  const made = world.addDefinition(
    definition.name,
    all ? [...fresh, along] : fresh,
    { kind: "index", axis: index.axis },
    { kind: "draw", draw, each: { every: null } },
    over.span,
  );
  return { over: index, order: { all, definition: made, per: indices } };
}

/** Which of the target's indices has this name, as it is written on the left side or where the state is declared. */
function placeOf(world: World, env: Env, axes: readonly Index[], definition: Definition, { text, span }: Name): number {
  const written = axes.findIndex(({ name }) => name === text);
  const place = written >= 0 ? written : definition.axes.findIndex(({ name }) => name === text);
  if (place >= 0) return place;
  faulty(world, env, "AM2034", span, `\`${text}\` is no index of \`${definition.name}\` here`, {
    labels: [{ span: definition.span, text: "declared here" }],
    help: `its indices are ${axes.map(({ name }) => `\`${name}\``).join(", ")}`,
  });
  return -1;
}
