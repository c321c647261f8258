/** Everything that a formula may name, from the places where the checker has it; docs/operators.md is made of this. */
import { builtInSets } from "../datasets/sets/catalogue.js";
import { corpora } from "../datasets/sets/corpora.js";
import type { Described, Table } from "./described.js";
import { distributions } from "./distributions.js";
import { builtins } from "./expressions/builtins.js";
import { wholeCalls } from "./expressions/calls.js";
import { derivatives } from "./expressions/derivatives.js";
import { listCalls } from "./expressions/lists.js";
import { alone, forms } from "./expressions/matrix-forms.js";
import { operators } from "./expressions/operators.js";
import { outside } from "./expressions/places.js";
import { crossEntropy, normalisers, reducers, resultCalls, statistics } from "./expressions/reduction-names.js";
import { library } from "./library.js";

export interface Section {
  readonly title: string;
  readonly about: string;
  readonly rows: readonly Described[];
}

const rows = (table: Table): readonly Described[] => Object.values(table);

const functions = [...builtins].map(([name, { parameters, more, says, derivative }]): Described => {
  const named = parameters.map((parameter) => (parameter.endsWith("?") ? `${parameter.slice(0, -1)}: …` : parameter));
  return {
    form: `${name}(${named.join(", ")}${more === true ? ", …" : ""})`,
    says,
    ...(derivative === undefined ? {} : { derivative }),
  };
});

/** What a file of the library declares: headers, and the first sentence of what stands above each. */
function declaredIn(text: string): readonly Described[] {
  const lines = text.split("\n");
  return lines.flatMap((line, k): readonly Described[] => {
    if (!/^(?:memory|data|optimizer|evolve|train|fn) /u.test(line)) return [];
    let from = k;
    while (lines[from - 1]?.startsWith("/// ") === true) from--;
    const doc = lines
      .slice(from, k)
      .map((own) => own.slice("/// ".length))
      .join(" ");
    return [{ form: headerOf(line), says: /^.*?[.](?= [A-Z]|$)/u.exec(doc)?.[0].slice(0, -1) ?? doc }];
  });
}

/** Up to the end of the parameters, and the brackets of what a fn gives. */
function headerOf(line: string): string {
  let depth = 0;
  let end = line.indexOf("(");
  do {
    if (line[end] === "(") depth++;
    if (line[end] === ")") depth--;
    end++;
  } while (depth > 0 && end < line.length);
  return line.slice(0, end) + (/^(?:\[[^\]]*\])?/u.exec(line.slice(end))?.[0] ?? "");
}

const ofLibrary = [...library].map(([name, { text }]): Section => ({
  title: `std.${name}`,
  about: "",
  rows: declaredIn(text),
}));

export const catalogue: readonly Section[] = [
  { title: "Operators", about: "Loosest first.", rows: rows(operators) },
  {
    title: "Functions of numbers",
    about: "Entry by entry. Ints widen to reals where nothing else is said. Angles are in radians.",
    rows: functions,
  },
  {
    title: "Reductions",
    about:
      "The index ends in it. All take `where`. `sum`, `mean` and `prod` reach over the product that follows, `all` and `any` over one comparison, the others over one operand.",
    rows: rows(reducers),
  },
  {
    title: "Normalisers",
    about: "The index stays: it is bound on the left side, or by what stands around. All take `where`.",
    rows: rows(normalisers),
  },
  { title: "Cross-entropy", about: "", rows: [crossEntropy] },
  {
    title: "Linear algebra",
    about: "Over two indices of a matrix; other indices it has stay.",
    rows: [...rows(forms), ...rows(alone)],
  },
  {
    title: "Derivatives",
    about: "Of e, a number for each value of its free indices, by a tensor v.",
    rows: rows(derivatives),
  },
  { title: "Of whole tensors and axes", about: "", rows: rows(wholeCalls) },
  { title: "Positions outside of an axis", about: "Around a computed position, in a subscript.", rows: rows(outside) },
  { title: "Distributions", about: "Behind `~`. Parameters may vary from entry to entry.", rows: rows(distributions) },
  {
    title: "Lists",
    about: "For sweeps, coordinates of axes, steps of records; beside `[1, 2]` and `0..9`.",
    rows: rows(listCalls),
  },
  {
    title: "Statistics of results",
    about:
      "In claims, charts, tables, and equations that name results, beside the operators, functions of numbers (but `stop`), reductions and normalisers (but `top`) above.",
    rows: [...rows(statistics), ...rows(resultCalls)],
  },
  {
    title: "Built-in data sets",
    about: "What they bind is said in [Data files](language.md#data-files).",
    rows: [...builtInSets, ...corpora].map(({ name, about }) => ({ form: `dataset.${name}(…)`, says: about })),
  },
  ...ofLibrary,
];
