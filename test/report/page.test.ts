import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { loadBundle } from "../../src/base/compiled.js";
import * as page from "../../src/report/entry.js";
import { summarizePoints } from "../../src/report/points.js";
import type { StoredPlan } from "../../src/results/store/plan-file.js";
import type { Report, ReportInput } from "../../src/report/types.js";
import * as charts from "../../src/report/vega/index.js";
import { attackInput } from "./attack.js";
import { experiment, sampleInput, VERDICTS } from "./sample.js";

const makeReport = (input: ReportInput): Promise<Report> => page.makeReport(input, () => charts);
const renderReport = (input: ReportInput): Promise<string> => page.renderReport(input, () => charts);

await charts.warm();
const { html, problems } = await makeReport(sampleInput());
/** Expectations on whole pages would print whole pages. */
const found = (text: string, pattern: RegExp): readonly string[] => (text.match(pattern) ?? []).slice(0, 3);
const count = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0;
const chartCount = experiment().items.filter(({ kind }) => kind === "chart").length;

describe("the page", () => {
  it("has the same bytes for the same input", async () => {
    expect((await renderReport(sampleInput())) === html).toBe(true);
    expect(problems).toEqual([]);
  });

  it("has the same bytes from the bundles", async () => {
    const built = loadBundle("report.cjs", "test") as typeof page;
    const report = await built.makeReport(sampleInput(), () => loadBundle("charts.cjs", "test") as typeof charts);
    expect(report.html === html).toBe(true);
  });

  it("is small without data, and needs nothing from outside", async () => {
    const empty = await renderReport(sampleInput({ experiments: [{ ...experiment(), items: [] }] }));
    expect(Buffer.byteLength(empty)).toBeLessThan(1_000_000);
    const withoutScripts = html.replace(/<script[\s\S]*?<\/script>/gu, "");
    expect(found(withoutScripts, /\s(src|srcset|data|action|formaction|background)="?(?!data:)[^"]*:\/\//gu)).toEqual(
      [],
    );
    expect(found(withoutScripts, /<(iframe|object|embed|link rel="stylesheet"|base)/gu)).toEqual([]);
    expect(found(withoutScripts, /\son\w+=/gu)).toEqual([]);
  });

  it("allows its own script and style only", () => {
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/u.exec(html)?.[1] ?? "";
    const [, script = ""] = /<script>([\s\S]*?)<\/script>/u.exec(html) ?? [];
    const [, style = ""] = /<style>([\s\S]*?)<\/style>/u.exec(html) ?? [];
    const hash = (text: string): string => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain(`script-src ${hash(script)};`);
    expect(policy).toContain(`style-src ${hash(style)};`);
    expect(policy).not.toMatch(/unsafe-eval|script-src[^;]*unsafe|https?:/u);
  });

  it("tells what is behind a verdict beside it, with its place, once", () => {
    const claims = html.slice(html.indexOf('id="claims"'), html.indexOf('class="experiment"'));
    expect(found(claims, /<p class="health">.*?<\/p>/gu)).toEqual([
      '<p class="health"><strong>AM6504</strong> the curve still moves at its end: about 20 more steps would cross it at &lt;eta&gt; = 10 <span>let it run longer and see, or name the step (<code>step: 100</code> instead of <code>step: last</code>) (<a href="#spec-49">line 49</a>)</span></p>',
    ]);
    expect(html).toContain('id="spec-49"');
  });

  it("says at its top which values were others than the spec's", async () => {
    const chosen = '<p class="chosen">Run with <code>eta = 1</code> instead of the spec\u2019s values.</p>';
    expect(found(html, /<p class="chosen">.*<\/p>/gu)).toEqual([chosen]);
    expect(html.indexOf(chosen)).toBeLessThan(html.indexOf('id="claims"'));
    const own = experiment();
    const withManifest = (more: Partial<typeof own.provenance.manifest>): Promise<string> =>
      renderReport(
        sampleInput({
          experiments: [
            { ...own, provenance: { ...own.provenance, manifest: { ...own.provenance.manifest, ...more } } },
          ],
        }),
      );
    expect(found(await withManifest({ settings: {} }), /class="chosen"/gu)).toEqual([]);
    expect(
      found(await withManifest({ settings: { a: "<b>" }, profile: "quick" }), /<p class="chosen">.*<\/p>/gu),
    ).toEqual([
      '<p class="chosen">Run with the profile <code>quick</code>, with <code>a = &lt;b&gt;</code> instead of the spec\u2019s values.</p>',
    ]);
  });

  it("says at its top what it lacks, and marks results that are incomplete", async () => {
    expect(html).toContain('<p class="summary open">63 points expected: 61 done, 2 diverged.</p>');
    expect(html).not.toContain('class="incomplete"');
    const [fit, landscape] = experiment().points;
    if (fit === undefined || landscape === undefined) throw new Error("no points");
    const points = [
      { ...fit, done: 50, failed: 1, missing: 7 },
      { ...landscape, done: 2, missing: 1 },
    ];
    const partial = await renderReport(sampleInput({ experiments: [{ ...experiment(), items: [], points }] }));
    const banner = found(partial, /<div class="incomplete"[\s\S]*?<\/div>/gu).join("");
    expect(banner).toContain("63 points expected: 52 done, 1 failed, 2 diverged, 8 missing.");
    expect(banner).toContain("<code>fit</code>: 1 failed, 2 diverged, 7 missing; <code>landscape</code>: 1 missing.");
    expect(banner).toContain("amemc compile-and-run specs/linear/loss-spike.amem");
    expect(partial.indexOf('class="incomplete"')).toBeLessThan(partial.indexOf('id="claims"'));
    const whole = [{ ...landscape, phase: "look" }];
    const done = await renderReport(sampleInput({ experiments: [{ ...experiment(), items: [], points: whole }] }));
    expect(done).not.toMatch(/class="incomplete"|points expected/u);
  });

  it("tells every verdict by its word, with the numbers, before anything else", () => {
    const claims = html.slice(html.indexOf('id="claims"'), html.indexOf('class="experiment"'));
    expect(count(claims, /<article class="claim/gu)).toBe(VERDICTS.length);
    for (const words of ["holds", "fails", "fails, as expected", "undecided"])
      expect([words, claims.includes(`</span> ${words}</span>`)]).toEqual([words, true]);
    for (const fact of [
      "1.3487",
      "\u2248 1.3487",
      "short by",
      "alpha = 0.95, step = 12",
      "85\u00a0% (90\u00a0% asked)",
      "51 of 60 (7 fail, 2 missing)",
      "2 of 20 runs of fit diverged",
    ])
      expect([fact, claims.includes(fact)]).toEqual([fact, true]);
    expect(html.indexOf("2 of 4 claims are met, 1 is not, 1 is undecided.")).toBeLessThan(html.indexOf('id="claims"'));
  });

  it("shows charts, tables, prose, spec, points and provenance", () => {
    expect(count(html, /<figure class="chart"/gu)).toBe(chartCount);
    expect(count(html, /<div class="static"><svg /gu)).toBe(chartCount);
    for (const words of [
      "Where the runs end",
      "0.532 \u00b1 0.021",
      '<span class="keyword">experiment</span>',
      "eta = 30, seed = 11",
      "compiled by XLA",
      "compile-and-run specs/linear/loss-spike.amem",
      "2026-11-25T10:00:00.000Z",
    ])
      expect([words, html.includes(words)]).toEqual([words, true]);
  });

  it("gives every id once, and every link inside leads somewhere", () => {
    const body = html.replace(/<script[\s\S]*?<\/script>/gu, "");
    const ids = [...body.matchAll(/\sid="([^"]*)"/gu)].map(([, id]) => id);
    expect(ids.filter((id, k) => ids.indexOf(id) !== k)).toEqual([]);
    for (const [, target] of body.matchAll(/href="#([^"]*)"/gu)) expect(ids).toContain(target);
  });

  it("tells the experiments of a file apart", async () => {
    const first = { ...experiment(), name: "a", title: "First", items: experiment().items.slice(0, 2) };
    const second = { ...experiment(), name: "b", title: "Second", items: experiment().items.slice(1, 2) };
    const page = await renderReport(sampleInput({ experiments: [first, second], claims: VERDICTS.slice(0, 1) }));
    for (const heading of [
      "<h2>First</h2>",
      "<h2>Second</h2>",
      "<h2>Points of First</h2>",
      'id="claim-b-spike"',
      'id="claim-spike"',
    ])
      expect([heading, page.includes(heading)]).toEqual([heading, true]);
  });

  it("stands without claims, charts and points", async () => {
    const bare = { ...experiment(), verdicts: [], items: [], points: [] };
    const page = await renderReport(sampleInput({ experiments: [bare] }));
    expect(page.includes('id="claims"')).toBe(false);
    expect(page.includes("<h2>Spec</h2>")).toBe(true);
  });

  it("tells what is wrong with a chart, in its place and beside the page", async () => {
    const chart = {
      kind: "vegalite" as const,
      name: "bad",
      title: null,
      doc: null,
      text: '{"data": {"url": "x.csv"}, "mark": "bar"}',
      notes: [],
    };
    const report = await makeReport(
      sampleInput({ experiments: [{ ...experiment(), items: [{ kind: "chart", chart }] }] }),
    );
    expect(report.problems).toMatchObject([
      { experiment: "loss_spike", chart: "bad", message: "`data.url` would be loaded" },
    ]);
    expect(report.html.includes("<code>data.url</code> would be loaded")).toBe(true);
  });
});

describe("hostile words", async () => {
  const hostile = await renderReport(attackInput());

  it("end no script and begin none", () => {
    const scripts = hostile.match(/<script/giu)?.length ?? 0;
    const data = hostile.match(/<script type="application\/json">/gu)?.length ?? 0;
    expect(scripts).toBe(data + 1);
    expect(hostile.match(/<\/script/giu)).toHaveLength(scripts);
    expect(found(hostile.replace(/<script>[\s\S]*?<\/script>/u, ""), /<!--|<img/gu)).toEqual([]);
  });

  it("leave data that can be read", () => {
    for (const [, text = ""] of hostile.matchAll(/<script type="application\/json">([\s\S]*?)<\/script>/gu))
      expect(() => JSON.parse(text) as unknown).not.toThrow();
  });

  it("hold no control characters, no turned text and no halves of characters", () => {
    expect(found(hostile, /[\u0000-\u0008\u000b-\u001f\u2028\u2029\u202a-\u202e]/gu)).toEqual([]);
    expect(Buffer.from(hostile, "utf8").toString("utf8") === hostile).toBe(true);
  });
});

describe("points", () => {
  it("are counted, and those in trouble are named by their coordinates", () => {
    const plan = {
      sweeps: [
        { name: "eta", coordinates: [1, 1e-7], labels: null, integer: false },
        { name: "method", coordinates: [0, 1], labels: ["gd", "adam"], integer: true },
      ],
      phases: [{ name: "fit", axes: ["eta", "method"], points: [{}, {}, {}, {}] }],
    } as unknown as StoredPlan;
    const reports = new Map([
      [
        "fit",
        [
          { position: [0, 0], state: "done" as const, detail: null },
          { position: [1, 0], state: "diverged" as const, detail: "at step 3" },
          { position: [1, 1], state: "failed" as const, detail: "the worker was killed" },
        ],
      ],
    ]);
    expect(summarizePoints(plan, reports)).toEqual([
      {
        phase: "fit",
        expected: 4,
        done: 1,
        failed: 1,
        diverged: 1,
        missing: 1,
        troubles: [
          {
            point: [
              { axis: "eta", coordinate: "1e-7" },
              { axis: "method", coordinate: "gd" },
            ],
            state: "diverged",
            detail: "at step 3",
          },
          {
            point: [
              { axis: "eta", coordinate: "1e-7" },
              { axis: "method", coordinate: "adam" },
            ],
            state: "failed",
            detail: "the worker was killed",
          },
        ],
      },
    ]);
  });
});
