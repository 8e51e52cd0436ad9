import { expect, it } from '@jest/globals';
import type { Logger } from '@rapport/observability';
import { logLevel } from 'kafkajs';
import { logCreatorOf } from './kafka-log.js';

const said = (level: logLevel, message: string): string => {
  const lines: string[] = [];
  const say = (as: string) => (text: string) => void lines.push(`${as}: ${text}`);
  const logger: Logger = {
    debug: say('debug'),
    info: say('info'),
    warn: say('warn'),
    error: say('error'),
    with: () => logger,
  };
  const log = { timestamp: '', message };
  logCreatorOf(logger)(level)({ namespace: 'Consumer', level, label: '', log });
  return lines.join();
};

it('makes little of what the client tries again itself, and much of what it cannot', () => {
  expect(said(logLevel.ERROR, 'Response GroupCoordinator(key: 10, version: 2)')).toMatch(/^debug/);
  expect(said(logLevel.ERROR, 'Connection error: connect ECONNREFUSED')).toMatch(/^debug/);
  expect(said(logLevel.WARN, 'The group is rebalancing, re-joining')).toMatch(/^debug/);
  expect(said(logLevel.INFO, 'Consumer has joined the group')).toMatch(/^debug/);
  expect(said(logLevel.WARN, 'Consumer group received unsubscribed topics')).toMatch(/^info/);
  expect(said(logLevel.ERROR, 'Crash: KafkaJSNoBrokerAvailableError')).toMatch(/^warn/);
});
