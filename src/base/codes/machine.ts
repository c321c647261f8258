/** AM8xxx: the command line and the machine. */
import type { CodeTable } from "./entry.js";

export const machineCodes: CodeTable = {
  AM8001: {
    title: "unknown command",
    explanation: "`amemc --help` lists the commands.",
    example: null,
  },
  AM8002: {
    title: "unknown option",
    explanation: "`amemc COMMAND --help` lists the options of a command.",
    example: null,
  },
  AM8003: {
    title: "wrong arguments",
    explanation:
      "An argument is missing, there are too many, or a value has the wrong form. `amemc COMMAND --help` shows examples.",
    example: null,
  },
  AM8004: {
    title: "a spec cannot be read",
    explanation: "There is no file of this name, or it cannot be read as text.",
    example: null,
  },
  AM8005: {
    title: "no folder of results",
    explanation: "`amemc report` takes the folder that `amemc run` wrote, for instance `out/quickstart`.",
    example: null,
  },
  AM8006: {
    title: "the folder belongs to another spec",
    explanation:
      "Two specs with the same name would write into one folder. Choose another one with `--out`, or remove the old folder.",
    example: null,
  },
  AM8007: {
    title: "a stored plan cannot be read",
    explanation:
      "`plan.json` is damaged or was written by another version of amemc. `amemc compile` with the spec writes it anew; finished points are found by their keys.",
    example: null,
  },
  AM8008: {
    title: "a file cannot be read or written",
    explanation: "The system refused: permissions, a full disk, or a folder where a file is wanted.",
    example: null,
  },
  AM8009: {
    title: "a file is there already",
    explanation: "`amemc init` writes over nothing. Name another folder, or remove the file.",
    example: null,
  },
  AM8010: {
    title: "a spec without experiments",
    explanation: "There is nothing to compile or to run in a file without an `experiment NAME { … }`.",
    example: null,
  },
  AM8011: {
    title: "the page is not drawn",
    explanation:
      "The bundle that draws the report is missing: the package was not built, or its files were removed. `npm run build` makes it in a clone; a package has to be installed again.",
    example: null,
  },
  AM8012: {
    title: "native TensorFlow cannot be set up",
    explanation:
      "`amemc setup` (or `amemc doctor --fix`) found no way to a TensorFlow that works: something that it needs is not on this machine, or could not be fetched. The message says what. Specs run meanwhile on the portable engine, which computes the same.",
    example: null,
  },
};
