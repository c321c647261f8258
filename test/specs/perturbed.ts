/** Judges a spec's claims once more, over results that were turned round: a claim that cannot fail is none. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Diagnostics } from "../../src/base/diagnostic.js";
import { checkResults } from "../../src/language/results/index.js";
import { openDatasets } from "../../src/datasets/index.js";
import { library } from "../../src/language/library.js";
import { evaluateResults } from "../../src/results/evaluate-report.js";
import { openFolder } from "../../src/results/folder.js";
import { experimentFolder, readSpecFolder } from "../../src/results/store/spec-folder.js";
import type { Column, ResultSource } from "../../src/results/types.js";
import { checkText } from "../language/support.js";
import { root } from "../docs/blocks.js";

type Change = (column: Column) => Column;

/** Signs flipped, truth values and positions reversed. */
const turned: Change = (column) => {
  const other = opposite(column);
  const flip = (values: Float64Array): Float64Array => values.map(other);
  const { last } = column;
  return { ...column, values: flip(column.values), last: last && { ...last, values: flip(last.values) } };
};
function opposite({ type, labels }: Column): (value: number) => number {
  switch (type) {
    case "bool":
      return (value) => 1 - value;
    case "label":
    case "index":
      return (value) => (labels === null ? -value : labels.length - 1 - value);
    case "real":
    case "int":
      return (value) => -value;
  }
}

/** Entries reversed along an axis, in columns that have it. */
const reversedAlong =
  (name: string): Change =>
  (column) => {
    const { axes, last } = column;
    const whole = reversed(axes, name);
    if (whole === null) return column;
    const rest =
      last === null
        ? null
        : reversed(
            axes.filter(({ kind }) => kind !== "step"),
            name,
          );
    return {
      ...column,
      ...whole(column),
      last: last === null || rest === null ? last : rest(last),
    };
  };

type Entries = Pick<Column, "values" | "states">;
function reversed(axes: Column["axes"], name: string): ((entries: Entries) => Entries) | null {
  const at = axes.findIndex((axis) => axis.name === name);
  const size = axes[at]?.coordinates.length;
  if (size === undefined) return null;
  const inner = axes.slice(at + 1).reduce((product, { coordinates }) => product * coordinates.length, 1);
  const from = (k: number): number => {
    const position = Math.floor(k / inner) % size;
    return k + (size - 1 - 2 * position) * inner;
  };
  return ({ values, states }) => ({
    values: values.map((_, k) => values[from(k)] ?? 0),
    states: states.map((_, k) => states[from(k)] ?? 0),
  });
}

/** The expectations of a spec that was run into `out` whose verdicts stay the same whatever is turned round. */
export async function unmovedExpectations(spec: string, out: string): Promise<readonly string[]> {
  const text = readFileSync(`${root}specs/${spec}.amem`, "utf8");
  const beside = dirname(`${root}specs/${spec}.amem`);
  const names = readdirSync(beside).filter((name) => name.endsWith(".amem"));
  const files = Object.fromEntries(
    names.map((name) => [name.replace(/\.amem$/u, ""), readFileSync(join(beside, name), "utf8")]),
  );
  const modules = Object.entries(files).map(([name, module]) => ({ file: `${name}.amem`, text: module }));
  const sources = [{ file: "spec.amem", text }, ...modules, ...library.values()];
  const folder = join(out, spec.slice(spec.lastIndexOf("/") + 1));
  const plans = await readSpecFolder(folder, () => undefined);
  const unmoved: string[] = [];
  const { experiments } = checkText(text, { files, datasets: openDatasets(beside) });
  if (experiments.length === 0) throw new Error(`${spec} does not check`);
  for (const checked of experiments) {
    const { name } = checked.experiment;
    const file = plans.find(({ plan }) => plan.experiment === name);
    if (file === undefined) throw new Error(`no plan of ${name}`);
    const { results } = await openFolder(experimentFolder(folder, name), file.plan, () => undefined);
    const said = checkResults(checked, sources, new Diagnostics());
    const verdicts = (source: ResultSource): readonly (readonly [string, string])[] =>
      evaluateResults(said, source).verdicts.flatMap((claim) =>
        claim.expectations.map(({ verdict }, k) => [`${claim.name}, expectation ${k + 1}`, verdict] as const),
      );
    const before = new Map(verdicts(results));
    const moved = new Set<string>();
    const axes = [...file.plan.sweeps.map((sweep) => sweep.name), "step"];
    for (const change of [turned, ...axes.map(reversedAlong)]) {
      if (moved.size === before.size) break;
      for (const [expectation, verdict] of verdicts(changed(results, change)))
        if (verdict !== before.get(expectation)) moved.add(expectation);
    }
    unmoved.push(...[...before.keys()].filter((expectation) => !moved.has(expectation)));
  }
  return unmoved;
}

function changed(source: ResultSource, change: Change): ResultSource {
  return {
    phases: source.phases,
    column: (phase, name) => {
      const column = source.column(phase, name);
      return column && change(column);
    },
  };
}
