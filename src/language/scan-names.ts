/** What names mean at a place in the body of a scan. */
import type { Scan, Target } from "../../grammar/tree.js";
import type { Span } from "../base/span.js";
import { faulty } from "./expressions/build.js";
import { fixedEntry } from "./fixed-entry.js";
import { lift } from "./lifting.js";
import { stackedBy, targetsOf } from "./scan-targets.js";
import type { Turn } from "./scan-turn-draws.js";
import { StateTypes } from "./scan-types.js";
import { withoutIndex } from "./scanned-trees.js";
import { envOf, Scope, type Env, type Tensor } from "./scopes.js";
import type { AxisId, Expr, Index } from "./typed.js";
import type { World } from "./world.js";

/** Where the scan at hand stands. */
export interface ScanPlace {
  readonly scope: Scope;
  readonly stepping: boolean;
  /** The scope in which the outermost of the scans around is declared: its draws are made by names of that. */
  readonly outside: Scope;
  /** The iterations of the scans around it. */
  readonly turns: readonly Turn[];
}

/** What the index means in the body; null for it: before the first iteration. */
export interface Position {
  readonly value: Expr;
  /** Null in a loop. */
  readonly known: number | null;
}

export class ScanNames {
  /** States, equations and draws by what they are at the place that is reached. */
  readonly now = new Map<string, Tensor>();
  readonly stacked: ReadonlySet<string>;
  readonly types: StateTypes;
  /** What is scanned; null for a count. */
  axis: AxisId | null = null;

  constructor(
    readonly world: World,
    readonly around: ScanPlace,
    readonly tree: Scan,
  ) {
    this.stacked = new Set(stackedBy(tree));
    this.types = new StateTypes(world);
  }

  scope(position: Position | null): Scope {
    const { world, tree, around } = this;
    const { index } = tree;
    const scope = new Scope(around.scope, "fn", `${around.scope.prefix}${index.text}.`);
    scope.ofScan = true;
    this.tellEarly(scope);
    for (const [name, tensor] of this.now) scope.entries.set(name, fixedEntry(world, scope, name, index.span, tensor));
    if (position === null) return scope;
    const same = (): Expr => position.value;
    const value = world.lazy<Expr>(scope, index.text, index.span, same, same);
    scope.entries.set(index.text, { kind: "value", name: index.text, span: index.span, value, scanned: this.axis });
    return scope;
  }

  /** What the scan makes and has not made at this place stands outside as it is at the end: it is not that which is meant. */
  private tellEarly(scope: Scope): void {
    const { world, tree, around } = this;
    if (around.turns.length > 0) return;
    for (const target of targetsOf(tree)) {
      const name = nameOf(target);
      const { span } = target;
      const isState = this.isState(name);
      const tell = (): null => {
        const made = isState ? "the state begins" : "it is made";
        const message = `\`${name}\` is read in an iteration of \`scan ${tree.index.text}\` before ${made}`;
        const help = isState
          ? "declare the state before what reads it"
          : "move its equation up; what an iteration hands on to the next is a `state`";
        world.report(scope, { code: "AM2006", span, message, here: "what is read before", help });
        return null;
      };
      const none = (): readonly [] => [];
      const tensor = world.lazy<Tensor | null>(scope, name, span, tell, () => null);
      const axes = world.lazy<Tensor["axes"]>(scope, name, span, none, none);
      scope.entries.set(name, { kind: "tensor", name, span, declared: span, axes, tensor });
    }
  }

  env(position: Position | null): Env {
    return envOf(this.scope(position), { stepping: this.around.stepping });
  }

  /** A tree in which what is stacked stands without the scanned index. */
  here<T>(tree: T): T {
    return withoutIndex(tree, this.tree.index.text, this.stacked);
  }

  /** The iterations around a place in the body, its own among them. */
  turns(position: Position | null): readonly Turn[] {
    const { turns } = this.around;
    return position === null ? turns : [...turns, { name: this.tree.index.text, position: position.value }];
  }

  /** A name as it is called among definitions, at a place. */
  fullName(name: string, position: Position | null): string {
    const at = position === null ? "" : position.known === null ? " next" : ` ${position.known}`;
    return `${this.around.scope.prefix}${this.tree.index.text}.${name}${at}`;
  }

  /** States of scans around are none of this one. */
  isState(name: string): boolean {
    return this.tree.body.some((statement) => statement.kind === "state" && nameOf(statement.target) === name);
  }

  /** The name of a target that is no member of something else. */
  ownName(target: Target): string | null {
    if (target.path.length === 1) return nameOf(target);
    this.refuse("a name of its own is wanted here", target.span);
    return null;
  }

  /** From now on a name means this value. */
  set(name: string, target: Target, indices: readonly Index[], value: Expr, position: Position | null): boolean {
    if (value.kind === "unknown") return false;
    const old = this.now.get(name)?.axes ?? [];
    // A position that is written to has an index without a name of its own.
    const own = indices.map((index, k) => ({ index, name: old[k]?.name ?? index.name, span: target.span }));
    const full = this.fullName(name, position);
    this.now.set(name, lift(this.world, { name: full, span: target.span, type: value.type, own, value }));
    return true;
  }

  refuse(message: string, span: Span, help = whatItHolds): false {
    faulty(this.world, envOf(this.around.scope), "AM2033", span, message, { help });
    return false;
  }
}

const whatItHolds = "a `scan` holds states with their beginnings, equations, draws, and updates of these states";

export const nameOf = ({ path }: Target): string => path[0]?.text ?? "";
