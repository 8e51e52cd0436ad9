import { Client } from './client.mjs';
import { livePeople } from './people.mjs';

/** Tokens of every fate, and a second tenant with a little of everything. */
export const tokensAndTenants = async (api) => {
  const issue = (name, roles, more) => api.post('/v1/access-tokens', { name, roles, ...more });
  const viewer = await issue('Viewer', ['viewer']);
  const integrator = await issue('ERP sync', ['integrator', 'sales']);
  const revoked = await issue('Leaver', ['sales']);
  await api.delete(`/v1/access-tokens/${revoked.id}`);
  const expired = await issue('For a moment', ['viewer'], { expiresAt: new Date(Date.now() + 500).toISOString() });
  const acme = await issue('Acme', ['administrator'], { tenant: 'acme' });
  await otherTenant(new Client(api.url, acme.secret));
  const secrets = { viewer, integrator, revoked, expired, acme };
  return Object.fromEntries(Object.entries(secrets).map(([name, { secret }]) => [name, secret]));
};

const otherTenant = async (api) => {
  const { accounts } = await livePeople(api);
  const stages = [{ name: 'Engaging', probability: 30 }];
  const { id: pipelineId } = await api.post('/v1/pipelines', { name: 'Hardware', stages });
  const deal = { name: 'Acme deal', pipelineId, accountId: accounts.looms.id, amount: { minor: 700, currency: 'GBP' } };
  const { id } = await api.post('/v1/opportunities', deal);
  await api.post(`/v1/opportunities/${id}:win`, {});
  await api.post('/v1/opportunities', { ...deal, name: 'Open deal of Acme' });
};

/** Writes under keys of idempotency, to be sent again, with what they were answered. */
export const keyedWrites = async (api) => {
  const writes = [
    ['POST', '/v1/contacts', { lastName: 'Keyed', email: 'keyed@keys.example' }],
    ['POST', '/v1/opportunities', { name: 'Keyed deal', amount: { minor: 4_200, currency: 'USD' } }],
    ['POST', '/v1/products', { name: 'Keyed product' }],
  ];
  const sent = [];
  for (const [n, [method, path, body]] of writes.entries()) {
    const answer = await api.send(method, path, body, { 'idempotency-key': `keyed-${n}` });
    sent.push({ method, path, key: `keyed-${n}`, body, id: answer.id });
  }
  return sent;
};
