/** Tensors that are made together at a place where indices are bound: each gets all of these that some of them take, in one order. */
import { read } from "./expressions/names.js";
import { freshAxes } from "./previous.js";
import type { Tensor } from "./scopes.js";
import type { DefinitionId, Index, IndexId, Subscript } from "./typed.js";
import type { World } from "./world.js";

export const subscriptOf = (index: Index): Subscript => ({ kind: "index", index, span: index.span });

export class OuterIndices {
  private readonly indices = new Map<IndexId, Index>();

  constructor(private readonly world: World) {}

  get size(): number {
    return this.indices.size;
  }

  note(...tensors: readonly Tensor[]): void {
    for (const subscript of tensors.flatMap(({ prefix }) => prefix))
      if (subscript.kind === "index") this.indices.set(subscript.index.id, subscript.index);
  }

  /** A definition with all indices of the place before its own. */
  whole(tensor: Tensor, name: string): DefinitionId {
    const { world } = this;
    const given = this.prefix();
    const { source } = tensor;
    const same = tensor.prefix.length === given.length && tensor.prefix.every((part, k) => sameIndex(part, given[k]));
    if (source.kind === "definition" && same) return source.definition;
    const outer = [...this.indices.values()];
    const fresh = freshAxes(world, outer);
    const own = tensor.axes.map(({ name: written, axis, span }) => world.newIndex(written, axis, span));
    const prefix = tensor.prefix.map((part): Subscript => {
      const place = part.kind === "index" ? outer.findIndex(({ id }) => id === part.index.id) : -1;
      const index = fresh[place];
      return index === undefined ? part : subscriptOf(index);
    });
    const value = read({ ...tensor, prefix }, own.map(subscriptOf), tensor.span);
    return world.addDefinition(name, [...fresh, ...own], tensor.type, { kind: "equation", value }, tensor.span);
  }

  /** A definition that has these indices before its own, as a tensor of the place. */
  tensorOf(definition: DefinitionId, like: Tensor): Tensor {
    const { type } = this.world.definition(definition);
    return { ...like, type, prefix: this.prefix(), source: { kind: "definition", definition } };
  }

  private prefix(): readonly Subscript[] {
    return [...this.indices.values()].map(subscriptOf);
  }
}

function sameIndex(a: Subscript, b: Subscript | undefined): boolean {
  return a.kind === "index" && b?.kind === "index" && a.index.id === b.index.id;
}
