import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Page } from '@rapport/event-store';
import { type Position, positionOf, START } from '@rapport/kernel';
import { FakeSubscription, type Saying } from './fakes/fake-subscription.js';
import { PageSubscription } from './page-subscription.js';

/** @param end of the log, as far as it is known */
const open = (pageSize = 500, end: Position = positionOf(1_000_000)): Opened => {
  let fake!: FakeSubscription;
  let asked = 0;
  const subscribe = (checkpointReached: ConstructorParameters<typeof FakeSubscription>[0]) =>
    (fake = new FakeSubscription(checkpointReached)).asClients;
  const terms = {
    after: START,
    pageSize,
    inside: (stream: string) => stream.slice(5),
    beyond: () => void (asked += 1),
  };
  const pages = new PageSubscription(subscribe, terms);
  pages.extend(end);
  return { fake, pages, asked: () => asked };
};

interface Opened {
  readonly fake: FakeSubscription;
  readonly pages: PageSubscription;
  /** How often it was told that the server has looked further than the log was known to reach. */
  readonly asked: () => number;
}

const positionsOf = ({ events }: Page): string[] => events.map(({ position }) => position);

/** Sayings with growing positions, as every server gives them. */
const sayings = fc
  .array(fc.constantFrom('event', 'event', 'event', 'checkpoint', 'before', 'caughtUp', 'turn'), { maxLength: 60 })
  .map((kinds) =>
    kinds.map((kind, n): Saying | 'turn' => {
      const place = BigInt(n + 1) * 7n;
      if (kind === 'event') return { event: place };
      // The very place of the next event, which is given or even written later.
      if (kind === 'before') return { before: place + 7n };
      return kind === 'checkpoint' ? { checkpoint: place } : kind;
    }),
  );

