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
      "Two specs with the same name would write into one folder. Choose another one with `--out`, remove the old folder, or take it over with `--adopt`: points that mean the same in both are kept, and the other spec's report is written over.",
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
    title: "unknown point",
    explanation:
      "`--point` and `amemc why` take coordinates (`eta=1,seed=0`, in one phase `fit:eta=1`) or the first digits of a point's key. The values are those of the sweeps, labels as they are written.",
    example: null,
  },
  AM8021: {
    title: "a baseline cannot be used",
    explanation:
      "`--baseline FILE` names a file that `--update-baseline` wrote. It is not there, it is damaged, or it is another file, which is never written over. It is JSON and may be edited by hand: `tolerance` (`relative`, `absolute`) of one claim, or of all.",
    example: null,
  },
  AM8022: {
    title: "a baseline of something else",
    explanation:
      "The baseline was recorded from another spec, or with another `--profile` or other values of `--set`. Its numbers say nothing of this run. Keep a baseline for each.",
    example: null,
  },
  AM8023: {
    title: "a baseline is not recorded",
    explanation:
      "Points failed or are missing, so the numbers are not those of the whole plan. Nothing was written. Run the spec until all points are done.",
    example: null,
  },
  AM8024: {
    title: "the job's summary cannot be written",
    explanation:
      "The file that `GITHUB_STEP_SUMMARY` names cannot be appended to. Everything else was done; the report and the log hold the same.",
    example: null,
  },
  AM8031: {
    title: "native TensorFlow cannot be set up",
    explanation:
      "`amemc setup` (or `amemc doctor --fix`) found no way to a TensorFlow that works: something that it needs is not on this machine, or could not be fetched. The message says what. Specs run meanwhile on the portable engine, which computes the same.",
    example: null,
  },
};
