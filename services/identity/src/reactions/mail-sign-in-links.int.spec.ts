import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { identityV1 } from '@rapport/contracts';
import { streamName } from '@rapport/event-store';
import type { RecordedEvent } from '@rapport/kernel';
import type { Letter } from '@rapport/mail';
import { type RunningService, startInProcess } from '@rapport/service-kit';
import { callBy, inMemoryEngines } from '@rapport/testing';
import { identityModule } from '../identity.module.js';

let service: RunningService;
let letters: Letter[];
let refusing: number;

beforeEach(async () => {
  [letters, refusing] = [[], 0];
  const send = async (letter: Letter): Promise<void> => {
    if (refusing > 0) {
      refusing -= 1;
      throw new Error('Not now');
    }
    letters.push(letter);
  };
  const engines = { ...(await inMemoryEngines()), mail: { publicUrl: 'https://crm.example.org', send } };
  service = await startInProcess(identityModule(engines));
});
afterEach(() => service.close());

const invoke = async <A = never>(contract: string, method: string, request: object) =>
  (await service.backend.invoke(`rapport.identity.v1.${contract}Service`, method, request, callBy())) as A;
const invited = async (): Promise<string> => {
  const user = identityV1.User.fromPartial({ name: 'Ada', email: 'ada@example.org' });
  const { id } = await invoke<identityV1.User>('Users', 'createUser', { user });
  await invoke('Users', 'inviteUser', { id });
  return id;
};
const eventsOf = (id: string): Promise<RecordedEvent[]> =>
  Array.fromAsync(service.runtime.events.read(streamName('signIn', 'main', id)));
const sent = async (id: string): Promise<void> => {
  while (!(await eventsOf(id)).some(({ type }) => type === 'SignInLinkSent')) await new Promise(setImmediate);
};
const again = async (id: string): Promise<unknown> => {
  const [issued] = await eventsOf(id);
  const reaction = service.runtime.reactions.find(({ name }) => name === 'mail-sign-in-links')!;
  return reaction.react(issued!, new AbortController().signal);
};

describe('a link that is to go by mail', () => {
  it('goes once, however often it is seen that it was issued', async () => {
    const id = await invited();
    await sent(id);
    expect(await again(id)).toBe('done');
    expect(letters).toMatchObject([
      { to: 'ada@example.org', text: expect.stringContaining('https://crm.example.org/sign-in#link_') },
    ]);
    expect(letters[0]!.id).toBe((await eventsOf(id))[0]!.id);
  });

  it('goes when the server takes it again', async () => {
    refusing = 2;
    await sent(await invited());
    expect(letters).toHaveLength(1);
  });

  it('does not go to who was sent away, nor when another one followed', async () => {
    refusing = Number.POSITIVE_INFINITY;
    const id = await invited();
    await invoke('Users', 'inviteUser', { id });
    refusing = 0;
    expect(await again(id)).toBe('done');
    await sent(id);
    await invoke('Users', 'archiveUser', { id });
    expect(await again(id)).toBe('done');
    expect(letters).toHaveLength(1);
  });

  it('is sealed where it is stored', async () => {
    const id = await invited();
    await sent(id);
    const stored = await Array.fromAsync(service.runtime.engines.events.read(streamName('signIn', 'main', id)));
    expect(JSON.stringify(stored)).not.toContain('link_main_');
  });
});
