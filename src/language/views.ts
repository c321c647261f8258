/** The members of a component over axes seen from a place: its indices are given, or become axes of the tensors. */
import { read } from "./expressions/names.js";
import { lift } from "./lifting.js";
import { freeIndices } from "./mentions.js";
import { subscriptOf } from "./outer-indices.js";
import {
  Scope,
  type ComponentEntry,
  type Entry,
  type FnEntry,
  type Instance,
  type Tensor,
  type TensorAxis,
  type TensorEntry,
  type TupleMember,
} from "./scopes.js";
import type { Expr, Index, IndexId, Subscript } from "./typed.js";
import type { Lazy, World } from "./world.js";

export class View {
  private readonly scopes = new Map<Scope, Scope>();
  private readonly instances = new Map<Instance, Instance>();

  /** What stands for each index; null: it becomes an axis, of those that are `open`. */
  constructor(
    private readonly world: World,
    private readonly given: ReadonlyMap<IndexId, Subscript | null>,
    private readonly open: readonly Index[],
  ) {}

  /** The same names, as they are seen from here. */
  scope(scope: Scope): Scope {
    const known = this.scopes.get(scope);
    if (known !== undefined) return known;
    if (!this.touches(scope)) return scope;
    const around = scope.parent === null ? null : this.scope(scope.parent);
    const parent = new Scope(around, "component", scope.prefix);
    const seen = new Scope(parent, scope.role, scope.prefix, scope.use);
    this.scopes.set(scope, seen);
    seen.also.push(...scope.also.map((other) => this.scope(other)));
    for (const [name, axis] of scope.provided) seen.provided.set(name, axis);
    seen.over = scope.over.filter(({ id }) => !this.given.has(id));
    seen.named = this.named(scope, parent);
    for (const [name, entry] of scope.entries) seen.entries.set(name, this.entry(entry, seen));
    return seen;
  }

  private touches({ over, named, also, parent }: Scope): boolean {
    return (
      [...over, ...named].some(({ id }) => this.given.has(id)) ||
      also.some((other) => this.touches(other)) ||
      (parent !== null && this.touches(parent))
    );
  }

  /** What the text calls by the names of the indices: an index, or the value of a position. */
  private named(scope: Scope, seen: Scope): readonly Index[] {
    return scope.named.flatMap((index) => {
      const part = this.given.get(index.id);
      if (part === undefined || part === null) return [index];
      if (part.kind === "index") return [{ ...part.index, name: index.name }];
      // Elsewhere than at a position there is no value of the index.
      if (part.kind !== "position" || (part.bounds !== "proven" && part.bounds !== "checked")) return [];
      const value: Expr = { ...part.value, type: { kind: "index", axis: index.axis } };
      seen.entries.set(index.name, {
        kind: "value",
        name: index.name,
        span: index.span,
        value: this.lazy(seen, index, () => value),
      });
      return [];
    });
  }

  private lazy<T>(
    scope: Scope,
    { name, span }: Pick<Entry, "name" | "span">,
    compute: () => T,
    fallback = compute,
  ): Lazy<T> {
    return this.world.lazy(scope, name, span, compute, fallback);
  }

  private entry(entry: Entry, seen: Scope): Entry {
    switch (entry.kind) {
      case "tensor":
        return this.tensorEntry(entry, seen);
      case "fn":
        return this.fnEntry(entry);
      case "component":
        return this.componentEntry(entry, seen);
      default:
        return entry;
    }
  }

  private tensorEntry(entry: TensorEntry, seen: Scope): TensorEntry {
    const closing = (entry.over ?? []).filter(({ id }) => this.given.get(id) === null);
    const tensor = this.lazy<Tensor | null>(
      seen,
      entry,
      () => this.tensor(entry.tensor.get()),
      () => null,
    );
    const axes = this.lazy<readonly TensorAxis[]>(
      seen,
      entry,
      () => [...closing.map(axisOf), ...entry.axes.get()],
      () => [],
    );
    const over = (entry.over ?? []).filter(({ id }) => !this.given.has(id));
    const { over: _, ...rest } = entry;
    return { ...rest, tensor, axes, ...(over.length === 0 ? {} : { over }) };
  }

