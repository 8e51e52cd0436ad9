/** What failed, in a sentence. Of an `AggregateError` the first one's: it stands for all of the hosts. */
export const reasonOf = (error: unknown): string => {
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error;
  return first instanceof Error ? first.message : String(first);
};
