import type { identityV1 } from '@rapport/contracts';
import { DomainError } from '@rapport/kernel';

/** Where a page begins: behind this one. */
export interface Place {
  readonly beforeAt?: string;
  readonly beforeId?: string;
}

const FORM = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z) ([0-9a-f-]{36})$/;

export const placeAfter = ({ at, id }: Pick<identityV1.Notification, 'at' | 'id'>): string =>
  Buffer.from(`${at} ${id}`).toString('base64url');

/** @throws DomainError `malformed-cursor` */
export const placeIn = (cursor: string | undefined): Place => {
  if (cursor === undefined) return {};
  const [, beforeAt, beforeId] = FORM.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  if (beforeAt !== undefined && beforeId !== undefined) return { beforeAt, beforeId };
  const message = 'This cursor is none of this list. Send `next` back as it came, or leave it out to begin anew.';
  throw new DomainError('invalid', 'malformed-cursor', message, {
    fields: [{ pointer: '/cursor', code: 'malformed-cursor', message }],
  });
};
