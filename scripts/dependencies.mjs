// Writes what ships into docs/dependencies.md, between the markers: packages in the bundles, what gets installed, sizes.
// A test says when packages, versions or licences are no longer current; sizes are those of the last writing.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseJson, readJson, writeAtomic } from "./lib/files.mjs";
import { root } from "./lib/paths.mjs";
import { megabytes, reason, say } from "./lib/say.mjs";
import { SHIPPED_BUNDLES, shippedPackages } from "./lib/shipped.mjs";

export const PAGE = "docs/dependencies.md";
const [BEGIN, END] = ["<!-- shipped: written by `node scripts/dependencies.mjs` -->", "<!-- end of shipped -->"];

/** @param {number | undefined} bytes */
const kilobytes = (bytes) => (bytes === undefined ? "" : bytes < 500 ? "< 1" : String(Math.round(bytes / 1000)));

/** The table of packages in the bundles, in kilobytes after minifying. */
export function shippedTable() {
  const rows = shippedPackages().map(({ name, version, licence, bytes }) => {
    const sizes = SHIPPED_BUNDLES.map((bundle) => kilobytes(bytes[bundle]));
    return `| ${[name, version, licence, ...sizes].join(" | ")} |`;
  });
  const heads = ["Package", "Version", "Licence", ...SHIPPED_BUNDLES.map((bundle) => `${bundle}, kB`)];
  return [`| ${heads.join(" | ")} |`, `|---|---|---|${"---:|".repeat(SHIPPED_BUNDLES.length)}`, ...rows].join("\n");
}

/** What npm installs beside the package itself. */
export function installedLine() {
  const { dependencies = {} } = /** @type {{ dependencies?: Record<string, string> }} */ (
    readJson(join(root, "package.json"))
  );
  const names = Object.entries(dependencies).map(([name, version]) => `${name} ${version}`);
  return `Installed with the package: ${names.length === 0 ? "nothing" : names.join(", ")}.`;
}

/** A page cut at the markers: what is before, between and after. @param {string} page @returns {[string, string, string]} */
export function cutPage(page) {
  const [from, to] = [page.indexOf(BEGIN) + BEGIN.length, page.indexOf(END)];
  if (from < BEGIN.length || to < from) throw new Error(`${PAGE} lacks the markers ${BEGIN} and ${END}`);
  return [page.slice(0, from), page.slice(from, to), page.slice(to)];
}

function tarballLine() {
  const { stdout, status } = spawnSync("npm", ["pack", "--dry-run", "--json"], { cwd: root, encoding: "utf8" });
  if (status !== 0) throw new Error("npm pack does not work");
  const [pack] = /** @type {{ size: number, unpackedSize: number }[]} */ (parseJson(stdout));
  if (pack === undefined) throw new Error("npm pack says nothing");
  return `The tarball has ${(pack.size / 1e6).toFixed(1)} MB, ${megabytes(pack.unpackedSize)} unpacked.`;
}

if (resolve(process.argv[1] ?? "") === fileURLToPath(import.meta.url)) {
  try {
    const file = join(root, PAGE);
    const [before, , after] = cutPage(readFileSync(file, "utf8"));
    const part = `\n\n${installedLine()} ${tarballLine()}\n\n${shippedTable()}\n\n`;
    writeAtomic(file, before + part + after);
    say(`${PAGE} is written`);
  } catch (error) {
    say(reason(error));
    process.exitCode = 1;
  }
}
