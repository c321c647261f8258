/**
 * Vega's SVG -> the SVG of a report: smaller (rounded, merged, without what says nothing), with ids of its own, so that
 * several stand in one page, and with a description of the whole.
 */
import { escapeText } from "../html.js";
import { CHART_FONT } from "./text-width.js";

export interface SvgNames {
  /** Begins every id; unique in the page. */
  readonly prefix: string;
  readonly description: string;
}

export interface Picture {
  readonly svg: string;
  readonly width: number;
  readonly height: number;
}

/** One tag, whatever its attributes hold. */
const TAG = /<[a-z/](?:[^"'>]|"[^"]*"|'[^']*')*>/giu;
const GEOMETRY =
  /\s(d|transform|x|y|x1|x2|y1|y2|cx|cy|r|width|height|points|stroke-width|opacity|fill-opacity)="([^"]*)"/gu;

export function tidySvg(text: string, { prefix, description }: SvgNames): Picture {
  const size = /<svg[^>]*\swidth="([\d.]+)" height="([\d.]+)"/u.exec(text);
  const width = Number(size?.[1] ?? 0);
  const height = Number(size?.[2] ?? 0);
  const body = text.slice(text.indexOf(">") + 1);
  const clips = sharedClips(body);
  const font = fontAttribute(CHART_FONT);
  const tidy = mergeCells(
    dropEmpty(
      body.replace(clips.duplicates, "").replace(TAG, (tag) =>
        tag
          .replace(/\s(?:role|aria-\w+|pointer-events)="[^"]*"/gu, "")
          .replaceAll(font, "")
          .replace(/\s(?:opacity="1"|stroke-width="0"|class="background")/gu, "")
          .replace(/\sclass="mark-(\w+) role-([\w-]+)[^"]*"/gu, (_, mark: string, role: string) =>
            mark === "rect" && role === "mark" ? ' shape-rendering="crispEdges"' : "",
          )
          .replace(/="rgb\((\d+), ?(\d+), ?(\d+)\)"/gu, (_, ...parts: string[]) => `="${hex(parts.slice(0, 3))}"`)
          .replace(GEOMETRY, (_, name: string, value: string) => ` ${name}="${rounded(value)}"`)
          .replace(
            /\b(id="|url\(#|href="#)([\w-]+)/gu,
            (_, begin: string, id: string) => `${begin}${prefix}${clips.first.get(id) ?? id}`,
          ),
      ),
    ),
  );
  const root = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"${font} role="img" aria-label="${escapeText(description)}">`;
  return { svg: root + tidy, width, height };
}

const fontAttribute = (font: string): string => ` font-family="${font.replaceAll('"', "&quot;")}"`;

const hex = (parts: readonly string[]): string =>
  `#${parts.map((part) => Number(part).toString(16).padStart(2, "0")).join("")}`;

/** Two digits after the point are a fiftieth of a pixel. */
function rounded(value: string): string {
  return value.replace(/-?\d*\.\d+(?:e-?\d+)?|-?\d+e-\d+/gu, (number) =>
    String(Math.round(Number(number) * 100) / 100 || 0),
  );
}

/** Panels of one size are all cut with the same shape: one of them is enough. */
function sharedClips(body: string): { readonly first: ReadonlyMap<string, string>; readonly duplicates: RegExp } {
  const first = new Map<string, string>();
  const known = new Map<string, string>();
  const doubles: string[] = [];
  for (const [, id = "", shape = ""] of body.matchAll(/<clipPath id="(\w+)">(.*?)<\/clipPath>/gu)) {
    const same = known.get(shape);
    if (same === undefined) known.set(shape, id);
    else {
      first.set(id, same);
      doubles.push(id);
    }
  }
  const duplicates =
    doubles.length === 0 ? /(?!)/gu : new RegExp(`<clipPath id="(?:${doubles.join("|")})">.*?</clipPath>`, "gu");
  return { first, duplicates };
}

/** Backgrounds without a size or a colour, and groups without content. */
function dropEmpty(body: string): string {
  const plain = body.replace(/<path d="M[-\d.,]+h[-\d.]+v[-\d.]+h[-\d.]+Z"\/>/gu, "");
  const empty =
    /<g(?: (?:transform|shape-rendering|clip-path)="[^"]*")*><\/g>|<g(?: (?:transform|shape-rendering|clip-path)="[^"]*")*\/>/gu;
  let [before, after] = [plain, plain.replace(empty, "")];
  while (after !== before) [before, after] = [after, after.replace(empty, "")];
  return after;
}

const CELL = /<path d="M([-\d.]+),([-\d.]+)h([-\d.]+)v([-\d.]+)h-[\d.]+Z"([^>]*)\/>/uy;

interface Shape {
  readonly x: number;
  readonly y: number;
  width: number;
  readonly height: number;
}

/** Neighbouring cells of one colour become one shape: smaller, and without a seam. */
function mergeCells(body: string): string {
  const out: string[] = [];
  let shapes: Shape[] = [];
  let common = "";
  const flush = (): void => {
    if (shapes.length > 0) out.push(`<path d="${shapes.map(shapeText).join("")}"${common}/>`);
    shapes = [];
  };
  for (let at = 0; at < body.length;) {
    CELL.lastIndex = at;
    const found = CELL.exec(body);
    if (found === null) {
      flush();
      const next = body.indexOf("<path d=", at + 1);
      out.push(body.slice(at, next < 0 ? undefined : next));
      at = next < 0 ? body.length : next;
      continue;
    }
    const [whole, x, y, width, height, attributes = ""] = found;
    if (attributes !== common) flush();
    common = attributes;
    addShape(shapes, { x: Number(x), y: Number(y), width: Number(width), height: Number(height) });
    at += whole.length;
  }
  flush();
  return out.join("");
}

function addShape(shapes: Shape[], shape: Shape): void {
  const last = shapes.at(-1);
  const touches = last !== undefined && Math.abs(last.x + last.width - shape.x) < 0.03;
  if (touches && last.y === shape.y && last.height === shape.height) last.width = shape.x + shape.width - last.x;
  else shapes.push(shape);
}

const short = (value: number): string => String(Math.round(value * 100) / 100);
const shapeText = ({ x, y, width, height }: Shape): string =>
  `M${short(x)},${short(y)}h${short(width)}v${short(height)}h${short(-width)}Z`;
