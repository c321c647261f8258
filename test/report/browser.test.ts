// The report as a browser shows it: with scripts and without, offline, under its own policy.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { renderReport } from "../../src/report/entry.js";
import * as charts from "../../src/report/vega/index.js";
import { attackInput } from "./attack.js";
import { CHROMIUM, openPage, REQUIRED, startBrowser } from "./browser.js";
import { gallery } from "./gallery.js";
import { experiment, sampleInput } from "./sample.js";

const title = CHROMIUM === null && !REQUIRED ? "in a browser (skipped: no Chromium on this machine)" : "in a browser";

describe.skipIf(CHROMIUM === null && !REQUIRED)(title, () => {
  let browser: Browser;
  const folder = mkdtempSync(join(tmpdir(), "amemc-report-"));
  const file = (name: string): string => join(folder, `${name}.html`);

  beforeAll(async () => {
    const items = gallery().map((chart) => ({ kind: "chart" as const, chart }));
    writeFileSync(file("sample"), await renderReport(sampleInput(), () => charts));
    writeFileSync(
      file("gallery"),
      await renderReport(sampleInput({ experiments: [{ ...experiment(), items }] }), () => charts),
    );
    writeFileSync(file("hostile"), await renderReport(attackInput(), () => charts));
    browser = await startBrowser();
  });
  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Scrolls through the page, so that every chart is drawn, and waits for all of them. */
  async function enliven(page: Page): Promise<number> {
    const charts = await page.locator("figure[data-chart]").count();
    for (let k = 0; k < charts; k++) {
      const figure = page.locator("figure[data-chart]").nth(k);
      await figure.scrollIntoViewIfNeeded();
      await figure.locator(".live svg, .live canvas").first().waitFor({ state: "visible" });
    }
    return charts;
  }

  it.each(["sample", "gallery"])(
    "%s: every chart is drawn, without a word on the console and without a network",
    async (name) => {
      const { page, context, complaints } = await openPage(browser, file(name));
      const charts = await enliven(page);
      expect(charts).toBeGreaterThan(3);
      expect(await page.locator("figure.is-live").count()).toBe(charts);
      // Text and graphics in each of them; canvases tell by their size.
      const drawn = await page
        .locator(".live")
        .evaluateAll((places) =>
          places.map(
            (place) =>
              place.querySelectorAll("svg path, svg text").length + (place.querySelector("canvas")?.width ?? 0),
          ),
        );
      expect(Math.min(...drawn)).toBeGreaterThan(8);
      expect(complaints).toEqual([]);
      await context.close();
    },
  );

  it("is complete without scripts", async () => {
    const { page, context, complaints } = await openPage(browser, file("sample"), { javaScriptEnabled: false });
    for (const words of [
      "holds",
      "fails",
      "undecided",
      "1.3487",
      "2 of 20 runs of fit diverged",
      "Where the runs end",
      "compiled by XLA",
    ])
      expect(await page.getByText(words).first().isVisible()).toBe(true);
    const pictures = page.locator(".static svg");
    expect(await pictures.count()).toBe(4);
    for (const picture of await pictures.all()) {
      expect(await picture.isVisible()).toBe(true);
      expect((await picture.boundingBox())?.width).toBeGreaterThan(300);
    }
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("hostile words stay words", async () => {
    const { page, context, complaints } = await openPage(browser, file("hostile"));
    await enliven(page);
    await page.locator("figure.chart .live").first().hover();
    expect(await page.evaluate(() => "pwned" in globalThis)).toBe(false);
    // Pictures are well-formed XML for whoever saves them.
    const broken = await page
      .locator(".static svg")
      .evaluateAll(
        (pictures) =>
          pictures.filter(
            (picture) =>
              new DOMParser()
                .parseFromString(new XMLSerializer().serializeToString(picture), "image/svg+xml")
                .querySelector("parsererror") !== null,
          ).length,
      );
    expect(broken).toBe(0);
    expect(complaints).toEqual([]);
    await context.close();
    const texts = [
      ...readFileSync(file("hostile"), "utf8").matchAll(/<div class="static">(<svg[\s\S]*?<\/svg>)<\/div>/gu),
    ].map(([, svg]) => svg ?? "");
    const plain = await openPage(browser, file("hostile"));
    const faults = await plain.page.evaluate(
      (list) =>
        list.filter(
          (svg) => new DOMParser().parseFromString(svg, "image/svg+xml").querySelector("parsererror") !== null,
        ).length,
      texts,
    );
    expect([texts.length > 10, faults]).toEqual([true, 0]);
    await plain.context.close();
  });

  it("the pointer is told the row it is over, and a legend singles out its colour", async () => {
    const { page, context, complaints } = await openPage(browser, file("sample"));
    const chart = page.locator("figure[data-chart=losses]");
    await chart.scrollIntoViewIfNeeded();
    const live = chart.locator(".live svg");
    await live.waitFor({ state: "visible" });
    const points = live.locator("g.mark-symbol.role-mark path");
    await points.nth(40).hover({ force: true });
    const tip = page.locator(".tip.is-shown");
    await tip.waitFor();
    const words = await tip.innerText();
    for (const term of ["eta", "step", "fit.loss", "low", "high", "n"]) expect(words).toContain(term);
    const faint = (): Promise<number> =>
      live.locator('g.mark-line path[opacity="0.1"], g.mark-line path[stroke-opacity="0.1"]').count();
    expect(await faint()).toBe(0);
    await live.locator(".role-legend-label text").nth(1).click();
    await expect.poll(faint).toBe(2);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("data and pictures can be saved", async () => {
    const { page, context } = await openPage(browser, file("sample"));
    const chart = page.locator("figure[data-chart=losses]");
    const save = async (label: string): Promise<string> => {
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        chart.getByRole("button", { name: label }).click(),
      ]);
      return readFileSync(await download.path(), "utf8");
    };
    const csv = await save("CSV");
    expect(csv.split("\r\n").slice(0, 2)).toEqual([
      "eta,step,fit.loss,low,high,n",
      expect.stringMatching(/^1,0,1\.42,1\.27\d*,1\.59\d*,20$/u),
    ]);
    expect(csv.trim().split("\r\n")).toHaveLength(304);
    expect(await save("SVG")).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg"/u);
    await context.close();
  });

  it("fits a phone, and knows the dark", async () => {
    const { page, context, complaints } = await openPage(browser, file("sample"), {
      viewport: { width: 390, height: 800 },
      colorScheme: "dark",
    });
    await enliven(page);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    const color = (selector: string, property: string): Promise<string> =>
      page
        .locator(selector)
        .first()
        .evaluate((element, name) => getComputedStyle(element).getPropertyValue(name), property);
    expect(await color("body", "background-color")).toBe("rgb(20, 24, 29)");
    expect(await color("figure[data-chart=losses] .live .role-axis-title text", "fill")).toBe("rgb(230, 233, 237)");
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("prints its pictures", async () => {
    const { page, context } = await openPage(browser, file("sample"));
    await enliven(page);
    await page.emulateMedia({ media: "print" });
    expect(await page.locator(".static svg").first().isVisible()).toBe(true);
    expect(await page.locator(".live svg").first().isVisible()).toBe(false);
    await context.close();
  });
});
