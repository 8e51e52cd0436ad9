/** Contacts and accounts: edited, archived, restored, undone, erased, created under keys of idempotency. */
export const livePeople = async (api) => {
  const accounts = await companies(api);
  const ada = await api.post('/v1/contacts', {
    ...{ firstName: 'Ada', lastName: 'Lovelace', email: 'ada@analytical.example', title: 'Countess' },
    ...{ phone: '+44 20 7946 0000', otherEmails: ['a.l@analytical.example'], tags: ['vip', 'mathematics'] },
    address: { street: '12 St James’s Square', city: 'London', postalCode: 'SW1Y', country: 'GB' },
    ...{ description: 'Wrote the first program', accountId: accounts.engines.id, externalId: 'P-1' },
  });
  await api.patch(`/v1/contacts/${ada.id}`, { title: null, lastName: 'King', tags: ['vip'] });
  await undoLast(api, `/v1/contacts/${ada.id}`);
  const grace = await api.post(
    '/v1/contacts',
    { firstName: 'Grace', lastName: 'Hopper', email: 'grace@compilers.example', accountId: accounts.compilers.id },
    { 'idempotency-key': 'grace-1' },
  );
  await api.patch(`/v1/contacts/${grace.id}`, { phone: '+1 202 555 0101' }, { 'idempotency-key': 'grace-2' });
  const alan = await api.post('/v1/contacts', { firstName: 'Alan', lastName: 'Turing', email: 'alan@bombe.example' });
  await api.delete(`/v1/contacts/${alan.id}`);
  const edsger = await api.post('/v1/contacts', { lastName: 'Dijkstra', email: 'edsger@paths.example' });
  await api.delete(`/v1/contacts/${edsger.id}`);
  await api.post(`/v1/contacts/${edsger.id}:restore`);
  await inBatch(api, accounts.engines.id);
  return { accounts, ada, grace, alan, edsger };
};

/** A family of three, one that is renamed and one that is put away. */
const companies = async (api) => {
  const account = (fields) => api.post('/v1/accounts', fields);
  const engines = await account({
    name: 'Analytical Engines',
    sector: 'technology',
    employees: 120,
    externalId: 'A-1',
  });
  const revenue = { minor: 1_250_000_00, currency: 'USD' };
  const compilers = await account({ name: 'Compilers', parentId: engines.id, revenue, location: 'Arlington' });
  const looms = await account({ name: 'Looms', parentId: compilers.id, website: 'https://looms.example' });
  await api.patch(`/v1/accounts/${compilers.id}`, { name: 'Compilers & Sons', yearEstablished: 1952 });
  const gone = await account({ name: 'Difference Engines' });
  await api.delete(`/v1/accounts/${gone.id}`);
  const mended = await account({ name: 'Misspelt Copmany' });
  await api.patch(`/v1/accounts/${mended.id}`, { name: 'Misspelt Company', sector: 'retail' });
  await undoLast(api, `/v1/accounts/${mended.id}`);
  return { engines, compilers, looms, gone, mended };
};

/** Rows of a batch that are created and changed together. */
const inBatch = async (api, accountId) => {
  const create = (n) => ({
    clientRef: `r${n}`,
    create: { lastName: `Batch ${n}`, email: `b${n}@batch.example`, accountId },
  });
  const { data } = await api.post('/v1/contacts:batch', { rows: [create(1), create(2), create(3)] });
  const [first, second] = data.map(({ id }) => id);
  const update = { id: first, contact: { title: 'Foreman' } };
  await api.post('/v1/contacts:batch', { rows: [{ update }, { archive: { id: second } }] });
};

/** Forgets three people: one who was written by hand, one who came in by a file, one twice. */
export const erasePeople = async (api, { ids }) => {
  const byHand = await api.post('/v1/contacts', {
    firstName: 'Zephyrine',
    lastName: 'Quillfeather',
    phone: '+43 1 7654321',
  });
  await api.patch(`/v1/contacts/${byHand.id}`, { description: 'Zephyrine collects hurdygurdies' });
  const receipts = [];
  for (const id of [byHand.id, ids.imported, ids.imported]) receipts.push(await api.post(`/v1/contacts/${id}:erase`));
  return { names: ['Zephyrine', 'Quillfeather', 'hurdygurdies', 'Melusine', 'Brackwater'], receipts };
};

/** Takes a record's last change back. */
export const undoLast = async (api, path) => {
  const { data } = await api.get(`${path}/history?limit=1`);
  return api.post(`${path}:undo`, { eventId: data[0].eventId });
};
