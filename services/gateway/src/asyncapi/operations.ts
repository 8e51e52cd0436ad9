import type { ContractReading } from '../contract/contract.js';
import { parkedChannel } from './channels.js';
import { PARKED_MESSAGE } from './messages.js';
import type { PublishedEvents } from './published-events.js';

type NamedOperation = readonly [name: string, operation: object];

const channel = (name: string) => ({ $ref: `#/channels/${name}` });
const messageOf = (name: string, message: string) => ({ $ref: `#/channels/${name}/messages/${message}` });

/** What Rapport itself does with the channels; anybody else may read them too. */
export const operations = (published: readonly PublishedEvents[], readings: readonly ContractReading[]): object =>
  Object.fromEntries([...published.map(publishing), ...readings.flatMap((each) => [reading(each), parking(each)])]);

const publishing = ({ context, events }: PublishedEvents): NamedOperation => [
  `${context}.publish`,
  {
    action: 'send',
    channel: channel(context),
    summary: `Everything that happens in ${context}.`,
    messages: events.map(({ name }) => messageOf(context, name)),
  },
];

const reading = ({ reader, context, copy, events }: ContractReading): NamedOperation => [
  `${reader}.read.${copy}`,
  {
    action: 'receive',
    channel: channel(context),
    summary: `${reader} keeps a copy of what it needs to know of ${context}: ${copy}.`,
    messages: events.map((name) => messageOf(context, name)),
    bindings: { kafka: { groupId: { type: 'string', pattern: `^${reader}\\.${copy}\\.` }, bindingVersion: '0.5.0' } },
  },
];

const parking = ({ reader, context, copy }: ContractReading): NamedOperation => [
  `${reader}.park.${copy}`,
  {
    action: 'send',
    channel: channel(parkedChannel(context)),
    summary: `${reader} sets aside what it could not put into ${copy}.`,
    messages: [messageOf(parkedChannel(context), PARKED_MESSAGE)],
  },
];
