/**
 * The code blocks of a page of documentation. What stands behind ``` says how a block is tested:
 * `amem` a whole file, checked; `amem run` also run, and its claims are met; `amem in=experiment` a fragment, put into
 * `preludes/experiment.amem` (`in=measure`: into a `measure` there; `in=results`: into `preludes/results.amem`; `in=file`: a file);
 * `error=AM2103` gives just this code. `file=name.amem` is there for the commands of the page. `sh`: commands, `exit=1` what the last
 * one ends with; `text output` right behind them: lines that they print, in this order. `norun` leaves a block alone.
 */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export interface Block {
  /** `docs/language.md:12`. */
  readonly place: string;
  readonly language: string;
  readonly words: ReadonlySet<string>;
  readonly settings: ReadonlyMap<string, string>;
  readonly text: string;
}

export const root = fileURLToPath(new URL("../../", import.meta.url));

export function blocksIn(page: string): readonly Block[] {
  const lines = readFileSync(root + page, "utf8").split("\n");
  const blocks: Block[] = [];
  for (let k = 0; k < lines.length; k++) {
    const fence = /^```(\S+)\s*(.*)$/u.exec(lines[k] ?? "");
    if (fence === null) continue;
    const start = k + 1;
    do k++;
    while (k < lines.length && !/^```\s*$/u.test(lines[k] ?? ""));
    const words = (fence[2] ?? "").split(/\s+/u).filter((word) => word !== "");
    const settings = words.flatMap((word): [string, string][] => {
      const [name = "", value] = word.split("=");
      return value === undefined ? [] : [[name, value]];
    });
    blocks.push({
      place: `${page}:${start}`,
      language: fence[1] ?? "",
      words: new Set(words.filter((word) => !word.includes("="))),
      settings: new Map(settings),
      text: `${lines.slice(start, k).join("\n")}\n`,
    });
  }
  return blocks;
}

/** A block as a whole file. */
export function specOf({ text, settings }: Block): string {
  const place = settings.get("in");
  switch (place) {
    case undefined:
    case "file":
      return text;
    case "experiment":
    case "results":
      return inside(place, text);
    case "measure":
      return inside("experiment", `measure example_of_measure {\n${text}}\n`);
    default:
      throw new Error(`there is no prelude ${place}`);
  }
}

/** What a fragment declares itself is left out of the prelude. */
function inside(prelude: string, fragment: string): string {
  const text = readFileSync(`${root}test/docs/preludes/${prelude}.amem`, "utf8");
  const own = new Set(fragment.split("\n").flatMap((line) => declaredName(line) ?? []));
  const lines = text.split("\n");
  const kept = lines.flatMap((line, k): readonly string[] => {
    if (line.trim() === "// HERE") return [fragment];
    const name = /^ {2}\S/u.test(line) ? declaredName(line.trim()) : null;
    // Statements of several lines are kept: none of them is declared anew.
    return name !== null && own.has(name) && lines[k + 1]?.startsWith("    ") !== true ? [] : [line];
  });
  return kept.join("\n");
}

/** The name that a line at the outermost level declares. */
function declaredName(line: string): string | null {
  const found =
    /^(?:(?:axis|sweep|let|param|state|fn|memory|data)\s+)?([\p{L}_][\p{L}\d_]*'*)\s*(?:\[[^\]]*\])?\s*(?:=|~|in\b|\()/u.exec(
      line,
    );
  return found?.[1] ?? null;
}
