import { expect, it } from '@jest/globals';
import { contactsV1, type privacyV1 } from '@rapport/contracts';
import { InMemoryEventStore } from '@rapport/event-store';
import { calendarIn, fixedClock } from '@rapport/kernel';
import { startInProcess } from '@rapport/service-kit';
import { callBy, inMemoryEngines } from '@rapport/testing';
import { contactsModule } from './contacts.module.js';

it('what is held as of a day is what was stored when that day ended where the customer is', async () => {
  const clock = fixedClock('2026-03-01T03:00:00.000Z');
  const engines = await inMemoryEngines({ clock, events: new InMemoryEventStore(clock) });
  const service = await startInProcess(contactsModule({ ...engines, calendar: calendarIn('America/Los_Angeles') }));
  const invoke = <T>(contract: string, method: string, request: object) =>
    service.backend.invoke(contract, method, request, callBy()) as Promise<T>;
  const contact = contactsV1.Contact.fromPartial({ lastName: 'Hopper' });
  const made = { contact };
  const { id } = await invoke<contactsV1.Contact>('rapport.contacts.v1.ContactsService', 'createContact', made);
  const heldAsOf = async (asOf: string): Promise<number> => {
    const request: privacyV1.ListHeldRequest = { id, asOf };
    const asked = invoke<privacyV1.ListHeldResponse>('rapport.privacy.v1.ContextPeopleService', 'listHeld', request);
    return (await asked).data.length;
  };
  expect([await heldAsOf('2026-02-27'), await heldAsOf('2026-02-28')]).toEqual([0, 1]);
  await service.close();
});
