/** Why a cell is not what its field wants. `message` continues the sentence "«value» …" and says what to do. */
export interface CellProblem {
  readonly code: string;
  readonly message: string;
}

export type Parsed<T> = { readonly value: T } | { readonly problem: CellProblem };

export const parsed = <T>(value: T): Parsed<T> => ({ value });
export const refused = (code: string, message: string): { readonly problem: CellProblem } => ({
  problem: { code, message },
});
