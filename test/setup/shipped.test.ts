import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { cutPage, installedLine, PAGE, shippedTable } from "../../scripts/dependencies.mjs";
import { licenceTexts, shippedPackages } from "../../scripts/lib/shipped.mjs";
import { distFile, packageRoot } from "../../src/base/package.js";
import { temporaryFolder, write } from "./helpers.js";

interface Metafile {
  readonly outputs: Readonly<
    Record<string, { readonly imports: readonly { readonly path: string; readonly external?: boolean }[] }>
  >;
}

/** Rows without their sizes, which change with every edit: package, version, licence, which bundles. */
const facts = (table: string): readonly string[] =>
  table
    .split("\n")
    .filter((line) => /^\| [@a-z]/u.test(line))
    .map((line) => line.replace(/\| (< )?\d+ (?=\|)/gu, "| x "));

describe("the page of dependencies", () => {
  const page = readFileSync(join(packageRoot(), PAGE), "utf8");

  it("names what ships (else: node scripts/dependencies.mjs)", () => {
    const [, written] = cutPage(page);
    expect(facts(written)).toEqual(facts(shippedTable()));
    expect(written).toContain(installedLine());
  });

  it("gives the reason for every package that we name", () => {
    const { devDependencies } = JSON.parse(readFileSync(join(packageRoot(), "package.json"), "utf8")) as {
      readonly devDependencies: Readonly<Record<string, string>>;
    };
    const [reasons] = cutPage(page);
    const rows = reasons
      .split("\n")
      .flatMap((line) => (line.startsWith("| ") ? (line.split("|")[1] ?? "").split(",") : []));
    const told = new Set(rows.map((name) => name.trim()));
    const names = Object.keys(devDependencies).filter((name) => !name.startsWith("@types/"));
    expect(names.filter((name) => !told.has(name))).toEqual([]);
  });
});

describe("the bundles", () => {
  it("need nothing at run time but Node", () => {
    const builtin = /^(node:|readline$|events$|fs$|module$)/u;
    const outside = ["cli", "program", "worker", "report", "charts", "page"].flatMap((bundle) => {
      const { outputs } = JSON.parse(readFileSync(distFile(`meta/${bundle}.json`), "utf8")) as Metafile;
      return Object.values(outputs).flatMap(({ imports }) =>
        imports.filter(({ external, path }) => external === true && !builtin.test(path)).map(({ path }) => path),
      );
    });
    expect([...new Set(outside)]).toEqual([]);
  });

  it("come with the licence of every package in them", () => {
    const text = readFileSync(distFile("THIRD-PARTY-LICENCES.txt"), "utf8");
    const packages = shippedPackages();
    expect(packages.length).toBeGreaterThan(20);
    expect(
      packages.filter(({ name, version, licence }) => !text.includes(`${name} ${version} (${licence})\n`)),
    ).toEqual([]);
    expect(text).toContain("Apache License");
  });

  it("are not made of a package without a licence text", () => {
    const folder = temporaryFolder();
    const bare = { name: "bare", version: "1.0.0", licence: "MIT", folder, bytes: {} };
    expect(() => licenceTexts([bare])).toThrow("bare 1.0.0 (MIT)");
    write(join(folder, "LICENSE.md"), "do as you like");
    const twin = { ...bare, name: "twin" };
    expect(licenceTexts([bare, twin]).match(/do as you like/gu)).toHaveLength(1);
  });
});
