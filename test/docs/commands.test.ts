/** Commands in the documentation, and the examples that are marked `run`: all of them in one folder that holds the specs. */
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { blocksIn, root, specOf } from "./blocks.js";

const SECONDS = 100;
const blocks = ["README.md", "docs/language.md", "docs/guide.md"]
  .flatMap(blocksIn)
  .filter(({ words }) => !words.has("norun"));
const folder = mkdtempSync(join(tmpdir(), "amemc-docs-"));

beforeAll(() => {
  mkdirSync(join(folder, "bin"));
  symlinkSync(join(root, "scripts/amemc"), join(folder, "bin/amemc"));
  cpSync(join(root, "specs"), join(folder, "specs"), { recursive: true });
  cpSync(join(root, "test/docs/files"), folder, { recursive: true });
  for (const { settings, text } of blocks) {
    const file = settings.get("file");
    if (file !== undefined) writeFileSync(join(folder, file), text);
  }
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

interface Ended {
  readonly code: number | null;
  readonly output: string;
}

function shell(commands: string): Ended {
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    PATH: `${join(folder, "bin")}${delimiter}${process.env.PATH ?? ""}`,
    NO_COLOR: "1",
  };
  delete env.GITHUB_ACTIONS;
  const { status, stdout, stderr } = spawnSync("sh", ["-e", "-c", commands], {
    cwd: folder,
    env,
    encoding: "utf8",
    timeout: SECONDS * 1000,
  });
  return { code: status, output: `${stdout}${stderr}` };
}

describe("commands end as the page says", () => {
  const commands = blocks.flatMap((block, k) => {
    const next = blocks[k + 1];
    const shown = next?.language === "text" && next.words.has("output") ? next.text.trimEnd().split("\n") : [];
    return block.language === "sh" ? [[block.place, block, shown] as const] : [];
  });
  test.each(commands)(
    "%s",
    (_, { text, settings }, shown) => {
      const wanted = Number(settings.get("exit") ?? 0);
      const { code, output } = shell(text);
      expect([code, code === wanted ? "" : output]).toEqual([wanted, ""]);
      const printed = output.split("\n");
      let from = 0;
      for (const line of shown) {
        const place = printed.indexOf(line, from);
        expect(place < 0 ? `${output}\nlacks: ${line}` : "").toBe("");
        from = place + 1;
      }
    },
    (SECONDS + 10) * 1000,
  );
});

describe("claims of examples are met", () => {
  const specs = blocks.filter(({ language, words }) => language === "amem" && words.has("run"));
  test.each(specs.map((block, number) => [block.place, block, number] as const))(
    "%s",
    (_, block, number) => {
      writeFileSync(join(folder, `example${number}.amem`), specOf(block));
      const { code, output } = shell(`amemc run example${number}.amem --engine portable`);
      expect([code, code === 0 ? "" : output]).toEqual([0, ""]);
    },
    (SECONDS + 10) * 1000,
  );
});

test("the README shows what the quickstart prints", () => {
  const shown = blocksIn("README.md").find(({ words }) => words.has("output"));
  const { output } = shell("amemc run specs/quickstart.amem --engine portable 2>/dev/null");
  expect(output).toBe(shown?.text);
});
