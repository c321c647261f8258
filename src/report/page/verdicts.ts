/** Claims with what was measured: the first thing on the page. */
import { formatNumber } from "../../results/analysis/words.js";
import type { Expectation, Outcome, Verdict, Warning } from "../../results/chart-types.js";
import { escapeText, lines } from "../html.js";
import { renderDoc } from "../prose/markdown.js";
import { renderTitle } from "../prose/math.js";

/** How a claim is told: its verdict, and whether that is what was claimed. */
export type Standing = "met" | "unmet" | "open";

export function standingOf(verdict: Verdict): Standing {
  return verdict.verdict === "undecided" ? "open" : verdict.met ? "met" : "unmet";
}

const MARKS: Readonly<Record<Standing, string>> = { met: "\u2713", unmet: "\u2717", open: "?" };

export function verdictWords({ verdict, expectedFails }: Verdict): string {
  if (expectedFails === null || verdict === "undecided") return verdict;
  return verdict === "fails" ? "fails, as expected" : "holds, against expectation";
}

export function renderBadge(verdict: Verdict): string {
  const standing = standingOf(verdict);
  return `<span class="badge ${standing}"><span aria-hidden="true">${MARKS[standing]}</span> ${verdictWords(verdict)}</span>`;
}

export function renderVerdicts(verdicts: readonly Verdict[], idOfClaim: (name: string) => string): string {
  return verdicts.map((verdict) => renderVerdict(verdict, idOfClaim(verdict.name))).join("\n");
}

function renderVerdict(verdict: Verdict, id: string): string {
  const { name, title, doc, expectedFails, expectations } = verdict;
  const reason = expectedFails?.reason ?? null;
  return lines(
    `<article class="claim ${standingOf(verdict)}" id="${escapeText(id)}">`,
    `<header>${renderBadge(verdict)}<h3>${title === null ? `<code>${escapeText(name)}</code>` : renderTitle(title)}</h3>` +
      `<a class="anchor" href="#${escapeText(id)}"><code>${escapeText(name)}</code></a></header>`,
    expectedFails !== null &&
      `<p class="aside">It is expected to fail${reason === null ? "" : `: ${renderTitle(reason)}`}.</p>`,
    doc !== null && `<div class="prose">${renderDoc(doc)}</div>`,
    `<ul class="expectations">${expectations.map(renderExpectation).join("\n")}</ul>`,
    "</article>",
  );
}

const OUTCOME_MARKS: Readonly<Record<Outcome, string>> = { holds: "\u2713", fails: "\u2717", undecided: "?" };
const SIGNS: Readonly<Record<string, string>> = {
  "<=": "\u2264",
  ">=": "\u2265",
  "==": "=",
  "!=": "\u2260",
  approx: "\u2248",
  in: "\u2208",
};

function renderExpectation(expectation: Expectation): string {
  const { text, verdict, reason, warnings } = expectation;
  return lines(
    `<li class="expectation ${verdict}">`,
    `<p class="condition"><span class="outcome" title="${verdict}">${OUTCOME_MARKS[verdict]}<span class="hidden"> ${verdict}:</span></span> <code>${escapeText(text)}</code></p>`,
    renderFacts(factsOf(expectation)),
    reason !== null && `<p class="reason">${escapeText(reason)}</p>`,
    ...warnings.map(renderWarning),
    "</li>",
  );
}

function renderWarning({ code, message, help, at }: Warning): string {
  const place = `<a href="#spec-${at.line}">line ${at.line}</a>`;
  return `<p class="health"><strong>${escapeText(code)}</strong> ${renderCodes(message)} <span>${renderCodes(help)} (${place})</span></p>`;
}

/** Names stand in backquotes. */
const renderCodes = (text: string): string => escapeText(text).replace(/`([^`]*)`/gu, "<code>$1</code>");

type Fact = readonly [name: string, value: string];

function renderFacts(facts: readonly Fact[]): string {
  if (facts.length === 0) return "";
  return `<dl class="facts">${facts.map(([name, value]) => `<div><dt>${escapeText(name)}</dt><dd>${escapeText(value)}</dd></div>`).join("")}</dl>`;
}

function factsOf({ measured, worst, counts, share }: Expectation): readonly Fact[] {
  const facts: Fact[] = [];
  if (measured !== null) {
    facts.push(["measured", number(measured.leftValue)]);
    const sign = SIGNS[measured.comparator] ?? measured.comparator;
    facts.push(["asked for", `${sign} ${measured.rightValue === null ? measured.right : number(measured.rightValue)}`]);
    const exact = measured.comparator === "==" && measured.distance === 0;
    if (measured.distance !== null && !exact) {
      const short = measured.distance < 0;
      facts.push([short ? "short by" : "to spare", number(Math.abs(measured.distance), 3)]);
    }
  }
  if (worst.length > 0)
    facts.push([
      counts.total > 1 ? "worst at" : "at",
      worst.map(({ axis, coordinate }) => `${axis} = ${coordinateWords(coordinate)}`).join(", "),
    ]);
  if (share !== null)
    facts.push([
      `share of ${share.of}`,
      `${share.found === null ? "\u2013" : percent(share.found)} (${percent(share.asked)} asked)`,
    ]);
  if (counts.total > 1) facts.push(["holds at", countWords(counts)]);
  else if (counts.missing > 0) facts.push(["missing", String(counts.missing)]);
  return facts;
}

function countWords({ total, holding, failing, missing }: Expectation["counts"]): string {
  const others = [failing > 0 ? `${failing} fail` : "", missing > 0 ? `${missing} missing` : ""].filter(
    (part) => part !== "",
  );
  return `${holding} of ${total}${others.length === 0 ? "" : ` (${others.join(", ")})`}`;
}

const number = (value: number | null, digits = 5): string =>
  value === null ? "\u2013" : formatNumber(value, digits).replace(/^-/u, "\u2212");
const coordinateWords = (value: number | string): string =>
  typeof value === "number" ? formatNumber(value, 6) : value;
const percent = (share: number): string => `${formatNumber(share * 100, 3)}\u00a0%`;

/** `7 of 8 claims are met, 1 is undecided`. */
export function summaryWords(verdicts: readonly Verdict[]): string {
  const count = (standing: Standing): number => verdicts.filter((verdict) => standingOf(verdict) === standing).length;
  const [met, unmet, open] = [count("met"), count("unmet"), count("open")];
  if (verdicts.length === 0) return "No claims";
  const claims = verdicts.length === 1 ? "claim" : "claims";
  if (met === verdicts.length)
    return met === 1 ? "The claim is met" : met === 2 ? "Both claims are met" : `All ${met} claims are met`;
  return [
    `${met} of ${verdicts.length} ${claims} ${met === 1 ? "is" : "are"} met`,
    unmet === 0 ? "" : `${unmet} ${unmet === 1 ? "is" : "are"} not`,
    open === 0 ? "" : `${open} ${open === 1 ? "is" : "are"} undecided`,
  ]
    .filter((part) => part !== "")
    .join(", ");
}
