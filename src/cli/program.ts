/** The commands with their options and examples; each is loaded when it is called. */
import type { Option } from "commander";
import { Command, CommanderError } from "commander";
import { packageVersion } from "../base/package.js";
import type { WorkerProcess } from "../run/worker-process.js";
import type { DoctorOptions } from "./commands/doctor.js";
import { answerFault, commandFault } from "./faults.js";
import { EXIT } from "./exit-code.js";
import type { Request } from "./ci/finish.js";
import type { JudgingOptions, PlanningOptions, RunningOptions, SpecOptions } from "./options.js";
import {
  adoptOption,
  baselineOption,
  checkOption,
  engineOption,
  jobsOption,
  jsonOption,
  junitOption,
  memoryOption,
  outOption,
  pointOption,
  profileOption,
  sarifOption,
  setOption,
  updateBaselineOption,
  yesOption,
} from "./options.js";
import type { Terminal } from "./terminal.js";
import { processTerminal } from "./terminal.js";

export { keepCompiled } from "../base/compiled.js";
export { setImporter } from "../base/import-module.js";

/** Whether a command that ended so went its whole way, so that the code it needed is what others will need. */
export function wentThrough(code: number): boolean {
  return code !== EXIT.wrong && code !== EXIT.bug && code !== EXIT.interrupted;
}

