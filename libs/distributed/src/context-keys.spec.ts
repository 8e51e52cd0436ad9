import { generateKeyPairSync } from 'node:crypto';
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { contextSigning } from '@rapport/commands';
import { contextNames } from '@rapport/contexts';
import { contextKeysIn, makeContextKeys } from './context-keys.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rapport-context-keys-'));
  makeContextKeys(folder);
});
afterEach(() => rmSync(folder, { recursive: true }));

const file = (name: string): string => join(folder, name);
const isSignedBy = (context: string): boolean =>
  contextSigning(contextKeysIn(folder, 'contacts')).isSigned(
    'sales',
    'text',
    contextSigning(contextKeysIn(folder, context)).sign('text'),
  );

describe('the keys of contexts', () => {
  it('are a pair for each, the private half for its owner alone', () => {
    expect(readdirSync(folder).sort()).toEqual(
      contextNames.flatMap((name) => [`${name}.pem`, `${name}.pub.pem`]).sort(),
    );
    expect(statSync(file('sales.pem')).mode & 0o777).toBe(0o600);
    expect([isSignedBy('sales'), isSignedBy('contacts')]).toEqual([true, false]);
  });

  it('are left alone where they are there; a context that comes later gets its own', () => {
    rmSync(file('sales.pem'));
    const contacts = readFileSync(file('contacts.pem'), 'utf8');
    makeContextKeys(folder);
    expect(readFileSync(file('contacts.pem'), 'utf8')).toBe(contacts);
    expect(isSignedBy('sales')).toBe(true);
  });

  it('may be changed: what was signed with an older key is believed as long as its public half is there', () => {
    const before = contextSigning(contextKeysIn(folder, 'sales')).sign('text');
    const older = readFileSync(file('sales.pub.pem'), 'utf8');
    rmSync(file('sales.pem'));
    makeContextKeys(folder);
    const isBelieved = (): boolean =>
      contextSigning(contextKeysIn(folder, 'contacts')).isSigned('sales', 'text', before);
    expect(isBelieved()).toBe(false);
    writeFileSync(file('sales.pub.pem'), readFileSync(file('sales.pub.pem'), 'utf8') + older);
    expect([isBelieved(), isSignedBy('sales')]).toEqual([true, true]);
  });

  it.each<[string, () => void, string]>([
    ['one is missing', () => rmSync(file('sales.pub.pem')), 'sales.pub.pem cannot be read (ENOENT).'],
    ['one is none', () => writeFileSync(file('contacts.pem'), 'secret'), 'contacts.pem is no key in PEM.'],
    [
      'a public one is none',
      () => writeFileSync(file('sales.pub.pem'), ''),
      'sales.pub.pem holds no public key in PEM.',
    ],
    [
      'it has the private key of another',
      () => copyFileSync(file('sales.pem'), file('contacts.pem')),
      'contacts.pem is not the other half of contacts.pub.pem.',
    ],
    [
      'one is of another kind',
      () => {
        const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
        writeFileSync(file('sales.pub.pem'), publicKey.export({ type: 'spki', format: 'pem' }));
      },
      'sales.pub.pem is a key of ec, and not of Ed25519.',
    ],
  ])('let no context start where %s', (_, spoil, reason) => {
    spoil();
    const read = (): unknown => contextKeysIn(folder, 'contacts');
    expect(read).toThrow(reason);
    expect(read).toThrow(/^RAPPORT_CONTEXT_KEYS: (?!.*secret).*npm run keys/);
  });
});
