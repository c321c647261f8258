/** From the text of a spec to its checked experiments, with all that is wrong told at its place. */
import type {
  Experiment as TreeExperiment,
  Phase as TreePhase,
  Profile,
  SourceNote,
  Statement,
} from "../../grammar/tree.js";
import { type Diagnostic, Diagnostics } from "../base/diagnostic.js";
import type { Source } from "../base/span.js";
import type { DatasetReader } from "./datasets.js";
import { declareStatement, misplaced } from "./declare.js";
import { dependOn } from "./dependence.js";
import { checkOutside, fileScopes } from "./files.js";
import { withLeftBehind } from "./left-behind.js";
import { type Module, type ModuleLoader, constantsOfUsed, loadModules } from "./modules.js";
import { SettingValues, type Settings, misfit, override, overrideFile } from "./overrides.js";
import { declarePhaseTemplate, isPhaseTemplate } from "./phase-templates.js";
import { type PhaseBody, checkPhase } from "./phases.js";
import { namesIn, resultStatements } from "./results-naming.js";
import { declareSequence } from "./sequences.js";
import { type PhaseEntry, Scope, declare } from "./scopes.js";
import { resultScope } from "./signatures.js";
import { checkValues } from "./sizes.js";
import { suggestion } from "./suggest.js";
import { checkPlane, refinedNames } from "./planes.js";
import { declareSweep, orderSweeps } from "./sweeps.js";
import type { CheckedExperiment, Experiment } from "./typed.js";
import { isExperimentTemplate, wholeExperiment } from "./experiment-templates.js";
import { checkParameters } from "./unused-parameters.js";
import { certainOnly, checkUnused } from "./unused.js";
import { Exhausted, type Widened, World } from "./world.js";

export interface CheckOptions extends Settings {
  /** Opens data files; without it every file is missing. */
  readonly datasets: DatasetReader | null;
}

export interface Checked {
  /** To be lowered only when there is no error among the diagnostics. */
  readonly experiments: readonly CheckedExperiment[];
  /** What the file says of results of its experiments, and the names that it shares; null where it says nothing. */
  readonly file: CheckedFile | null;
  readonly diagnostics: readonly Diagnostic[];
}

export interface CheckedFile {
  readonly checked: CheckedExperiment;
  /** Names of all experiments, those with faults as well. */
  readonly experiments: readonly string[];
}

export function check(source: Source, loader: ModuleLoader, options: CheckOptions): Checked {
  const diagnostics = new Diagnostics();
  const module = loadModules(source, loader, diagnostics);
  const settings = new SettingValues(options.settings, diagnostics);
  const run = new Run(module, options, settings, diagnostics);
  const file = run.checkFile();
  const experiments = module.tree.statements.flatMap((statement) =>
    statement.kind === "experiment" ? (run.checkExperiment(statement) ?? []) : [],
  );
  run.checkUnused();
  if (module.complete && !diagnostics.hasErrors) checkParameters(module, diagnostics);
  run.checkProfile();
  settings.reportUnknown(constantsOfUsed(module));
  return { experiments, file, diagnostics: inOrder(diagnostics.list, source.file) };
}

/** More than there are parts that a text may mean. */
const IDS_IN_A_WORLD = 2 ** 32;

/** The file at hand first, then by place. */
function inOrder(list: readonly Diagnostic[], file: string): readonly Diagnostic[] {
  const rank = ({ span }: Diagnostic): string => (span === null ? "2" : span.file === file ? "0" : `1${span.file}`);
  const byRank = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
  return [...list].sort((a, b) => byRank(rank(a), rank(b)) || (a.span?.start ?? 0) - (b.span?.start ?? 0));
}

/** A phase with the scope that it stands in: that of a sequence, or the experiment's. */
interface PlacedPhase {
  readonly entry: PhaseEntry;
  readonly tree: TreePhase;
  readonly scope: Scope;
}

class Run {
  private readonly profiles: Profile[];
  private readonly used = new Set<object>();
  private worlds = 0;
  private readonly module: Module;
  /** What the chosen profiles outside of the experiments say, and what of it something has taken up. */
  private readonly profileOutside: readonly Statement[];
  private readonly fitting: Set<Statement>;

  constructor(
    module: Module,
    private readonly options: CheckOptions,
    private readonly settings: SettingValues,
    private readonly diagnostics: Diagnostics,
  ) {
    this.profileOutside = this.chosenIn(module.tree.statements);
    const { statements, used } = overrideFile(module.tree.statements, this.profileOutside, this.settings);
    this.fitting = new Set(used);
    this.module = { ...module, tree: { ...module.tree, statements } };
    const all = module.tree.statements.flatMap((statement) =>
      statement.kind === "experiment" ? [statement, ...(statement.body ?? [])] : [statement],
    );
    this.profiles = all.filter((statement) => statement.kind === "profile");
  }

