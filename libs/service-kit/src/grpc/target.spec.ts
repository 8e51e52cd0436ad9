import { describe, expect, it } from '@jest/globals';
import { targetOf } from './target.js';

describe('the address of a context', () => {
  it.each([
    ['contacts:50051', 'dns:///contacts:50051'],
    ['contacts.rapport.svc.cluster.local:50051', 'dns:///contacts.rapport.svc.cluster.local:50051'],
    ['localhost:1', 'ipv4:127.0.0.1:1'],
    ['10.0.0.1:9000, 10.0.0.2:9000', 'ipv4:10.0.0.1:9000,10.0.0.2:9000'],
  ])('%s becomes %s', (address, target) => expect(targetOf(address, 'X')).toBe(target));

  it.each(['', 'contacts', 'contacts:', 'a:1,b:2', 'http://contacts:1', ':1'])('may not be "%s"', (address) =>
    expect(() => targetOf(address, 'X')).toThrow(`X is "${address}"`),
  );
});
