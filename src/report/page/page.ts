/** The page: one HTML file that needs nothing else, and no script to be read. */
import { createHash } from "node:crypto";
import { escapeText, idOf, lines } from "../html.js";
import { renderDoc } from "../prose/markdown.js";
import { renderTitle } from "../prose/math.js";
import type { ExperimentReport, ReportInput, SourceText } from "../types.js";
import type { ChartDrawing } from "../vega/index.js";
import { renderChart, renderProse, renderTable } from "./items.js";
import { renderChosen, renderIncomplete, renderPoints, renderProvenance } from "./provenance.js";
import { fileDoc, renderSource } from "./spec.js";
import { STYLE } from "./style.js";
import { renderVerdicts, standingOf, summaryWords } from "./verdicts.js";

export interface PageParts {
  /** In the order of each experiment's charts. */
  readonly drawings: ReadonlyMap<ExperimentReport, readonly ChartDrawing[]>;
  /** The page's script, as `scripts/build.mjs` made it. */
  readonly script: string;
}

export function renderPage(input: ReportInput, { drawings, script }: PageParts): string {
  const { experiments, claims, spec, modules } = input;
  const several = experiments.length > 1;
  const [only] = experiments;
  const title = several || only === undefined ? spec.file : (only.title ?? only.name);
  const doc = fileDoc(spec.text);
  // Nothing in it may end the element.
  const code = script
    .replace(/<\/(?=script)/giu, "<\\/")
    .replaceAll("<!--", "<\\!--")
    .trim();
  return `${lines(
    "<!doctype html>",
    '<html lang="en">',
    "<head>",
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy(code)}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    `<meta name="generator" content="amemc ${escapeText(input.amemc)}">`,
    `<title>${escapeText(title)}</title>`,
    '<link rel="icon" href="data:,">',
    `<style>${STYLE}</style>`,
    "</head>",
    "<body>",
    "<main>",
    '<header class="top">',
    `<p class="file"><code>${escapeText(spec.file)}</code></p>`,
    `<h1>${renderTitle(title)}</h1>`,
    !several && only !== undefined && renderSources(only),
    doc !== null && `<div class="prose lead">${renderDoc(doc)}</div>`,
    !several &&
      only !== undefined &&
      only.doc !== null &&
      only.doc !== doc &&
      `<div class="prose lead">${renderDoc(only.doc)}</div>`,
    renderSummary(input),
    "</header>",
    renderClaims(input, several),
    ...experiments.map((experiment) => renderExperiment(experiment, drawings.get(experiment) ?? [], several)),
    renderSpec(spec, modules),
    ...experiments.map((experiment) => renderBackground(experiment, several)),
    claims.length === 0 && experiments.length === 0 && "<p>There is nothing to report yet.</p>",
    `<footer><p>Made by amemc ${escapeText(input.amemc)}. The same results again: <code>${escapeText(input.command)}</code></p></footer>`,
    "</main>",
    `<script>${code}</script>`,
    "</body>",
    "</html>",
  )}\n`;
}

/** No network, no frames, no forms; only this style and this script; nothing is made into code. */
function policy(script: string): string {
  const hash = (text: string): string => `'sha256-${createHash("sha256").update(text, "utf8").digest("base64")}'`;
  return [
    "default-src 'none'",
    `script-src ${hash(script)}`,
    `style-src ${hash(STYLE)}`,
    // MathML of KaTeX has a few style attributes.
    "style-src-attr 'unsafe-inline'",
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}

function renderSources({ sources }: ExperimentReport): string {
  if (sources.length === 0) return "";
  const words = sources.map(({ reference, details }) => {
    const arxiv = /^arXiv:([\w.-]+(?:\/\d+)?)$/u.exec(reference)?.[1];
    const name = escapeText(reference);
    const link =
      arxiv === undefined
        ? name
        : `<a href="https://arxiv.org/abs/${escapeText(arxiv)}" rel="noopener noreferrer">${name}</a>`;
    return [link, ...details.map((detail) => escapeText(`${detail.name} ${detail.value}`))].join(", ");
  });
  return `<p class="sources">After ${words.join("; ")}</p>`;
}

function allVerdicts({ claims, experiments }: ReportInput): ReportInput["claims"] {
  return [...claims, ...experiments.flatMap((experiment) => experiment.verdicts)];
}

function renderSummary(input: ReportInput): string {
  const verdicts = allVerdicts(input);
  const standings = verdicts.map(standingOf);
  const state = standings.includes("unmet") ? "unmet" : standings.includes("open") ? "open" : "met";
  return lines(
    renderChosen(input.experiments.map(({ provenance }) => provenance)),
    verdicts.length > 0 && `<p class="summary ${state}">${summaryWords(verdicts)}.</p>`,
    renderIncomplete(
      input.experiments.flatMap(({ points }) => points),
      input.command,
    ),
  );
}

const claimId = (experiment: string | null, name: string): string =>
  idOf("claim", ...(experiment === null ? [] : [experiment]), name);

function renderClaims({ claims, experiments }: ReportInput, several: boolean): string {
  const parts = experiments.flatMap(({ name, title, verdicts }) =>
    verdicts.length === 0
      ? []
      : [
          several ? `<h3 class="group">${renderTitle(title ?? name)}</h3>` : "",
          renderVerdicts(verdicts, (claim) => claimId(name, claim)),
        ],
  );
  if (claims.length > 0)
    parts.unshift(
      parts.length === 0 ? "" : '<h3 class="group">About several experiments</h3>',
      renderVerdicts(claims, (claim) => claimId(null, claim)),
    );
  return parts.length === 0 ? "" : lines('<section id="claims">', "<h2>Claims</h2>", ...parts, "</section>");
}

function renderExperiment(experiment: ExperimentReport, drawings: readonly ChartDrawing[], several: boolean): string {
  const { name, title, doc, items } = experiment;
  let next = 0;
  const rendered = items.map((item) => {
    switch (item.kind) {
      case "chart": {
        const drawing = drawings[next++] ?? { picture: null, live: null, notes: [], faults: [] };
        return renderChart(item.chart, drawing, idOf("chart", name, item.chart.name));
      }
      case "table":
        return renderTable(item.table, idOf("table", name, item.table.name));
      case "text":
        return renderProse(item.text);
    }
  });
  if (!several && rendered.length === 0) return "";
  return lines(
    `<section class="experiment" id="${escapeText(idOf("experiment", name))}">`,
    `<h2>${several ? renderTitle(title ?? name) : "Results"}</h2>`,
    several && renderSources(experiment),
    several && doc !== null && `<div class="prose">${renderDoc(doc)}</div>`,
    ...rendered,
    "</section>",
  );
}

function renderSpec(spec: SourceText, modules: readonly SourceText[]): string {
  return lines(
    '<section id="spec">',
    "<h2>Spec</h2>",
    renderSource(spec, "spec"),
    ...modules.map(
      (module, k) =>
        `<details class="module"><summary><code>${escapeText(module.file)}</code></summary>${renderSource(module, `module-${k + 1}`)}</details>`,
    ),
    "</section>",
  );
}

function renderBackground(experiment: ExperimentReport, several: boolean): string {
  const { name, title, points, provenance } = experiment;
  const of = several ? ` of ${renderTitle(title ?? name)}` : "";
  return lines(
    `<section id="${escapeText(idOf("points", name))}">`,
    `<h2>Points${of}</h2>`,
    renderPoints(points),
    "</section>",
    `<section id="${escapeText(idOf("provenance", name))}">`,
    `<h2>Provenance${of}</h2>`,
    renderProvenance(provenance),
    "</section>",
  );
}
