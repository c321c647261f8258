/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
/** What stands beside the pointer: the row under it, in the user's words; only ever text. */
import { formatNumber } from "../../results/analysis/words.js";
import type { Cell } from "../../results/chart-types.js";
import type { LiveChart } from "../vega/live.js";
import { meaning } from "./table-of.js";

type Handler = (handler: unknown, event: MouseEvent, item: unknown, value: unknown) => void;
type Line = readonly [string, string];

let box: HTMLElement | null = null;

export function makeTooltip(chart: LiveChart): Handler {
  return (_, event, __, value) => {
    const lines = value === null || value === undefined || value === "" ? [] : linesOf(chart, value);
    if (lines.length === 0) hide();
    else show(event, lines);
  };
}

function linesOf(chart: LiveChart, value: unknown): readonly Line[] {
  if (typeof value !== "object" || value === null) return [["", say(value)]];
  const row = value as Readonly<Record<string, unknown>>;
  const layer = chart.layers[chart.layerOfPart[Number(row.part)] ?? -1];
  if (layer === undefined)
    return Object.entries(row).flatMap(([name, own]): Line[] =>
      typeof own === "object" || typeof own === "symbol" ? [] : [[name, say(own)]],
    );
  const lines = layer.fields.flatMap((field): Line[] => {
    const cell = row[field.column] as Cell | undefined;
    return cell === undefined || cell === null ? [] : [[field.title, say(meaning(field, cell))]];
  });
  return layer.label === null ? lines : [["", layer.label], ...lines];
}

function say(value: unknown): string {
  if (typeof value === "number") return formatNumber(value, 5).replace(/^-/u, "\u2212");
  if (typeof value === "boolean") return value ? "yes" : "no";
  return String(value).slice(0, 200);
}

function show(event: MouseEvent, lines: readonly Line[]): void {
  box ??= document.body.appendChild(Object.assign(document.createElement("div"), { className: "tip" }));
  const list = document.createElement("dl");
  for (const [name, text] of lines) {
    const row = document.createElement("div");
    const term = document.createElement("dt");
    const description = document.createElement("dd");
    term.textContent = name;
    description.textContent = text;
    row.append(term, description);
    list.append(row);
  }
  box.replaceChildren(list);
  box.classList.add("is-shown");
  const { innerWidth, innerHeight } = window;
  const right = event.clientX + 16 + box.offsetWidth < innerWidth;
  const below = event.clientY + 16 + box.offsetHeight < innerHeight;
  box.style.left = `${right ? event.clientX + 14 : Math.max(4, event.clientX - 14 - box.offsetWidth)}px`;
  box.style.top = `${below ? event.clientY + 14 : Math.max(4, event.clientY - 14 - box.offsetHeight)}px`;
}

function hide(): void {
  box?.classList.remove("is-shown");
}
