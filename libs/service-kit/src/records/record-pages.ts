import { type CallContext, DomainError, turn } from '@rapport/kernel';

/** @throws DomainError `bad-cursor` where no page of the list can have ended there */
export const placeIn = (entries: readonly unknown[], cursor: string): number => {
  if (/^[1-9]\d{0,8}$/.test(cursor) && Number(cursor) < entries.length) return Number(cursor);
  throw new DomainError('invalid', 'bad-cursor', 'cursor is not one of this list. Start without it.');
};

/** Before what costs more than the rest: a caller who has gone in the meantime is noticed only between two turns. */
export const untilHeard = async ({ signal }: CallContext): Promise<void> => {
  if (!signal) return;
  await turn();
  if (signal.aborted) throw new DomainError('unavailable', 'caller-gone', 'Whoever asked has gone. Ask again.');
};
