import { expect, it } from '@jest/globals';
import { Import, Rapport, eventsOf, problemOf } from './support/index.js';
it('smokes', async () => {
  await using rapport = await Rapport.start();
  const { api } = rapport;
  const p = await api.post('/v1/pipelines', {
    name: 'Hardware',
    currency: 'USD',
    stages: [
      { name: 'Prospecting', probability: 10 },
      { name: 'Engaging', probability: 50 },
    ],
  });
  console.log(JSON.stringify(p));
  const a = await api.post('/v1/accounts', { name: 'Acme', revenue: { minor: 5, currency: 'USD' } });
  console.log(JSON.stringify(a), JSON.stringify(await api.get(`/v1/accounts/${a.id}`)));
  const o = await api.post('/v1/opportunities', { name: 'Racks', accountId: a.id });
  console.log(JSON.stringify(o), JSON.stringify(await api.get(`/v1/opportunities/${o.id}/history`)));
  const imp = await Import.of(api, 'accounts', 'account,sector\r\nX,technolgy\r\n,b\r\n');
  console.log(JSON.stringify(await imp.view()));
  console.log(JSON.stringify(await imp.validate()), JSON.stringify(await imp.rows()));
  console.log(JSON.stringify(await imp.run()), JSON.stringify(await imp.rows()), await imp.errors());
  console.log(JSON.stringify(await problemOf(api.post('/v1/opportunities', { name: 5, x: 1 }))));
  console.log(JSON.stringify(await api.get('/v1/events?limit=3')));
  const stop = new AbortController();
  for await (const event of eventsOf(api, { signal: stop.signal })) {
    console.log(event.type, event.subject, event.revision);
    stop.abort();
  }
  expect(1).toBe(1);
}, 60_000);