describe('pages of a subscription', () => {
  it('give every event once and in order, and no position before its events', async () => {
    await fc.assert(
      fc.asyncProperty(sayings, fc.integer({ min: 1, max: 9 }), async (said, pageSize) => {
        const { fake, pages } = open(pageSize);
        const saying = (async () => {
          for (const one of said) await (one === 'turn' ? setImmediate() : fake.says(one));
          fake.push(null);
        })();
        const all: Page[] = [];
        for (let page = await pages.next(); page; page = await pages.next()) all.push(page);
        await saying;
        const places = said.flatMap((one) =>
          typeof one === 'object' && 'event' in one ? [positionOf(one.event)] : [],
        );
        expect(all.flatMap(positionsOf)).toEqual(places);
        const given: string[] = [];
        for (const page of all) {
          given.push(...positionsOf(page));
          expect(page.events.length).toBeLessThanOrEqual(pageSize);
          expect(places.filter((place) => place <= page.position)).toEqual(given);
        }
        const positions = all.map(({ position }) => position);
        expect(positions).toEqual(positions.toSorted());
      }),
    );
  });

  it('keep what the server says about its progress until the events before it are given', async () => {
    const { fake, pages } = open(2);
    for (const one of [1n, 2n, 3n]) fake.says({ event: one });
    fake.says({ checkpoint: 9n });
    fake.says('caughtUp');
    expect(await pages.next()).toMatchObject({ position: positionOf(2), caughtUp: false });
    expect(await pages.next()).toMatchObject({ position: positionOf(9), caughtUp: true });
  });

  it('tell a follower without events how far it has got, also without being caught up', async () => {
    const { fake, pages } = open();
    fake.says({ checkpoint: 9n });
    expect(await pages.next()).toEqual({ events: [], position: positionOf(9), caughtUp: false });
  });

  it('tell a place that was only come to once a later one was passed', async () => {
    const { fake, pages } = open();
    fake.says({ before: 9n });
    fake.says('caughtUp');
    expect(await pages.next()).toMatchObject({ position: START, caughtUp: true });
    fake.says({ before: 30n });
    expect(await pages.next()).toMatchObject({ position: positionOf(9) });
  });

  it('pass the end that the log had before, once caught up, and not earlier', async () => {
    const { fake, pages } = open();
    pages.head = positionOf(50);
    fake.says({ checkpoint: 9n });
    expect(await pages.next()).toMatchObject({ position: positionOf(9) });
    fake.says('caughtUp');
    expect(await pages.next()).toMatchObject({ position: positionOf(50), caughtUp: true });
    fake.says({ event: 60n });
    expect(await pages.next()).toMatchObject({ position: positionOf(60), caughtUp: true });
  });

  it.each([2n ** 64n - 1n, 2n ** 63n])('take %d for no place at all', async (place) => {
    const { fake, pages } = open();
    fake.says({ checkpoint: place });
    fake.says('caughtUp');
    expect(await pages.next()).toEqual({ events: [], position: START, caughtUp: true });
  });

  it('believe a checkpoint only as far as the log is known to reach, and ask how far it does', async () => {
    const { fake, pages, asked } = open(500, positionOf(50));
    fake.says({ checkpoint: 60n });
    expect(await pages.next()).toMatchObject({ position: positionOf(50) });
    expect(asked()).toBe(1);
    pages.extend(positionOf(70));
    // What was said before is not believed afterwards: the event in place 60 may have been written since.
    fake.says({ checkpoint: 65n });
    expect(await pages.next()).toMatchObject({ position: positionOf(65) });
    expect(asked()).toBe(1);
  });

  it('do not pass the last event of the log because a checkpoint names its place', async () => {
    const { fake, pages } = open(500, positionOf(50));
    fake.says({ checkpoint: 50n });
    fake.says('caughtUp');
    expect(await pages.next()).toMatchObject({ position: START, caughtUp: true });
    fake.says({ event: 50n });
    expect(positionsOf((await pages.next())!)).toEqual([positionOf(50)]);
  });

  it('never reach the place that the next event will be written to, whatever is said and learned meanwhile', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('event', 'other', 'end', 'caughtUp', 'learn'), { maxLength: 40 }),
        async (kinds) => {
          const { fake, pages } = open(3, START);
          let next = 1n;
          const written: bigint[] = [];
          for (const kind of kinds) {
            if (kind === 'event') {
              written.push(next);
              fake.says({ event: next });
              next += 7n;
            } else if (kind === 'other') next += 7n;
            else if (kind === 'end') fake.says({ checkpoint: next });
            else if (kind === 'learn') pages.extend(positionOf(next - 7n > 0n ? next - 7n : 0n));
            else fake.says('caughtUp');
          }
          fake.push(null);
          const seen: string[] = [];
          for (let page = await pages.next(); page; page = await pages.next()) {
            seen.push(...positionsOf(page));
            expect(page.position < positionOf(next)).toBe(true);
            expect(written.map(positionOf).filter((place) => place <= page.position)).toEqual(seen);
          }
        },
      ),
    );
  });

  it('give what has come before they fail with what the server failed with', async () => {
    const { fake, pages } = open();
    fake.says({ event: 1n });
    fake.emit('error', new Error('dropped'));
    expect(positionsOf((await pages.next())!)).toEqual([positionOf(1)]);
    await expect(pages.next()).rejects.toThrow('dropped');
  });

  it('end when closed, wait for a confirmation, and hear errors for ever', async () => {
    const { fake, pages } = open();
    const confirmed = pages.confirmed();
    fake.says('confirmation');
    await confirmed;
    const waiting = pages.next();
    pages.close();
    expect(await waiting).toBeUndefined();
    expect(fake.unsubscribed).toBe(true);
    expect(fake.emit('error', new Error('late'))).toBe(true);
  });

  it('leave out what the engine notes in our streams', async () => {
    const { fake, pages } = open();
    fake.push({ event: { ...readEvent(5n), type: '$streamDeleted' } });
    fake.says({ event: 6n });
    expect(positionsOf((await pages.next())!)).toEqual([positionOf(6)]);
  });
});

const readEvent = (place: bigint) => {
  const fake = new FakeSubscription(() => undefined);
  fake.says({ event: place });
  return (fake.read() as { event: { position: { commit: bigint } } }).event;
};
