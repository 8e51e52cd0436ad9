import { expect, it } from '@jest/globals';
import { commandLineOf, parseCommandLine } from './command-line.js';

it('reads what it writes', () => {
  const options = { host: '::1', port: 0, controlPort: 7, data: '/some where', as: '24.2', maxAppendSize: 10 };
  expect(parseCommandLine(commandLineOf({ options, attached: true }))).toEqual({ options, attached: true });
  expect(parseCommandLine([])).toEqual({ options: {}, attached: false });
});

it('leaves out what is not given, and refuses what it does not know', () => {
  expect(commandLineOf({ options: { data: undefined, port: 1 }, attached: false })).toEqual(['--port=1']);
  expect(() => parseCommandLine(['--folder', 'x'])).toThrow(/--folder/);
});
