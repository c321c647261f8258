/** Built-in data sets: `dataset.mnist(image, pixel, class, split: "train", take: 200)` binds `x[image, pixel]` and `label[image]`. */
import type { Call, Expr as TreeExpr, Name } from "../../grammar/tree.js";
import { builtInSets, partHash, partName, partOf, rowsOf } from "../datasets/sets/catalogue.js";
import type { BuiltInSet, SetPart } from "../datasets/sets/catalogue.js";
import { corpora } from "../datasets/sets/corpora.js";
import { checkSize } from "./axes.js";
import { valuesOf } from "./bounds.js";
import { type Bound, indexOf, namesIn } from "./data-bound.js";
import { apply, faulty, int, number, real } from "./expressions/build.js";
import type { Env } from "./scopes.js";
import { suggestion } from "./suggest.js";
import type { AxisKind, Expr } from "./typed.js";
import type { World } from "./world.js";

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

export const setNames: readonly string[] = [...builtInSets, ...corpora].map(({ name }) => name);

function kindsOf({ part, rows }: Asked, { span }: Name): readonly AxisKind[] {
  const plain = (size: number, names: readonly string[] | null): AxisKind =>
    names === null ? { kind: "plain", size: number(size, int, span) } : { kind: "labels", labels: names };
  return [
    { kind: "plain", size: rows },
    plain(part.features, part.featureNames),
    plain(part.counts.length, part.classNames),
  ];
}

/** What the call of a set binds: `x` and `label`. */
export function boundBySet(world: World, env: Env, call: Call, set: BuiltInSet): Bound | null {
  const found = checkCall(world, env, call, set);
  if (found === null) return null;
  const { names, part, path, grouped } = found;
  const span = names[0]?.span ?? call.span;
  const sample = names[0] ?? { kind: "name", text: "", span };
  const member = (name: "x" | "label") => ({ name, column: { kind: "member", name, grouped } as const });
  return {
    datasets: [{ path, format: "set", sha256: partHash(set, part), span: call.span }],
    chosen: null,
    names,
    kinds: kindsOf(found, sample),
    sampled: true,
    members: [
      { ...member("x"), over: [0, 1], type: () => real },
      { ...member("label"), over: [0], type: (axes) => indexOf(axes[2]) },
    ],
  };
}

function usage(set: BuiltInSet): string {
  const split = Object.keys(set.parts).filter((name) => name !== "");
  const written = split.length === 0 ? "" : `, split: ${split.map((name) => `"${name}"`).join(" or ")}`;
  return `write \`dataset.${set.name}(sample, feature, class${written})\`, with names of axes; \`take: 100\` takes the first 100, \`take: 10, per: class\` the first 10 of each class`;
}

function checkCall(world: World, env: Env, call: Call, set: BuiltInSet): Asked | null {
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
