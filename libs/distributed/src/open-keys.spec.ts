import { expect, it } from '@jest/globals';
import { DomainError } from '@rapport/kernel';
import { ACCESS_REFUSED } from '@rapport/mongo';
import { mayRead } from './open-keys.js';

const failing = (code: string) => ({ find: () => Promise.reject(new DomainError('internal', code, 'no')) });

it('leaves the old keys of a context to whoever may read them, and nothing else', async () => {
  expect(await mayRead({ find: async () => undefined })).toBe(true);
  expect(await mayRead(failing(ACCESS_REFUSED))).toBe(false);
  await expect(mayRead(failing('store-unavailable'))).rejects.toThrow('no');
});
