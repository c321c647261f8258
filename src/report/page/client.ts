/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
/**
 * The page's script: draws the charts again with a pointer at hand, and offers their data and pictures. Without it the
 * page is complete. It runs under a policy without `eval` and without network, so Vega's expressions are interpreted.
 */
import type { Loader, Spec } from "vega";
import { View, parse } from "vega";
import * as vega from "vega";
import { expressionInterpreter } from "vega-interpreter";
import type { LiveChart } from "../vega/live.js";
import { rowsOf } from "../vega/rows.js";
import { useChartMetrics } from "../vega/text-width.js";
import type { TextMetrics } from "../vega/text-width.js";
import { darkened } from "./scheme.js";
import { csvOf, tableOf } from "./table-of.js";
import { makeTooltip } from "./tooltip.js";

/** Beyond this many rows a canvas is faster than elements. */
const MANY = 6000;

useChartMetrics((vega as unknown as { readonly textMetrics: TextMetrics }).textMetrics);

const refuse = (): Promise<never> => Promise.reject(new Error("a report loads nothing"));
const closed: Loader = {
  load: refuse,
  http: refuse,
  file: refuse,
  sanitize: (uri) => (uri.startsWith("data:image/") ? Promise.resolve({ href: uri }) : refuse()),
};
const dark = window.matchMedia("(prefers-color-scheme: dark)");

function start(): void {
  const figures = [...document.querySelectorAll<HTMLElement>("figure[data-chart]")];
  const waiting = new IntersectionObserver(
    (entries) => {
      for (const entry of entries) {
        if (!entry.isIntersecting) continue;
        waiting.unobserve(entry.target);
        void enliven(entry.target as HTMLElement);
      }
    },
    { rootMargin: "300px" },
  );
  for (const figure of figures) {
    offerFiles(figure);
    waiting.observe(figure);
  }
}

function read(figure: HTMLElement): LiveChart | null {
  const text = figure.querySelector("script[type='application/json']")?.textContent ?? "";
  return text === "" ? null : (JSON.parse(text) as LiveChart);
}

/** Puts a live chart in the place of its picture; the picture stays for printing, and where anything goes wrong. */
async function enliven(figure: HTMLElement): Promise<void> {
  const chart = read(figure);
  const place = figure.querySelector<HTMLElement>(".live");
  if (chart === null || place === null) return;
  try {
    const rows = chart.parts.length > 0 ? rowsOf(chart.parts, chart.panels) : null;
    const data = rows === null ? chart.tables : { rows };
    const canvas = (rows?.length ?? 0) > MANY;
    const draw = async (): Promise<View> => {
      const text = JSON.stringify(chart.vega);
      const spec = JSON.parse(canvas && dark.matches ? darkened(text) : text) as Spec;
      if (canvas) sealCells(spec);
      for (const source of spec.data ?? []) {
        const values = (data as Record<string, unknown>)[source.name];
        // Vega writes into its rows: each drawing has its own.
        if (values !== undefined && !("source" in source)) Object.assign(source, { values: structuredClone(values) });
      }
      const view = new View(parse(spec, undefined, { ast: true }), {
        renderer: canvas ? "canvas" : "svg",
        container: place,
        hover: true,
        loader: closed,
        expr: expressionInterpreter,
        tooltip: makeTooltip(chart),
        logLevel: 0,
      });
      return view.runAsync();
    };
    let view = await draw();
    figure.classList.add("is-live");
    if (canvas)
      dark.addEventListener("change", () => {
        view.finalize();
        void draw().then((next) => (view = next));
      });
  } catch {
    place.replaceChildren();
    figure.classList.remove("is-live");
  }
}

interface MarkGroup {
  readonly type?: string;
  readonly marks?: readonly MarkGroup[];
  readonly encode?: { readonly update?: Record<string, unknown> };
}

/** On a canvas, light shines through between neighbouring cells: outlines of their own colour cover it. */
function sealCells(group: MarkGroup): void {
  for (const mark of group.marks ?? []) {
    const update = mark.encode?.update;
    if (mark.type === "rect" && update?.fill !== undefined && update.strokeWidth !== undefined)
      Object.assign(update, { stroke: update.fill, strokeWidth: { value: 1.2 } });
    sealCells(mark);
  }
}

function offerFiles(figure: HTMLElement): void {
  const menu = figure.querySelector<HTMLElement>(".files");
  const chart = read(figure);
  if (menu === null || chart === null) return;
  const offer = (label: string, title: string, save: () => void): void => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = label;
    button.title = title;
    button.addEventListener("click", save);
    menu.append(button);
  };
  offer("CSV", "the data of this chart", () =>
    download(`${chart.name}.csv`, "text/csv;charset=utf-8", csvOf(tableOf(chart))),
  );
  offer("SVG", "this chart as a picture", () => {
    const picture = figure.querySelector(".static svg");
    if (picture !== null)
      download(`${chart.name}.svg`, "image/svg+xml", new XMLSerializer().serializeToString(picture));
  });
}

function download(name: string, type: string, text: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

start();
