import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { contextNames } from '@rapport/contexts';
import { isWhole, type SignedReceipt } from '@rapport/privacy';
import { simulatedTime } from '@rapport/testing';
import { Api, browse, eventually, type Fields, type List, problemOf, Rapport } from './support/index.js';

const time = simulatedTime(Date.now());
const HOUR = 3_600_000;

let rapport: Rapport;
let operator: Api;
let acme: Api;
beforeAll(async () => {
  // Where the time of processes cannot be moved it passes by itself.
  rapport = await Rapport.start({ RAPPORT_DELETION_WAIT: process.env['RAPPORT_ASSEMBLY'] ? '20s' : '7d' }, time);
  operator = rapport.api;
  acme = await operator.clientFor(['administrator'], 'acme');
});
afterAll(() => rapport.stop());

interface Deletion extends Fields {
  readonly state: string;
  readonly receiptId: string;
  readonly holds: readonly object[];
}

interface Receipt {
  readonly workspace: string;
  readonly keys: number;
  readonly parts: readonly { readonly context: string; readonly events: number; readonly documents: number }[];
}

const request = (by: Api, workspace = 'acme'): Promise<Deletion> =>
  by.post<Deletion>('/v1/workspace:requestDeletion', { workspace });
const look = (by = acme): Promise<Deletion> => by.get<Deletion>('/v1/workspace/deletion');
const passing = <T>(ask: () => Promise<T>, wanted: (value: T) => boolean): Promise<T> =>
  eventually(
    () => {
      time.advance(HOUR);
      return ask();
    },
    wanted,
    90_000,
  );
const receiptOf = (id: string): Promise<Response> => fetch(`${operator.address}/receipts/${id}`);

