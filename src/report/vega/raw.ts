/**
 * Charts written as raw Vega-Lite: checked against its schema, and for what a report can not show: anything that would
 * be loaded, tables that there are not, fields that no table has.
 */
import type { SchemaError, SchemaValidator } from "../../base/validator.js";
import { specFaults } from "./compile.js";
import { isObject } from "./json.js";
import type { JsonObject } from "./json.js";
import { CHART_CONFIG } from "./palette.js";
import type { DrawnRow } from "./rows.js";

export interface RawFault {
  readonly message: string;
  readonly help: string | null;
}

export type RawReading =
  | { readonly kind: "faults"; readonly faults: readonly RawFault[] }
  | {
      readonly kind: "spec";
      readonly spec: JsonObject;
      readonly reads: readonly string[];
      readonly remarks: readonly RawFault[];
    };

export type NamedTables = Readonly<Record<string, readonly DrawnRow[]>>;

const DEFAULT_WIDTH = 520;
const DEFAULT_HEIGHT = 300;
const PICTURE = /^data:image\/(png|jpeg|gif|webp);base64,/u;

export function readRaw(text: string, tables: NamedTables, validate: SchemaValidator): RawReading {
  let spec: unknown;
  try {
    spec = JSON.parse(text);
  } catch (error) {
    return faults({ message: `the Vega-Lite spec is no JSON: ${jsonReason(error, text)}`, help: null });
  }
  if (!isObject(spec))
    return faults({ message: "the Vega-Lite spec is no JSON object", help: 'it begins with `{ "mark": …`' });
  const outside = [...new Set(outsideThings(spec, []))];
  if (outside.length > 0)
    return faults(
      ...outside.map((what) => ({
        message: what,
        help: 'a report is one file that loads nothing: read a table by its name, `"data": { "name": "…" }`',
      })),
    );
  const wrong = specFaults(spec, validate);
  if (wrong.length > 0)
    return faults({
      message: `the spec is not Vega-Lite: ${schemaReason(wrong)}`,
      help: "see vega.github.io/vega-lite/docs",
    });
  const reads = namesRead(spec);
  const known = Object.keys(tables);
  const unknown = reads.filter((name) => !known.includes(name));
  if (unknown.length > 0)
    return faults(
      ...unknown.map((name) => ({
        message: `no table is called \`${name}\``,
        help:
          known.length === 0
            ? 'declare it: `table NAME { row "…": … }`'
            : `tables of this experiment: ${known.map((own) => `\`${own}\``).join(", ")}`,
      })),
    );
  return { kind: "spec", spec: withDefaults(spec as JsonObject), reads, remarks: unknownFields(spec, reads, tables) };
}

const faults = (...list: readonly RawFault[]): RawReading => ({ kind: "faults", faults: list });

function jsonReason(error: unknown, text: string): string {
  const message = error instanceof Error ? error.message : String(error);
  const place = /position (\d+)/u.exec(message)?.[1];
  if (place === undefined) return message.replace(/\s+/gu, " ");
  const before = text.slice(0, Number(place)).split("\n");
  const [reason = message] = message.split(/ in JSON| \(line/u);
  return `${reason}, line ${before.length} of it, column ${(before.at(-1)?.length ?? 0) + 1}`;
}

/** The deepest fault tells most; alternatives of Vega-Lite's large unions are noise. */
function schemaReason(list: readonly SchemaError[]): string {
  const telling = list.filter(({ keyword }) => keyword !== "anyOf" && keyword !== "oneOf");
  const depth = (error: SchemaError): number => error.instancePath.split("/").length;
  const [deepest] = [...(telling.length > 0 ? telling : list)].sort((a, b) => depth(b) - depth(a));
  if (deepest === undefined) return "it does not fit the schema";
  const place = deepest.instancePath === "" ? "the spec" : `\`${deepest.instancePath.slice(1).replaceAll("/", ".")}\``;
  const allowed = deepest.params.allowedValues;
  const values = Array.isArray(allowed) && allowed.length <= 12 ? ` (${allowed.map(String).join(", ")})` : "";
  return `${place} ${deepest.message ?? deepest.keyword}${values}`;
}

/** All that would be fetched, or leads out of the page. */
function outsideThings(value: unknown, path: readonly string[]): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((own, k) => outsideThings(own, [...path, String(k)]));
  if (!isObject(value)) return [];
  const here = (name: string): string => `\`${[...path, name].join(".")}\``;
  return Object.entries(value).flatMap(([name, own]): readonly string[] => {
    // Rows are values, whatever they are called.
    if (name === "values" && path.at(-1) === "data") return [];
    if (name === "href") return [`${here(name)} leads out of the report`];
    if (name === "url" && !isPicture(own)) return [`${here(name)} would be loaded`];
    return outsideThings(own, [...path, name]);
  });
}

function isPicture(value: unknown): boolean {
  const text = isObject(value) ? (value.value ?? value.datum) : value;
  return typeof text === "string" && PICTURE.test(text);
}

/** Names of data sources that are defined nowhere in the spec. */
function namesRead(spec: Readonly<Record<string, unknown>>): readonly string[] {
  const datasets = isObject(spec.datasets) ? Object.keys(spec.datasets) : [];
  const found: string[] = [];
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(visit);
    if (!isObject(value)) return;
    for (const [name, own] of Object.entries(value)) {
      if (name !== "data" || !isObject(own)) visit(own);
      else if (typeof own.name === "string" && !("values" in own) && !hasGenerator(own)) found.push(own.name);
    }
  };
  visit(spec);
  return [...new Set(found)].filter((name) => !datasets.includes(name));
}

