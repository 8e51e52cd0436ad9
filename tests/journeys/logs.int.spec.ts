import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { ServerProcess, temporaryFolder } from './support/child-process.js';
import { type Fields, Import, problemOf, refuseSecretsIn, rememberSecrets } from './support/index.js';

const folder = temporaryFolder();
let server: ServerProcess;
beforeAll(async () => {
  server = await ServerProcess.start({ data: folder.path, env: { RAPPORT_LOG_LEVEL: 'debug' } });
});
afterAll(() => folder.remove());

const PASSWORD = 'an engine that weaves patterns';

const browse = async (path: string, body: Record<string, string>, cookie = ''): Promise<Response> => {
  rememberSecrets(body);
  const { address } = server.api;
  const headers = { origin: address, 'content-type': 'application/json', ...(cookie && { cookie }) };
  const response = await fetch(address + path, { method: 'POST', headers, body: JSON.stringify(body) });
  rememberSecrets({ cookie: response.headers.get('set-cookie')?.split(';')[0] });
  return response;
};

it('is told when a log holds a secret', () => {
  rememberSecrets({ contact: { address: { street: 'St James’s Square 12' } }, data: [{ secret: 'rapport_main_abc' }] });
  expect(() => refuseSecretsIn('{"message":"GET rapport_main_abc"}')).toThrow(/secret "rapport_main_abc"/);
  expect(() => refuseSecretsIn('St James’s Square 12')).toThrow(/no log may hold/);
  expect(() => refuseSecretsIn('nothing of it')).not.toThrow();
});

it('has no password, token, cookie, link or personal value in any log, whatever goes well or wrong', async () => {
  const { api } = server;
  const email = 'ada.lovelace@example.org';
  const user = await api.post('/v1/users', { name: 'Ada Lovelace', email });
  const { url } = await api.post<{ url: string }>(`/v1/users/${user.id}:invite`);
  const link = url.slice(url.indexOf('#') + 1);
  expect((await browse('/v1/passwords', { link, password: 'Short-1' })).status).toBe(400);
  expect((await browse('/v1/passwords', { link, password: PASSWORD })).status).toBe(201);
  expect((await browse('/v1/passwords', { link, password: PASSWORD })).status).toBe(410);
  expect((await browse('/v1/sessions', { email, password: 'not this one at all' })).status).toBe(401);
  expect((await browse('/v1/sessions', { email, password: PASSWORD })).status).toBe(201);
  const key = await api.post('/v1/api-keys', { name: 'Key', userId: user.id });
  expect(key).toHaveProperty('secret');
  const person = {
    firstName: 'Augusta',
    lastName: 'Byron-King',
    email: 'augusta@example.org',
    phone: '+44 20 7946 0123',
  };
  const contact = await api.post<Fields>('/v1/contacts', { ...person, description: 'Wrote the first program' });
  await problemOf(api.patch(`/v1/contacts/${contact.id}`, { email: 'augusta-at-example' }));
  await problemOf(api.post('/v1/contacts', { ...person, nickname: 'Countess of Lovelace' }));
  await api.get(`/v1/contacts?filter=${encodeURIComponent('lastName = "Byron-King"')}`);
  await problemOf(api.get(`/v1/contacts?filter=${encodeURIComponent('lastName == "Byron-King"')}`));
  await Import.run(
    api,
    'contacts',
    'first name,last name,email\nCharles,Babbage-Whitmore,charles@example.org\nX,Y,nonsense\n',
  );
  rememberSecrets({ lastName: 'Babbage-Whitmore', email: 'charles@example.org' });
  await api.get(`/v1/people/${contact.id}`);
  await api.post(`/v1/contacts/${contact.id}:erase`);
  await server.stop();
  expect(server.output).toContain('API');
  refuseSecretsIn(server.output);
});
