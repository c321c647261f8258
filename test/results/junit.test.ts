import { SaxesParser } from "saxes";
import { describe, expect, test } from "vitest";
import type { Comparison } from "../../src/results/baseline.js";
import { junitText } from "../../src/results/junit.js";
import { expectation, judged, verdict } from "./judged.js";

interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: Element[];
  text: string;
}

/** By a strict parser: what is no well-formed XML throws. */
function parse(xml: string): Element {
  const root: Element = { name: "", attributes: {}, children: [], text: "" };
  const open = [root];
  const parser = new SaxesParser();
  parser.on("error", (error) => {
    throw error;
  });
  parser.on("opentag", ({ name, attributes }) => {
    const element: Element = { name, attributes, children: [], text: "" };
    open.at(-1)?.children.push(element);
    open.push(element);
  });
  parser.on("text", (text) => {
    const element = open.at(-1);
    if (element !== undefined) element.text += text;
  });
  parser.on("closetag", () => open.pop());
  parser.write(xml).close();
  const [first] = root.children;
  if (first === undefined) throw new Error("there is no element");
  return first;
}

const failing = expectation({ verdict: "fails", counts: { total: 4, holding: 1, failing: 3, missing: 0 } });
const claims = [
  verdict("good", [expectation()]),
  verdict("bad", [expectation(), failing], { title: "It falls", verdict: "fails", met: false }),
  verdict("open", [expectation({ verdict: "undecided", measured: null, reason: "2 runs diverged" })], {
    verdict: "undecided",
    met: false,
  }),
  verdict("wrong", [failing], { verdict: "fails", met: true, expectedFails: { reason: "the paper errs" } }),
  verdict("surprise", [expectation()], { verdict: "holds", met: false, expectedFails: { reason: null } }),
];

describe("JUnit", () => {
  test("counts on every level, and times in seconds", () => {
    const root = parse(junitText(judged({ e: claims, f: [] }, {}, [1.5, null, 0.25]), null));
    expect([root.name, root.attributes]).toEqual([
      "testsuites",
      { name: "s.amem", tests: "5", failures: "2", errors: "0", skipped: "1", time: "3.500" },
    ]);
    expect(root.children.map(({ name, attributes }) => [name, attributes])).toEqual([
      ["testsuite", { name: "s.e", tests: "5", failures: "2", errors: "0", skipped: "1", time: "1.750" }],
      ["testsuite", { name: "s.f", tests: "0", failures: "0", errors: "0", skipped: "0", time: "1.750" }],
    ]);
  });

  test("has a case a claim: failure, skipped, or passed", () => {
    const [suite] = parse(junitText(judged({ e: claims }), null)).children;
    const cases = suite?.children.map(({ attributes, children }) => [
      attributes.name,
      ...children.map(({ name, attributes: { message }, text }) => [name, message, text]),
    ]);
    expect(cases).toEqual([
      ["good"],
      ["bad", ["failure", "It falls", "fit.loss < 1: 0.25 < 1, 1 of 4 points hold"]],
      ["open", ["skipped", "open", "fit.loss < 1, 4 of 4 points hold (2 runs diverged)"]],
      [
        "wrong",
        ["system-out", undefined, "fails, as expected (the paper errs)\nfit.loss < 1: 0.25 < 1, 1 of 4 points hold"],
      ],
      [
        "surprise",
        ["failure", "it holds, and is expected to fail: surprise", "fit.loss < 1: 0.25 < 1, 4 of 4 points hold"],
      ],
    ]);
    expect(suite?.children[0]?.attributes).toEqual({ classname: "s.e", name: "good", time: "0" });
  });

  test("whatever stands in a claim, it is XML", () => {
    const title = `a]]>&<b c="d" e='f'>\u0000\u0008\u001b\u0085\uFFFE\uD800 \u{1F600}\t\r\n<!-- <?x`;
    const bad = verdict("bad", [expectation({ text: title, verdict: "fails" })], {
      title,
      verdict: "fails",
      met: false,
    });
    const [suite] = parse(junitText(judged({ e: [bad] }), null)).children;
    const failure = suite?.children[0]?.children[0];
    const shown = title.replaceAll(/[\u0000\u0008\u001b\u0085\uFFFE\uD800](?![\uDC00-\uDFFF])/g, "\uFFFD");
    expect(failure?.attributes.message).toBe(shown);
    expect(failure?.text.startsWith(shown)).toBe(true);
  });

  test("differences from a baseline are cases of a suite of their own", () => {
    const whole = { what: null, allowed: null } as const;
    const comparison: Comparison = {
      file: "b.json",
      compared: 1,
      differences: [
        { ...whole, experiment: "e", claim: "good", kind: "verdict", recorded: "fails", measured: "holds" },
        { ...whole, experiment: "gone", claim: "old", kind: "gone", recorded: "holds", measured: null },
      ],
    };
    const root = parse(junitText(judged({ e: claims.slice(0, 1) }), comparison));
    expect(root.attributes).toMatchObject({ tests: "3", failures: "2" });
    const suites = root.children.map(({ attributes, children }) => [
      attributes.name,
      ...children.map((each) => [each.attributes.name, each.children[0]?.text]),
    ]);
    expect(suites).toEqual([
      ["s.e", ["good", undefined]],
      ["s.e.baseline", ["good", "verdict: fails recorded, now holds"]],
      ["s.gone.baseline", ["old", "is in the baseline, and not in the spec any more"]],
    ]);
  });
});
