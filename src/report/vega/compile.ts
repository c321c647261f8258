/**
 * Vega-Lite -> Vega -> SVG. Specs are checked against Vega-Lite's own schema first; what Vega-Lite would print on the
 * console is collected; nothing is loaded from anywhere; the same spec and rows give the same text.
 */
import type { Loader, LoggerInterface } from "vega";
import * as vega from "vega";
import { expressionInterpreter } from "vega-interpreter";
import type { TopLevelSpec } from "vega-lite";
import { compile } from "vega-lite";
import type { SchemaError, SchemaValidator } from "../../base/validator.js";
import { isObject } from "./json.js";
import type { JsonObject } from "./json.js";
import type { DrawnRow } from "./rows.js";
import { useChartMetrics } from "./text-width.js";
import type { TextMetrics } from "./text-width.js";

export interface Compiled {
  /** A Vega spec without rows. */
  readonly vega: JsonObject;
  /** What Vega-Lite warned of. */
  readonly warnings: readonly string[];
}

/** What vega exports and its types do not know. */
const { textMetrics, setRandom, randomLCG } = vega as unknown as {
  readonly textMetrics: TextMetrics;
  readonly setRandom: (random: () => number) => void;
  readonly randomLCG: (seed: number) => () => number;
};

/** Loads the generated validator, which is large: only when the first chart is made. */
export async function loadValidator(): Promise<SchemaValidator> {
  return (await import("../vega-lite.validate.js")).validate;
}

/** The reasons why a spec is not Vega-Lite; none if it is. */
export function specFaults(spec: unknown, validate: SchemaValidator): readonly SchemaError[] {
  if (validate(spec)) return [];
  return validate.errors ?? [{ instancePath: "", schemaPath: "", keyword: "unknown", params: {} }];
}

export function compileSpec(spec: JsonObject): Compiled {
  const warnings: string[] = [];
  const compiled = compile(spec as unknown as TopLevelSpec, { logger: collector(warnings) });
  return { vega: compiled.spec as unknown as JsonObject, warnings: [...new Set(warnings)] };
}

/** Draws without a browser. Parts that only answer the pointer are left out. */
export async function drawSvg(
  spec: JsonObject,
  data: Readonly<Record<string, DrawnRow[]>>,
  own: boolean,
): Promise<string> {
  const warnings: string[] = [];
  useChartMetrics(textMetrics);
  vega.resetSVGDefIds();
  setRandom(randomLCG(0));
  // Expressions of charts written by hand are interpreted, never made into code; ours are faster as code.
  const runtime = vega.parse(withData(withoutHover(spec), data), undefined, { ast: !own });
  const view = new vega.View(runtime, {
    renderer: "none",
    loader: CLOSED,
    logger: collector(warnings),
    ...(own ? {} : { expr: expressionInterpreter }),
  });
  try {
    const svg = await view.toSVG();
    const [first] = warnings;
    if (svg === "" && first !== undefined) throw new Error(first);
    return svg;
  } finally {
    view.finalize();
  }
}

/** Rows in the place of the names they are known by. */
export function withData(spec: JsonObject, data: Readonly<Record<string, DrawnRow[]>>): JsonObject {
  const sources = Array.isArray(spec.data) ? spec.data : [];
  return {
    ...spec,
    data: sources.map((source: unknown) => {
      if (!isObject(source) || typeof source.name !== "string" || "source" in source || "values" in source)
        return source;
      return Object.hasOwn(data, source.name) ? { ...source, values: data[source.name] } : source;
    }) as JsonObject[],
  };
}

function withoutHover(spec: JsonObject): JsonObject {
  if (!Array.isArray(spec.marks)) return spec;
  const marks = (spec.marks as readonly JsonObject[])
    .filter((mark) => typeof mark.name !== "string" || !/(^|_)hover\d+_/u.test(mark.name))
    .map(withoutHover);
  return { ...spec, marks };
}

/** Keeps warnings and errors instead of printing them. Vega calls the functions without their object. */
function collector(list: string[]): LoggerInterface {
  const logger: Record<string, (...parts: readonly unknown[]) => unknown> = {};
  const ignore = (): unknown => logger;
  const take = (...parts: readonly unknown[]): unknown => {
    list.push(parts.map(String).join(" "));
    return logger;
  };
  Object.assign(logger, { level: ignore, info: ignore, debug: ignore, warn: take, error: take });
  return logger as unknown as LoggerInterface;
}

const refuse = (uri: string): Promise<never> =>
  Promise.reject(new Error(`a report loads nothing, and this asks for ${uri}`));
const CLOSED: Loader = {
  load: refuse,
  http: refuse,
  file: refuse,
  sanitize: (uri) =>
    /^data:image\/(png|jpeg|gif|webp);base64,/u.test(uri) ? Promise.resolve({ href: uri }) : refuse(uri.slice(0, 80)),
};
