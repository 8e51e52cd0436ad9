import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase, SERVICE_SCHEMA, READ_MODEL_SCHEMA, SqliteEventStore, SqliteKeyStore, SqliteReadModelStore } from '@rapport/sqlite';
import { CachedKeyStore, SealedEventStore, MasterKey } from '@rapport/privacy';
import * as privacy from '@rapport/privacy';
import { newId, systemClock } from '@rapport/kernel';
import { LiveProjection } from '@rapport/processing';
import { randomBytes } from 'node:crypto';
import { recordDecider } from '@rapport/kernel';
const N = Number(process.env.N ?? 20000), PER = Number(process.env.PER ?? 1), SEAL = process.env.SEAL !== '0';
import { partsOf } from '@rapport/event-store';
const decider = recordDecider('contact', 'Contact');
const contacts = { declaration: { name: 'contacts', fields: { id:'text', archived:'boolean', createdAt:'time', updatedAt:'time', revision:'number', firstName:'text',lastName:'text',title:'text',email:'text',phone:'text','address.city':'text','address.region':'text','address.country':'text',accountId:'text',ownerId:'text',tags:'texts',externalId:'text',erased:'boolean' }, indexes: [['archived','lastName'],['email'],['externalId'],['accountId'],['archived','createdAt'],['archived','updatedAt']] },
 prefixes: ['contact-'], fold: (document, event) => { const state = decider.evolve(document ?? null, event); if (!state) return document; const { occurredAt, tenant, erased } = event.metadata; return { ...state, id: document?.id ?? partsOf(event.stream).id, tenant, revision: event.revision, createdAt: document?.createdAt ?? occurredAt, updatedAt: occurredAt, ...(erased ? { erased: true } : {}) }; } };
const folder = mkdtempSync(join(tmpdir(), 'pb-'));
const db = openDatabase({ file: join(folder, 'contacts.db'), schema: SERVICE_SCHEMA.length > 2 ? SERVICE_SCHEMA : [...SERVICE_SCHEMA, ...READ_MODEL_SCHEMA], secureDelete: true });
const raw = new SqliteEventStore(db);
const key = MasterKey.fromBase64(randomBytes(32).toString('base64'));
const keys = new CachedKeyStore(new SqliteKeyStore(db, key));
const events = new SealedEventStore(raw, keys, { contact: SEAL ? ['firstName','lastName','title','email','phone','otherEmails','otherPhones','address','description'] : [] });
const rm = new SqliteReadModelStore(db);
const meta = () => ({ tenant: 'main', actor: { kind: 'import', id: newId() }, correlationId: newId(), commandId: newId(), occurredAt: '2026-01-01T00:00:00.000Z', schemaVersion: 1 });
let t = performance.now();
let work = [];
for (let i = 0; i < N / PER; i++) {
  const evs = [{ id: newId(), type: 'ContactCreated', data: { firstName: 'Ada' + i, lastName: 'Lovelace' + i, email: `ada${i}@example.org`, phone: '+44 20 ' + i, address: { city: 'London', country: 'GB' }, accountId: newId(), tags: ['vip'] }, metadata: meta() }];
  for (let j = 1; j < PER; j++) evs.push({ id: newId(), type: 'ContactEdited', data: { set: { title: 'Countess ' + j } }, metadata: meta() });
  work.push(events.append(`contact-main-${newId()}`, evs, 'no-stream'));
  if (work.length === 500) { await Promise.all(work); work = []; }
}
await Promise.all(work);
console.log('append', Math.round(N / (performance.now() - t) * 1000), 'events/s');
const fresh = new CachedKeyStore(new SqliteKeyStore(db, key));
const cold = new SealedEventStore(raw, fresh, { contact: [] });
t = performance.now();
let n = 0; const ac = new AbortController();
for await (const page of cold.follow({ prefixes: ['contact-'], after: '0'.repeat(20), signal: ac.signal })) { n += page.events.length; if (page.caughtUp) ac.abort(); }
console.log('read+unseal only', Math.round(n / (performance.now() - t) * 1000), 'events/s');
const cold2 = new SealedEventStore(raw, new CachedKeyStore(new SqliteKeyStore(db, key)), { contact: [] });
const live = new LiveProjection({ events: cold2, readModels: rm, trouble: console.error }, contacts);
t = performance.now();
await live.start();
await live.settled();
console.log('catch-up', Math.round(N / (performance.now() - t) * 1000), 'events/s', await live.documents.count('main'));
t = performance.now();
const r = await live.rebuild();
console.log('rebuild', Math.round(r.events / (performance.now() - t) * 1000), 'events/s');
await live.stop(); await db.close(); rmSync(folder, { recursive: true });
