import { describe, expect, it } from '@jest/globals';
import { timeZone } from '@rapport/kernel';
import fc from 'fast-check';
import { parseMoney } from './amounts.js';
import { ColumnProfile } from './column-profile.js';
import { type DateReading, parseDate, parseInstant } from './dates.js';
import { doubtOf } from './doubts.js';
import { parseDecimal, toNumber } from './numbers.js';
import { parseCell } from './parse-cell.js';

const said = (result: object): unknown =>
  'value' in result ? result.value : (result as { problem: { code: string } }).problem.code;
const reading = { dates: 'ambiguous', mark: undefined, currency: 'USD', scale: 1 } as const;

describe('dates', () => {
  it.each`
    text                               | reading        | expected
    ${'2017-03-01'}                    | ${'ambiguous'} | ${'2017-03-01'}
    ${'20170301'}                      | ${'ambiguous'} | ${'2017-03-01'}
    ${'2017/3/1'}                      | ${'iso'}       | ${'2017-03-01'}
    ${'03/01/2017'}                    | ${'mdy'}       | ${'2017-03-01'}
    ${'03/01/2017'}                    | ${'dmy'}       | ${'2017-01-03'}
    ${'03/01/2017'}                    | ${'ambiguous'} | ${'ambiguous-date'}
    ${'03/01/2017'}                    | ${'iso'}       | ${'not-iso'}
    ${'03/03/2017'}                    | ${'ambiguous'} | ${'2017-03-03'}
    ${'13/01/2017'}                    | ${'ambiguous'} | ${'2017-01-13'}
    ${'01/13/2017'}                    | ${'ambiguous'} | ${'2017-01-13'}
    ${'1.3.2017'}                      | ${'ambiguous'} | ${'2017-03-01'}
    ${'13/13/2017'}                    | ${'mdy'}       | ${'bad-date'}
    ${'2017-02-29'}                    | ${'mdy'}       | ${'bad-date'}
    ${'2016-02-29'}                    | ${'mdy'}       | ${'2016-02-29'}
    ${'3/1/17'}                        | ${'mdy'}       | ${'two-digit-year'}
    ${'2009\\7\\14'}                   | ${'mdy'}       | ${'bad-date'}
    ${'2009-07/14'}                    | ${'mdy'}       | ${'bad-date'}
    ${'soon'}                          | ${'mdy'}       | ${'bad-date'}
    ${'2010-10-14T00:00:00.000'}       | ${'mdy'}       | ${'2010-10-14'}
    ${'2010-10-14T12:00:00.000Z'}      | ${'mdy'}       | ${'2010-10-14'}
    ${'2010-10-14T12:00:00.000Z-0300'} | ${'mdy'}       | ${'2010-10-14'}
  `('$text read as $reading is $expected', ({ text, reading, expected }: Record<string, string>) => {
    expect(said(parseDate(text!, reading as DateReading))).toBe(expected);
  });

  it.each(
    `
    15 Apr, 2021 00:02:00 · 15-Apr-2021 · 15-Apr-21 · 15 April 2021 · April 15, 2021 · Apr 15, 2021 · 15/Apr/2021
    April 15th, 2021 · 15th of April 2021 · Thursday, April 15, 2021 · Thu 15 Apr 2021 · 2021-Apr-15 · APR-15-2021
    Apr 15, 2021 12:02 AM · Apr 15, 2021, 12:02\u202fAM · 4/15/2021, 12:02 AM · 15.04.2021, 00:02 · 15 avr. 2021
    15. April 2021 · 15. Apr. 2021 · Do., 15. April 2021 · Donnerstag, 15. April 2021, 00:02 · 15.Apr.2021
    15 avril 2021 · jeudi 15 avril 2021 · 15 de abril de 2021 · jueves, 15 de abril de 2021 · 15-abr-2021 · 15 abr 2021
  `
      .trim()
      .split(/ · |\n\s+/),
  )('with the name of a month: %s', (text) => {
    expect(said(parseDate(text, 'ambiguous'))).toBe('2021-04-15');
    expect(said(parseInstant(text, 'ambiguous'))).toMatch(/^2021-04-15T00:0[02]:00.000Z$/);
  });

  it('in every month of every language of the console', () => {
    for (const language of ['en', 'de', 'fr', 'es']) {
      for (const month of ['long', 'short'] as const) {
        const form = new Intl.DateTimeFormat(language, {
          dateStyle: month === 'long' ? 'long' : 'medium',
          timeZone: 'UTC',
        });
        const full = new Intl.DateTimeFormat(language, { dateStyle: 'full', timeZone: 'UTC' });
        const days = Array.from({ length: 12 }, (_, n) => new Date(Date.UTC(2021, n, 1 + n * 2)));
        for (const day of days) {
          expect(said(parseDate(form.format(day), 'mdy'))).toBe(day.toISOString().slice(0, 10));
          expect(said(parseDate(full.format(day), 'mdy'))).toBe(day.toISOString().slice(0, 10));
        }
      }
    }
    expect(said(parseDate('1er mars 2017', 'iso'))).toBe('2017-03-01');
    expect(said(parseDate('1. Mrz. 2017', 'iso'))).toBe('2017-03-01');
  });

  it.each([
    ['15-Apr-31', 'two-digit-year'],
    ['31 Apr 2021', 'bad-date'],
    ['April 2021', 'bad-date'],
    ['before 15 April 2021', 'bad-date'],
    ['15 Aprilis 2021', 'bad-date'],
    ['15 Apr 21', 'bad-date'],
  ])('not where it is none: %s', (text, code) => expect(said(parseDate(text, 'mdy'))).toBe(code));

  it.each`
    text                               | expected
    ${'2010-10-14'}                    | ${'2010-10-14T00:00:00.000Z'}
    ${'2010-10-14T12:00:00.000Z'}      | ${'2010-10-14T12:00:00.000Z'}
    ${'2010-10-14T12:00:00.000Z-0300'} | ${'2010-10-14T15:00:00.000Z'}
    ${'2010-10-14 12:00'}              | ${'2010-10-14T12:00:00.000Z'}
    ${'07/15/2009 02:14:45+0800'}      | ${'2009-07-14T18:14:45.000Z'}
    ${'07/13/2009T22:14:45-0800'}      | ${'2009-07-14T06:14:45.000Z'}
    ${'2009-07-14T14:14:45+02:00'}     | ${'2009-07-14T12:14:45.000Z'}
    ${'7/14/2009 2:14 PM'}             | ${'2009-07-14T14:14:00.000Z'}
    ${'7/14/2009 12:14 AM'}            | ${'2009-07-14T00:14:00.000Z'}
    ${'2009-07-14T25:14:45'}           | ${'bad-time'}
    ${'2009-07-14T14:14:45+2500'}      | ${'bad-time'}
  `('$text is the instant $expected', ({ text, expected }: Record<string, string>) => {
    expect(said(parseInstant(text!, 'mdy'))).toBe(expected);
  });

  it.each`
    text                        | expected
    ${'2017-04-01'}             | ${'2017-04-01T07:00:00.000Z'}
    ${'2017-03-31 17:00'}       | ${'2017-04-01T00:00:00.000Z'}
    ${'12/31/2017 11:30 PM'}    | ${'2018-01-01T07:30:00.000Z'}
    ${'2017-03-31T17:00Z'}      | ${'2017-03-31T17:00:00.000Z'}
    ${'2017-03-31 17:00 UTC'}   | ${'2017-03-31T17:00:00.000Z'}
    ${'2017-03-31 17:00 +0200'} | ${'2017-03-31T15:00:00.000Z'}
  `('$text is $expected in California', ({ text, expected }: Record<string, string>) => {
    expect(said(parseInstant(text!, 'mdy', timeZone('America/Los_Angeles')))).toBe(expected);
  });

  it('of any day come back, however they are written', () => {
    const day = fc.date({ min: new Date('1000-01-01'), max: new Date('9999-12-31'), noInvalidDate: true });
    fc.assert(
      fc.property(day, (date) => {
        const iso = date.toISOString().slice(0, 10);
        const [y, m, d] = iso.split('-').map(Number) as [number, number, number];
        expect(said(parseDate(`${m}/${d}/${y}`, 'mdy'))).toBe(iso);
        expect(said(parseDate(`${d}-${m}-${y}`, 'dmy'))).toBe(iso);
        expect(said(parseInstant(date.toISOString(), 'ambiguous'))).toBe(date.toISOString());
        expect([iso, 'ambiguous-date']).toContain(said(parseDate(`${m}/${d}/${y}`, 'ambiguous')));
      }),
    );
  });
});

