/** A tensor that is known already, under a name. */
import type { Span } from "../base/span.js";
import type { Scope, Tensor, TensorEntry } from "./scopes.js";
import type { Lazy, World } from "./world.js";

export function fixedEntry(world: World, scope: Scope, name: string, span: Span, tensor: Tensor): TensorEntry {
  const fixed = <T>(value: T): Lazy<T> =>
    world.lazy(
      scope,
      name,
      span,
      () => value,
      () => value,
    );
  return { kind: "tensor", name, span, declared: span, axes: fixed(tensor.axes), tensor: fixed(tensor) };
}
