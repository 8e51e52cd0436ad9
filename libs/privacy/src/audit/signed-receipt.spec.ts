import { expect, it } from '@jest/globals';
import { publicKeyOf, signingKey } from './signatures.js';
import { isWhole, signedReceipt } from './signed-receipt.js';

const [key, other] = [7, 8].map((seed) => signingKey(Buffer.alloc(32, seed))) as [
  ReturnType<typeof signingKey>,
  ReturnType<typeof signingKey>,
];
const receipt = signedReceipt({ receiptId: '1', keys: 2 }, key);

it('holds as it was signed, by the key that it names and by one that is known', () => {
  expect(isWhole(receipt)).toBe(true);
  expect(isWhole(receipt, publicKeyOf(key))).toBe(true);
});

it('holds no more with another word in it, another key, or a signature that is none', () => {
  expect(isWhole({ ...receipt, document: receipt.document.replace('2', '3') })).toBe(false);
  expect(isWhole({ ...receipt, document: `${receipt.document} ` })).toBe(false);
  expect(isWhole(receipt, publicKeyOf(other))).toBe(false);
  expect(isWhole({ ...receipt, publicKey: publicKeyOf(other) })).toBe(false);
  for (const signature of ['', 'none', Buffer.alloc(64).toString('base64')])
    expect(isWhole({ ...receipt, signature })).toBe(false);
  expect(isWhole({ ...receipt, publicKey: 'none' })).toBe(false);
});
