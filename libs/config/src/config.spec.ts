import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { resolve } from 'node:path';
import { closest, editsBetween } from './closest.js';
import {
  boolean,
  ConfigError,
  describeConfig,
  duration,
  integer,
  oneOf,
  parseConfig,
  path,
  required,
  secret,
  timeZone,
  size,
  string,
} from './index.js';

const schema = {
  host: string('RAPPORT_HOST', 'Address to listen on.', { default: '127.0.0.1' }),
  port: integer('RAPPORT_PORT', 'Port of the gateway.', { default: 8080, min: 0, max: 65535 }),
  secure: boolean('RAPPORT_SECURE_COOKIES', 'Cookies only over HTTPS.', { default: true }),
  timeout: duration('RAPPORT_TIMEOUT', 'Longest request.', { default: 30_000, min: 1 }),
  body: size('RAPPORT_BODY_LIMIT', 'Largest body.', { default: 64 * 1_048_576, max: 1_073_741_824 }),
  level: oneOf('RAPPORT_LOG_LEVEL', 'Least level logged.', { default: 'info', values: ['debug', 'info', 'warn'] }),
  token: secret('RAPPORT_ADMIN_TOKEN', 'Token of the first user.', { default: null }),
  data: path('RAPPORT_DATA', 'Folder of the data.', { default: './data' }),
};

const parse = (env: Record<string, string>) => parseConfig(schema, env);

