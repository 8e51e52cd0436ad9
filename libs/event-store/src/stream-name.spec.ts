import { describe, expect, it } from '@jest/globals';
import { partsOf, streamName } from './stream-name.js';

describe('a stream name', () => {
  it('has aggregate, tenant and id, and gives them back', () => {
    expect(partsOf(streamName('contact', 'main', 'a-b-c'))).toEqual({
      aggregate: 'contact',
      tenant: 'main',
      id: 'a-b-c',
    });
  });

  it.each([undefined, null, '', 'a-b', 'Main', 'a'.repeat(41), ['main'], 7])('has no tenant %p', (tenant) => {
    expect(() => streamName('contact', tenant as string, 'x')).toThrow(expect.objectContaining({ code: 'bad-tenant' }));
  });

  it.each([undefined, null, '', 7])('names no record %p', (id) => {
    expect(() => streamName('contact', 'main', id as string)).toThrow(expect.objectContaining({ code: 'bad-id' }));
  });

  it.each([undefined, '', 'a-b', 'Contact', ['contact']])('names no aggregate %p', (aggregate) => {
    expect(() => streamName(aggregate as string, 'main', 'x')).toThrow(
      expect.objectContaining({ code: 'bad-stream-name' }),
    );
  });
});