const hasGenerator = (data: Readonly<Record<string, unknown>>): boolean =>
  ["sequence", "sphere", "graticule"].some((name) => name in data);

/** Fields of encodings that neither a table nor a transform has; not judged where rows are written into the spec. */
function unknownFields(
  spec: Readonly<Record<string, unknown>>,
  reads: readonly string[],
  tables: NamedTables,
): readonly RawFault[] {
  const text = JSON.stringify(spec);
  if (reads.length === 0 || /"(values|datasets|sequence|fold|pivot|lookup|flatten|repeat|timeUnit)":/u.test(text))
    return [];
  const known = new Set(reads.flatMap((name) => Object.keys(tables[name]?.[0] ?? {})));
  const asked = new Set<string>();
  const visit = (value: unknown, inEncoding: boolean): void => {
    if (Array.isArray(value)) value.forEach((own) => visit(own, inEncoding));
    if (!isObject(value)) return;
    if (inEncoding && typeof value.field === "string") asked.add(value.field);
    if (typeof value.as === "string") known.add(value.as);
    if (Array.isArray(value.as)) value.as.forEach((own) => known.add(String(own)));
    for (const [name, own] of Object.entries(value)) visit(own, inEncoding || name === "encoding" || name === "facet");
  };
  visit(spec, false);
  return [...asked]
    .filter((field) => !known.has(field) && !/[.[\\]/u.test(field))
    .map((field) => ({
      message: `no table that the chart reads has a field \`${field}\``,
      help: `fields: ${[...known].map((own) => `\`${own}\``).join(", ")}`,
    }));
}

/** The look of the other charts, where the spec does not say otherwise. */
function withDefaults(spec: JsonObject): JsonObject {
  const single = "mark" in spec || "layer" in spec;
  const size = {
    ...(single && (spec.width === undefined || spec.width === "container") ? { width: DEFAULT_WIDTH } : {}),
    ...(single && (spec.height === undefined || spec.height === "container") ? { height: DEFAULT_HEIGHT } : {}),
  };
  const own = isObject(spec.config) ? spec.config : {};
  return { ...spec, ...size, config: { ...CHART_CONFIG, ...own } };
}
