/** Built-in data sets: `dataset.mnist(image, pixel, class, split: "train", take: 200)` binds `x[image, pixel]` and `label[image]`. */
import type { Call, Component, Expr as TreeExpr, Name } from "../../grammar/tree.js";
import { builtInSet, builtInSets, partHash, partName, partOf, rowsOf } from "../datasets/sets/catalogue.js";
import type { BuiltInSet, SetPart } from "../datasets/sets/catalogue.js";
import { checkSize } from "./axes.js";
import { valuesOf } from "./bounds.js";
import { axisOfSet } from "./data-agreement.js";
import { encodeColumn } from "./datasets.js";
import { apply, faulty, int, number, real } from "./expressions/build.js";
import { declare, envOf, Scope, type Env, type Instance, type Tensor } from "./scopes.js";
import { suggestion } from "./suggest.js";
import { tensorOf } from "./tensors.js";
import type { AxisId, AxisKind, Expr, ScalarType } from "./typed.js";
import { type Lazy, type World, unknownAxis } from "./world.js";

/** How a set is called. */
interface Asked {
  readonly set: BuiltInSet;
  readonly part: SetPart;
  readonly path: string;
  /** Of samples, features and classes. */
  readonly names: readonly Name[];
  /** How many samples. */
  readonly rows: Expr;
  readonly grouped: boolean;
}

const asked = new WeakMap<World, Map<Component, Lazy<Asked | null>>>();

export const setNames: readonly string[] = builtInSets.map(({ name }) => name);

/** The call of a built-in set; null where it is something else. */
export function setCall(instance: TreeExpr): { readonly call: Call; readonly set: BuiltInSet } | null {
  if (instance.kind !== "call" || instance.callee.kind !== "member") return null;
  const set = builtInSet(instance.callee.name.text);
  return set === undefined ? null : { call: instance, set };
}

/** Names for the axes that a set brings along, with what they are where nothing declares them. */
export function axesOfSet(
  world: World,
  scope: Scope,
  declaration: Component,
  call: Call,
): readonly { readonly name: Name; readonly kind: () => AxisKind | null }[] {
  const found = askedOf(world, scope, declaration, call);
  return namesIn(call).map((name, k) => ({
    name,
    kind: () => {
      const known = found.get();
      return known === null ? null : (kindsOf(known, name)[k] ?? null);
    },
  }));
}

function namesIn(call: Call): readonly Name[] {
  return call.args.flatMap((argument) =>
    argument.kind === "positional" && argument.value.kind === "name" ? [argument.value] : [],
  );
}

function kindsOf({ part, rows }: Asked, { span }: Name): readonly AxisKind[] {
  const plain = (size: number, names: readonly string[] | null): AxisKind =>
    names === null ? { kind: "plain", size: number(size, int, span) } : { kind: "labels", labels: names };
  return [
    { kind: "plain", size: rows },
    plain(part.features, part.featureNames),
    plain(part.counts.length, part.classNames),
  ];
}

function askedOf(world: World, scope: Scope, declaration: Component, call: Call): Lazy<Asked | null> {
  const known = asked.get(world) ?? new Map<Component, Lazy<Asked | null>>();
  asked.set(world, known);
  const before = known.get(declaration);
  if (before !== undefined) return before;
  const made = world.lazy<Asked | null>(
    scope,
    declaration.name.text,
    call.span,
    () => checkCall(world, envOf(scope), call),
    () => null,
  );
  known.set(declaration, made);
  return made;
}

function usage(set: BuiltInSet): string {
  const split = Object.keys(set.parts).filter((name) => name !== "");
  const written = split.length === 0 ? "" : `, split: ${split.map((name) => `"${name}"`).join(" or ")}`;
  return `write \`dataset.${set.name}(sample, feature, class${written})\`, with names of axes; \`take: 100\` takes the first 100, \`take: 10, per: class\` the first 10 of each class`;
}

function checkCall(world: World, env: Env, call: Call): Asked | null {
  const found = setCall(call);
  if (found === null) return null;
  const { set } = found;
  const names = namesIn(call);
  const named = new Map<string, TreeExpr>();
  const refuse = (tree: { readonly span: TreeExpr["span"] }, message: string): null => {
    faulty(world, env, "AM3010", tree.span, message, { help: usage(set) });
    return null;
  };
  const options = partOf(set, "") === undefined ? ["split", "take", "per"] : ["take", "per"];
  for (const argument of call.args) {
    if (argument.kind === "replacement") return refuse(argument, "a data set has nothing that could be replaced");
    if (argument.kind === "positional") {
      if (argument.value.kind !== "name") return refuse(argument, "the name of an axis is wanted here");
      continue;
    }
    const { name, value } = argument;
    if (!options.includes(name.text)) return refuse(name, `\`dataset.${set.name}\` has no argument \`${name.text}\``);
    if (named.has(name.text)) return refuse(name, `\`${name.text}\` is given twice`);
    named.set(name.text, value);
  }
  if (names.length !== 3)
    return refuse(
      call,
      `\`dataset.${set.name}\` takes three axes: of samples, features and classes; ${names.length} are given`,
    );
  const chosen = splitOf(world, env, set, call, named.get("split"));
  return chosen === null ? null : withRows(world, env, { ...chosen, set, names }, named, refuse);
}

