/** By word or value, the records that it means equally well: one, or several between which nobody but a person can tell. */
export type FoundRecords = ReadonlyMap<string, readonly string[]>;
