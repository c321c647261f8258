/** The sample with hostile text in every string that a spec, a file name or a machine may bring along. */
import type { ReportInput } from "../../src/report/types.js";
import { gallery } from "./gallery.js";
import { sourceText } from "../../src/report/source-text.js";
import { experiment, sampleInput } from "./sample.js";

export const ATTACK =
  '</script><script>window.pwned=1</script><!--<img src=x onerror="window.pwned=2">\'"`&lt;\\b\\u0022${window.pwned=3}\u0000\u0008\u2028\u202e\ud800{{7*7}}';

/** Fields that hold words of ours, or names of columns: no input of anybody. */
const OURS = new Set([
  "kind",
  "verdict",
  "type",
  "scale",
  "source",
  "mark",
  "field",
  "low",
  "high",
  "count",
  "state",
  "middle",
  "comparator",
  "end",
  "precision",
]);

function poisoned(value: unknown, key: string, isCell: boolean): unknown {
  if (typeof value === "string") return OURS.has(key) && !isCell ? value : value + ATTACK;
  if (Array.isArray(value)) return value.map((own) => poisoned(own, key, isCell));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, own]) => [name, poisoned(own, name, isCell || key === "columns")]),
  );
}

export function attackInput(): ReportInput {
  const items = [...experiment().items, ...gallery().map((chart) => ({ kind: "chart" as const, chart }))];
  const input = sampleInput({ experiments: [{ ...experiment(), items }] });
  const attack = poisoned(input, "", false) as ReportInput;
  // Colours are found in the hostile text, as they would be.
  const [spec, ...modules] = [attack.spec, ...attack.modules].map(({ file, text }) => sourceText(file, text));
  return { ...attack, spec: spec ?? attack.spec, modules };
}
