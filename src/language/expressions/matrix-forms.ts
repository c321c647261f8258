/** The forms of linear algebra by name. */
import type { Described, Table } from "../described.js";
import type { MatrixOperation, MatrixPart } from "../typed.js";

/** Whether the first and the second index stay (they are bound around the whole) or end here. */
export interface Form extends Described {
  readonly operation: MatrixOperation;
  readonly part?: MatrixPart;
  readonly stays: readonly [boolean, boolean];
  readonly square: boolean;
  readonly tolerance?: true;
}

export const forms: Readonly<Record<string, Form>> = {
  inverse: {
    form: "inverse(i, j) X[i, j]",
    says: "the inverse; it is over i and j as well",
    derivative: "yes",
    operation: "inverse",
    stays: [true, true],
    square: true,
  },
  cholesky: {
    form: "cholesky(i, j) S[i, j]",
    says: "L with L L' = S, 0 where j > i",
    derivative: "yes",
    operation: "cholesky",
    stays: [true, true],
    square: true,
  },
  polar: {
    form: "polar(i, j, tol: t) X[i, j]",
    says: "the matrix sign: singular values above t of the largest become 1, the others 0",
    derivative: "yes",
    operation: "polar",
    stays: [true, true],
    square: false,
    tolerance: true,
  },
  solve: {
    form: "solve(i, j) A[i, j] at b[i]",
    says: "the x[j] with A x = b",
    derivative: "yes",
    operation: "solve",
    stays: [false, true],
    square: true,
  },
  logdet: {
    form: "logdet(i, j) X[i, j]",
    says: "log of the determinant",
    derivative: "yes",
    operation: "logdet",
    stays: [false, false],
    square: true,
  },
  trace: {
    form: "trace(i, j) X[i, j]",
    says: "the sum of the diagonal",
    derivative: "yes",
    operation: "trace",
    stays: [false, false],
    square: true,
  },
  eigh_values: {
    form: "eigh_values(i, i') S[i, i']",
    says: "eigenvalues along i, descending",
    derivative: "yes",
    operation: "eigh",
    part: "values",
    stays: [true, false],
    square: true,
  },
  svd_values: {
    form: "svd_values(i, j) X[i, j]",
    says: "singular values along i, descending",
    derivative: "yes",
    operation: "svd",
    part: "values",
    stays: [true, false],
    square: false,
  },
};

/** Forms that stand alone on a right side. */
export const alone = {
  projector: {
    form: "P[j, j'] = projector(i, j) X[i, j]",
    says: "the projector on the x[j] with X x = 0",
    derivative: "yes",
  },
  eigh: {
    form: "(lam[k], vec[k, i]) = eigh(i, i') C[i, i']",
    says: "eigenvalues, descending, and unit vectors",
    derivative: "yes",
  },
  svd: {
    form: "(U[n, k], s[k], V[d, k]) = svd(n, d) X[n, d]",
    says: "singular values, descending, and vectors",
    derivative: "yes",
  },
} as const satisfies Table;
export const shapes: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries({ solve: forms.solve, ...alone }).flatMap(([name, known]) =>
    known === undefined ? [] : [[name, `\`${known.form}\``]],
  ),
);
