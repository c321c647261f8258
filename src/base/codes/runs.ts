/** AM7xxx: runs. Points that fail (70xx), stored results (71xx), workers and the machine's limits (72xx). */
import type { CodeTable } from "./entry.js";

export const runCodes: CodeTable = {
  AM7001: {
    title: "a point failed",
    explanation:
      "A condition of the run did not hold, for instance a position read from data lay outside of its axis. The place and the step are named, and the point counts as failed: what depends on it is undecided. All other points go on. Mend the spec, or say what happens outside of the range: `cyclic(e)`, `clamp(e)`, `pad(e)`.",
    example: null,
  },
  AM7002: {
    title: "a block of points was given up",
    explanation:
      "The worker process that computed these points died twice, or the engine could not make their program ready. The end of the worker's log is shown and kept in `manifest.json`. The other points go on; `amemc run` tries these again. A worker that is killed by the system usually lacked memory: try fewer `--jobs`.",
    example: null,
  },
  AM7101: {
    title: "a stored file is damaged",
    explanation:
      "Its length or its hash is not the one that was written: a disk fault, or a change by hand. Its points count as missing, and `amemc run` computes them again.",
    example: null,
  },
  AM7102: {
    title: "a stored file is of another kind",
    explanation: "The folder holds a file among the blocks that this version of amemc did not write. It is left alone.",
    example: null,
  },
  AM7103: {
    title: "a result is too large",
    explanation:
      "The result has more entries than can be held in memory at once. Record fewer steps (`record every 100`), or reduce over its axes in the phase.",
    example: null,
  },
  AM7104: {
    title: "a table is too long to be written",
    explanation:
      "Tables of more than 20 million rows are not written: they would take minutes and gigabytes. The numbers stand in `blocks/`.",
    example: null,
  },
  AM7105: {
    title: "a file beside the results is damaged",
    explanation:
      "`plan.json`, `manifest.json`, the index or a checkpoint is not what was written: a disk fault, or a change by hand. Numbers of finished points do not rest on these files. What they held is made again where that can be: the plan from the spec, the index from the blocks; of the manifest, times of earlier runs are lost, and a block without its checkpoint starts from the beginning.",
    example: null,
  },
  AM7201: {
    title: "the graph engine cannot be used",
    explanation:
      "Native TensorFlow, or the binding that loads it, is not there or does not load. `amemc doctor` says what is missing, `amemc setup` sets it up, and `--engine portable` computes the same without it.",
    example: null,
  },
  AM7202: {
    title: "a worker does not start",
    explanation:
      "The worker process ended before it was ready, twice. Its last words are shown. `amemc doctor` looks for the reason.",
    example: null,
  },
  AM7203: {
    title: "data files changed",
    explanation:
      "A data file is not the one that the plan was made for: its hash differs. Compile the spec again, so that what depends on it is computed anew.",
    example: null,
  },
  AM7204: {
    title: "the plan needs too much memory",
    explanation:
      "The estimate for one worker and this process is above what `--memory` allows (80 % of the machine's memory without it). `amemc explain` shows what needs it. Record fewer steps, sweep fewer values of what makes arrays large, use fewer `--jobs`, or raise `--memory`.",
    example: null,
  },
  AM7205: {
    title: "the folder of compiled programs is damaged",
    explanation:
      "XLA keeps what it compiled in the user's cache. A file there could not be loaded: it was cut short or changed. The folder got another name, and programs are compiled anew, which takes some seconds each. Results do not depend on it.",
    example: null,
  },
};
