import { expect, it } from '@jest/globals';
import { contactsV1 } from '@rapport/contracts';
import { InMemoryEventStore, streamName } from '@rapport/event-store';
import { startInProcess } from '@rapport/service-kit';
import { callBy, inMemoryEngines, simulatedTime } from '@rapport/testing';
import { contactsModule } from '../contacts.module.js';

const [TENANT, ADDRESS] = ['main', 'ada@example.org'];
const DAY = 24 * 60 * 60_000;

it('the proof of a consent outlives the person, and nothing of it outlives its end', async () => {
  const time = simulatedTime('2026-03-01T00:00:00.000Z');
  const { clock, ticks } = time;
  const events = new InMemoryEventStore(clock);
  const engines = await inMemoryEngines({ clock, ticks, events });
  let purged = 0;
  const purge = engines.readModels.purge.bind(engines.readModels);
  engines.readModels.purge = async () => {
    purged += 1;
    await purge();
  };
  const service = await startInProcess(contactsModule(engines));
  let consistency: string | undefined;
  const ask = async (noun: 'Contacts' | 'Consents', method: string, request: object) => {
    const call = callBy({ consistency });
    const name = `rapport.contacts.v1.${noun}Service`;
    const answer = (await service.backend.invoke(name, method, request, call)) as contactsV1.Consent;
    consistency = call.answer.consistency ?? consistency;
    return answer;
  };
  const contact = contactsV1.Contact.fromPartial({ lastName: 'Lovelace', email: ADDRESS });
  const { id: contactId } = await ask('Contacts', 'createContact', { contact });
  const consent = contactsV1.Consent.fromPartial({
    ...{ contactId, address: ADDRESS, channel: 'email', topic: 'newsletter', purpose: 'marketing', state: 'granted' },
    ...{ legalBasis: 'consent', textVersion: '3', text: 'Yes, write to me', source: 'form on /engines' },
    expiresAt: new Date(clock.now().getTime() + DAY).toISOString(),
  });
  const { id } = await ask('Consents', 'createConsent', { consent });
  await ask('Contacts', 'eraseContact', { id: contactId });

  const stored = async (): Promise<string> =>
    JSON.stringify(await Array.fromAsync(service.runtime.events.read(streamName('consent', TENANT, id))));
  await service.runtime.settled();
  const proof = await ask('Consents', 'getConsent', { id });
  expect(proof).toMatchObject({ textVersion: '3', text: 'Yes, write to me', address: undefined });
  expect(await stored()).toContain('Yes, write to me');
  expect(await stored()).not.toContain(ADDRESS);

  const purgedBefore = purged;
  time.advance(DAY);
  await time.passUntil(
    'its key was destroyed',
    async () => (await engines.keys.find({ tenant: TENANT, id })) === 'destroyed',
  );
  await time.passUntil('it was purged', () => purged > purgedBefore);
  await service.runtime.settled();
  const left = [await stored(), JSON.stringify(await ask('Consents', 'getConsent', { id }))];
  for (const said of ['Yes, write to me', '/engines', proof.addressKey!, ADDRESS])
    for (const text of left) expect(text).not.toContain(said);
  expect(await ask('Consents', 'getConsent', { id })).toMatchObject({ state: 'granted', expired: true });
  await service.close();
});
