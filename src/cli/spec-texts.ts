/**
 * The texts of a spec: from its files, or from a stored plan. Inside, files are named relative to the spec's folder, so
 * that what is written does not depend on where a command was called; they are shown as the user named them.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, posix } from "node:path";
import type { Diagnostic } from "../base/diagnostic.js";
import { UserError } from "../base/diagnostic.js";
import type { Source, Span } from "../base/span.js";
import { locate, OpenFile } from "../datasets/files.js";
import { openDatasets } from "../datasets/index.js";
import type { DatasetReader } from "../language/datasets.js";
import type { ModuleLoader } from "../language/modules.js";
import { library, loaderOver } from "../language/library.js";
import type { PlanFile } from "../results/store/plan-file.js";
import { codeOf } from "../results/store/files.js";

export interface SpecTexts {
  readonly source: Source;
  readonly loader: ModuleLoader;
  readonly datasets: DatasetReader;
  /** What has been read so far, beside the spec itself. */
  readonly modules: readonly Source[];
  /** What data files answered so far. */
  readonly answers: PlanFile["data"];
  /** The text of a file by its name inside; for diagnostics. */
  text(file: string): string | undefined;
  /** A file's name as the user would write it. */
  shown(file: string): string;
}

/** The grammar refuses what is longer than a quarter of this. */
const MOST_BYTES = 4_000_000;

/** Reads a spec; files that it uses are read when they are asked for. */
export function readSpec(path: string): SpecTexts {
  const folder = dirname(path);
  const text = readSpecFile(path);
  const beside = (name: string): Source | null => {
    const file = join(folder, name);
    if (!existsSync(file)) return null;
    // A link may lead to any file of the machine, and what it holds would be shown.
    const bytes = OpenFile.use(locate(folder, name, []), file, MOST_BYTES, (open) => open.read(0, open.size));
    return { file: name, text: decode(bytes, file) };
  };
  return makeTexts({ file: basename(path), text }, beside, openDatasets(folder), {
    names: () => specsIn(folder),
    shown: (file) => (isLibrary(file) || folder === "." ? file : join(folder, file)),
  });
}

/** A spec that is written to standard input; it can be read, and nothing beside it. */
export async function readPipedSpec(): Promise<SpecTexts> {
  const parts: Buffer[] = [];
  for await (const part of process.stdin as AsyncIterable<Buffer>) parts.push(part);
  const name = "standard input";
  const source = { file: name, text: decode(Buffer.concat(parts), name) };
  return makeTexts(source, () => null, openDatasets("."), { names: () => [], shown: (file) => file });
}

/** The same texts again, from a folder of results. */
export function storedSpec(file: Pick<PlanFile, "spec" | "modules" | "data">): SpecTexts {
  const texts = new Map(file.modules.map((module) => [module.file, module.text]));
  const beside = (name: string): Source | null => {
    const text = texts.get(name);
    return text === undefined ? null : { file: name, text };
  };
  const answers = new Map(file.data.map(({ question, answer }) => [question, answer]));
  const reader: DatasetReader = {
    header: (path, format) => {
      const answer = answers.get(questionOf(path, format));
      if (answer === undefined) throw new Error(`plan.json does not know the data file ${path}`);
      return answer as ReturnType<DatasetReader["header"]>;
    },
  };
  const { file: name, text } = file.spec;
  // The library too as it was when the plan was made.
  const load: ModuleLoader["load"] = (path, importer) =>
    beside(path[0] === "std" ? `${path.join("/")}.amem` : nameOf(path, importer));
  return makeTexts({ file: name, text }, beside, reader, { names: () => [], shown: (shown) => shown, load });
}

const isLibrary = (file: string): boolean => file.startsWith("std/");
const questionOf = (path: string, format: string): string => `header of ${path} as ${format}`;
const nameOf = (path: readonly string[], importer: string): string =>
  posix.join(posix.dirname(importer), `${path.join("/")}.amem`);

interface Naming {
  names(): readonly string[];
  shown(file: string): string;
  readonly load?: ModuleLoader["load"];
}

function makeTexts(
  source: Source,
  beside: (name: string) => Source | null,
  datasets: DatasetReader,
  naming: Naming,
): SpecTexts {
  const modules = new Map<string, Source>();
  const answers = new Map<string, unknown>();
  const over = loaderOver(
    (path, importer) => beside(nameOf(path, importer)),
    () => naming.names(),
  );
  const find = naming.load ?? ((path: readonly string[], importer: string) => over.load(path, importer));
  const loader: ModuleLoader = {
    load: (path, importer) => {
      const found = find(path, importer);
      if (found !== null && found.file !== source.file) modules.set(found.file, found);
      return found;
    },
    known: () => over.known(),
  };
  const recording: DatasetReader = {
    header: (path, format) => {
      const answer = datasets.header(path, format);
      answers.set(questionOf(path, format), answer);
      return answer;
    },
  };
  return {
    source,
    loader,
    datasets: recording,
    get modules() {
      return [...modules.values()];
    },
    get answers() {
      return [...answers].map(([question, answer]) => ({ question, answer }));
    },
    text: (file) => (file === source.file ? source.text : (modules.get(file) ?? library.get(libraryName(file)))?.text),
    shown: (file) => naming.shown(file),
  };
}

const libraryName = (file: string): string => file.replace(/^std\//u, "").replace(/\.amem$/u, "");

function specsIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith(".amem"))
      .map((name) => name.slice(0, -".amem".length));
  } catch {
    return [];
  }
}

function readSpecFile(path: string): string {
  try {
    return decode(readFileSync(path), path);
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw unreadable(path, REASONS[codeOf(error) ?? ""] ?? (error instanceof Error ? error.message : String(error)));
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  ENOTDIR: "there is no such file",
  EISDIR: "it is a folder",
  EACCES: "it may not be read",
};

function decode(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw unreadable(path, "it is no text in UTF-8");
  }
}

function unreadable(path: string, why: string): UserError {
  const folder = dirname(path);
  const near = specsIn(folder).map((name) => join(folder, `${name}.amem`));
  return new UserError({
    code: "AM8004",
    severity: "error",
    message: `\`${path}\` cannot be read: ${why}`,
    span: null,
    ...(near.length === 0
      ? {}
      : {
          help: `there is ${near
            .slice(0, 5)
            .map((name) => `\`${name}\``)
            .join(", ")}`,
        }),
  });
}

/** A diagnostic with files named as the user would. */
export function asShown(diagnostic: Diagnostic, texts: Pick<SpecTexts, "shown">): Diagnostic {
  const move = (span: Span): Span => ({ ...span, file: texts.shown(span.file) });
  const { span, labels, fix } = diagnostic;
  return {
    ...diagnostic,
    span: span === null ? null : move(span),
    ...(labels === undefined ? {} : { labels: labels.map((label) => ({ ...label, span: move(label.span) })) }),
    ...(fix === undefined
      ? {}
      : { fix: { ...fix, edits: fix.edits.map((edit) => ({ ...edit, span: move(edit.span) })) } }),
  };
}
