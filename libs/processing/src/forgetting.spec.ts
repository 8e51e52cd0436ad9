import { describe, expect, it } from '@jest/globals';
import { everythingOf } from '@rapport/access';
import { InMemoryEventStore, streamName } from '@rapport/event-store';
import { idFrom, type NewEvent, type RecordedEvent, START } from '@rapport/kernel';
import { InMemoryReadModelStore, type Document, type ReadModelStore } from '@rapport/read-models';
import fc from 'fast-check';
import type { ErasureFact } from './erasure-fact.js';
import { contentsOf } from './fakes/contents.js';
import { CrashingStore } from './fakes/crashing-store.js';
import { forgetting, forgottenBy, isFolded } from './forgetting.js';
import { NO_TENANT, type Projection } from './projection.js';
import { Projector } from './projector.js';

interface Note extends Document {
  readonly about?: string;
  readonly text?: string;
  readonly revisions: number;
}

const FACTS: readonly ErasureFact[] = [
  { prefix: 'erasure-', type: 'PersonForgotten', ids: ({ data }) => (data as { ids: string[] }).ids, last: true },
];

const notes: Projection<Note> = {
  declaration: { name: 'notes', fields: { about: 'text' }, indexes: [['about']] },
  prefixes: ['note-'],
  fold: (document, { data, metadata: { tenant } }, id) => ({
    ...(document ?? { id, tenant }),
    ...data,
    revisions: (document?.revisions ?? 0) + 1,
  }),
  about: [
    {
      field: 'about',
      forget: (document) => {
        const { text, ...rest } = document;
        return text === undefined ? document : rest;
      },
    },
  ],
};

type Step = { readonly note: number; readonly about?: string; readonly text?: string } | { readonly forget: string };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ note: fc.nat(3), about: fc.constantFrom('ada', 'bob'), text: fc.constantFrom('x', 'y') }),
  },
  { weight: 2, arbitrary: fc.record({ note: fc.nat(3), about: fc.constantFrom('ada', 'bob') }) },
  { weight: 2, arbitrary: fc.record({ forget: fc.constantFrom('ada', 'bob') }) },
);

const storeOf = async (steps: readonly Step[]): Promise<InMemoryEventStore> => {
  const store = new InMemoryEventStore();
  for (const [n, each] of steps.entries()) {
    const isNote = 'note' in each;
    const stream = isNote ? streamName('note', 'main', `n${each.note}`) : streamName('erasure', 'main', `e${n}`);
    const { note: _, ...data } = isNote ? each : { note: 0, ids: [each.forget] };
    const event: NewEvent = {
      id: idFrom('step', n),
      type: isNote ? 'NoteWritten' : 'PersonForgotten',
      data,
      metadata: {
        tenant: 'main',
        actor: { kind: 'user', id: 'u' },
        correlationId: 'c',
        commandId: `c${n}`,
        occurredAt: '2026-01-01T00:00:00.000Z',
        schemaVersion: 1,
      },
    };
    await store.append(stream, [event], 'any');
  }
  return store;
};

/** What has to be there in the end, told step by step. */
const expected = (steps: readonly Step[]): readonly object[] => {
  const found = new Map<string, Note>();
  for (const each of steps) {
    if ('forget' in each) {
      for (const [id, { text: _, ...rest }] of found) if (rest.about === each.forget) found.set(id, rest);
    } else {
      const { note, ...data } = each;
      const id = `n${note}`;
      const before = found.get(id) ?? { id, tenant: 'main', revisions: 0 };
      found.set(id, { ...before, ...data, revisions: before.revisions + 1 });
    }
  }
  return [...found.values()].sort((one, other) => (one.id < other.id ? -1 : 1));
};

/** False when it died on the way. */
const passes = async (events: InMemoryEventStore, store: ReadModelStore, pageSize: number): Promise<boolean> => {
  const projection = forgetting(notes, FACTS);
  const projector = await Projector.open(store, projection, 'one');
  const enough = new AbortController();
  const { prefixes } = projection;
  try {
    const after = await projector.checkpoint.load();
    for await (const page of events.follow({ prefixes, after, pageSize, signal: enough.signal })) {
      if (page.events.length > 0) await projector.handle(page);
      if (page.caughtUp) enough.abort();
    }
    return true;
  } catch {
    return false;
  }
};

