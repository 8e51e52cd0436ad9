import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { ConfigError, parseConfig } from '@rapport/config';
import { DomainError } from '@rapport/kernel';
import { silentLogger } from '@rapport/observability';
import { masterKeyOf, pemOf } from './given-text.js';
import { serviceSettings } from './settings.js';
import { hostsIn, untilThere, within } from './until-there.js';

const folder = mkdtempSync(join(tmpdir(), 'rapport-settings-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

describe('the settings of a context', () => {
  it('ask for what cannot be made up, all at once', () => {
    const parse = (): unknown => parseConfig(serviceSettings, { RAPPORT_PORT: 'x' });
    expect(parse).toThrow(ConfigError);
    for (const variable of [
      'RAPPORT_CONTEXT_KEYS',
      'RAPPORT_MASTER_KEY',
      'RAPPORT_PRINCIPAL_PUBLIC_KEY',
      'RAPPORT_PORT',
    ])
      expect(parse).toThrow(variable);
    const given = { RAPPORT_CONTEXT_KEYS: '/k', RAPPORT_MASTER_KEY: 'm', RAPPORT_PRINCIPAL_PUBLIC_KEY: 'p' };
    expect(parseConfig(serviceSettings, given).config).toMatchObject({
      port: 50_051,
      mongoUrl: 'mongodb://127.0.0.1:27017',
    });
  });

  it('take keys as they are, on one line, or in a file', () => {
    const pem = '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n';
    expect(pemOf(pem, 'X')).toBe(pem);
    expect(pemOf(pem.replaceAll('\n', '\\n'), 'X')).toBe(pem);
    expect(pemOf(file('key.pem', pem), 'X')).toBe(pem);
    expect(() => pemOf('secret-that-is-no-file', 'X')).toThrow(/^X names no file(?!.*secret)/);
    const key = Buffer.alloc(32, 7).toString('base64');
    expect(masterKeyOf(key)).toBeDefined();
    expect(masterKeyOf(file('master.key', `${key}\n`))).toBeDefined();
    expect(() => masterKeyOf(file('short.key', 'AAAA'))).toThrow('3 bytes');
  });
});

describe('waiting for an engine', () => {
  const patience = (milliseconds: number) => ({ until: performance.now() + milliseconds, logger: silentLogger });

  it('ends when it answers', async () => {
    let asked = 0;
    const ask = async (): Promise<string> => {
      if (++asked < 2) throw new Error('not yet');
      return 'here';
    };
    expect(await untilThere('It', ask, patience(60_000))).toBe('here');
  });

  it('ends when the time is up, saying what for', async () => {
    const ask = (): Promise<never> => Promise.reject(new Error('Nobody is there.'));
    const waiting = untilThere('MongoDB at db:1', ask, patience(-1));
    await expect(waiting).rejects.toThrow('MongoDB at db:1 cannot be reached: Nobody is there. Start it,');
  });

  it('ends at once when waiting mends nothing', async () => {
    const wrong = new DomainError('invalid', 'bad', 'The address is wrong.');
    await expect(untilThere('It', () => Promise.reject(wrong), patience(60_000))).rejects.toBe(wrong);
  });

  it('does not wait for an answer that never comes', async () => {
    await expect(within(1, new Promise(() => undefined))).rejects.toThrow('no answer within 1 ms');
  });

  it.each([
    ['mongodb://ada:secret@a:1,b:2/x?y', 'a:1,b:2'],
    ['esdb://h:2113?tls=false', 'h:2113'],
    ['nonsense', 'its address'],
  ])('names the hosts of %s and nothing that signs in', (url, hosts) => expect(hostsIn(url)).toBe(hosts));
});
