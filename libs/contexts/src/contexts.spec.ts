import { describe, expect, it } from '@jest/globals';
import { addressVariable, contextOf, contexts, ofEachContext } from './contexts.js';

const isOnce = (values: readonly string[]): void => expect(values).toEqual([...new Set(values)]);

describe('the contexts', () => {
  it('have a name each that can be part of a stream, a topic, a database, a host and a variable', () => {
    isOnce(contexts.map(({ name }) => name));
    for (const { name } of contexts) expect(name).toMatch(/^[a-z][a-z0-9]{1,29}$/);
  });

  it('are looked for at a place each', () => {
    isOnce(contexts.map(({ port }) => String(port)));
  });

  it('share no kind of import: it alone leads to its context', () => {
    isOnce(contexts.flatMap(({ importKinds }) => importKinds));
  });

  it('are found by their names', () => {
    expect(contextOf('sales').title).toBe('Sales');
    expect(ofEachContext(addressVariable)).toMatchObject({ sales: 'RAPPORT_SALES_ADDRESS' });
  });
});
