import { expect, it } from '@jest/globals';
import { createLogger, type LoggerConfig } from './logger.js';

const logged = (config: Partial<LoggerConfig> = {}) => {
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  return { lines, logger: createLogger({ service: 'sales', format: 'json', destination, ...config }) };
};

it('writes one JSON object per line with the service and its fields', () => {
  const { lines, logger } = logged();
  logger.with({ correlationId: 'c1', tenant: 'acme' }).info('Deal won.', { amount: 5 });
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0]!)).toEqual({
    level: 'info',
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
    service: 'sales',
    correlationId: 'c1',
    tenant: 'acme',
    amount: 5,
    message: 'Deal won.',
  });
});

it('does not let the fields of one line slip into the next', () => {
  const { lines, logger } = logged();
  logger.info('one', { first: true });
  logger.info('two');
  expect(JSON.parse(lines[1]!)).not.toHaveProperty('first');
});

it('leaves out what is below the level', () => {
  const { lines, logger } = logged({ level: 'warn' });
  logger.debug('no');
  logger.info('no');
  logger.warn('yes');
  logger.error('yes');
  expect(lines.map((line) => (JSON.parse(line) as { level: string }).level)).toEqual(['warn', 'error']);
});

it('describes an error with its code and stack', () => {
  const { lines, logger } = logged();
  logger.error('Append failed.', { stream: 'deal-1' }, Object.assign(new Error('disk full'), { code: 'storage-full' }));
  expect(JSON.parse(lines[0]!)).toMatchObject({
    stream: 'deal-1',
    error: { name: 'Error', code: 'storage-full', message: 'disk full', stack: expect.stringContaining('disk full') },
  });
});

it('writes a readable line for people, the stack below', () => {
  const { lines, logger } = logged({ format: 'text' });
  logger.warn('Follower is behind.', { follower: 'board', lag: 12 }, new Error('slow'));
  const colours = new RegExp(`${String.fromCharCode(27)}\\[\\d+m`, 'g');
  expect(lines.join('').replace(colours, '')).toMatch(
    /^\d\d:\d\d:\d\d\.\d{3} warn {2}sales: Follower is behind\. follower=board lag=12\nError: slow\n/,
  );
});
