/** Chromium for tests: found, started with an empty profile, without a network. */
import { existsSync } from "node:fs";
import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { chromium } from "playwright-core";

const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Null on a machine without it; where AMEMC_REQUIRE_BROWSER is 1, tests then fail instead of being skipped. */
export const CHROMIUM: string | null =
  [process.env.AMEMC_CHROMIUM ?? "", ...PLACES].find((path) => path !== "" && existsSync(path)) ?? null;
export const REQUIRED = process.env.AMEMC_REQUIRE_BROWSER === "1";

export async function startBrowser(): Promise<Browser> {
  if (CHROMIUM === null)
    throw new Error("Chromium is required (AMEMC_REQUIRE_BROWSER=1) and not there: apt-get install chromium");
  return chromium.launch({ executablePath: CHROMIUM, headless: true, args: FLAGS });
}

export interface Opened {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Whatever the page said on the console, failed at, or asked the network for. */
  readonly complaints: readonly string[];
}

export async function openPage(browser: Browser, file: string, options: BrowserContextOptions = {}): Promise<Opened> {
  const context = await browser.newContext({ offline: true, viewport: { width: 1100, height: 900 }, ...options });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("console", (message) => complaints.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => complaints.push(`error: ${error.message}`));
  page.on("dialog", (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("request", (request) => {
    if (!/^(file|data|blob):/u.test(request.url())) complaints.push(`request: ${request.url()}`);
  });
  await page.goto(`file://${file}`);
  return { page, context, complaints };
}
