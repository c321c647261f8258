/** The distributions of draws by name. */
import type { Described } from "./described.js";

export interface DistributionForm extends Described {
  readonly parameters: readonly string[];
}

export const distributions: Readonly<Record<string, DistributionForm>> = {
  normal: {
    parameters: ["mean", "sd"],
    form: "normal(mean, sd)",
    says: "reals; derivatives pass both",
    derivative: "yes",
  },
  uniform: {
    parameters: ["low", "high"],
    form: "uniform(low, high)",
    says: "reals from low on, below high; derivatives pass both",
    derivative: "yes",
  },
  rademacher: { parameters: [], form: "rademacher()", says: "-1 or 1, ints" },
  bernoulli: { parameters: ["p"], form: "bernoulli(p)", says: "bools, true with chance p", derivative: "none" },
  gamma: {
    parameters: ["shape", "scale"],
    form: "gamma(shape, scale)",
    says: "reals above 0 of mean shape * scale; derivatives pass the scale alone",
    derivative: "yes",
  },
  poisson: { parameters: ["mean"], form: "poisson(mean)", says: "ints", derivative: "none" },
  on_sphere: { parameters: ["axis"], form: "on_sphere(i)", says: "vectors along i, uniform on the unit sphere" },
  permutation: { parameters: ["axis"], form: "permutation(i)", says: "positions of i along i, each once" },
  choice: {
    parameters: ["axis"],
    form: "choice(i), choice(2..5)",
    says: "positions of i, ints of a range, with replacement",
  },
  categorical: {
    parameters: ["axis", "weights"],
    form: "categorical(i, w[i])",
    says: "positions of i with chances in proportion to w",
    derivative: "none",
  },
};
