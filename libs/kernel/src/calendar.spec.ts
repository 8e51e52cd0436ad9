import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { calendarIn, dayAfter, timeZone, UTC } from './calendar.js';

const ZONES = [
  'UTC',
  'America/Los_Angeles',
  'Europe/Berlin',
  'Asia/Kolkata',
  'Australia/Lord_Howe',
  'Pacific/Kiritimati',
];
// At midnight their clocks are put forward: some of their days begin at one.
const AT_MIDNIGHT = ['America/Sao_Paulo', 'Africa/Cairo', 'Asia/Beirut', 'America/Havana'];
const zone = fc.constantFrom(...ZONES, ...AT_MIDNIGHT).map(timeZone);
const within = { min: new Date('1950-01-01T00:00:00Z'), max: new Date('2040-12-31T00:00:00Z'), noInvalidDate: true };
const instant = fc.date(within).map((date) => date.toISOString());

const later = (moment: string, milliseconds: number): string =>
  new Date(Date.parse(moment) + milliseconds).toISOString();

describe('the days of a time zone', () => {
  it.each([
    ['America/Los_Angeles', '2017-04-01T00:00:00.000Z', '2017-03-31'],
    ['America/Los_Angeles', '2017-04-01T07:00:00.000Z', '2017-04-01'],
    ['Pacific/Kiritimati', '2017-03-31T10:00:00.000Z', '2017-04-01'],
    ['UTC', '2017-03-31T23:59:59.999Z', '2017-03-31'],
  ])('in %s it is at %s the %s', (name, moment, day) => {
    expect(timeZone(name).dayOf(moment)).toBe(day);
    expect(calendarIn(name).zoneOf('main').dayOf(moment)).toBe(day);
  });

  it.each([
    ['America/Los_Angeles', '2026-03-08', '2026-03-08T08:00:00.000Z', '2026-03-09T07:00:00.000Z'],
    ['America/Los_Angeles', '2026-11-01', '2026-11-01T07:00:00.000Z', '2026-11-02T08:00:00.000Z'],
    ['America/Sao_Paulo', '2018-11-04', '2018-11-04T03:00:00.000Z', '2018-11-05T02:00:00.000Z'],
    ['America/Havana', '2026-11-01', '2026-11-01T04:00:00.000Z', '2026-11-02T05:00:00.000Z'],
  ])('in %s the %s, on which clocks change, goes from %s to %s', (name, day, start, end) => {
    expect(timeZone(name).startOf(day)).toBe(start);
    expect(timeZone(name).endOf(day)).toBe(end);
  });

  it('follow each other without a gap, whatever clocks do', () => {
    fc.assert(
      fc.property(zone, instant, ({ dayOf, startOf, endOf }, moment) => {
        const day = dayOf(moment);
        const [start, end] = [startOf(day), endOf(day)!];
        expect(start <= moment && moment < end).toBe(true);
        expect([dayOf(start), dayOf(later(end, -1))]).toEqual([day, day]);
        expect(dayOf(later(start, -1)) < day).toBe(true);
        expect(end).toBe(startOf(dayAfter(day)));
      }),
    );
  });

  it('do not go back while time goes on', () => {
    const step = fc.integer({ min: 0, max: 90_000_000 });
    fc.assert(
      fc.property(zone, instant, step, ({ dayOf }, moment, milliseconds) => {
        expect(dayOf(moment) <= dayOf(later(moment, milliseconds))).toBe(true);
      }),
    );
  });

  it('leave out the one that went with the date line', () => {
    const { startOf, dayOf } = timeZone('Pacific/Apia');
    expect(startOf('2011-12-30')).toBe(startOf('2011-12-31'));
    expect(dayOf(startOf('2011-12-30'))).toBe('2011-12-31');
  });

  it('end, and those that there are not have none', () => {
    for (const { endOf } of [UTC, timeZone('Asia/Tokyo')])
      for (const day of ['9999-12-31', 'soon', '']) expect(endOf(day)).toBeUndefined();
  });
});

describe('a time of day in a time zone', () => {
  const at = (name: string, day: string, hours: number) => timeZone(name).at(day, hours * 3_600_000);

  it.each([
    ['UTC', '2026-03-08', 2.5, '2026-03-08T02:30:00.000Z'],
    ['Asia/Kolkata', '2026-03-08', 0.5, '2026-03-07T19:00:00.000Z'],
    ['America/Los_Angeles', '2026-03-07', 23.5, '2026-03-08T07:30:00.000Z'],
    // Put forward from two to three: half past two is as if it had not been.
    ['America/Los_Angeles', '2026-03-08', 2.5, '2026-03-08T10:30:00.000Z'],
    ['America/Los_Angeles', '2026-03-08', 3.5, '2026-03-08T10:30:00.000Z'],
    // Put back from two to one: half past one comes twice.
    ['America/Los_Angeles', '2026-11-01', 1.5, '2026-11-01T08:30:00.000Z'],
    ['America/Los_Angeles', '2026-11-01', 2.5, '2026-11-01T10:30:00.000Z'],
  ])('in %s the %s at %d is %s', (name, day, hours, expected) => {
    expect(at(name, day, hours)).toBe(expected);
  });

  it('is on its day, and midnight the beginning of it where there is one', () => {
    const days = fc.date({ min: new Date('1975-01-01'), max: new Date('2040-01-01'), noInvalidDate: true });
    const hours = fc.integer({ min: 4, max: 23 });
    fc.assert(
      fc.property(fc.constantFrom(...ZONES).map(timeZone), days, hours, (drawn, date, hour) => {
        const day = date.toISOString().slice(0, 10);
        expect(drawn.dayOf(drawn.at(day, hour * 3_600_000))).toBe(day);
        expect(drawn.at(day, 0)).toBe(drawn.startOf(day));
      }),
    );
  });
});
