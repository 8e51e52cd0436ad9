import { CommandBus } from '@nestjs/cqrs';
import { partsOf, prefixOf, streamName } from '@rapport/event-store';
import { type Circumstances, fold, type RecordedEvent } from '@rapport/kernel';
import type { Reaction } from '@rapport/processing';
import { type Engines, type Provided, RunCommand, RUNTIME, type ServiceRuntime } from '@rapport/service-kit';
import { openLink, SUBSCRIBE } from '../consents/sealed-links.js';
import {
  consentLetter,
  type ConsentLetterAsked,
  type ConsentLetterEvent,
  type ConsentLetterState,
} from '../domain/consent/consent-letter.js';

const NAME = 'mail-consent-letters';

/**
 * A letter that asks for a confirmation goes once. That it went is a fact: only a process that dies between the two sends it again, under
 * the same Message-ID. Then the key of the address is destroyed, since nobody knows yet whose it is.
 */
export const mailConsentLetters = ({ mail }: Engines, provided: Provided): Reaction => ({
  name: NAME,
  prefixes: [prefixOf(consentLetter.aggregate)],
  types: ['ConsentLetterAsked'],
  readable: true,
  react: async (event) => {
    const { tenant, id } = partsOf(event.stream);
    const { token } = event.data as ConsentLetterAsked['data'];
    const { engines }: ServiceRuntime = provided(RUNTIME);
    const now = engines.clock.now();
    const link = token === undefined ? undefined : await openLink(engines.keys, tenant, token, now);
    if (mail && link?.address !== undefined && !(await isSent(provided, event))) {
      await mail.send({ id: event.id, to: link.address, ...letterOf(`${mail.publicUrl}${SUBSCRIBE}${token}`) });
      await noteSent(provided, event);
    }
    if (token !== undefined) await engines.keys.destroy({ tenant, id }, now.toISOString());
    return 'done';
  },
});

const isSent = async (provided: Provided, { stream }: RecordedEvent): Promise<boolean> => {
  const { tenant, id } = partsOf(stream);
  const { events }: ServiceRuntime = provided(RUNTIME);
  const history = await Array.fromAsync(events.read(streamName(consentLetter.aggregate, tenant, id)));
  return fold(consentLetter, history as unknown as readonly ConsentLetterEvent[])?.isSent === true;
};

const noteSent = async (provided: Provided, { id: causationId, stream, metadata }: RecordedEvent): Promise<void> => {
  const { tenant, id } = partsOf(stream);
  const { correlationId } = metadata;
  const principal = { tenant, actor: { kind: 'system', id: NAME }, roles: [] } as const;
  const decide = (state: ConsentLetterState, at: Circumstances) => consentLetter.decide.sent(state, {}, at);
  const steps = [{ name: 'SentConsentLetter', input: id, decide }];
  const order = { decider: consentLetter, id, steps, call: { principal, correlationId, causationId, answer: {} } };
  await provided(CommandBus).execute(new RunCommand<ConsentLetterState, ConsentLetterEvent>(order));
};

const letterOf = (url: string): { readonly subject: string; readonly text: string } => ({
  subject: 'Please confirm',
  text:
    'Somebody, probably you, asked to be written to at this address. Confirm it here, within seven days:\n\n' +
    `${url}\n\nIf it was not you, do nothing: you will not be written to again.\n`,
});