  /** What stands outside of all experiments is checked by itself as well. */
  checkFile(): CheckedFile | null {
    const { statements } = this.module.tree;
    const claims = statements.filter((statement) => statement.kind === "claim");
    return this.repeat((world) => {
      const { file } = fileScopes(world, this.module);
      for (const statement of statements) checkOutside(world, file, statement);
      settle(world);
      checkValues(world);
      if (claims.length === 0) return null;
      const experiments = statements.flatMap((own) =>
        own.kind === "experiment" && !isExperimentTemplate(own) ? [own.name.text] : [],
      );
      const checked = { experiment: ofFile(world), scope: resultScope(world, file, []), statements: claims };
      return { checked, experiments };
    });
  }

  private chosenIn(statements: readonly Statement[]): readonly Statement[] {
    const { profile } = this.options;
    return statements.flatMap((statement) =>
      statement.kind === "profile" && statement.name.text === profile ? statement.body : [],
    );
  }

  checkProfile(): void {
    const { profile } = this.options;
    // What is faulty elsewhere may be what it was meant for.
    const misfits = this.diagnostics.hasErrors ? [] : this.profileOutside.filter((one) => !this.fitting.has(one));
    const known = this.module.tree.statements.flatMap((one) => (one.kind === "experiment" ? (one.body ?? []) : [one]));
    for (const statement of misfits)
      this.diagnostics.add(misfit(statement, known, "neither the file nor an experiment has a"));
    if (profile === null || this.profiles.some((known) => known.name.text === profile)) return;
    const names = this.profiles.map((known) => known.name.text);
    this.diagnostics.add({
      code: "AM4016",
      severity: "error",
      span: null,
      message: `there is no profile \`${profile}\``,
      ...suggestion(profile, names),
    });
  }

  /** Last: what no experiment used. */
  checkUnused(): void {
    const found = new Diagnostics();
    const world = new World(this.module.source.file, found, this.options.datasets, new Map(), this.used);
    const { file } = fileScopes(world, this.module);
    unlessExhausted(found, () => {
      checkUnused(world, file, this.module.tree.statements, this.used);
      settle(world);
    });
    certainOnly(found.list).forEach((diagnostic) => this.diagnostics.add(diagnostic));
  }

  checkExperiment(tree: TreeExperiment): CheckedExperiment | null {
    return this.repeat((world) => this.experiment(world, tree));
  }

  /** Passes are repeated until no state needs a wider type; only the last one's faults count. */
  private repeat<T>(pass: (world: World) => T): T | null {
    const widened: Widened = new Map();
    const idsAfter = this.worlds * IDS_IN_A_WORLD;
    this.worlds += 1;
    for (;;) {
      const found = new Diagnostics();
      const world = new World(this.module.source.file, found, this.options.datasets, widened, this.used, idsAfter);
      world.incomplete = !this.module.complete;
      const result = unlessExhausted(found, () => pass(world));
      if (world.again) continue;
      found.list.forEach((diagnostic) => this.diagnostics.add(diagnostic));
      return result;
    }
  }

  private experiment(world: World, written: TreeExperiment): CheckedExperiment | null {
    const { file } = fileScopes(world, this.module);
    const whole = wholeExperiment(world, file, this.module.tree.statements, written);
    if (whole === null) return null;
    const { tree, given } = whole;
    const scope = new Scope(file, "experiment", "");
    const { statements, sweepChanges, used } = override(
      tree.body ?? [],
      { outside: this.profileOutside, own: this.chosenIn(tree.body ?? []) },
      this.settings,
      world.diagnostics,
    );
    used.forEach((statement) => this.fitting.add(statement));
    const ofResults = resultStatements(statements.filter((statement) => !given.has(statement)));
    const phases: PlacedPhase[] = [];
    const place = (statement: TreePhase, inside: Scope): void => {
      const { sort, name } = statement;
      const entry: PhaseEntry = {
        kind: "phase",
        sort,
        name: name.text,
        span: name.span,
        values: null,
        failed: false,
      };
      declare(world, scope, entry);
      phases.push({ entry, tree: statement, scope: inside });
    };
    const said: Statement[] = [];
    world.refined = refinedNames(statements);
    for (const statement of statements) {
      whole.passOn(scope);
      const declareGiven = given.get(statement);
      if (declareGiven !== undefined) declareGiven(scope);
      else if (statement.kind === "sweep") declareSweep(world, scope, statement, sweepChanges.get(statement) ?? []);
      else if (statement.kind === "phase" && isPhaseTemplate(statement)) declarePhaseTemplate(world, scope, statement);
      else if (statement.kind === "phase") place(statement, scope);
      else if (statement.kind === "sequence") declareSequence(world, scope, statement, place);
      else if (ofResults.has(statement)) {
        said.push(statement);
        declareResult(world, scope, statement);
      } else if (isSaid(statement)) said.push(statement);
      else if (statement.kind === "precision") checkPrecision(world, scope, statement.type.text, statement.span);
      else if (statement.kind === "profile" || statement.kind === "source") continue;
      else if (statement.kind === "refine") world.pending.push(() => checkPlane(world, scope, statement));
      else if (!declareStatement(world, scope, statement)) misplaced(world, scope, statement, "in an experiment");
    }
    whole.passOn(scope);
    settle(world);
    const found = this.phases(world, phases, said);
    // The pass is repeated: what follows would be done in vain.
    if (world.again) return null;
    settle(world);
    const bodies = withLeftBehind(world, found);
    orderSweeps(world);
    checkValues(world);
    const ordered = dependOn(world, bodies);
    return {
      experiment: finish(world, tree, ordered),
      scope: resultScope(world, scope, ordered),
      statements: said,
    };
  }

