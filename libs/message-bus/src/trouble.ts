/** What a bus wants to be seen by an operator; none of it stops the bus. */
export type BusTrouble =
  | {
      readonly kind: 'retrying' | 'parked';
      readonly group: string;
      readonly messageId: string;
      readonly attempt: number;
      readonly error: unknown;
    }
  /** Reading, parking or saving offsets failed; it is tried again. */
  | { readonly kind: 'storage'; readonly group: string; readonly topic: string; readonly error: unknown };

export type OnTrouble = (trouble: BusTrouble) => void;
