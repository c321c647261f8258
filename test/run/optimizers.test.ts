/** Optimizers of the library against PyTorch 2 in doubles: the parameter after 20 updates. */
import { expect, test } from "vitest";
import { runText } from "../support/spec-runs.js";

const spec = `use std.optimizers
experiment optimizers {
  precision f64
  sweep rule in {nesterov, adamw, rmsprop}
  axis i = 2
  start[i] = [1, -2]
  param w[i] = start[i]
  loss = (w[0] - 0.3)^2 + 3 * (w[1] + 0.7)^2 + w[0] * w[1]
  train fit {
    minimize loss over w
    using case rule { nesterov: nesterov(lr: 0.01), adamw: adamw(lr: 0.05, decay: 0.1), rmsprop: rmsprop(lr: 0.02) }
    for 20 steps
    record last { w }
  }
}
`;

// torch.optim.SGD(lr=0.01, momentum=0.9, nesterov=True), AdamW(lr=0.05, weight_decay=0.1), RMSprop(lr=0.02).
const torch = [
  [0.605000827693, -0.847600817582],
  [0.847853943727, -0.975402424362],
  [0.801117660642, -0.977629113184],
];

test("nesterov, adamw and rmsprop go the way of PyTorch", async () => {
  await runText(spec, "portable", (results) => {
    const found = results.cells("fit", "w")?.values ?? [];
    torch.flat().forEach((value, k) => {
      expect(found[k]).toBeCloseTo(value, 11);
    });
  });
});
