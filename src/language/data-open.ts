/** Opens the data files that a spec names. */
import type { Call, Expr as TreeExpr } from "../../grammar/tree.js";
import { UserError } from "../base/diagnostic.js";
import type { Span } from "../base/span.js";
import { setNames } from "./data-sets.js";
import { type DataPoints, dataPoints, filled, type Filling } from "./data-points.js";
import type { DatasetFormat, DatasetHeader, FileFormat } from "./datasets.js";
import { faulty } from "./expressions/build.js";
import { envOf, type Scope } from "./scopes.js";
import { suggestion } from "./suggest.js";
import type { DataSet } from "./typed.js";
import type { World } from "./world.js";

/** A file that was opened. */
export interface Opened {
  readonly header: DatasetHeader;
  /** Its number in the experiment. */
  readonly dataset: number;
  readonly path: string;
}

const formats: readonly FileFormat[] = ["npy", "npz", "csv", "parquet", "json", "idx"];
const isFormat = (text: string): text is FileFormat => formats.some((format) => format === text);

function unknownSet(world: World, scope: Scope, instance: TreeExpr, name: string): void {
  const known = [...formats, "text", "images", ...setNames];
  const there = `${known.map((format) => `\`dataset.${format}\``).join(", ")} can be read`;
  if (known.includes(name))
    faulty(world, envOf(scope), "AM3010", instance.span, `\`dataset.${name}\` needs its arguments`, {
      help: `write \`dataset.${name}(…)\``,
    });
  else
    faulty(world, envOf(scope), "AM2003", instance.span, `there is no \`dataset.${name}\``, {
      help: there,
      ...suggestion(name, known),
    });
}

/** One file for each filling of its path; null where one cannot be opened, which has been told. */
export function open(
  world: World,
  scope: Scope,
  instance: TreeExpr,
  fillings: readonly Filling[],
): readonly Opened[] | null {
  const env = envOf(scope);
  const call: Call | null = instance.kind === "call" ? instance : null;
  const callee = call?.callee ?? instance;
  const format = callee.kind === "member" ? callee.name.text : "";
  if (call === null || !isFormat(format)) {
    unknownSet(world, scope, instance, format);
    return null;
  }
  const [argument, ...others] = call.args;
  if (argument?.kind !== "positional" || argument.value.kind !== "string" || others.length > 0) {
    faulty(world, env, "AM3010", instance.span, `\`dataset.${format}\` takes the path of a file`, {
      help: `write \`dataset.${format}("file.${format}")\``,
    });
    return null;
  }
  const { value, span } = argument.value;
  const known = new Map<string, Opened | null>();
  for (const path of fillings.map((filling) => filled(value, filling)))
    if (!known.has(path)) known.set(path, openFile(world, scope, path, format, span));
  const opened = fillings.map((filling) => known.get(filled(value, filling)) ?? null).filter((file) => file !== null);
  return opened.length < fillings.length ? null : opened;
}

/** The files that a call of texts or pictures reads: for each filling of the names in its path. */
export interface Paths {
  readonly paths: readonly string[];
  readonly chosen: DataPoints["chosen"];
  readonly span: Span;
}

/** By the first argument of a call, the others being names; null where it is no path. */
export function pathsIn(world: World, scope: Scope, call: Call, names: number): Paths | "told" | null {
  const [first] = call.args;
  const positional = call.args.filter(({ kind }) => kind === "positional").length;
  if (first?.kind !== "positional" || first.value.kind !== "string" || positional !== names + 1) return null;
  const { value, span } = first.value;
  const points = dataPoints(world, scope, [first.value]);
  if (points === null) return "told";
  return { paths: points.fillings.map((filling) => filled(value, filling)), chosen: points.chosen, span };
}

/** What the files have, with what stands for them in the plan; null where one cannot be read, which has been told. */
export function headersOf(
  world: World,
  scope: Scope,
  { paths, span }: Paths,
  format: DatasetFormat,
): readonly { readonly header: DatasetHeader; readonly dataset: DataSet }[] | null {
  const known = new Map<string, DatasetHeader | null>();
  for (const path of paths) if (!known.has(path)) known.set(path, headerOf(world, scope, path, format, span));
  const all = paths.flatMap((path) => {
    const header = known.get(path) ?? null;
    return header === null ? [] : [{ header, dataset: { path, format, sha256: header.sha256, span } }];
  });
  return all.length < paths.length ? null : all;
}

function openFile(world: World, scope: Scope, path: string, format: DatasetFormat, span: Span): Opened | null {
  const header = headerOf(world, scope, path, format, span);
  if (header === null) return null;
  const dataset = world.datasets.push({ path, format, sha256: header.sha256, span }) - 1;
  return { header, dataset, path };
}

/** Null where a file cannot be read, which has been told. */
function headerOf(world: World, scope: Scope, path: string, format: DatasetFormat, span: Span): DatasetHeader | null {
  if (world.reader === null) {
    world.report(scope, {
      code: "AM4017",
      span,
      message: `\`${path}\` cannot be opened here`,
      help: "data files are read when a spec is checked from its folder",
    });
    return null;
  }
  try {
    return world.reader.header(path, format);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const { code, message, notes, help } = error.diagnostic;
    world.report(scope, {
      code,
      span: error.diagnostic.span ?? span,
      message,
      ...(notes === undefined ? {} : { notes }),
      ...(help === undefined ? {} : { help }),
    });
    return null;
  }
}
