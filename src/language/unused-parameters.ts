/**
 * Parameters that the text of their template never mentions. Whoever makes one of the template may read them as its members,
 * so a name after a dot anywhere in the file counts, and a file without experiments is left alone: others use it.
 */
import type { Component, Experiment, Name, Phase, Statement } from "../../grammar/tree.js";
import type { Diagnostic, Diagnostics } from "../base/diagnostic.js";
import { pathText } from "./expressions/resolve.js";
import type { Module } from "./modules.js";

export function checkParameters({ tree, source }: Module, diagnostics: Diagnostics): void {
  const { statements } = tree;
  if (!statements.some(({ kind }) => kind === "experiment")) return;
  const inside = statements.flatMap((statement) => (statement.kind === "experiment" ? (statement.body ?? []) : []));
  for (const statement of [...statements, ...inside])
    if (isTemplate(statement))
      unusedIn(statement, basesOf(statement, statements), source.text).forEach((diagnostic) => {
        diagnostics.add(diagnostic);
      });
}

/** A parameter of an experiment that is like others stands for what is named like it there. */
function basesOf(template: Templated, statements: readonly Statement[]): readonly Experiment[] {
  const found: Experiment[] = [];
  for (let next = template; next.kind === "experiment" && next.instance !== null;) {
    const { instance } = next;
    const name = pathText(instance.kind === "call" ? instance.callee : instance);
    const base = statements.find((other) => other.kind === "experiment" && other.name.text === name);
    if (base?.kind !== "experiment" || found.includes(base)) break;
    found.push(base);
    next = base;
  }
  return found;
}

type Templated = Component | Phase | Experiment;

const isTemplate = (statement: Statement): statement is Templated =>
  (statement.kind === "component" || statement.kind === "phase" || statement.kind === "experiment") &&
  (statement.body !== null || (statement.kind !== "phase" && statement.instance !== null));

function unusedIn(template: Templated, bases: readonly Experiment[], text: string): readonly Diagnostic[] {
  const parameters = template.parameters ?? [];
  const names = parameters.map(({ name }) => name);
  const mentioned = new Set<string>();
  collect(template, new Set(names), mentioned);
  collect(bases, new Set(), mentioned);
  return names
    .filter((name) => !mentioned.has(name.text) && !isMember(name.text, text))
    .map((name) => ({
      code: "AM2038",
      severity: "warning",
      span: name.span,
      message: `\`${template.name.text}\` does not use its parameter \`${name.text}\``,
      here: "no argument for it changes anything",
      help: "use it, or take it out",
    }));
}

/** All names that are written, and what is left of them without primes and digits at the end: `dim2'` is an index of `dim`. */
function collect(node: unknown, except: ReadonlySet<unknown>, found: Set<string>): void {
  if (typeof node !== "object" || node === null || except.has(node)) return;
  if (isName(node))
    for (let { text } = node; text !== ""; text = text.slice(0, -1)) {
      found.add(text);
      if (!/['\d\u2080-\u2089]$/u.test(text)) break;
    }
  for (const [key, part] of Object.entries(node)) if (key !== "span") collect(part, except, found);
}

const isName = (node: object): node is Name => "text" in node && typeof node.text === "string";

function isMember(name: string, text: string): boolean {
  const escaped = name.replace(/[.*+?^${}()|[\]\\]/gu, "\\$&");
  return new RegExp(`\\.\\s*${escaped}(?![\\p{L}\\p{N}_'])`, "u").test(text);
}
