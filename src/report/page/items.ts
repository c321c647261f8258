/** Charts, tables and prose, in the order of the spec. */
import type { Cell, EvaluatedChart, EvaluatedTable, EvaluatedText } from "../../results/chart-types.js";
import { escapeText, lines, scriptJson } from "../html.js";
import { renderDoc, renderText } from "../prose/markdown.js";
import { renderTitle } from "../prose/math.js";
import type { ChartDrawing } from "../vega/index.js";
import { cellWords } from "../vega/words.js";
import { tableOf } from "./table-of.js";

/** Rows of a chart's table in the page; all of them are in the CSV. */
const MOST_ROWS = 60;
/** Pictures broader than this are not shrunk on a phone until nothing can be read: they are moved sideways. */
const BROAD = 480;

export function renderChart(chart: EvaluatedChart, drawing: ChartDrawing, id: string): string {
  const { picture, live, notes, faults } = drawing;
  return lines(
    `<figure class="chart" id="${escapeText(id)}"${live === null ? "" : ` data-chart="${escapeText(chart.name)}"`}>`,
    `<div class="head"><h3>${chart.title === null ? `<code>${escapeText(chart.name)}</code>` : renderTitle(chart.title)}</h3>` +
      `<a class="anchor" href="#${escapeText(id)}"><code>${escapeText(chart.name)}</code></a><span class="files"></span></div>`,
    chart.doc !== null && `<div class="prose">${renderDoc(chart.doc)}</div>`,
    picture !== null &&
      `<div class="plot${picture.width > BROAD ? " broad" : ""}"><div class="static">${picture.svg}</div><div class="live"></div></div>`,
    ...faults.map(
      ({ message, help }) =>
        `<p class="fault">${codeWords(message)}${help === null ? "" : ` <span>${codeWords(help)}</span>`}</p>`,
    ),
    notes.length > 0 && `<figcaption>${sentences(notes)}</figcaption>`,
    live !== null && renderData(tableOf(live)),
    live !== null && `<script type="application/json">${scriptJson(live)}</script>`,
    "</figure>",
  );
}

/** Names in backquotes. */
export function codeWords(text: string): string {
  return text
    .split("`")
    .map((part, k) => (k % 2 === 1 ? `<code>${escapeText(part)}</code>` : escapeText(part)))
    .join("");
}

const sentences = (notes: readonly string[]): string =>
  notes.map((note) => `${escapeText(capital(note.replace(/\.+$/u, "")))}.`).join(" ");

const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);

function renderData({ head, rows }: ReturnType<typeof tableOf>): string {
  const shown = rows.slice(0, MOST_ROWS);
  const more = rows.length - shown.length;
  const cell = (value: Cell): string =>
    `<td${typeof value === "number" ? ' class="number"' : ""}>${escapeText(value === null ? "" : cellWords(value))}</td>`;
  return lines(
    `<details class="data"><summary>Data, ${rows.length} row${rows.length === 1 ? "" : "s"}</summary><div class="wide"><table>`,
    `<thead><tr>${head.map((name) => `<th scope="col">${escapeText(name)}</th>`).join("")}</tr></thead>`,
    `<tbody>${shown.map((row) => `<tr>${row.map(cell).join("")}</tr>`).join("")}</tbody></table></div>`,
    more > 0 &&
      `<p class="aside">${more} more in the CSV, and all results in <code>tables/</code> beside this report.</p>`,
    "</details>",
  );
}

export function renderTable({ name, title, doc, axes, columns, rows, notes }: EvaluatedTable, id: string): string {
  // One line of heads for each axis that is left.
  const heads = axes.map((axis, k) => {
    const cells = columns.map((column) => `<th scope="col">${escapeText(column[k] ?? "")}</th>`).join("");
    return `<tr><th scope="row" class="axis">${escapeText(axis)}</th>${cells}</tr>`;
  });
  return lines(
    `<section class="table" id="${escapeText(id)}">`,
    `<div class="head"><h3>${title === null ? `<code>${escapeText(name)}</code>` : renderTitle(title)}</h3><a class="anchor" href="#${escapeText(id)}"><code>${escapeText(name)}</code></a></div>`,
    doc !== null && `<div class="prose">${renderDoc(doc)}</div>`,
    `<div class="wide"><table>${heads.length === 0 ? "" : `<thead>${heads.join("")}</thead>`}<tbody>`,
    ...rows.map(
      (row) =>
        `<tr><th scope="row">${renderTitle(row.title)}</th>${row.cells.map((cell) => `<td class="number ${cell.state}">${escapeText(cell.text)}</td>`).join("")}</tr>`,
    ),
    "</tbody></table></div>",
    notes.length > 0 && `<p class="aside">${sentences(notes)}</p>`,
    "</section>",
  );
}

export function renderProse(text: EvaluatedText): string {
  return `<div class="prose">${renderText(text)}</div>`;
}
