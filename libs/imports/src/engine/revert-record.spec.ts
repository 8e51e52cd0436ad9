import { describe, expect, it } from '@jest/globals';
import { type RecordedEvent, recordDecider } from '@rapport/kernel';
import type { AnyDecider } from './commands.js';
import { revertRecord } from './revert-record.js';

const company = recordDecider<'Company', { readonly name: string }>('company', 'Company') as unknown as AnyDecider;

const historyOf = (...events: readonly (readonly [type: string, data: object, by: string])[]): RecordedEvent[] =>
  events.map(([type, data, id], revision) => {
    const metadata = { actor: { kind: id === 'i1' ? 'import' : 'user', id } };
    return { id: `e${revision}`, type, data, revision, metadata } as unknown as RecordedEvent;
  });

const created = ['CompanyCreated', { name: 'Acme' }, 'i1'] as const;

describe('taking back that an import created a record', () => {
  it('archives it, also where something happened since that changed nothing', () => {
    const untouched = revertRecord(company, historyOf(created), 'i1');
    const noticed = revertRecord(company, historyOf(created, ['CompanyNoticed', {}, 'timers']), 'i1');
    expect(untouched).toMatchObject({ outcome: 'restored', events: [{ type: 'CompanyChangeUndone' }] });
    expect(noticed).toEqual(untouched);
  });

  it('keeps it where somebody has changed it since', () => {
    const edited = historyOf(created, ['CompanyEdited', { set: { name: 'Acme Inc.' } }, 'ada']);
    expect(revertRecord(company, edited, 'i1')).toEqual({ outcome: 'kept', events: [], kept: [] });
  });
});
