/** The coordinate of the largest entry (the first of equal ones) when it is neither the first nor the last; else missing. Three values or more. */
import type { Statistic } from "./kinds.js";
import { argmax } from "./plain.js";

export const interiorMax: Statistic = {
  operands: 1,
  minimum: 3,
  otherwise: "never",
  evaluate: ({ count, first, coordinates }) => {
    const place = argmax.evaluate(first, 0, count, 0);
    const top = first[place] ?? NaN;
    // A maximum that an end shares is no interior one.
    return place === 0 || first[count - 1] === top ? NaN : (coordinates[place] ?? NaN);
  },
};
