import { type Config, parseConfig } from '@rapport/config';
import { pause } from '@rapport/processing';
import { standaloneSettings, startStandalone, type Time } from '@rapport/standalone';

/**
 * A program: the product in a process whose time begins at TEST_TIME_FROM and runs TEST_TIME_FACTOR times as fast, so that
 * dates pass while a test looks on.
 */
const { TEST_TIME_FROM: from = '', TEST_TIME_FACTOR: factor = '1', ...env } = process.env;

const hurried = (start: number, times: number): Time => {
  const passed = (): number => performance.now() * times;
  return {
    clock: { now: () => new Date(start + passed()) },
    ticks: { now: passed, pause: (milliseconds, signal) => pause(milliseconds / times, signal) },
  };
};

const config: Config<typeof standaloneSettings> = parseConfig(standaloneSettings, env).config;
const { address } = await startStandalone(config, { time: hurried(Date.parse(from), Number(factor)) });
console.log(`API ${address}/v1`);
