import { type EventMetadata, newId, type NewEvent, type RecordedEvent } from '@rapport/kernel';
import { streamName } from '../stream-name.js';

const METADATA: EventMetadata = {
  tenant: 'acme',
  actor: { kind: 'system', id: 'conformance' },
  correlationId: 'correlation',
  commandId: 'command',
  occurredAt: '2024-02-29T12:00:00.000Z',
  schemaVersion: 1,
};

export const noteTaken = (data: object = { text: 'hello' }, metadata: Partial<EventMetadata> = {}): NewEvent => ({
  id: newId(),
  type: 'NoteTaken',
  data,
  metadata: { ...METADATA, ...metadata },
});

/** Events that carry their number, from `first` on. */
export const numbered = (count: number, first = 0): NewEvent[] =>
  Array.from({ length: count }, (_, n) => noteTaken({ n: first + n }));

/** An aggregate's name that no other test uses, so that following its prefix shows this test's events only. */
export const newAggregate = (): string =>
  'note' + newId().replace(/./g, (character) => 'abcdefghijklmnop'[Number.parseInt(character, 16)] ?? '');

export const newStream = (aggregate: string = newAggregate()): string => streamName(aggregate, 'acme', newId());

export const numberOf = (event: RecordedEvent): number => (event.data as { n: number }).n;

export const idsOf = (events: readonly { readonly id: string }[]): string[] => events.map(({ id }) => id);
