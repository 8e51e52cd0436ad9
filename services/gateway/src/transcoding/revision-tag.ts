import { DomainError } from '@rapport/kernel';

const TAG = /^"(\d{1,15})"$/;

/** A revision as an entity tag. */
export const tagOf = (revision: number): string => `"${revision}"`;

/** The revision in `If-Match`; `*` asks for nothing in particular. */
export const expectedRevision = (ifMatch: string | undefined): number | undefined => {
  if (ifMatch === undefined || ifMatch === '*') return undefined;
  const revision = TAG.exec(ifMatch)?.[1];
  if (revision !== undefined) return Number(revision);
  const message = 'If-Match must be the ETag of the record as it was read: one revision in quotes, such as "3".';
  throw new DomainError('invalid', 'malformed-if-match', message, {
    fields: [{ pointer: '', code: 'malformed-if-match', message }],
  });
};

/** Whether `If-None-Match` names the revision that would be sent. */
export const isKnown = (ifNoneMatch: string | undefined, revision: number): boolean =>
  ifNoneMatch !== undefined &&
  ifNoneMatch.split(',').some((tag) => tag.trim().replace(/^W\//, '') === tagOf(revision) || tag.trim() === '*');
