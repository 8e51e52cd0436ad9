import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from '@rapport/inspect';
import { temporaryFolder } from './support/child-process.js';
import { type Api, eventually, type Fields, problemOf, Rapport, userMade } from './support/index.js';

const folder = temporaryFolder();
let rapport: Rapport;
let api: Api;
beforeAll(async () => {
  rapport = await Rapport.start();
  ({ api } = rapport);
});
afterAll(async () => {
  await rapport.stop();
  folder.remove();
});

interface Part extends Fields {
  readonly context: string;
  readonly state: string;
}

interface Erasure extends Fields {
  readonly receiptId: string;
  readonly state: string;
  readonly parts: readonly Part[];
  readonly signed?: { readonly document: string; readonly publicKey: string; readonly signature: string };
}

const done = async (path: string): Promise<Erasure> => {
  await api.post(`${path}:erase`);
  return eventually(
    () => api.get<Erasure>(`${path}/erasure`),
    ({ state }) => state === 'done',
  );
};

const of = ({ parts }: Erasure, name: string): Part => parts.find(({ context }) => context === name)!;

/** Without any data folder: what somebody has who was given the file. */
const verify = (text: string) => {
  const file = join(folder.path, 'receipt.json');
  writeFileSync(file, text);
  const { text: answer, exitCode } = inspect(
    ['receipt', 'verify', file, '--json', '--data', join(folder.path, 'none')],
    {},
  );
  return { exitCode, answer };
};

describe('the receipt of an erasure', () => {
  it('says what every context did, and what was taken along before', async () => {
    const { id } = await api.post('/v1/contacts', { firstName: 'Ada', lastName: 'Lovelace' });
    await api.patch(`/v1/contacts/${id}`, { title: 'Countess' });
    await (await api.fetch('GET', `/v1/people/${id}/export.zip`)).arrayBuffer();
    const erasure = await done(`/v1/contacts/${id}`);
    expect(erasure.parts.map(({ context }) => context).sort()).toEqual(['contacts', 'identity', 'sales']);
    for (const part of erasure.parts) expect(part).toMatchObject({ state: 'done', keys: 1, files: 0 });
    expect(of(erasure, 'contacts')).toMatchObject({ facts: 2 });
    expect(of(erasure, 'sales')).toMatchObject({ facts: 0, taken: 0 });
    expect(of(erasure, 'identity')).toMatchObject({
      taken: 1,
      takenAlong: [{ method: 'rapport.privacy.v1.PeopleService/ExportPerson', recordIds: [id] }],
    });
    for (const { views } of erasure.parts) expect(views).toBeGreaterThan(0);
  });

  it('is signed, and tells whoever has nothing else that nobody has changed it', async () => {
    const { id } = await api.post('/v1/representatives', { name: 'Grace Hopper' });
    await userMade(api, id);
    const erasure = await done(`/v1/representatives/${id}`);
    // The representative and the user who it is, each with what the other context has heard of it.
    expect([of(erasure, 'sales'), of(erasure, 'identity')]).toMatchObject([{ facts: 2 }, { facts: 2 }]);
    const text = JSON.stringify(erasure);
    const { exitCode, answer } = verify(text);
    expect(exitCode).toBe(0);
    const rows = JSON.parse(answer) as Fields[];
    expect(rows.map(({ context }) => context).sort()).toEqual(['contacts', 'identity', 'sales']);
    for (const row of rows) expect(row).toMatchObject({ result: 'whole', receiptId: erasure.receiptId });
    const changed = { ...erasure.signed!, document: erasure.signed!.document.replace('"keys":1', '"keys":2') };
    expect(verify(JSON.stringify(changed))).toMatchObject({ exitCode: 1, answer: expect.stringContaining('broken') });
    expect(verify(JSON.stringify({ ...erasure, signed: undefined }))).toMatchObject({ exitCode: 2 });
    expect(verify('no receipt')).toMatchObject({ exitCode: 2, answer: expect.stringContaining('no signed receipt') });
    expect(text).not.toContain('Hopper');
  });

  it('of a user names the facts that say where the person came from', async () => {
    const user = await api.post('/v1/users', { name: 'Alan Turing', email: 'alan@example.org' });
    const { url } = await api.post<{ url: string }>(`/v1/users/${user.id}:invite`);
    await fetch(`${api.address}/v1/passwords`, {
      method: 'POST',
      headers: { origin: api.address, 'content-type': 'application/json' },
      body: JSON.stringify({ link: url.slice(url.indexOf('#') + 1), password: 'an imitation game' }),
    });
    const erasure = await done(`/v1/users/${user.id}`);
    // The user, the password, the session with its device, and the entry of the audit trail that holds the address.
    expect(of(erasure, 'identity')).toMatchObject({ keys: 1, facts: 4 });
    expect(await api.post<Erasure>(`/v1/users/${user.id}:erase`)).toEqual(erasure);
  });

  it('is in the audit trail and on the feed, and only where there was an erasure', async () => {
    const { id } = await api.post('/v1/contacts', { lastName: 'Babbage' });
    expect(await problemOf(api.get(`/v1/contacts/${id}/erasure`))).toMatchObject({ status: 404, code: 'not-erased' });
    const { receiptId } = await done(`/v1/contacts/${id}`);
    const filter = encodeURIComponent(`what = "ErasureReceiptSigned" AND recordIds: "${receiptId}"`);
    await eventually(
      () => api.get<{ data: Fields[] } & Fields>(`/v1/audit/contacts/entries?filter=${filter}`),
      ({ data }) => data.length === 1,
    );
  });
});
