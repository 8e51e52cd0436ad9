import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  actions,
  type FieldGrant,
  type Grant,
  type GrantScope,
  grantScopes,
  type Policy,
  type Role,
  SHARED_FIELDS,
} from '@rapport/kernel';
import { compile } from '@rapport/read-models';
import { hiddenFields, lockedFields, reachOf, rowsWithin } from './reach.js';

const grant = (object: string, action: Grant['action'], scope: GrantScope): Grant => ({ object, action, scope });
const policyOf = (...roles: Partial<Role>[]): Policy => ({
  owners: ['ada', 'agent'],
  teams: ['west'],
  teamsAndBelow: ['west', 'coast'],
  roles: roles.map(({ grants = [], fields = [] }) => ({ grants, fields })),
});
const reaching = (object: string, scope: GrantScope) => policyOf({ grants: [grant(object, 'read', scope)] });
const NOW = '2026-01-01T00:00:00.000Z';
const fields = { id: 'text', ownerId: 'text', teamId: 'text', ...SHARED_FIELDS } as const;
const isSeen = (scope: GrantScope, record: object): boolean => {
  const rows = rowsWithin(reaching('contact', scope), 'contact', 'read', NOW);
  return rows === undefined || compile(rows, fields)({ id: '1', ...record });
};

describe('reach', () => {
  it.each<[string, ...boolean[]]>([
    ['{}', false, false, false, false, true],
    ['{"ownerId":"ada"}', false, true, true, true, true],
    ['{"ownerId":"agent","teamId":"east"}', false, true, true, true, true],
    ['{"ownerId":"bob","teamId":"west"}', false, false, true, true, true],
    ['{"ownerId":"bob","teamId":"coast"}', false, false, false, true, true],
    ['{"ownerId":"bob","teamId":"east"}', false, false, false, false, true],
  ])('of each scope over %s', (record, ...seen) => {
    expect(grantScopes.map((scope) => isSeen(scope, JSON.parse(record) as object))).toEqual(seen);
  });

  it('of records that nobody owns is all of them or none', () => {
    const seen = grantScopes.map((scope) => rowsWithin(reaching('product', scope), 'product', 'read') === undefined);
    expect(seen).toEqual([false, false, false, false, true]);
  });

  it('is the widest that any grant of any role gives, and erasing has to be named', () => {
    const scope = fc.constantFrom(...grantScopes);
    const object = fc.constantFrom('*', 'contact', 'account');
    const grants = fc.array(fc.record({ object, action: fc.constantFrom('*' as const, ...actions), scope }));
    fc.assert(
      fc.property(fc.array(grants, { maxLength: 3 }), fc.constantFrom(...actions), (roles, action) => {
        const policy = policyOf(...roles.map((each) => ({ grants: each })));
        const counting = roles.flat().filter((each) => {
          const isMeant = each.action === action || (each.action === '*' && action !== 'erase');
          return isMeant && each.object !== 'account';
        });
        const best = Math.max(0, ...counting.map((each) => grantScopes.indexOf(each.scope)));
        expect(reachOf(policy, 'contact', action)).toBe(grantScopes[best]);
      }),
    );
  });
});

describe('fields', () => {
  const reading = [grant('account', 'read', 'own')];
  const on = (field: string, access: FieldGrant['access']): FieldGrant => ({ object: 'account', field, access });

  it('are hidden where every role that shows the record hides them', () => {
    const hiding = { grants: reading, fields: [on('revenue', 'hidden'), on('phone', 'read')] };
    expect(hiddenFields(policyOf(hiding), 'account')).toEqual(['revenue']);
    expect(lockedFields(policyOf(hiding), 'account')).toEqual(['revenue', 'phone']);
    expect(hiddenFields(policyOf(hiding), 'contact')).toEqual([]);
    const open = { grants: reading };
    expect(lockedFields(policyOf(hiding, open), 'account')).toEqual([]);
    const elsewhere = { grants: [grant('contact', '*', 'all'), grant('account', '*', 'none')] };
    expect(hiddenFields(policyOf(hiding, elsewhere), 'account')).toEqual(['revenue']);
  });

  it('that rights follow from is locked to whoever may not give rights', () => {
    const looksAfter = policyOf({ grants: [grant('user', '*', 'all'), grant('team', '*', 'all')] });
    expect(lockedFields(looksAfter, 'user')).toEqual(['roleIds', 'teamIds', 'representativeId']);
    expect(lockedFields(looksAfter, 'team')).toEqual(['parentId', 'roleIds']);
    expect(lockedFields(policyOf({ grants: [grant('*', '*', 'all')] }), 'team')).toEqual([]);
  });

  it('that lie in a hidden one, or follow from it, are hidden with it', () => {
    const nested = { grants: reading, fields: [on('revenue', 'hidden'), on('revenue.currency', 'read')] };
    expect(hiddenFields(policyOf(nested), 'account')).toEqual(['revenue', 'revenue.currency']);
    const email = { object: 'contact', field: 'email', access: 'hidden' } as const;
    const person = { grants: [grant('contact', 'read', 'all')], fields: [email] };
    expect(hiddenFields(policyOf(person), 'contact')).toEqual(['email', 'emailKey']);
  });
});
