import { randomBytes } from 'node:crypto';
import { chmodSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { MasterKey } from './master-key.js';

const SUBJECT = { tenant: 'acme', id: 'ada' };

describe('master key', () => {
  let folder: string;
  let file: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rapport-master-'));
    file = join(folder, 'master.key');
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('is made once, in a file that only its owner can read', () => {
    const key = randomBytes(32);
    const wrapped = MasterKey.fromFile(file).wrap(key, SUBJECT);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['master.key']);
    expect(MasterKey.fromFile(file).unwrap(wrapped, SUBJECT)).toEqual(key);
  });

  it('is refused when others can read it', () => {
    MasterKey.fromFile(file);
    chmodSync(file, 0o640);
    expect(() => MasterKey.fromFile(file)).toThrow(/can be read by others. Run: chmod 600/);
  });

  it.each(['', 'c2hvcnQ=', 'x'.repeat(100)])('is refused when it is not 32 bytes: "%s"', (text) => {
    writeFileSync(file, text, { mode: 0o600 });
    expect(() => MasterKey.fromFile(file)).toThrow(/has \d+ bytes; give 32 random bytes as base64/);
  });

  it('opens only what it wrapped, and only for the same subject', () => {
    const [one, other] = [1, 2].map(() => MasterKey.fromBase64(randomBytes(32).toString('base64')));
    const wrapped = one!.wrap(randomBytes(32), SUBJECT);
    const refused = expect.objectContaining({ code: 'wrong-master-key' });
    expect(() => other!.unwrap(wrapped, SUBJECT)).toThrow(refused);
    expect(() => one!.unwrap(wrapped, { ...SUBJECT, id: 'eve' })).toThrow(refused);
    expect(() => one!.unwrap(wrapped.subarray(0, 20), SUBJECT)).toThrow(refused);
  });

  it('does not show itself', () => {
    const text = randomBytes(32).toString('base64');
    const key = MasterKey.fromBase64(text);
    expect(inspect(key, { showHidden: true, depth: 9 }) + JSON.stringify(key)).not.toContain(text.slice(0, 20));
  });
});
