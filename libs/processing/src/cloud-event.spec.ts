import { describe, expect, it } from '@jest/globals';
import type { RecordedEvent } from '@rapport/kernel';
import { sealedIn } from './cloud-event.js';
import { toCloudEvent, type Publishing } from './publishing.js';

const publishing: Publishing = {
  context: 'notes',
  publishes: { NoteCreated: () => ({ type: 'NoteCreated', data: {} }) },
};

const event = (sealed: RecordedEvent['metadata']['sealed']): RecordedEvent => ({
  id: 'e',
  type: 'NoteCreated',
  stream: 'note-main-n1',
  revision: 0,
  position: '1',
  recordedAt: '2026-01-01T00:00:00.000Z',
  data: {},
  metadata: {
    tenant: 'main',
    actor: { kind: 'user', id: 'u' },
    correlationId: 'c',
    commandId: 'c',
    occurredAt: '2026-01-01T00:00:00.000Z',
    schemaVersion: 1,
    ...(sealed === undefined ? {} : { sealed }),
  },
});

describe('an event that is published', () => {
  it('carries the version of its form', () => {
    const { metadata, ...rest } = event(undefined);
    expect(toCloudEvent(publishing, { ...rest, metadata: { ...metadata, schemaVersion: 3 } })).toMatchObject({
      dataversion: 3,
    });
  });
});

const travelled = (sealed: RecordedEvent['metadata']['sealed']) => {
  const published = toCloudEvent(publishing, event(sealed))!;
  expect(['string', 'undefined']).toContain(typeof published.sealed);
  return sealedIn(published, 'note-main-n1');
};

describe('sealed fields on their way', () => {
  it('are about the record where a text stands alone, and keep where they were made', () => {
    expect(travelled('AVNE')).toEqual([{ subject: 'n1', origin: 'note-main-n1', text: 'AVNE' }]);
  });

  it('stay as they were stored where they are about several people', () => {
    const parts = ['ada', 'bob'].map((subject) => ({ subject, origin: 'note-main-n1', text: `of ${subject}` }));
    expect(travelled(parts)).toEqual(parts);
  });

  it('are none where there are none', () => {
    expect(travelled(undefined)).toBeUndefined();
  });
});
