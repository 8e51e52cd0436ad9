import { undoLast } from './people.mjs';

const usd = (minor) => ({ minor, currency: 'USD' });

/** What is sold, by whom, on which ways. */
export const catalogue = async (api) => {
  const product = (name, minor, more) => api.post('/v1/products', { name, price: usd(minor), ...more });
  const products = [await product('GTX Pro', 482_100, { series: 'GTX' }), await product('MG Special', 5_500)];
  await api.patch(`/v1/products/${products[1].id}`, { description: 'The small one', series: 'MG' });
  const representative = (name, more) => api.post('/v1/representatives', { name, ...more });
  const owners = [
    await representative('Darcel Schlecht', { manager: 'Melvin Marxen', region: 'Central', email: 'ds@sales.example' }),
    await representative('Vicki Laflamme', { manager: 'Celia Rouche', region: 'West' }),
  ];
  // Two labels that differ by a blank and a capital letter: today's program takes both.
  const hardware = await api.post('/v1/pipelines', {
    ...{ name: 'Hardware', currency: 'USD', externalId: 'L-1' },
    stages: [
      { name: 'Prospecting', probability: 10 },
      { name: 'Engaging', probability: 40 },
      { name: 'engaging ', probability: 45 },
      { name: 'Negotiating', probability: 70 },
    ],
  });
  const services = await api.post('/v1/pipelines', {
    ...{ name: 'Services', currency: 'EUR' },
    stages: [
      { name: 'Qualify', probability: 20 },
      { name: 'Propose', probability: 50 },
    ],
  });
  // Where an import is going to be at work while the server ends.
  const wholesale = await api.post('/v1/pipelines', {
    ...{ name: 'Wholesale', currency: 'USD' },
    stages: [
      { name: 'Collect', probability: 30 },
      { name: 'collect ', probability: 35 },
    ],
  });
  return { products, owners, hardware, services, wholesale };
};

const dealsOf = (api, { hardware, services, products, owners }, accounts) => {
  const [{ id: productId }] = products;
  const create = (name, minor, more = {}) =>
    api.post('/v1/opportunities', { name, pipelineId: hardware.id, amount: usd(minor), ...more });
  const move = ({ id }, stage, more = {}) => api.post(`/v1/opportunities/${id}:move`, { stage, ...more });
  const win = ({ id }, more = {}) => api.post(`/v1/opportunities/${id}:win`, more);
  const lose = ({ id }, reason, more = {}) => api.post(`/v1/opportunities/${id}:lose`, { reason, ...more });
  const whole = { productId, ownerId: owners[0].id, accountId: accounts.engines.id, expectedCloseOn: '2026-12-24' };
  const inServices = { pipelineId: services.id };
  return { create, move, win, lose, whole, inServices };
};

/** Deals of every fate, before the stage "Propose" is renamed. */
export const liveDeals = async (api, places, { accounts, ada }) => {
  const { create, move, win, lose, whole, inServices } = dealsOf(api, places, accounts);
  const deals = {};
  deals.moved = await create('Racks', 105_400, { ...whole, contactId: ada.id, nextStep: 'Call', tags: ['big'] });
  await move(deals.moved, 'Engaging');
  await move(deals.moved, 'Negotiating', { probability: 75 });
  deals.twin = await create('Looms for Arlington', 99_900, { stage: 'engaging ', accountId: accounts.looms.id });
  deals.otherTwin = await create('Looms for London', 99_900, { stage: 'Engaging' });
  deals.fromTwin = await create('Cables', 12_300, { stage: 'engaging ' });
  await lose(deals.fromTwin, 'Price', { notes: 'Half of ours' });
  deals.across = await create('Maintenance', 50_000, whole);
  await move(deals.across, 'Propose', inServices);
  deals.proposed = await create('Training', 20_000, { stage: 'Propose', ...inServices, expectedCloseOn: '2026-01-15' });
  deals.wonFromPropose = await create('Support', 30_000, { stage: 'Propose', ...inServices, amount: undefined });
  await win(deals.wonFromPropose, { amount: { minor: 31_000, currency: 'EUR' } });
  deals.won = await create('Servers', 482_100, whole);
  await win(deals.won, { amount: usd(480_000) });
  deals.reopened = await create('Printers', 5_500, { accountId: accounts.compilers.id });
  await move(deals.reopened, 'Engaging');
  await lose(deals.reopened, 'No budget');
  await api.post(`/v1/opportunities/${deals.reopened.id}:reopen`);
  deals.reopenedElsewhere = await create('Plotters', 7_700);
  await win(deals.reopenedElsewhere);
  await api.post(`/v1/opportunities/${deals.reopenedElsewhere.id}:reopen`, { stage: 'engaging ' });
  await fatesTakenBack(api, deals, { create, move, win, lose });
  await api.patch(`/v1/accounts/${accounts.looms.id}`, { name: 'Looms of London' });
  return deals;
};

/** Archived, restored, and every kind of change undone. */
const fatesTakenBack = async (api, deals, { create, move, win, lose }) => {
  const path = ({ id }) => `/v1/opportunities/${id}`;
  deals.archived = await create('Typewriters', 100);
  await api.delete(path(deals.archived));
  deals.restored = await create('Telephones', 200);
  await api.delete(path(deals.restored));
  await api.post(`${path(deals.restored)}:restore`);
  deals.undone = await create('Switches', 300, { externalId: 'D-undone' });
  await move(deals.undone, 'Negotiating');
  await undoLast(api, path(deals.undone));
  await win(deals.undone);
  await undoLast(api, path(deals.undone));
  await lose(deals.undone, 'Timing');
  await undoLast(api, path(deals.undone));
  await api.patch(
    path(deals.undone),
    { nextStep: 'Write', name: 'Switches and hubs' },
    { 'idempotency-key': 'undone-1' },
  );
  await undoLast(api, path(deals.undone));
  await api.delete(path(deals.undone));
  await undoLast(api, path(deals.undone));
};

/** A stage gets another name while deals stand in it, and one that stands empty goes away. */
export const renameStage = async (api, { services }) => {
  const stages = [
    { name: 'Qualify', probability: 20 },
    { name: 'Offer', probability: 55 },
    { name: 'Sign', probability: 90 },
  ];
  await api.patch(`/v1/pipelines/${services.id}`, { stages });
};