describe('what a file tells', () => {
  const dates = (name: string) => ({ name, label: name, type: 'date' as const });

  it('about the order of its dates: a column for itself, else the file', () => {
    const profile = new ColumnProfile();
    profile.see(dates('engaged'), '03/25/2017');
    profile.see(dates('closed'), '03/04/2017');
    expect([profile.dates('engaged'), profile.dates('closed')]).toEqual(['mdy', 'mdy']);
    profile.see(dates('closed'), '25/04/2017');
    expect([profile.dates('engaged'), profile.dates('closed')]).toEqual(['mdy', 'dmy']);
    profile.see(dates('closed'), '04/25/2017');
    expect(profile.dates('closed')).toBe('ambiguous');
  });

  it('about its decimal mark', () => {
    const profile = new ColumnProfile();
    const amount = { name: 'amount', label: 'amount', type: 'money' as const };
    profile.see(amount, '€ 1.234');
    expect(profile.decimalMark('amount')).toBeUndefined();
    profile.see(amount, '7,50 €');
    expect(profile.decimalMark('amount')).toBe(',');
  });
});

describe('numbers', () => {
  it.each`
    text            | mark         | expected
    ${'550'}        | ${undefined} | ${550}
    ${'-1100.04'}   | ${undefined} | ${-1100.04}
    ${'1,234.56'}   | ${undefined} | ${1234.56}
    ${'1.234,56'}   | ${undefined} | ${1234.56}
    ${'1 234,5'}    | ${undefined} | ${1234.5}
    ${"1'234.5"}    | ${undefined} | ${1234.5}
    ${'1,234,567'}  | ${undefined} | ${1234567}
    ${'1,234'}      | ${undefined} | ${'ambiguous-number'}
    ${'1.234'}      | ${undefined} | ${'ambiguous-number'}
    ${'1,234'}      | ${'.'}       | ${1234}
    ${'1,234'}      | ${','}       | ${1.234}
    ${'1.234'}      | ${','}       | ${1234}
    ${'0.125'}      | ${undefined} | ${0.125}
    ${'12,5'}       | ${undefined} | ${12.5}
    ${'(12.50)'}    | ${undefined} | ${-12.5}
    ${'1.5e3'}      | ${undefined} | ${1500}
    ${'1,23,456.7'} | ${undefined} | ${'not-a-number'}
    ${'1.2.3,4,5'}  | ${undefined} | ${'not-a-number'}
    ${'twelve'}     | ${undefined} | ${'not-a-number'}
    ${'-'}          | ${undefined} | ${'not-a-number'}
  `('$text, where the column says $mark, is $expected', ({ text, mark, expected }: Record<string, unknown>) => {
    const result = parseDecimal(text as string, mark as '.' | undefined);
    expect('value' in result ? toNumber(result.value) : result.problem.code).toBe(expected);
  });

  it.each`
    text                   | currency     | scale        | expected
    ${'1054'}              | ${'USD'}     | ${1}         | ${{ minor: 105_400, currency: 'USD' }}
    ${'1100.04'}           | ${'USD'}     | ${1_000_000} | ${{ minor: 110_004_000_000, currency: 'USD' }}
    ${'0.1'}               | ${'USD'}     | ${0.1}       | ${{ minor: 1, currency: 'USD' }}
    ${'$1,054.50'}         | ${'CAD'}     | ${1}         | ${{ minor: 105_450, currency: 'CAD' }}
    ${'$1,054.50'}         | ${undefined} | ${1}         | ${'no-currency'}
    ${'1.054,50 €'}        | ${'USD'}     | ${1}         | ${{ minor: 105_450, currency: 'EUR' }}
    ${'-€5'}               | ${'USD'}     | ${1}         | ${{ minor: -500, currency: 'EUR' }}
    ${'JPY 5000'}          | ${undefined} | ${1}         | ${{ minor: 5_000, currency: 'JPY' }}
    ${'5000.5'}            | ${'JPY'}     | ${1}         | ${'too-precise'}
    ${'12.3450'}           | ${'USD'}     | ${1}         | ${'too-precise'}
    ${'12.3400'}           | ${'USD'}     | ${1}         | ${{ minor: 1_234, currency: 'USD' }}
    ${'5 QQQ'}             | ${'USD'}     | ${1}         | ${'unknown-currency'}
    ${'99999999999999999'} | ${'USD'}     | ${1}         | ${'too-large'}
    ${'a lot'}             | ${'USD'}     | ${1}         | ${'not-an-amount'}
    ${'12.'}               | ${'USD'}     | ${1}         | ${{ minor: 1_200, currency: 'USD' }}
    ${'6.0E7'}             | ${'USD'}     | ${1}         | ${{ minor: 6_000_000_000, currency: 'USD' }}
  `('$text with currency $currency and scale $scale is $expected', (row: Record<string, unknown>) => {
    expect(
      said(parseMoney(row['text'] as string, { ...(row as { currency: string; scale: number }), mark: undefined })),
    ).toEqual(row['expected']);
  });

  it('keep every cent', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e15, max: 1e15 }), (minor) => {
        const text = `${minor < 0 ? '-' : ''}${Math.floor(Math.abs(minor) / 100)}.${String(Math.abs(minor) % 100).padStart(2, '0')}`;
        expect(said(parseMoney(text, reading))).toEqual({ minor, currency: 'USD' });
      }),
    );
  });
});

