/** The pages themselves: links lead somewhere, quoted files are quoted as they are, nothing of one machine stands in them. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { blocksIn, root } from "./blocks.js";

const pages = [
  "README.md",
  "scripts/README.md",
  "grammar/README.md",
  ...readdirSync(`${root}docs`)
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
];
const textOf = (page: string): string => readFileSync(root + page, "utf8").replace(/^```[^]*?^```/gmu, "");

/** As GitHub makes them of headings. */
function anchorsOf(page: string): ReadonlySet<string> {
  const headings = [...textOf(page).matchAll(/^#+ (.*)$/gmu)].map(([, heading = ""]) => heading);
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, "")
        .replaceAll(" ", "-"),
    ),
  );
}

test.each(pages)("links of %s lead somewhere", (page) => {
  const broken: string[] = [];
  for (const [, target = ""] of textOf(page).matchAll(/\]\(([^)\s]+)\)/gu)) {
    if (/^https?:/u.test(target)) continue;
    const [path = "", anchor] = target.split("#");
    const file = path === "" ? page : join(dirname(page), path);
    const isThere = existsSync(root + file);
    if (!isThere || (anchor !== undefined && !anchorsOf(file).has(anchor))) broken.push(target);
  }
  expect(broken).toEqual([]);
});

test.each(pages)("%s knows no machine but the reader's", (page) => {
  expect(readFileSync(root + page, "utf8")).not.toMatch(/\/(?:root|home|work|tmp)\/|registry\.|localhost/u);
});

test("the first spec of the README is specs/quickstart.amem", () => {
  const first = blocksIn("README.md").find(({ language }) => language === "amem");
  expect(first?.text).toBe(readFileSync(`${root}specs/quickstart.amem`, "utf8"));
});

test("every file of the library stands in the language reference", () => {
  const page = readFileSync(`${root}docs/language.md`, "utf8");
  for (const file of readdirSync(`${root}src/language/std`).filter((name) => name.endsWith(".amem"))) {
    expect(page).toContain(`**std.${file.replace(/\.amem$/u, "")}**`);
    const text = readFileSync(`${root}src/language/std/${file}`, "utf8");
    for (const [, name = ""] of text.matchAll(/^(?:memory|data|optimizer|evolve|fn) ([\p{L}\d_]+)/gmu))
      expect(page).toMatch(new RegExp(`\\b${name}\\(`, "u"));
  }
});

test("every command and option of the command line stands in the README", () => {
  const page = readFileSync(`${root}README.md`, "utf8");
  const program = readFileSync(`${root}src/cli/program.ts`, "utf8") + readFileSync(`${root}src/cli/options.ts`, "utf8");
  for (const [, name = ""] of program.matchAll(/command\("([a-z-]+)/gu)) expect(page).toContain(`amemc ${name}`);
  for (const [, name = ""] of program.matchAll(/new Option\(\s*"(--[a-z]+)/gu)) expect(page).toContain(`\`${name}`);
});
