import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { identityV1 } from '@rapport/contracts';
import { InMemoryEventStore, streamName } from '@rapport/event-store';
import { type CallContext, newId, type RecordedEvent } from '@rapport/kernel';
import type { Letter } from '@rapport/mail';
import { type RunningService, startInProcess } from '@rapport/service-kit';
import { callBy, inMemoryEngines, type SimulatedTime, simulatedTime } from '@rapport/testing';
import { identityModule } from '../identity.module.js';
import { notifyCommand } from './notify-command.js';

const DAY = 24 * 3_600_000;
let service: RunningService;
let letters: Letter[];
let time: SimulatedTime;
let userId: string;

const invoke = async <A = never>(contract: string, method: string, request: object, given: Partial<CallContext> = {}) =>
  (await service.backend.invoke(`rapport.identity.v1.${contract}Service`, method, request, callBy(given))) as A;
const as = (id: string): Partial<CallContext> => ({
  principal: { tenant: 'main', actor: { kind: 'user', id }, roles: [], permissions: ['self.read', 'credentials.read'] },
});
const createUser = async (fields: object = {}): Promise<string> => {
  const role = identityV1.Role.fromPartial({
    name: 'Seller',
    grants: [{ object: 'account', action: 'read', scope: 'own' }],
  });
  const { id } = await invoke<identityV1.Role>('Roles', 'createRole', { role });
  const user = identityV1.User.fromPartial({ name: 'Ada', email: 'ada@example.org', roleIds: [id], ...fields });
  return (await invoke<identityV1.User>('Users', 'createUser', { user })).id;
};

/** What contacts would ask. */
const asked = async (news: object = {}, by = newId(), id = newId()): Promise<string> => {
  const { provided } = service.runtime;
  const input = { kind: 'assigned', to: userId, object: 'account', recordId: newId(), what: 'AccountCreated' };
  const call = callBy({ principal: { tenant: 'main', actor: { kind: 'user', id: by }, roles: [] } });
  const { outcome } = await notifyCommand(provided).Notify.run(
    {
      commandId: id,
      record: { aggregate: 'notification', id },
      input: { ...input, at: time.clock.now().toISOString(), ...news },
    },
    call,
  );
  return outcome;
};
const listed = async (id = userId) =>
  (
    await invoke<identityV1.ListRaisedResponse>(
      'ContextNotifications',
      'listRaised',
      { unread: false, limit: 50 },
      as(id),
    )
  ).data;
const eventsOf = (id: string): Promise<RecordedEvent[]> =>
  Array.fromAsync(service.runtime.events.read(streamName('notification', 'main', id)));
/** The reaction sees once more that the notification was raised. */
const seenAgain = async (id: string): Promise<void> => {
  const [raised] = await eventsOf(id);
  const reaction = service.runtime.reactions.find(({ name }) => name === 'mail-notifications')!;
  expect(await reaction.react(raised!, new AbortController().signal)).toBe('done');
};
const mailed = async (id: string): Promise<void> => {
  while (!(await eventsOf(id)).some(({ type }) => type === 'NotificationMailed')) await new Promise(setImmediate);
};
const prefer = (preferences: object): Promise<unknown> =>
  invoke('Preferences', 'updatePreferences', { preferences, updateMask: Object.keys(preferences) }, as(userId));

beforeEach(async () => {
  [letters, time] = [[], simulatedTime('2026-01-02T03:04:05.678Z')];
  const send = async (letter: Letter): Promise<void> => void letters.push(letter);
  const { clock, ticks } = time;
  const mail = { publicUrl: 'https://crm.example.org', send };
  service = await startInProcess(
    identityModule({ ...(await inMemoryEngines({ clock, ticks, events: new InMemoryEventStore(clock) })), mail }),
  );
  userId = await createUser();
});
afterEach(() => service.close());

describe('what a context asks to be told', () => {
  it('is told once, however often it is asked', async () => {
    const id = newId();
    expect(await asked({}, 'bo', id)).toBe('created');
    expect(await asked({}, 'bo', id)).toBe('created');
    expect(await listed()).toMatchObject([{ id, kind: 'assigned', object: 'account', read: false }]);
  });

  it('is not told to who has done it, programs, who was deactivated, and nobody', async () => {
    expect(await asked({}, userId)).toBe('unchanged');
    const program = await createUser({ name: 'ERP', kind: 'service', email: undefined });
    expect(await asked({ to: program })).toBe('unchanged');
    expect(await asked({ to: newId() })).toBe('unchanged');
    await invoke('Users', 'archiveUser', { id: userId });
    expect(await asked()).toBe('unchanged');
    expect(await listed()).toEqual([]);
  });

  it('is told to the user who a representative is', async () => {
    const representativeId = newId();
    const seller = await createUser({ email: 'bo@example.org', representativeId });
    expect(await asked({ to: representativeId })).toBe('created');
    expect(await asked({ to: representativeId }, seller)).toBe('unchanged');
    expect(await listed(seller)).toHaveLength(1);
  });

  it('is not told of kinds that are not wanted', async () => {
    await prefer({ muted: ['assigned'] });
    expect(await asked()).toBe('unchanged');
    expect(await asked({ kind: 'due' })).toBe('created');
  });

  it('is nobody else’s to read or to mark', async () => {
    const id = newId();
    await asked({}, 'bo', id);
    await expect(invoke('ContextNotifications', 'markRaised', { id }, as(newId()))).rejects.toMatchObject({
      code: 'notification-not-found',
    });
    expect(await listed(newId())).toEqual([]);
  });

  it('goes with its user: nothing of it names anybody', async () => {
    const id = newId();
    await asked({}, 'bo', id);
    await invoke('Users', 'eraseUser', { id: userId });
    expect(JSON.stringify(await eventsOf(id))).not.toMatch(/Ada|example/);
    expect(await asked()).toBe('unchanged');
  });
});

describe('a letter', () => {
  beforeEach(() => prefer({ mailed: ['assigned', 'due', 'job-done'] }));

  it('goes once, and says nothing of the record', async () => {
    const id = newId();
    await asked({}, 'bo', id);
    await mailed(id);
    await seenAgain(id);
    expect(letters).toMatchObject([{ id: (await eventsOf(id))[0]!.id, to: 'ada@example.org' }]);
  });

  it('does not go to who sees no record of the kind, nor of what is old, nor where it is not wanted', async () => {
    await asked({ object: 'opportunity' }, 'bo');
    await prefer({ mailed: [] });
    const quiet = newId();
    await asked({}, 'bo', quiet);
    await seenAgain(quiet);
    await prefer({ mailed: ['assigned'] });
    time.advance(DAY + 1);
    await seenAgain(quiet);
    const last = newId();
    await asked({ kind: 'job-done', object: 'import' }, 'bo', newId());
    await asked({}, 'bo', last);
    await mailed(last);
    expect(letters.map(({ subject }) => subject)).toEqual(['The account was given to you']);
  });
});
