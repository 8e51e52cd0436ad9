import { partsOf } from '@rapport/event-store';
import type { RecordedEvent } from '@rapport/kernel';
import type { Projection } from '@rapport/processing';
import type { Document } from '@rapport/read-models';
import { type Audited, isAudited, prefixesOf } from './audited.js';

/** One fact of the trail, as it is listed. */
export interface AuditDocument extends Document {
  readonly at: string;
  /** The type of the fact. */
  readonly what: string;
  readonly actorKind: string;
  readonly actorId: string;
  readonly onBehalfOf?: string;
  /** What it happened to. */
  readonly object: string;
  readonly recordIds: readonly string[];
  readonly method?: string;
  readonly code?: string;
  readonly personId?: string;
  readonly address?: string;
  readonly correlationId: string;
}

export const AUDIT_TRAIL = 'audit_trail';

/** What facts of the trail may say beside who, what and when. */
type Told = Partial<Pick<AuditDocument, 'object' | 'recordIds' | 'method' | 'code' | 'personId' | 'address'>>;

/** The trail, for whoever looks into it. */
export const auditTrail = (audited: Audited): Projection<AuditDocument> => ({
  declaration: {
    name: AUDIT_TRAIL,
    fields: {
      at: 'time',
      what: 'text',
      actorKind: 'text',
      actorId: 'text',
      onBehalfOf: 'text',
      object: 'text',
      recordIds: 'texts',
      method: 'text',
      code: 'text',
      personId: 'text',
      correlationId: 'text',
    },
    indexes: [['at'], ['what', 'at'], ['actorId', 'at'], ['personId', 'at']],
  },
  prefixes: prefixesOf(audited),
  key: (event) => (isAudited(audited, event) ? event.id : undefined),
  fold: (document, event) => document ?? entryOf(event),
  about: [{ field: 'personId', forget: ({ address: _, ...document }) => document }],
});

const entryOf = ({ id, type, data, stream, metadata }: RecordedEvent): AuditDocument => {
  const { actor, tenant, occurredAt, correlationId } = metadata;
  const about = partsOf(stream);
  const { object = about.aggregate, recordIds = [about.id], method, code, personId, address } = data as Told;
  const told = { method, code, personId, address, onBehalfOf: actor.onBehalfOf };
  return {
    ...{ id, tenant, revision: 0, at: occurredAt, what: type, actorKind: actor.kind, actorId: actor.id },
    ...{ object, recordIds, correlationId },
    ...Object.fromEntries(Object.entries(told).filter(([, value]) => value !== undefined)),
  };
};
