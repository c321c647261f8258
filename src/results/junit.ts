/**
 * Claims as JUnit's XML, in the form that Surefire writes and Jenkins, GitLab and others read: a suite an experiment, a
 * case a claim. An undecided claim is skipped with its reason; one that is expected to fail and does has passed.
 */
import type { Comparison } from "./baseline.js";
import { differenceWords } from "./baseline.js";
import type { Expectation, Verdict } from "./chart-types.js";
import { OF_FILE } from "./judged.js";
import type { JudgedClaims } from "./judged.js";

interface Case {
  readonly className: string;
  readonly name: string;
  readonly result: { readonly tag: "failure" | "skipped"; readonly message: string; readonly text: string } | null;
  /** What is to be known of a case that passed. */
  readonly output: string | null;
}

interface Suite {
  readonly name: string;
  readonly cases: readonly Case[];
  /** What the workers took for all points; claims share them, so cases have no times of their own. */
  readonly seconds: number;
}

/** With a comparison there is a further suite: a case a claim that was or is there. */
export function junitText({ spec, experiments, ofFile }: JudgedClaims, comparison: Comparison | null): string {
  const stem = spec.file.replace(/\.amem$/u, "");
  const suites = experiments.map((experiment) => suiteOf(stem, experiment));
  // A suite of the file's own claims is called like the file.
  if (ofFile !== null)
    suites.push({ name: stem, seconds: 0, cases: ofFile.evaluated.verdicts.map((claim) => caseOf(stem, claim)) });
  if (comparison !== null) suites.push(...baselineSuites(stem, { experiments, ofFile }, comparison));
  const totals = attributes(
    suites.flatMap(({ cases }) => cases),
    suites.reduce((sum, { seconds }) => sum + seconds, 0),
  );
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="${xml(spec.file)}" ${totals}>`,
    ...suites.map(suiteText),
    "</testsuites>",
    "",
  ].join("\n");
}

function suiteOf(stem: string, { name, manifest, evaluated }: JudgedClaims["experiments"][number]): Suite {
  const seconds = Object.values(manifest.blocks).reduce((sum, block) => sum + (block.seconds ?? 0), 0);
  const className = `${stem}.${name}`;
  return { name: className, seconds, cases: evaluated.verdicts.map((claim) => caseOf(className, claim)) };
}

function caseOf(className: string, claim: Verdict): Case {
  const { name, title, verdict, expectedFails, met, expectations } = claim;
  const deciding = expectations.filter((expectation) => expectation.verdict === verdict).map(words);
  const text = deciding.join("\n");
  if (met) {
    const reason = expectedFails?.reason ?? null;
    const output =
      expectedFails === null ? null : `fails, as expected${reason === null ? "" : ` (${reason})`}\n${text}`;
    return { className, name, result: null, output };
  }
  const unexpected = verdict === "holds" ? "it holds, and is expected to fail: " : "";
  const tag = verdict === "undecided" ? "skipped" : "failure";
  return { className, name, result: { tag, message: `${unexpected}${title ?? name}`, text }, output: null };
}

function words({ text, measured, counts, share, reason }: Expectation): string {
  const values =
    measured === null ? "" : `: ${measured.leftValue ?? "?"} ${measured.comparator} ${measured.rightValue ?? "?"}`;
  const shared = share === null ? "" : `, in ${share.found ?? "?"} of ${share.of} (asked: ${share.asked})`;
  const points = counts.total > 1 ? `, ${counts.holding} of ${counts.total} points hold` : "";
  return `${text}${values}${shared}${points}${reason === null ? "" : ` (${reason})`}`;
}

/** Experiments and claims that only the baseline knows have their cases too. */
function baselineSuites(
  stem: string,
  { experiments, ofFile }: Pick<JudgedClaims, "experiments" | "ofFile">,
  { differences }: Comparison,
): readonly Suite[] {
  const groups = [...experiments, ...(ofFile === null ? [] : [{ ...ofFile, name: OF_FILE }])];
  const names = new Set([...groups.map(({ name }) => name), ...differences.map(({ experiment }) => experiment)]);
  return [...names].map((experiment) => {
    const mine = differences.filter((difference) => difference.experiment === experiment);
    const verdicts = groups.find(({ name }) => name === experiment)?.evaluated.verdicts ?? [];
    const claims = new Set([...verdicts.map(({ name }) => name), ...mine.map(({ claim }) => claim)]);
    const className = experiment === OF_FILE ? `${stem}.baseline` : `${stem}.${experiment}.baseline`;
    const cases = [...claims].map((claim): Case => {
      const found = mine.filter((difference) => difference.claim === claim).map(differenceWords);
      const failure = { tag: "failure" as const, message: "it differs from the baseline", text: found.join("\n") };
      return { className, name: claim, result: found.length === 0 ? null : failure, output: null };
    });
    return { name: className, seconds: 0, cases };
  });
}

function attributes(cases: readonly Case[], seconds: number): string {
  const count = (tag: "failure" | "skipped"): number => cases.filter(({ result }) => result?.tag === tag).length;
  return `tests="${cases.length}" failures="${count("failure")}" errors="0" skipped="${count("skipped")}" time="${seconds.toFixed(3)}"`;
}

function suiteText({ name, cases, seconds }: Suite): string {
  const head = `  <testsuite name="${xml(name)}" ${attributes(cases, seconds)}>`;
  return [head, ...cases.map(caseText), "  </testsuite>"].join("\n");
}

function caseText({ className, name, result, output }: Case): string {
  const start = `    <testcase classname="${xml(className)}" name="${xml(name)}" time="0"`;
  if (output !== null) return `${start}>\n      <system-out>${xml(output)}</system-out>\n    </testcase>`;
  if (result === null) return `${start}/>`;
  const { tag, message, text } = result;
  const type = tag === "failure" ? ' type="claim"' : "";
  return `${start}>\n      <${tag} message="${xml(message)}"${type}>${xml(text)}</${tag}>\n    </testcase>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "\t": "&#9;",
  "\n": "&#10;",
  "\r": "&#13;",
};

/** For text and for attributes in double quotes; XML has no way to write most control characters and half a surrogate pair. */
function xml(text: string): string {
  return text
    .replaceAll(/[&<>"\t\n\r]/gu, (found) => ENTITIES[found] ?? "")
    .replaceAll(/[\p{Cc}\p{Cs}\uFFFE\uFFFF]/gu, "\u{FFFD}");
}