describe('the deletion of a workspace', () => {
  it('is for whoever may do everything, who has to give its name', async () => {
    for (const role of ['manager', 'privacy-officer', 'viewer']) {
      const other = await operator.clientFor([role], 'acme');
      expect(await problemOf(request(other))).toMatchObject({ status: 403, code: 'permission-missing' });
      expect(await problemOf(look(other))).toMatchObject({ status: 403 });
    }
    const wrong = { status: 400, code: 'other-workspace', errors: [{ pointer: '/workspace' }] };
    expect(await problemOf(request(acme, 'main'))).toMatchObject(wrong);
    expect(await problemOf(acme.post('/v1/workspace:requestDeletion', {}))).toMatchObject({ status: 400 });
    expect(await problemOf(look())).toMatchObject({ status: 404, code: 'no-deletion' });
    expect(await problemOf(acme.post('/v1/workspace:cancelDeletion'))).toMatchObject({ code: 'no-deletion' });
  });

  it('is refused while something is on legal hold, wherever that is', async () => {
    const contact = await acme.post('/v1/contacts', { lastName: 'Byron' });
    const user = await acme.post('/v1/users', { name: 'Milbanke' });
    await acme.post(`/v1/contacts/${contact.id}:hold`, { reason: 'Case 17' });
    await acme.post(`/v1/users/${user.id}:hold`, { reason: 'Case 17' });
    const { status, code, detail } = await problemOf(request(acme));
    expect([status, code]).toEqual([409, 'on-hold']);
    expect(detail).toContain(`contact ${contact.id} in contacts`);
    expect(detail).toContain(`user ${user.id} in identity`);
    const { state, holds } = await look();
    expect([state, holds]).toEqual([
      'stopped',
      expect.arrayContaining([{ context: 'contacts', object: 'contact', id: contact.id }]),
    ]);
    await acme.post(`/v1/contacts/${contact.id}:release`);
    await acme.post(`/v1/users/${user.id}:release`);
  });

  it('is told to administrators, and can be cancelled', async () => {
    const { data } = await acme.get<List<Fields>>(
      `/v1/roles?filter=${encodeURIComponent('builtIn = "administrator"')}`,
    );
    const user = await acme.post('/v1/users', { name: 'Ada', email: 'ada@example.org', roleIds: [data[0]!.id] });
    const { secret } = await acme.post('/v1/api-keys', { name: 'Key', userId: user.id });
    const ada = new Api(operator.address, String(secret));
    expect(await request(ada)).toMatchObject({ state: 'requested', holds: [] });
    expect(await problemOf(request(acme))).toMatchObject({ status: 409, code: 'deletion-requested' });
    await acme.post('/v1/contacts', { lastName: 'Lovelace' });
    expect(await acme.post('/v1/workspace:cancelDeletion')).toMatchObject({ state: 'cancelled' });
    const told = await eventually(
      () => ada.get<List<Fields>>('/v1/notifications?limit=10'),
      (list) => list.data.length === 2,
    );
    expect(told.data.map(({ kind, what }) => [kind, what])).toEqual([
      ['workspace', 'WorkspaceDeletionCancelled'],
      ['workspace', 'WorkspaceDeletionRequested'],
    ]);
  });

  it('is stopped where a hold was placed meanwhile, and everybody is in again', async () => {
    const { id } = await acme.post('/v1/contacts', { lastName: 'Babbage' });
    await request(acme);
    await acme.post(`/v1/contacts/${id}:hold`, { reason: 'Case 18' });
    const isStopped = async (): Promise<boolean> =>
      (await (await acme.fetch('GET', '/v1/workspace/deletion')).text()).includes('"stopped"');
    await passing(isStopped, Boolean);
    expect(await look()).toMatchObject({ holds: [{ context: 'contacts', object: 'contact', id }] });
    await acme.post(`/v1/contacts/${id}:release`);
    expect(await acme.get(`/v1/contacts/${id}`)).toMatchObject({ lastName: 'Babbage' });
  });

  describe('that is through', () => {
    let receiptId: string;
    let neighbour: Api;
    beforeAll(async () => {
      neighbour = await operator.clientFor(['administrator'], 'acme_too');
      await neighbour.post('/v1/contacts', { lastName: 'Somerville' });
      const pipeline = { name: 'Sales', stages: [{ name: 'New', probability: 20 }] };
      await acme.post('/v1/pipelines', pipeline);
      // Waits for a day that nobody will see.
      await acme.post('/v1/opportunities', { name: 'Racks', expectedCloseOn: '2100-01-01' });
      await acme.post('/v1/contacts', { lastName: 'Zwtterqvist', email: 'q@zwtterqvist.example' });
      ({ receiptId } = await request(acme));
      expect((await receiptOf(receiptId)).status).toBe(404);
      await passing(
        () => receiptOf(receiptId),
        ({ status }) => status === 200,
      );
    });

    it('has a receipt that can be checked without the installation', async () => {
      const answer = await receiptOf(receiptId);
      const { signed } = (await answer.json()) as { signed: SignedReceipt };
      expect(isWhole(signed)).toBe(true);
      expect(isWhole({ ...signed, document: signed.document.replace('acme', 'acne') })).toBe(false);
      const receipt = JSON.parse(signed.document) as Receipt;
      expect(receipt).toMatchObject({ receipt: 'workspace-deletion', workspace: 'acme', receiptId });
      expect(receipt.parts.map(({ context }) => context)).toEqual([...contextNames].sort());
      expect(receipt.keys).toBeGreaterThan(3);
      for (const { events, documents } of receipt.parts) expect([events > 3, documents > 1]).toEqual([true, true]);
      expect(signed.document).not.toMatch(/zwtterqvist|lovelace/i);
    });

    it('leaves nobody in', async () => {
      // Doors believe a key for seconds, and find nothing behind it.
      await eventually(
        () => acme.fetch('GET', '/v1/me'),
        ({ status }) => status === 401,
      );
      expect(await problemOf(acme.get('/v1/contacts'))).toMatchObject({ status: 401 });
      expect(await problemOf(look())).toMatchObject({ status: 401 });
    });

    it('leaves the doors as they are for a workspace that never was', async () => {
      const doors = (tenant: string) => [
        browse(operator.address, 'POST', '/v1/sessions', {
          body: { tenant, email: 'ada@example.org', password: 'an engine that weaves patterns' },
        }),
        browse(operator.address, 'POST', '/v1/password-resets', { body: { tenant, email: 'ada@example.org' } }),
        browse(operator.address, 'GET', `/v1/sign-in-providers?tenant=${tenant}`),
        browse(operator.address, 'POST', `/unsubscribe/${tenant}.abc`),
        browse(operator.address, 'POST', '/v1/passwords', {
          body: { link: `link_${tenant}_${receiptId.replaceAll('-', '')}_x`, password: 'an engine that weaves' },
        }),
      ];
      const said = async (tenant: string): Promise<readonly string[]> =>
        Promise.all(
          (await Promise.all(doors(tenant))).map(async (answer) => {
            const text = await answer.text();
            return `${answer.status} ${text.replace(/"correlationId":"[^"]*"/, '').replaceAll(tenant, '<tenant>')}`;
          }),
        );
      expect(await said('acme')).toEqual(await said('never_was'));
      const challenges = ['acme', 'never_was'].map((tenant) =>
        browse(operator.address, 'POST', '/v1/passkey-challenges', { body: { tenant } }),
      );
      expect((await Promise.all(challenges)).map(({ status }) => status)).toEqual([201, 201]);
    });

    it('does not let its name come back to life', async () => {
      const again = problemOf(operator.clientFor(['administrator'], 'acme'));
      expect(await again).toMatchObject({ status: 410, code: 'workspace-deleted' });
    });

    it('leaves others alone, after a restart too', async () => {
      const names = async (): Promise<unknown[]> =>
        (await neighbour.get<List<Fields>>('/v1/contacts')).data.map(({ lastName }) => lastName);
      expect(await names()).toEqual(['Somerville']);
      const { secret } = await neighbour.post('/v1/access-tokens', { name: 'k', roles: ['administrator'] });
      await rapport.restart();
      neighbour = new Api(rapport.api.address, String(secret));
      expect(await names()).toEqual(['Somerville']);
      expect(await problemOf(new Api(rapport.api.address, acme.token).get('/v1/contacts'))).toMatchObject({
        status: 401,
      });
      expect((await fetch(`${rapport.api.address}/receipts/${receiptId}`)).status).toBe(200);
      expect((await fetch(`${rapport.api.address}/receipts/nonsense`)).status).toBe(404);
      // Whoever still followed something of it would be behind, or have parked it.
      for (const context of contextNames) {
        const { data } = await rapport.api.get<List<Fields>>(`/v1/operations/${context}/parked`);
        expect(data).toEqual([]);
        const followers = await eventually(
          () => rapport.api.get<List<Fields>>(`/v1/operations/${context}/followers`),
          (list) => list.data.every(({ caughtUp }) => caughtUp === true),
        );
        expect(followers.data.filter(({ failure }) => failure !== undefined)).toEqual([]);
      }
    });
  });
});