const problemsOf = (env: Record<string, string>): readonly string[] => {
  try {
    parse(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
};

describe('parseConfig', () => {
  it('gives the defaults when nothing is set, or set to nothing', () => {
    const { config, warnings } = parse({ RAPPORT_PORT: '', PATH: '/bin' });
    expect(config).toEqual({
      host: '127.0.0.1',
      port: 8080,
      secure: true,
      timeout: 30_000,
      body: 67_108_864,
      level: 'info',
      token: null,
      data: resolve('./data'),
    });
    expect(warnings).toEqual([]);
  });

  it('reads every kind into its type', () => {
    const { config } = parse({
      RAPPORT_HOST: '::1',
      RAPPORT_PORT: '0',
      RAPPORT_SECURE_COOKIES: 'Off',
      RAPPORT_TIMEOUT: '2h',
      RAPPORT_BODY_LIMIT: '3KiB',
      RAPPORT_LOG_LEVEL: 'warn',
      RAPPORT_ADMIN_TOKEN: 's3cret',
      RAPPORT_DATA: '/var/lib/rapport',
    });
    const level: 'debug' | 'info' | 'warn' = config.level;
    const token: string | null = config.token;
    const port: number = config.port;
    expect([config.host, port, config.secure, config.timeout, config.body, level, token, config.data]).toEqual([
      '::1',
      0,
      false,
      7_200_000,
      3_072,
      'warn',
      's3cret',
      resolve('/var/lib/rapport'),
    ]);
  });

  it('reports all problems together: what was given and what is allowed', () => {
    expect(
      problemsOf({
        RAPPORT_PORT: '70000',
        RAPPORT_TIMEOUT: '30',
        RAPPORT_BODY_LIMIT: '2GiB',
        RAPPORT_LOG_LEVEL: 'loud',
        RAPPORT_SECURE_COOKIES: 'maybe',
      }),
    ).toEqual([
      'RAPPORT_PORT is "70000", which is not allowed; give a whole number from 0 to 65535.',
      'RAPPORT_SECURE_COOKIES is "maybe", which is not allowed; give on or off (also true, yes, 1, false, no, 0).',
      'RAPPORT_TIMEOUT is "30", which is not allowed; give a duration such as 250ms, 30s, 5m, 2h or 7d, at least 1ms.',
      'RAPPORT_BODY_LIMIT is "2GiB", which is not allowed; give a size such as 512B, 64KiB, 64MiB or 2GiB, at most 1GiB.',
      'RAPPORT_LOG_LEVEL is "loud", which is not allowed; give one of debug, info, warn.',
    ]);
  });

  it('asks for what has no default', () => {
    const key = required(secret('RAPPORT_KEY', 'A key.', { default: null }));
    expect(() => parseConfig({ key }, { RAPPORT_KEY: ' ' })).toThrow(
      'RAPPORT_KEY is not set, and has no default; give any',
    );
    const given: string = parseConfig({ key }, { RAPPORT_KEY: 'k' }).config.key;
    expect(given).toBe('k');
    expect(describeConfig({ key })).toMatchObject([{ variable: 'RAPPORT_KEY', required: true, default: '' }]);
  });

  it('never shows a secret', () => {
    const refused = { ...schema.token, parse: () => undefined };
    expect(() => parseConfig({ refused }, { RAPPORT_ADMIN_TOKEN: 'hunter2' })).toThrow(
      /^The configuration has a problem:\n- RAPPORT_ADMIN_TOKEN has a value that is not allowed; (?!.*hunter2)/,
    );
  });

  it('warns about variables nobody reads, with the closest name', () => {
    const env = { RAPPORT_PROT: '1', RAPPORT_WEATHER_FORECAST: 'x', RAPPORT_REAL_DATA: '/d', OTHER: '1' };
    expect(parseConfig(schema, env, ['RAPPORT_REAL_DATA']).warnings).toEqual([
      'RAPPORT_PROT is set, but nothing reads it. Did you mean RAPPORT_PORT?',
      'RAPPORT_WEATHER_FORECAST is set, but nothing reads it.',
    ]);
  });

  it('accepts a whole number exactly when it is within its bounds', () => {
    fc.assert(
      fc.property(fc.integer(), (number) => {
        const within = number >= 0 && number <= 65535;
        expect(problemsOf({ RAPPORT_PORT: String(number) })).toHaveLength(within ? 0 : 1);
      }),
    );
  });

  it('refuses rubbish without throwing anything else', () => {
    const rubbish = fc.string({ minLength: 1 }).filter((text) => !/^\s*(\d+[a-zA-Z]*)?\s*$/.test(text));
    fc.assert(
      fc.property(rubbish, (text) =>
        expect(problemsOf({ RAPPORT_TIMEOUT: text, RAPPORT_PORT: `x${text}` })).toHaveLength(2),
      ),
    );
  });
});

describe('a time zone', () => {
  const schema = { zone: timeZone('RAPPORT_ZONE', 'Whose days.', { default: 'UTC' }) };

  it.each(['America/Los_Angeles', 'Europe/Berlin', 'UTC'])('can be %s', (zone) => {
    expect(parseConfig(schema, { RAPPORT_ZONE: zone }).config.zone).toBe(zone);
  });

  it.each(['California', '+02:00', 'Europe/Atlantis', 'UTC+1'])('cannot be %s', (zone) => {
    const parse = (): unknown => parseConfig(schema, { RAPPORT_ZONE: zone });
    expect(parse).toThrow(/RAPPORT_ZONE.*a name of the IANA time zone database, such as America\/Los_Angeles/s);
  });
});

describe('describeConfig', () => {
  it('gives a row per setting, defaults as one writes them, secrets empty', () => {
    const rows = describeConfig(schema);
    expect(rows.map((row) => [row.variable, row.default])).toEqual([
      ['RAPPORT_HOST', '127.0.0.1'],
      ['RAPPORT_PORT', '8080'],
      ['RAPPORT_SECURE_COOKIES', 'on'],
      ['RAPPORT_TIMEOUT', '30s'],
      ['RAPPORT_BODY_LIMIT', '64MiB'],
      ['RAPPORT_LOG_LEVEL', 'info'],
      ['RAPPORT_ADMIN_TOKEN', ''],
      ['RAPPORT_DATA', './data'],
    ]);
    expect(rows[1]).toMatchObject({ description: 'Port of the gateway.', allowed: 'a whole number from 0 to 65535' });
  });

  it('writes defaults that it reads back', () => {
    const written = describeConfig(schema).filter((row) => row.default !== '');
    const env = Object.fromEntries(written.map((row) => [row.variable, row.default]));
    expect(parse(env).config).toEqual(parse({}).config);
  });
});

describe('closest', () => {
  it('counts edits', () => {
    expect(editsBetween('kitten', 'sitting')).toBe(3);
    expect(editsBetween('', 'abc')).toBe(3);
  });

  it('is symmetric, and zero only for the same', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (one, other) => {
        expect(editsBetween(one, other)).toBe(editsBetween(other, one));
        expect(editsBetween(one, other) === 0).toBe(one === other);
      }),
    );
  });

  it('gives up when nothing is near', () => expect(closest('RAPPORT_X', ['SOMETHING_ELSE'])).toBeUndefined());
});
