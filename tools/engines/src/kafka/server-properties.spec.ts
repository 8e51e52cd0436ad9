import { expect, it } from '@jest/globals';
import { serverProperties } from './server-properties.js';

const properties = serverProperties({ port: 20_001, controllerPort: 20_002, log: 'C:\\data\\log' }).split('\n');

it('listens on the loopback only', () => {
  const addresses = properties.join(' ').match(/[\w.]*:\/\/[\w.]*|1@[\w.]*/g);
  expect(addresses).toEqual([
    '1@127.0.0.1',
    'PLAINTEXT://127.0.0.1',
    'CONTROLLER://127.0.0.1',
    'PLAINTEXT://127.0.0.1',
  ]);
});

it('needs no second broker and creates no topic by itself', () => {
  const factors = properties.filter((line) => /replication\.factor|min\.isr/.test(line));
  expect(factors).toHaveLength(5);
  expect(factors.filter((line) => !line.endsWith('=1'))).toEqual([]);
  expect(properties).toContain('auto.create.topics.enable=false');
});

it('escapes the backslashes of a folder', () => {
  expect(properties).toContain('log.dirs=C:\\\\data\\\\log');
});
