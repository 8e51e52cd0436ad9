import { DomainError, type Position } from '@rapport/kernel';

/** `contacts:00000000000000000042`: a write of one context; several are separated by commas. Opaque to clients. */
export const consistencyToken = (context: string, position: Position): string => `${context}:${position}`;

/** The position that a token names for a context, if it names one. @throws DomainError invalid */
export const positionIn = (token: string | undefined, context: string): Position | undefined => {
  if (token === undefined) return undefined;
  let found: Position | undefined;
  for (const part of token.split(',')) {
    const [name, position] = part.trim().split(':');
    if (!name || !position || !/^\d{20}$/.test(position)) {
      throw new DomainError(
        'invalid',
        'bad-consistency-token',
        'Rapport-Consistency is not a token of this server. Send back what a write answered in the header of that name.',
      );
    }
    if (name === context && (found === undefined || position > found)) found = position;
  }
  return found;
};