const shown = async (store: ReadModelStore): Promise<readonly object[]> => {
  const documents = (await contentsOf((await Projector.open(store, notes, 'one')).documents)) as readonly Note[];
  return [...documents].sort((one, other) => (one.id < other.id ? -1 : 1));
};

describe('a projection whose documents are about people', () => {
  it('forgets them in what was there, and only in that, wherever it dies and however pages fall', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 25 }),
        fc.array(fc.nat(8), { maxLength: 6 }),
        fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 4 }),
        async (steps, crashes, sizes) => {
          const events = await storeOf(steps);
          const store = new InMemoryReadModelStore();
          const crashing = new CrashingStore(store, [...crashes]);
          for (let pass = 0; !(await passes(events, crashing, sizes[pass % sizes.length]!)); pass += 1);
          expect(await shown(store)).toEqual(expected(steps));
        },
      ),
      { numRuns: 300 },
    ));

  it('forgets them also in a generation that was declared before it could be asked for them', async () => {
    const events = await storeOf([
      { note: 1, about: 'ada', text: 'x' },
      { note: 2, about: 'bob', text: 'y' },
      { forget: 'ada' },
    ]);
    const store = new InMemoryReadModelStore();
    const older = { ...notes, declaration: { name: 'notes', fields: {}, indexes: [] } } as Projection;
    const projector = await Projector.open(store, forgetting(older, FACTS), 'old');
    const enough = new AbortController();
    for await (const page of events.follow({ prefixes: [], after: START, signal: enough.signal })) {
      await projector.handle(page);
      if (page.caughtUp) enough.abort();
    }
    expect((await contentsOf(projector.documents)).map((note) => (note as Note).text)).toEqual([undefined, 'y']);
  });

  it('knows streams of other contexts by the names that they are declared with, whatever epoch those are in', () => {
    const fact: ErasureFact = { prefix: 'contacts.erasure-', type: 'PersonForgotten', ids: () => ['ada'], last: true };
    const copies = forgetting({ ...notes, prefixes: ['desk.note-'] }, [fact]);
    const heard = (stream: string, type: string) => ({ stream, type, data: {} }) as RecordedEvent;
    expect(isFolded(copies, heard('desk.note@2-main-n1', 'NoteWritten'))).toBe(true);
    expect(isFolded(copies, heard('contacts.erasure@2-main-e1', 'PersonForgotten'))).toBe(false);
    expect(forgottenBy(copies, heard('contacts.erasure@2-main-e1', 'PersonForgotten'))).toEqual(['ada']);
  });

  it('stays as it is where it says nothing about anybody, or nothing tells of erasures', () => {
    const { about: _, ...silent } = notes as Projection;
    expect(forgetting(silent, FACTS)).toBe(silent);
    expect(forgetting(notes as Projection, [])).toBe(notes);
    expect(forgetting(notes as Projection, FACTS).prefixes).toEqual(['note-', 'erasure-']);
  });
});

describe('a projection whose documents belong to no tenant', () => {
  it('removes those of which nothing is left, and no others', async () => {
    const events = await storeOf([
      { note: 1, about: 'ada' },
      { note: 2, about: 'bob' },
      { forget: 'ada' },
      { note: 3, about: 'ada' },
    ]);
    const rows: Projection<Note> = {
      ...notes,
      tenantless: true,
      fold: (document, event, id) => ({ ...notes.fold(document, event, id)!, tenant: NO_TENANT }),
      about: [{ field: 'about', forget: () => null }],
    };
    const store = new InMemoryReadModelStore();
    const projector = await Projector.open(store, forgetting(rows, FACTS), 'one');
    const enough = new AbortController();
    for await (const page of events.follow({ prefixes: [], after: START, signal: enough.signal })) {
      await projector.handle(page);
      if (page.caughtUp) enough.abort();
    }
    const { documents } = await projector.documents.query(everythingOf(NO_TENANT), { limit: 10 });
    expect(documents.map(({ id }) => id)).toEqual(['n2', 'n3']);
  });
});
