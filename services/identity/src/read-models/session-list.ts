import { partsOf, prefixOf } from '@rapport/event-store';
import type { Projection } from '@rapport/processing';
import type { Document } from '@rapport/read-models';
import { session, type SessionEvent } from '../domain/session/session.js';

/** A session as it is listed. No digest of a secret is here. */
export interface SessionDocument extends Document {
  readonly userId: string;
  readonly expiresAt: string;
  readonly generation: number;
  readonly closed: boolean;
  readonly createdAt: string;
  readonly device?: string;
}

export const sessionList: Projection<SessionDocument> = {
  declaration: {
    name: 'sessions',
    fields: { userId: 'text', closed: 'boolean', expiresAt: 'time', createdAt: 'time' },
    indexes: [['userId', 'createdAt']],
  },
  prefixes: [prefixOf(session.aggregate)],
  about: [{ field: 'userId', forget: ({ device: _, ...document }) => document }],
  fold: (document, event) => {
    const { tenant, occurredAt } = event.metadata;
    const state = session.evolve(document && { ...document, digest: '' }, event as unknown as SessionEvent);
    if (!state) return document;
    const { userId, expiresAt, generation, closed, device } = state;
    const account = { id: partsOf(event.stream).id, tenant, revision: event.revision };
    const shown = { userId, expiresAt, generation, closed, ...(device !== undefined && { device }) };
    return { ...account, ...shown, createdAt: document?.createdAt ?? occurredAt };
  },
};
