/** Diagnostics as a SARIF 2.1.0 log (OASIS): what code scanning and editors read. */
import { pathToFileURL } from "node:url";
import { allCodes, codeEntry } from "../../base/codes.js";
import type { Code, Diagnostic, Fix, Severity } from "../../base/diagnostic.js";
import { packageVersion } from "../../base/package.js";
import type { SourceText } from "../../base/render.js";
import type { Span } from "../../base/span.js";
import { visible } from "../../base/visible.js";
import { adviceOf } from "./annotations.js";
import type { Said } from "./journal.js";
import { placeOf, regionOf } from "./places.js";

export interface SarifContext {
  /** The spec as the user named it: the place of what has none. */
  readonly spec: string;
  /** Paths in the log are relative to this folder. */
  readonly root: string;
  readonly folder: string;
  readonly exitCode: number;
  /** False after a fault of amemc itself, or an interruption. */
  readonly successful: boolean;
}

const SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
const LEVELS = { error: "error", warning: "warning", hint: "note" } as const satisfies Record<Severity, string>;

/** The log as plain data; the same for the same diagnostics, wherever the folder lies. */
export function sarifLog(said: readonly Said[], context: SarifContext): object {
  const codes = allCodes();
  const numbers = new Map(codes.map((code, index) => [code, index]));
  return {
    $schema: SCHEMA,
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "amemc", version: packageVersion(), rules: codes.map(rule) } },
        // GitHub keeps the logs of several specs apart by it.
        automationDetails: { id: `amemc/${placeOf(context.spec, context.root, context.folder).path}/` },
        columnKind: "utf16CodeUnits",
        newlineSequences: ["\r\n", "\n", "\r"],
        originalUriBaseIds: {
          "%SRCROOT%": { description: { text: "The folder that amemc was started in, or the repository's." } },
          "%AMEMC%": { description: { text: "The library of amemc: src/language/std in its package." } },
        },
        invocations: [{ executionSuccessful: context.successful, exitCode: context.exitCode }],
        results: said.map(({ diagnostic, source }) => resultOf(diagnostic, source, numbers, context)),
      },
    ],
  };
}

function rule(code: Code): object {
  const entry = codeEntry(code);
  const [title, explanation] = [entry?.title ?? code, entry?.explanation ?? ""];
  const more = (entry?.example ?? null) === null ? "" : `\n\n\`amemc explain ${code}\` shows an example.`;
  const help = literal(`${explanation}${more}`);
  return {
    id: code,
    shortDescription: { text: literal(title) },
    fullDescription: { text: literal(explanation) },
    help: { text: help, markdown: help },
  };
}

function resultOf(
  diagnostic: Diagnostic,
  source: SourceText,
  numbers: ReadonlyMap<Code, number>,
  context: SarifContext,
): object {
  const { code, severity, span, labels = [], fix } = diagnostic;
  const index = numbers.get(code);
  return {
    ruleId: code,
    ...(index === undefined ? {} : { ruleIndex: index }),
    level: LEVELS[severity],
    message: message(adviceOf(diagnostic)),
    locations: [
      {
        physicalLocation:
          span === null ? { artifactLocation: artifact(context.spec, context) } : physical(span, source, context),
      },
    ],
    ...(labels.length === 0
      ? {}
      : {
          relatedLocations: labels.map((label, id) => ({
            id,
            physicalLocation: physical(label.span, source, context),
            message: message(label.text),
          })),
        }),
    ...(fix === undefined ? {} : { fixes: fixes(fix, source, context) }),
  };
}

function physical(span: Span, source: SourceText, context: SarifContext): object {
  const region = regionOf(span, source);
  return { artifactLocation: artifact(span.file, context), ...(region === null ? {} : { region }) };
}

function artifact(file: string, { root, folder }: SarifContext): object {
  const place = placeOf(file, root, folder);
  if (place.kind === "outside") return { uri: pathToFileURL(place.path).href };
  const uri = place.path.split("/").map(encodeURIComponent).join("/");
  return { uri, uriBaseId: place.kind === "source" ? "%SRCROOT%" : "%AMEMC%" };
}

/** None where the text of a file is not at hand: a change without a place is none. */
function fixes(fix: Fix, source: SourceText, context: SarifContext): readonly object[] {
  const files = [...new Set(fix.edits.map(({ span }) => span.file))];
  const changes = files.map((file) => ({
    artifactLocation: artifact(file, context),
    replacements: fix.edits
      .filter(({ span }) => span.file === file)
      .flatMap(({ span, text }) => {
        const region = regionOf(span, source);
        return region === null ? [] : [{ deletedRegion: region, insertedContent: { text } }];
      }),
  }));
  if (changes.length === 0 || changes.some(({ replacements }) => replacements.length === 0)) return [];
  return [{ description: message(fix.title), artifactChanges: changes }];
}

const message = (text: string): object => ({ text: literal(visible(text)) });

/** Braces mark arguments and `[…](…)` is a link in SARIF's messages; ours have neither. */
function literal(text: string): string {
  const unlinked = text.includes("](") ? text.replaceAll(/[[\]\\]/gu, "\\$&") : text;
  return unlinked.replaceAll("{", "{{").replaceAll("}", "}}");
}
