import { expect, it } from '@jest/globals';
import type { RecordedEvent } from '@rapport/kernel';
import { CachedKeyStore, InMemoryKeyStore } from '@rapport/privacy';
import { ofThoseThatAre } from './of-those-that-are.js';

const event = (stream: string): RecordedEvent => ({ stream }) as RecordedEvent;
const AT = '2026-01-01T00:00:00.000Z';

it('does nothing for a workspace that is deleted, also in the middle, but for what tells of that', async () => {
  const keys = new CachedKeyStore(new InMemoryKeyStore());
  let meanwhile = async (): Promise<void> => undefined;
  const seen: string[] = [];
  const react = async ({ stream }: RecordedEvent): Promise<'done'> => {
    seen.push(stream);
    await meanwhile();
    throw new Error('It is not there.');
  };
  const reaction = ofThoseThatAre({ name: 'r', prefixes: [], types: [], react }, keys);
  const asked = (stream: string) => reaction.react(event(stream), new AbortController().signal);
  await expect(asked('note-acme-1')).rejects.toThrow('It is not there.');
  meanwhile = async () => void (await keys.destroyTenant('acme', AT));
  expect(await asked('note-acme-1')).toBe('done');
  meanwhile = async () => undefined;
  expect(await asked('identity.note@1-acme-2')).toBe('done');
  expect(seen).toEqual(['note-acme-1', 'note-acme-1']);
  await expect(asked('identity.deletion-acme-1')).rejects.toThrow();
  await expect(asked('note-acme_too-1')).rejects.toThrow();
});
