import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { newId } from '@rapport/kernel';
import { callBy, clock, TENANT, toOpen } from '../fakes/bank.js';
import { type CommandRoad, everything, Installation } from './installation.js';

const LONG = 60_000;

/** The specification of {@link CommandExchange} as tests; every way on which contexts ask each other runs it. */
export const commandExchangeSuite = (name: string, open: () => Promise<CommandRoad>): void => {
  describe(`CommandExchange: ${name}`, () => {
    let the: Installation;
    beforeEach(async () => {
      the = new Installation();
      the.open(await open());
    }, LONG);
    afterEach(() => the.close(), LONG);

    const ask = async (asked = toOpen('Ada'), id = newId(), shop = the.shop): Promise<string> => {
      await shop.requests.ask(id, asked, callBy());
      return id;
    };
    const allThere = (ids: readonly string[]) => async (): Promise<boolean> =>
      (await Promise.all(ids.map((id) => the.isThere(id)))).every(Boolean);
    const owners = (): readonly unknown[] => the.bank.calls.map(({ input }) => input['owner']);
    /** Everybody has ended, and begins with nothing remembered but facts. */
    const begunAgain = async (): Promise<void> => {
      await the.pause();
      the.carry();
      await the.attend();
      await the.heard();
      await the.bank.runAll();
    };

    it(
      'brings what is asked to the context that is asked, for each record in its order, and to no other',
      async () => {
        await the.attend();
        the.carry();
        const account = newId();
        const ids: string[] = [];
        for (const owner of ['0', '1', '2', '3']) ids.push(await ask(toOpen(owner, account)));
        const elsewhere = await ask(toOpen('x', newId(), { to: 'post' }));
        await the.until(allThere(ids));
        await the.heard();
        await the.bank.runAll();
        expect(owners().filter((owner) => owner !== 'last')).toEqual(['0', '1', '2', '3']);
        expect([await the.isThere(elsewhere), the.refused]).toEqual([false, []]);
      },
      LONG,
    );

    it(
      'brings what was asked before anybody heard, and what everybody asks',
      async () => {
        const early = [await ask(), await ask(undefined, undefined, the.market)];
        the.carry();
        the.carry(the.market);
        await the.attend();
        await the.until(allThere(early));
        const late = [await ask(), await ask(undefined, undefined, the.market)];
        await the.until(allThere(late));
        expect(the.refused).toEqual([]);
      },
      LONG,
    );

    it(
      'keeps what is sealed closed until it is run, and what is asked again is one request',
      async () => {
        await the.attend();
        the.carry();
        const person = newId();
        const asked = toOpen('', newId(), { input: { kind: 'savings' }, personal: { owner: 'Ada' }, person });
        const id = await ask(asked);
        await ask(asked, id);
        await the.until(() => the.isThere(id));
        const onDisk = [...(await everything(the.shop.stored)), ...(await everything(the.bank.stored))];
        expect(onDisk).toHaveLength(2);
        expect(JSON.stringify([onDisk, await the.lying()])).not.toContain('Ada');
        await the.bank.runAll();
        expect(the.bank.calls.map(({ input }) => input)).toEqual([{ kind: 'savings', owner: 'Ada' }]);
      },
      LONG,
    );

    it(
      'runs nothing again when everything begins again, a refusal included',
      async () => {
        await the.attend();
        the.carry();
        const account = newId();
        const [done, refused] = [await ask(toOpen('Ada', account)), await ask(toOpen('Bo', account))];
        await the.until(allThere([done, refused]));
        await the.bank.runAll();
        const outcomes = [await the.bank.outcome(done), await the.bank.outcome(refused)];
        expect(outcomes).toMatchObject([[['CommandDone', {}]], [['CommandRefused', { code: 'account-exists' }]]]);
        await begunAgain();
        await begunAgain();
        expect(owners()).toEqual(['Ada', 'Bo', 'last', 'last']);
        expect([await the.bank.outcome(done), await the.bank.outcome(refused)]).toEqual(outcomes);
        expect(the.refused).toEqual([]);
      },
      LONG,
    );

    it(
      'never runs what has expired on its way, nor anything about somebody who was erased meanwhile',
      async () => {
        const person = newId();
        const late = await ask();
        const forgotten = await ask(
          toOpen('', newId(), { input: {}, personal: { owner: 'Ada' }, person, expiresAt: '2026-03-02T00:00:00.000Z' }),
        );
        await the.keys.destroy({ tenant: TENANT, id: person }, '2026-03-01T12:00:00.000Z');
        clock.set('2026-03-01T13:00:00.000Z');
        the.carry();
        await the.attend();
        await the.until(allThere([late, forgotten]));
        await the.bank.runAll();
        const problems = [await the.bank.outcome(late), await the.bank.outcome(forgotten)];
        expect(problems).toMatchObject([
          [['CommandRefused', { code: 'expired' }]],
          [['CommandRefused', { code: 'person-erased' }]],
        ]);
        expect(the.bank.calls).toEqual([]);
      },
      LONG,
    );

    it(
      'passes over what has the id of another request, tells so, and goes on',
      async () => {
        await the.attend();
        the.carry();
        const id = await ask();
        await the.until(() => the.isThere(id));
        the.carry(the.market);
        await ask(toOpen('Bo'), id, the.market);
        await the.until(() => the.refused.length > 0);
        await the.heard(the.market);
        await the.bank.runAll();
        expect(the.refused).toMatchObject([{ code: 'command-id-taken' }]);
        // The bank serves nobody but the shop.
        expect(owners()).toEqual(['Ada']);
      },
      LONG,
    );
  });
};