  private tensor(tensor: Tensor | null): Tensor | null {
    if (tensor === null) return null;
    const plain = tensor.prefix.every((part) => part.kind === "index" || !this.mentions(part));
    const own = plain ? tensor : this.lifted(tensor);
    const at = own.prefix.map((part) => (part.kind === "index" ? this.given.get(part.index.id) : undefined));
    // Axes come behind the prefix: one that stood before an index of it has to be moved.
    const isBehind = at.every((part, k) => part !== null || at.slice(k).every((later) => later === null));
    if (!isBehind) return this.moved(own, at);
    const closed = own.prefix.flatMap((part, k) =>
      part.kind === "index" && at[k] === null ? [axisOf(part.index)] : [],
    );
    const prefix = own.prefix.flatMap((part, k) => {
      const found = at[k];
      return found === null ? [] : [found ?? part];
    });
    const outer = (own.outer ?? 0) + closed.length;
    return { ...own, prefix, axes: [...closed, ...own.axes], ...(outer === 0 ? {} : { outer }) };
  }

  private moved(tensor: Tensor, at: readonly (Subscript | null | undefined)[]): Tensor {
    const first: Index[] = [];
    const prefix = tensor.prefix.map((part, k): Subscript => {
      if (part.kind !== "index" || at[k] !== null) return at[k] ?? part;
      const index = this.world.newIndex(part.index.name, part.index.axis, part.index.span);
      first.push(index);
      return subscriptOf(index);
    });
    return this.lifted({ ...tensor, prefix }, first);
  }

  private mentions(part: Subscript): boolean {
    if (part.kind === "index") return this.given.has(part.index.id);
    if (part.kind === "product") return part.factors.some((factor) => this.mentions(factor));
    return [...freeIndices(part.value).keys()].some((id) => this.given.has(id));
  }

  /** With nothing but indices before its own axes. */
  private lifted(tensor: Tensor, first: readonly Index[] = []): Tensor {
    const { name, span, type } = tensor;
    const own = tensor.axes.map((axis) => this.world.newIndex(axis.name, axis.axis, axis.span));
    const value = read(tensor, own.map(subscriptOf), span);
    const axes = [...first, ...own].map((index) => ({ index, name: index.name, span: index.span }));
    return lift(this.world, { name, span, type, own: axes, value });
  }

  private fnEntry(entry: FnEntry): FnEntry {
    const scope = this.scope(entry.scope);
    const { chosen, open } = entry;
    const seen: FnEntry = {
      ...entry,
      scope,
      ...(chosen === undefined
        ? {}
        : { chosen: { ...chosen, byLabel: chosen.byLabel.map((one) => this.fnEntry(one)) } }),
    };
    const isOpen = this.open.length > 0 && (scope !== entry.scope || chosen !== undefined);
    return isOpen ? { ...seen, open: [...this.open, ...(open ?? [])] } : seen;
  }

  private componentEntry(entry: ComponentEntry, seen: Scope): ComponentEntry {
    const instance = this.lazy<Instance | null>(
      seen,
      entry,
      () => {
        const found = entry.instance.get();
        return found === null ? null : this.instance(found);
      },
      () => null,
    );
    return { ...entry, instance };
  }

  private member(member: TupleMember): readonly TupleMember[] {
    const tensor = this.tensor(member.tensor);
    return tensor === null ? [] : [{ ...member, tensor }];
  }

  instance(instance: Instance): Instance {
    const known = this.instances.get(instance);
    if (known !== undefined) return known;
    const { name, sort, parameters, declared, chosen, over, like, tuple } = instance;
    const members = this.scope(instance.members);
    // What came from outside, by an argument, is the same for all.
    if (members === instance.members && chosen === undefined) return instance;
    const made: Instance = {
      name,
      sort,
      members,
      parameters,
      declared,
      ...(chosen === undefined
        ? {}
        : { chosen: { ...chosen, byLabel: chosen.byLabel.map((arm) => this.instance(arm)) } }),
      ...(over === undefined ? {} : { over: { indices: over.indices, inner: this.scope(over.inner) } }),
      ...(like === undefined ? {} : { like }),
      ...(tuple === undefined ? {} : { tuple: tuple.flatMap((member) => this.member(member)) }),
    };
    this.instances.set(instance, made);
    if (this.open.length > 0) this.world.tuples.push(made);
    return made;
  }
}

const axisOf = ({ name, axis, span }: Index): TensorAxis => ({ name, axis, span, bound: span });
