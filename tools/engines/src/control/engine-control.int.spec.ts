import { afterEach, beforeEach, expect, it } from '@jest/globals';
import type { StartedEngine } from '../engine.js';
import { type ControlServer, startControl } from './control-server.js';
import { EngineControl } from './engine-control.js';

/** Notes what is asked of it. */
class RecordedEngine implements StartedEngine {
  readonly name = 'kafka';
  readonly address = 'a:1';
  readonly version = 'Kafka';
  readonly source = 'local';
  readonly asked: string[] = [];
  pid: number | undefined = 1;

  async start(): Promise<void> {
    this.asked.push('start');
    this.pid = 2;
  }

  async stop(): Promise<void> {
    this.asked.push('stop');
    this.pid = undefined;
  }

  async restart(): Promise<void> {
    throw new Error('It did not start.');
  }

  async kill(): Promise<void> {
    this.asked.push('kill');
    this.pid = undefined;
  }

  async memory(): Promise<number | undefined> {
    return this.pid === undefined ? undefined : 100;
  }

  async close(): Promise<void> {}
}

let engine: RecordedEngine;
let server: ControlServer;

beforeEach(async () => {
  engine = new RecordedEngine();
  server = await startControl([engine]);
});
afterEach(() => server.close());

it('does what it is asked for, and answers when it is done', async () => {
  const control = new EngineControl(`${server.address}/kafka`);
  expect(await control.state()).toEqual({ pid: 1, memory: 100 });
  expect(await control.stop()).toEqual({});
  expect(await control.start()).toEqual({ pid: 2, memory: 100 });
  expect(await control.kill()).toEqual({});
  expect(engine.asked).toEqual(['stop', 'start', 'kill']);
});

it('passes on why something failed', async () => {
  const control = new EngineControl(`${server.address}/kafka`);
  await expect(control.restart()).rejects.toThrow(`POST ${server.address}/kafka/restart: It did not start.`);
});

it('does not know an engine that was not started here, nor an action that is none', async () => {
  await expect(new EngineControl(`${server.address}/mongodb`).stop()).rejects.toThrow('Not found: POST /<kafka>/');
  expect((await fetch(`${server.address}/kafka/close`, { method: 'POST' })).status).toBe(404);
});