describe('cells', () => {
  const field = { name: 'f', label: 'f' };

  it('become what their field wants', () => {
    expect(said(parseCell({ ...field, type: 'texts' }, 'vip; eu, ', reading))).toEqual(['vip', 'eu']);
    expect(said(parseCell({ ...field, type: 'boolean' }, 'Yes', reading))).toBe(true);
    expect(said(parseCell({ ...field, type: 'boolean' }, 'perhaps', reading))).toBe('not-a-boolean');
    expect(said(parseCell({ ...field, type: 'choice', choices: ['Closed Won'] }, 'closed_won', reading))).toBe(
      'Closed Won',
    );
    expect(said(parseCell({ ...field, type: 'choice', choices: ['Won'] }, 'Lost', reading))).toBe('unknown-choice');
    expect(said(parseCell({ ...field, type: 'email' }, 'nobody', reading))).toBe('nobody');
    expect(said(parseCell({ ...field, type: 'currency', of: 'amount' }, 'US Dollar (USD)', reading))).toBe('USD');
    expect(said(parseCell({ ...field, type: 'currency', of: 'amount' }, 'eur', reading))).toBe('EUR');
    expect(said(parseCell({ ...field, type: 'currency', of: 'amount' }, '€', reading))).toBe('EUR');
    expect(said(parseCell({ ...field, type: 'currency', of: 'amount' }, 'QQQ', reading))).toBe('unknown-currency');
    expect(said(parseCell({ ...field, type: 'currency', of: 'amount' }, 'USD/EUR', reading))).toBe('unknown-currency');
    expect(said(parseCell({ ...field, type: 'money' }, '5', { ...reading, rowCurrency: 'JPY' }))).toMatchObject({
      currency: 'JPY',
    });
    expect(said(parseCell({ ...field, type: 'money' }, '€5', { ...reading, rowCurrency: 'JPY' }))).toBe(
      'two-currencies',
    );
    expect(said(parseCell({ ...field, type: 'number' }, '63.15 %', reading))).toBe(63.15);
  });
});

describe('a value to be looked at', () => {
  const doubt = (type: 'phone' | 'percent', cell: string, value: string | number, scale = 1) =>
    doubtOf({ name: 'f', label: 'f', type }, cell, value, { scale })?.code;

  it.each([
    ['4.92E+11', 'shortened-number'],
    ['4,92E+11', 'shortened-number'],
    ['+4.92e11', 'shortened-number'],
    ['+49 211 1234', undefined],
    ['49211123456', undefined],
  ])('is a telephone number such as %s: %s', (cell, code) => expect(doubt('phone', cell, cell)).toBe(code));

  it.each([
    ['0.4', 0.4, 1, 'looks-like-a-fraction'],
    ['0.4', 40, 100, undefined],
    ['0.4%', 0.4, 1, undefined],
    ['40', 40, 1, undefined],
    ['0', 0, 1, undefined],
    ['1', 1, 1, undefined],
  ])('is a probability such as %s', (cell, value, scale, code) =>
    expect(doubt('percent', cell, value, scale)).toBe(code),
  );
});
