import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Networks, notPublic } from './addresses.js';
import { Outgoing } from './outgoing.js';

let server: Server;
let port: number;
beforeAll(async () => {
  server = createServer((request, response) => {
    if (request.url === '/large') return void response.end(Buffer.alloc(2 * 1024 * 1024));
    if (request.url === '/elsewhere') return void response.writeHead(302, { location: 'http://10.0.0.1/' }).end();
    if (request.url === '/nothing') return void response.writeHead(204).end();
    let body = '';
    request.on('data', (part: Buffer) => (body += part.toString()));
    request.on('end', () =>
      response.setHeader('x-method', request.method!).end(`${String(request.headers['x-said'])}${body}`),
    );
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  ({ port } = server.address() as AddressInfo);
});
afterAll(() => new Promise((closed) => server.close(closed)));

describe('addresses', () => {
  it.each([
    ...['127.0.0.1', '10.1.2.3', '172.31.0.1', '192.168.1.1', '169.254.169.254', '100.64.0.1', '0.0.0.0', '224.0.0.1'],
    ...['::1', '::', 'fe80::1', 'fc00::1', '::ffff:127.0.0.1', '::ffff:a00:1', '64:ff9b::a00:1', '2002:7f00:1::'],
  ])('%s is not public', (address) => expect(notPublic.has(address)).toBe(true));

  it.each(['8.8.8.8', '172.32.0.1', '2606:4700::1111'])('%s is', (address) =>
    expect(notPublic.has(address)).toBe(false),
  );

  it('are named as networks', () => {
    expect(new Networks(['10.0.0.0/8', '::1']).has('10.9.9.9')).toBe(true);
    for (const none of ['', 'host', '10.0.0.0/33', '10.0.0.0/x'])
      expect(() => new Networks([none])).toThrow(/no address/);
  });
});

describe('a request to an address that somebody has typed in', () => {
  const ask = (path: string, init = {}, host = '127.0.0.1') =>
    new Outgoing(['127.0.0.0/8', '::1']).fetch(`http://${host}:${port}${path}`, init);

  it('is made where the operator allows it', async () => {
    const init = { method: 'POST', headers: { 'x-said': 'a' }, body: new URLSearchParams({ b: 'c' }) };
    for (const host of ['127.0.0.1', 'localhost']) {
      const response = await ask('/', init, host);
      expect([response.status, response.headers.get('x-method'), await response.text()]).toEqual([200, 'POST', 'ab=c']);
    }
    expect([(await ask('/elsewhere')).status, (await ask('/nothing')).status]).toEqual([302, 204]);
    await expect(ask('/large')).rejects.toThrow(/longer/);
  });

  it('is refused everywhere else', async () => {
    const { fetch } = new Outgoing();
    for (const host of ['127.0.0.1', '[::1]', '2130706433', '0x7f.1', 'localhost', '[::ffff:127.0.0.1]', '10.0.0.1'])
      await expect(fetch(`https://${host}:${port}/`)).rejects.toThrow(/no public address/);
    await expect(fetch('http://8.8.8.8/')).rejects.toThrow(/https only/);
    await expect(fetch('file:///etc/passwd')).rejects.toThrow(/not asked/);
  });
});
