/** `amemc data list` and `amemc data get NAME`: the built-in data sets. */
import { UserError } from "../../base/diagnostic.js";
import { bytes, builtInSets, corpora, isThere, packageOf, setFolder, type Package } from "../../datasets/index.js";
import { get } from "../data-sets.js";
import { nearestWord } from "../nearest.js";
import type { Terminal } from "../terminal.js";

const all: readonly Package[] = [...builtInSets, ...corpora];

interface DataOptions {
  readonly json?: boolean;
}

export async function data(
  terminal: Terminal,
  action: string,
  name: string | undefined,
  options: DataOptions,
): Promise<number> {
  switch (action) {
    case "list":
      if (name !== undefined) throw wrong("`data list` takes no name", "write `amemc data list`");
      list(terminal, all, options);
      return 0;
    case "get": {
      if (name === undefined) throw wrong("`data get` needs the name of a data set", setsInWords());
      const set = all.find((known) => known.name === name);
      if (set === undefined) {
        const near = nearestWord(
          name,
          all.map((known) => known.name),
        );
        throw wrong(`there is no data set \`${name}\``, near === null ? setsInWords() : `did you mean \`${near}\`?`);
      }
      if (!isThere(set)) await get(terminal, set);
      list(terminal, [set], options);
      return 0;
    }
    default:
      throw wrong(`\`data\` does not know \`${action}\``, "write `amemc data list` or `amemc data get NAME`");
  }
}

function list(terminal: Terminal, sets: readonly Package[], options: DataOptions): void {
  const found = sets.map((set) => ({
    name: set.name,
    about: set.about,
    terms: set.terms,
    package: packageOf(set),
    bytes: set.bytes,
    folder: isThere(set) ? setFolder(set) : null,
  }));
  if (options.json === true) {
    terminal.out(`${JSON.stringify(found, null, 2)}\n`);
    return;
  }
  for (const { name, about, terms, bytes: size, folder, package: from } of found)
    terminal.out(
      `${name}  ${about}\n  ${terms}\n  ${folder ?? `not here: \`amemc data get ${name}\` fetches ${from}, ${bytes(size)}`}\n`,
    );
}

const setsInWords = (): string => `there is ${all.map(({ name }) => `\`${name}\``).join(", ")}`;

function wrong(message: string, help: string): UserError {
  return new UserError({ code: "AM8003", severity: "error", span: null, message, help });
}
