import { beforeEach, describe, expect, it } from '@jest/globals';
import { InMemoryEventStore } from '@rapport/event-store';
import {
  fixedClock,
  recordDecider,
  undo,
  type CallContext,
  type FieldPatch,
  type RecordedEvent,
} from '@rapport/kernel';
import { CachedKeyStore, InMemoryKeyStore, SealedEventStore, type PersonalFields } from '@rapport/privacy';
import { RunCommandHandler } from './run-command.handler.js';
import { RunCommand, type CommandOutcome, type Step } from './run-command.js';

interface NoteFields {
  readonly text?: string;
  readonly contactId?: string;
}

const note = recordDecider<'Note', NoteFields>('note', 'Note');
const PERSONAL: PersonalFields = { note: [{ name: 'text', about: 'contactId' }] };

const clock = fixedClock('2026-01-01T09:00:00.000Z');
let inner: InMemoryEventStore;
let keys: CachedKeyStore;
let store: SealedEventStore;

beforeEach(() => {
  inner = new InMemoryEventStore();
  keys = new CachedKeyStore(new InMemoryKeyStore());
  store = new SealedEventStore(inner, keys, PERSONAL);
});

const call = (): CallContext => ({
  principal: { tenant: 'main', actor: { kind: 'user', id: 'u' }, roles: [] },
  correlationId: 'c',
  answer: {},
});

const run = (decide: Step<unknown, never>['decide'], decider = note): Promise<CommandOutcome<unknown>> =>
  new RunCommandHandler(store, clock, 'notes', PERSONAL).execute(
    new RunCommand({
      decider: decider as never,
      id: 'n1',
      steps: [{ name: 'Do', input: 1, decide }],
      call: call(),
    }) as never,
  );

const create = (fields: NoteFields) => run((state, at) => note.decide.create(state as never, fields, at) as never);
const edit = (set: FieldPatch<NoteFields>) =>
  run((state, at) => note.decide.edit(state as never, { set }, at) as never);
const undoLast = () =>
  run(
    (_, __, history) => undo(note as never, history, { eventId: history.at(-1)!.id, laterChanges: 'refuse' }) as never,
  );

const erase = (id: string) => keys.destroy({ tenant: 'main', id }, '2026-02-01T00:00:00.000Z');

const all = async (events: AsyncIterable<RecordedEvent>): Promise<RecordedEvent[]> => {
  const found: RecordedEvent[] = [];
  for await (const event of events) found.push(event);
  return found;
};
const readable = async (): Promise<string> =>
  JSON.stringify((await all(store.read('note-main-n1'))).map(({ data }) => data));
const subjects = async () =>
  (await all(inner.read('note-main-n1'))).map(({ metadata: { sealed } }) =>
    typeof sealed === 'string' ? 'itself' : sealed?.map(({ subject }) => subject).join(),
  );

describe('a record that is about somebody else', () => {
  it('is sealed for whom its state names, also in an event that names nobody', async () => {
    await create({ text: 'Likes tea', contactId: 'ada' });
    await edit({ text: 'Likes coffee' });
    expect(await subjects()).toEqual(['ada', 'ada']);
    await erase('ada');
    expect(await readable()).not.toMatch(/tea|coffee/);
  });

  it('is about itself as long as it names nobody', async () => {
    await create({ text: 'Likes tea' });
    expect(await subjects()).toEqual(['itself']);
    await erase('ada');
    expect(await readable()).toMatch(/tea/);
  });

  it('is sealed anew for the person that it is about from now on, and goes with that one', async () => {
    await create({ text: 'Likes tea', contactId: 'ada' });
    const { state } = await edit({ contactId: 'bob' });
    expect(state).toMatchObject({ text: 'Likes tea', contactId: 'bob' });
    expect(await subjects()).toEqual(['ada', 'bob']);
    await erase('ada');
    expect(await readable()).toBe('[{"contactId":"ada"},{"set":{"contactId":"bob","text":"Likes tea"}}]');
    await erase('bob');
    expect(await readable()).not.toMatch(/tea/);
  });

  it('is sealed anew for itself when it is about nobody any more', async () => {
    await create({ text: 'Likes tea', contactId: 'ada' });
    await edit({ contactId: null });
    expect(await subjects()).toEqual(['ada', 'itself']);
    await erase('ada');
    expect(await readable()).toMatch(/tea/);
  });

  it('is sealed anew when an undo makes it be about the one before', async () => {
    await create({ text: 'Likes tea', contactId: 'ada' });
    await edit({ contactId: 'bob' });
    await undoLast();
    expect(await subjects()).toEqual(['ada', 'bob', 'ada']);
    await erase('bob');
    expect(await readable()).toMatch(/"set":\{"contactId":"ada","text":"Likes tea"\}/);
  });

  it('has nothing to be sealed anew once the one before was erased', async () => {
    await create({ text: 'Likes tea', contactId: 'ada' });
    await erase('ada');
    await edit({ contactId: 'bob' });
    expect(await subjects()).toEqual(['ada', undefined]);
  });

  it('is stored without what is about somebody who was erased, and answered so', async () => {
    await create({ contactId: 'ada' });
    await erase('ada');
    const { state, revision } = await edit({ text: 'Likes tea' });
    expect(state).toEqual({ contactId: 'ada', archived: false });
    expect(revision).toBe(1);
    expect(await readable()).toBe('[{"contactId":"ada"},{"set":{}}]');
  });

  it('cannot change whom it is about by an event that has no place for its fields', async () => {
    const moved = {
      ...note,
      evolve: (state: never, event: never) =>
        (event as { type: string }).type === 'NoteMoved'
          ? { ...(state as object), contactId: 'bob' }
          : note.evolve(state, event),
    } as unknown as typeof note;
    await create({ text: 'Likes tea', contactId: 'ada' });
    const moving = run(() => [{ type: 'NoteMoved', data: {} }] as never, moved);
    await expect(moving).rejects.toMatchObject({
      code: 'not-sealed-anew',
      message: /NoteMoved changes whom a note is/,
    });
    expect(await subjects()).toEqual(['ada']);
  });
});
