/** Sizes and constants that have no value are told when a spec is checked, as far as its points are few enough to try. */
import { tryAtPoints } from "./bounds.js";
import { axisSize, evaluateConstant, evaluateList } from "./constants.js";
import { checkPart } from "./made-axes.js";
import type { Expr } from "./typed.js";
import { unknownAxis, type World } from "./world.js";

export function checkValues(world: World): void {
  const attempt = (what: () => void): void => world.attempt(what, () => undefined);
  for (const { value } of world.constants.values()) {
    attempt(() =>
      tryAtPoints(world, value, (sweeps) =>
        "type" in value
          ? evaluateConstant(value, { experiment: world, sweeps })
          : evaluateList(value, { experiment: world, sweeps }),
      ),
    );
  }
  for (const axis of world.axes.values()) {
    if (axis.id === unknownAxis || axis.kind.kind === "sweep") continue;
    const size: Expr = { kind: "size", axis: axis.id, type: { kind: "int" }, span: axis.span };
    attempt(() => tryAtPoints(world, size, (sweeps) => axisSize(axis, { experiment: world, sweeps })));
    if (axis.kind.kind !== "part") continue;
    const whole: Expr = { ...size, axis: axis.kind.whole };
    const both: Expr = { ...size, kind: "apply", operation: "add", operands: [size, whole] };
    attempt(() => tryAtPoints(world, both, (sweeps) => checkPart(axis, { experiment: world, sweeps })));
  }
}
