import { describe, expect, it } from '@jest/globals';
import type { Principal } from '@rapport/kernel';
import { InMemoryReadModelStore, type Document, type Documents, type Scope } from '@rapport/read-models';
import { everythingOf, scopeOf } from './scope-of.js';

const ada: Principal = { tenant: 'main', actor: { kind: 'user', id: 'ada' }, roles: ['sales'] };

/** What nobody should be able to write by mistake. That each line is refused by the compiler is part of the build. */
const mistakes = (documents: Documents<Document>, tenant: string): readonly (() => Promise<unknown>)[] => [
  // @ts-expect-error a tenant is no scope
  () => documents.get(tenant, '1'),
  // @ts-expect-error likewise
  () => documents.getMany(tenant, ['1']),
  // @ts-expect-error likewise
  () => documents.query(tenant, { limit: 1 }),
  // @ts-expect-error likewise
  () => documents.count(tenant),
  // @ts-expect-error likewise
  () => documents.estimatedCount(tenant),
  // @ts-expect-error likewise
  () => documents.aggregate(tenant, { groupBy: [] }),
  // @ts-expect-error nothing at all is no scope
  () => documents.count(undefined),
  // @ts-expect-error nor is it left out
  () => documents.count(),
  // @ts-expect-error a literal is no scope, whatever it says
  () => documents.count({ tenant, rows: undefined, hidden: [], isWhole: true }),
  // @ts-expect-error neither is a copy of one
  () => documents.count({ ...everythingOf(tenant) }),
  // @ts-expect-error a principal is no scope
  () => documents.count(ada),
  // A cast gets past the compiler, and no further.
  () => documents.count({ tenant } as Scope),
];

describe('a scope', () => {
  it('of the policy "all" is the whole tenant of the caller, and no other', () => {
    const scope = scopeOf(ada, 'contact');
    expect(scope).toMatchObject({ tenant: 'main', rows: undefined, hidden: [], isWhole: true });
  });

  it('cannot be made of a caller without a tenant', () => {
    for (const tenant of [undefined, null, '', 'A', 'a-b', {}]) {
      const nobody = { ...ada, tenant } as Principal;
      expect(() => scopeOf(nobody, 'contact')).toThrow(expect.objectContaining({ code: 'bad-tenant' }));
      expect(() => everythingOf(nobody.tenant)).toThrow(expect.objectContaining({ code: 'bad-tenant' }));
    }
  });

  it('cannot be forgotten, replaced or forged', async () => {
    const store = new InMemoryReadModelStore();
    const documents = await store.collection({ name: 'things', fields: {}, indexes: [] });
    for (const mistake of mistakes(documents, 'main')) {
      await expect((async () => mistake())()).rejects.toMatchObject({ code: 'bad-scope' });
    }
    expect(await documents.count(everythingOf('main'))).toBe(0);
  });
});