/** Carries a command out; its exit code. Never throws. */
export async function runCommandLine(
  args: readonly string[],
  worker: WorkerProcess | null,
  terminal: Terminal = processTerminal(),
): Promise<number> {
  let code = 0;
  const called: { request: Request | null } = { request: null };
  const program = buildProgram(terminal, worker, (result) => (code = result)).hook("preAction", (_, command) => {
    const { json = false, sarif = null } = command.opts<{ json?: boolean; sarif?: string }>();
    called.request = { command: command.name(), subject: command.args[0] ?? "", json, sarif };
  });
  try {
    await program.parseAsync(args, { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError) {
      // Help and version are no faults; commander has printed them.
      code = error.exitCode === 0 ? 0 : commandFault(terminal, program, error, args);
    } else code = await answerFault(terminal, error);
  } finally {
    await worker?.stop();
  }
  return readAlong(terminal, called.request, code);
}

/** Where somebody asked for it, the end of a command is written down for other programs. */
async function readAlong(terminal: Terminal, request: Request | null, code: number): Promise<number> {
  if (!terminal.github && typeof request?.sarif !== "string") return code;
  const { finish } = await import("./ci/finish.js");
  return finish(terminal, request, code);
}

type Done = (code: number) => void;

function buildProgram(terminal: Terminal, worker: WorkerProcess | null, done: Done): Command {
  const program = new Command("amemc")
    .description("Experiments on associative memories: from a spec to a report with checked claims.")
    .version(packageVersion(), "-V, --version", "print the version")
    .helpOption("-h, --help", "print help")
    .helpCommand(false)
    .exitOverride()
    .showSuggestionAfterError(false)
    .configureOutput({
      writeOut: (text) => terminal.out(text),
      writeErr: (text) => terminal.err(text),
      // Faults are told by `commandFault`, in the same form as all others.
      outputError: () => undefined,
    })
    .addHelpText("after", EXIT_CODES);
  const command = (usage: string, description: string, examples: readonly string[]): Command =>
    program
      .command(usage)
      .description(description)
      .allowExcessArguments(false)
      .addHelpText("after", `\nExamples:\n${examples.map((example) => `  $ amemc ${example}`).join("\n")}\n`);

  command("check SPEC", "Check a spec: names, axes, types, claims, charts.", [
    "check specs/quickstart.amem",
    "check --json spec.amem",
    "check spec.amem --sarif amemc.sarif",
  ])
    .addOption(profileOption())
    .addOption(setOption())
    .addOption(sarifOption())
    .addOption(jsonOption())
    .action(async (spec: string, options: SpecOptions & { json?: boolean }) => {
      const { check } = await import("./commands/check.js");
      done(await check(terminal, spec, options));
    });
  command("fmt SPEC...", "Lay specs out in the one way: indentation, blanks, a statement a line.", [
    "fmt specs/quickstart.amem",
    "fmt --check specs",
    "fmt - < spec.amem",
  ])
    .addOption(checkOption())
    .action(async (specs: readonly string[], options: { check?: boolean }) => {
      const { fmt } = await import("./commands/fmt.js");
      done(await fmt(terminal, specs, options));
    });
  planning(
    command("compile SPEC", "Write the plan and its programs; nothing runs.", [
      "compile spec.amem",
      "compile spec.amem --engine portable --out results",
    ]),
  )
    .addOption(adoptOption())
    .addOption(sarifOption())
    .addOption(jsonOption())
    .action(async (spec: string, options: PlanningOptions & { json?: boolean; adopt?: boolean }) => {
      const { compile } = await import("./commands/compile.js");
      done(await compile(terminal, spec, options));
    });
  const running = async (spec: string, options: RunningOptions): Promise<void> => {
    const { run } = await import("./commands/run.js");
    done(await run(terminal, spec, options, worker));
  };
  runningOptions(
    command("run SPEC", "Compute the points that are missing, judge the claims, write the report.", [
      "run spec.amem --jobs 4",
      "run spec.amem --set eta=1",
      "run spec.amem --point eta=1,seed=0",
      "run spec.amem --baseline spec.baseline.json",
    ]),
  ).action(running);
  judging(
    command("report FOLDER", "Judge and draw again from a folder of results alone.", [
      "report out/quickstart",
      "report out/quickstart --json",
    ]),
  ).action(async (folder: string, options: JudgingOptions) => {
    const { report } = await import("./commands/report.js");
    done(await report(terminal, folder, options));
  });
  runningOptions(
    command("compile-and-run SPEC", "The whole road: compile, run, judge, report.", [
      "compile-and-run specs/quickstart.amem",
      "compile-and-run spec.amem --profile quick --engine graph",
    ]),
  ).action(running);
  planning(
    command("explain SPEC|CODE", "Say what a run would compute, and what it costs; or what a code like AM2003 means.", [
      "explain spec.amem",
      "explain spec.amem --json",
      "explain AM2003",
    ]),
  )
    .addOption(jsonOption())
    .action(async (spec: string, options: PlanningOptions & { json?: boolean }) => {
      if (/^AM\d{4}$/u.test(spec)) {
        const { explainCode } = await import("./commands/explain-code.js");
        done(explainCode(terminal, spec));
        return;
      }
      const { explain } = await import("./commands/explain.js");
      done(await explain(terminal, spec, options));
    });
  planning(
    command(
      "plan SPEC",
      "Say what a run would compute, how long it takes, and which changes ask for it; nothing is written.",
      ["plan spec.amem", "plan spec.amem --json"],
    ),
  )
    .addOption(adoptOption())
    .addOption(jsonOption())
    .action(async (spec: string, options: PlanningOptions & { json?: boolean; adopt?: boolean }) => {
      const { plan } = await import("./commands/plan.js");
      done(await plan(terminal, spec, options));
    });
  planning(
    command("why SPEC POINT", "Say where a point stands, what its key rests on, and which changed lines ask for it.", [
      "why spec.amem eta=1,seed=0",
      "why spec.amem fit:eta=1",
      "why spec.amem 3f9a2c",
    ]),
  )
    .addOption(jsonOption())
    .action(async (spec: string, point: string, options: PlanningOptions & { json?: boolean }) => {
      const { why } = await import("./commands/why.js");
      done(await why(terminal, spec, point, options));
    });
  command("data ACTION [NAME]", "List the built-in data sets, or get one: `data list`, `data get NAME`.", [
    "data list",
    "data get mnist",
  ])
    .addOption(jsonOption())
    .action(async (action: string, name: string | undefined, options: { json?: boolean }) => {
      const { data } = await import("./commands/data.js");
      done(await data(terminal, action, name, options));
    });
  command("setup", "Fetch or build native TensorFlow, once for this user.", ["setup", "setup --json"])
    .addOption(jsonOption())
    .addHelpText("after", SETUP_NOTES)
    .action(async (options: { json?: boolean }) => {
      const { setup } = await import("./commands/setup.js");
      done(await setup(terminal, options));
    });
  command("doctor", "Say what this machine offers: TensorFlow, XLA, caches.", [
    "doctor",
    "doctor --json",
    "doctor --fix",
  ])
    .addOption(jsonOption())
    .option("--fix", "remove what is damaged or unfinished in the cache, and make again what was in use")
    .action(async (options: DoctorOptions) => {
      const { showDoctor } = await import("./commands/doctor.js");
      done(await showDoctor(terminal, options));
    });
  command("init [FOLDER]", "Write a first spec with comments.", ["init", "init my-experiment"]).action(
    async (folder?: string) => {
      const { init } = await import("./commands/init.js");
      done(init(terminal, folder ?? "."));
    },
  );
  return program;
}

const withOptions = (command: Command, options: readonly Option[]): Command =>
  options.reduce((built, option) => built.addOption(option), command);
const planning = (command: Command): Command =>
  withOptions(command, [engineOption(), outOption(), profileOption(), setOption(), yesOption(), memoryOption()]);
const judging = (command: Command): Command =>
  withOptions(command, [jsonOption(), junitOption(), baselineOption(), updateBaselineOption()]);
const runningOptions = (command: Command): Command =>
  judging(
    [jobsOption(), pointOption(), adoptOption(), sarifOption()].reduce(
      (built, option) => built.addOption(option),
      planning(command),
    ),
  );

const SETUP_NOTES = `
What it does, in this order: takes the folder that AMEMC_LIBTENSORFLOW names; fetches the pinned tensorflow-cpu wheel
with pip (274 MB, kept in the cache) and takes or compiles a binding to it; tries what tfjs-node's own install script
gets. Called again, it goes on where it was, and does nothing where all is there.

Exit codes: 0 when TensorFlow is there (or AMEMC_NATIVE=off), ${EXIT.wrong} when it cannot be had. Specs run on the portable
engine in that case.
`;

const EXIT_CODES = `
Exit codes:
  0    all claims hold, or there are none
  ${EXIT.failing}    a claim fails, or one marked \`expected fails\` holds; or it differs from the baseline;
       \`fmt --check\` found a file to change
  ${EXIT.wrong}    the spec or the command is wrong
  ${EXIT.incomplete}    points failed or are missing
  ${EXIT.undecided}    a claim is undecided for another reason
  ${EXIT.bug}   a fault of amemc itself
  ${EXIT.interrupted}  Ctrl-C; what is done is kept
`;