  private phases(world: World, phases: readonly PlacedPhase[], said: readonly Statement[]): readonly PhaseBody[] {
    const objectives = objectivesIn(said);
    const one = ({ entry, tree, scope }: PlacedPhase): PhaseBody | null => {
      const body = checkPhase(world, scope, entry, tree, objectives.has(entry.name));
      const sequences = scope.sequences();
      return body === null || sequences.length === 0 ? body : { ...body, sequences };
    };
    const found: PhaseBody[] = [];
    for (const phase of phases) {
      const body = world.attempt(
        () => one(phase),
        () => null,
      );
      if (body !== null) found.push(body);
      if (world.again) break;
    }
    return found;
  }
}

/** Null where the text means too much to be looked at, which is told. */
function unlessExhausted<T>(diagnostics: Diagnostics, look: () => T): T | null {
  try {
    return look();
  } catch (error) {
    if (!(error instanceof Exhausted)) throw error;
    diagnostics.add(error.diagnostic);
    return null;
  }
}

/** Looks at all that nothing has asked for so far. */
function settle(world: World): void {
  for (let next = world.pending.shift(); next !== undefined; next = world.pending.shift())
    world.attempt(next, () => undefined);
}

function isSaid(statement: Statement): boolean {
  return (
    statement.kind === "claim" || statement.kind === "chart" || statement.kind === "table" || statement.kind === "text"
  );
}

function declareResult(world: World, scope: Scope, statement: Statement): void {
  const targets =
    statement.kind === "equation" ? statement.targets : statement.kind === "let" ? [statement.target] : [];
  for (const target of targets) {
    const [name] = target.path;
    if (name !== undefined) declare(world, scope, { kind: "result", name: name.text, span: name.span });
  }
}

function checkPrecision(world: World, scope: Scope, type: string, span: Statement["span"]): void {
  if (type === "f32" || type === "f64") world.precision = type;
  else
    world.report(scope, {
      code: "AM3023",
      span,
      message: `there is no precision \`${type}\``,
      help: "write `precision f64` or `precision f32`",
    });
}

/** Names of phases whose objective some statement reads. */
function objectivesIn(said: readonly Statement[]): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (node: unknown): void => {
    if (typeof node !== "object" || node === null) return;
    if ("kind" in node && node.kind === "member" && "name" in node && "object" in node) {
      const { name, object } = node as { readonly name: { readonly text: string }; readonly object: unknown };
      if (name.text === "objective") namesIn(object).forEach((phase) => found.add(phase));
    }
    for (const [key, part] of Object.entries(node)) if (key !== "span") visit(part);
  };
  said.forEach(visit);
  return found;
}

function finish(world: World, tree: TreeExperiment, phases: Experiment["phases"]): Experiment {
  const notes = (tree.body ?? []).filter((statement): statement is SourceNote => statement.kind === "source");
  const { title, doc, span } = tree;
  const sources = notes.map(({ reference, details }) => ({
    reference,
    details: details.map(({ name, value }) => ({ name: name.text, value })),
  }));
  return { ...partsOf(world), name: tree.name.text, title, doc, sources, phases, span };
}

/** What stands outside of experiments, as one without phases. */
function ofFile(world: World): Experiment {
  const span = { file: world.mainFile, start: 0, end: 0 };
  return { ...partsOf(world), name: "", title: null, doc: null, sources: [], phases: [], span };
}

type Parts = Omit<Experiment, "name" | "title" | "doc" | "sources" | "phases" | "span">;

function partsOf(world: World): Parts {
  return {
    precision: world.precision,
    axes: world.axes,
    constants: world.constants,
    definitions: world.definitions,
    scans: world.scans,
    sweeps: world.sweeps,
    planes: world.planes,
    datasets: world.datasets,
  };
}