type Refuse = (tree: { readonly span: TreeExpr["span"] }, message: string) => null;

function withRows(
  world: World,
  env: Env,
  begun: Omit<Asked, "rows" | "grouped">,
  named: ReadonlyMap<string, TreeExpr>,
  refuse: Refuse,
): Asked | null {
  const { part, names } = begun;
  const [take, per] = [named.get("take"), named.get("per")];
  const classes = names[2];
  if (per !== undefined && (per.kind !== "name" || per.text !== classes?.text))
    return refuse(per, `\`per\` takes the axis of classes, \`${classes?.text ?? ""}\``);
  if (take === undefined)
    return per === undefined
      ? { ...begun, rows: number(rowsOf(part), int, names[0]?.span ?? { file: "", start: 0, end: 0 }), grouped: false }
      : refuse(per, "`per` says of what there are as many as `take` says, and `take` is missing");
  const count = checkSize(world, env, take, "`take`");
  if (count.kind === "unknown") return null;
  const most = per === undefined ? rowsOf(part) : Math.min(...part.counts);
  const wrong = valuesOf(world, count)?.find((value) => value < 0 || value > most);
  if (wrong !== undefined) {
    const what =
      per === undefined
        ? `\`${begun.path}\` has ${most} samples`
        : `the smallest class of \`${begun.path}\` has ${most} samples`;
    faulty(world, env, "AM4018", take.span, what, { here: `this takes ${wrong}` });
    return null;
  }
  const grouped = per !== undefined;
  const rows = grouped ? apply("mul", [count, number(part.counts.length, int, take.span)], int, take.span) : count;
  return { ...begun, rows, grouped };
}

function splitOf(world: World, env: Env, set: BuiltInSet, call: Call, split: TreeExpr | undefined) {
  const only = partOf(set, "");
  if (only !== undefined) return { part: only, path: set.name };
  const names = Object.keys(set.parts);
  const text = split?.kind === "string" ? split.value : "";
  const part = partOf(set, text);
  if (part !== undefined) return { part, path: partName(set, text) };
  const listed = names.map((name) => `\`"${name}"\``).join(" or ");
  if (split === undefined)
    faulty(world, env, "AM3010", call.span, `\`dataset.${set.name}\` is given in parts: \`split\` is missing`, {
      help: `write \`split: "${names[0] ?? ""}"\`; there is ${listed}`,
    });
  else faulty(world, env, "AM3010", split.span, `\`split\` is ${listed}`, text === "" ? {} : suggestion(text, names));
  return null;
}

/** Declares `x` and `label`. */
export function checkSet(world: World, scope: Scope, declaration: Component, call: Call): Instance | null {
  const { body } = declaration;
  const [first] = body ?? [];
  if (first !== undefined)
    world.report(scope, {
      code: "AM2021",
      span: first.span,
      message: "a built-in data set has no block: what it binds is `x` and `label`",
    });
  const found = askedOf(world, scope, declaration, call).get();
  if (found === null) return null;
  const env = envOf(scope);
  const axes = found.names.map((name, k) => axisOfSet(world, env, name, kindsOf(found, name)[k], k === 0));
  const [samples = unknownAxis, features = unknownAxis, classes = unknownAxis] = axes;
  const name = `${scope.prefix}${declaration.name.text}`;
  const members = new Scope(scope, "component", `${name}.`);
  const { set, part, path } = found;
  const dataset = world.datasets.push({ path, format: "set", sha256: partHash(set, part), span: call.span }) - 1;
  const member = (shown: "x" | "label", over: readonly AxisId[], type: ScalarType): void => {
    const indices = over.map((axis, k) => {
      const { text, span } = found.names[k] ?? declaration.name;
      return world.newIndex(text, axis, span);
    });
    const column = encodeColumn({ kind: "member", name: shown, grouped: found.grouped });
    const { span } = declaration.name;
    const full = members.prefix + shown;
    const definition = world.addDefinition(full, indices, type, { kind: "data", dataset, column }, span);
    const tensorAxes = indices.map((index) => ({ name: index.name, axis: index.axis, span: index.span }));
    const bound = { indices, named: indices, rest: null, products: [] };
    const tensor = tensorOf({ name: full, shown, span, doc: null, bound, axes: tensorAxes }, definition, type);
    declare(world, members, {
      kind: "tensor",
      name: shown,
      span,
      declared: call.span,
      axes: world.lazy(
        members,
        shown,
        span,
        () => tensorAxes,
        () => [],
      ),
      tensor: world.lazy<Tensor | null>(
        members,
        shown,
        span,
        () => tensor,
        () => null,
      ),
    });
  };
  member("x", [samples, features], real);
  member("label", [samples], classes === unknownAxis ? int : { kind: "index", axis: classes });
  return { name, sort: declaration.sort, members, parameters: [], declared: ["x", "label"] };
}
