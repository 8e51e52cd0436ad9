import { describe, expect, it } from '@jest/globals';
import type { Engine, EngineName } from '../engine.js';
import { announce, engine, type EngineUnderTest } from './announcement.js';
import type { Outcome } from './reach.js';

const reached = (name: EngineName, source: Engine['source']): Outcome => ({
  name,
  engine: { name, address: `address of ${name}`, version: `${name} 1.0`, source },
  failures: [],
});
const missing = (name: EngineName, ...failures: string[]): Outcome => ({ name, engine: undefined, failures });
const CONTROL = 'http://127.0.0.1:1';

describe('what is announced', () => {
  const environment = announce([reached('kafka', 'local'), missing('mongodb', 'no Java', 'no image')], CONTROL);

  it('is found again', () => {
    const { control, ...found } = engine('kafka', environment) as EngineUnderTest;
    expect(found).toEqual({ name: 'kafka', address: 'address of kafka', version: 'kafka 1.0', source: 'local' });
    expect(control).toBeDefined();
  });

  it('also says why an engine is missing, and takes away an address at which nothing answered', () => {
    expect(engine('mongodb', environment)).toEqual({ missing: 'no Java; no image' });
    expect(Object.keys(environment)).toContain('MONGODB_URL');
    expect(environment['MONGODB_URL']).toBeUndefined();
  });

  it('lets nobody stop an engine that is not ours', () => {
    const others = announce([reached('kafka', 'environment'), reached('mongodb', 'docker')], CONTROL);
    expect(engine('kafka', others)).not.toHaveProperty('control');
    expect(engine('mongodb', others)).toHaveProperty('control');
  });
});

it('an address that is given is enough for an engine', () => {
  expect(engine('kafka', { KAFKA_BROKERS: 'a:1' })).toEqual({
    name: 'kafka',
    address: 'a:1',
    version: 'version unknown',
    source: 'environment',
  });
});

it('without an address it is said how to come by one', () => {
  expect(engine('eventstoredb', {})).toEqual({
    missing: 'EVENTSTOREDB_URL is not set; npm run test:engines starts what it can',
  });
});
