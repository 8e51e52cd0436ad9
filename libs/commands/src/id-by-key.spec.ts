import { expect, it } from '@jest/globals';
import { isId } from '@rapport/kernel';
import { InMemoryKeyStore } from '@rapport/privacy';
import { idByKey } from './id-by-key.js';

const keyring = new InMemoryKeyStore();
const of = (key: string, more: object = {}): Promise<string> =>
  idByKey(keyring, { context: 'contacts', tenant: 'main', aggregate: 'account', key, ...more });

it('the id of a record that is found by its key is the same for whoever asks, and of nothing else', async () => {
  const id = await of('Acme Corporation');
  expect(isId(id)).toBe(true);
  expect(await of('  ACME  corporation ')).toBe(id);
  const others = [
    of('Acme'),
    of('Acme Corporation', { tenant: 'other' }),
    of('Acme Corporation', { aggregate: 'contact' }),
  ];
  expect(new Set([id, ...(await Promise.all(others))]).size).toBe(4);
  const elsewhere = { context: 'contacts', tenant: 'main', aggregate: 'account', key: 'Acme Corporation' };
  expect(await idByKey(new InMemoryKeyStore(), elsewhere)).not.toBe(id);
});
