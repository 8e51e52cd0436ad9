import type { ContractListening } from '../contract/contract.js';
import type { PublishedEvents } from './published-events.js';

type NamedOperation = readonly [name: string, operation: object];

const channel = (name: string) => ({ $ref: `#/channels/${name}` });
const messageOf = (name: string, message: string) => ({ $ref: `#/channels/${name}/messages/${message}` });

/** What Rapport itself does with the channels; anybody else may read them too. */
export const operations = (published: readonly PublishedEvents[], listening: readonly ContractListening[]): object =>
  Object.fromEntries([
    ...published.map(publishing),
    ...listening.map((each) =>
      receiving(
        each,
        published.find(({ context }) => context === each.context),
      ),
    ),
  ]);

const publishing = ({ context, events }: PublishedEvents): NamedOperation => [
  `${context}.publish`,
  {
    action: 'send',
    channel: channel(context),
    summary: `Everything that happens in ${context}.`,
    messages: events.map(({ name }) => messageOf(context, name)),
  },
];

const receiving = (
  { listener, context, aggregates }: ContractListening,
  published: PublishedEvents | undefined,
): NamedOperation => [
  `${listener}.hear.${context}`,
  {
    action: 'receive',
    channel: channel(context),
    summary: `${listener} hears all that happens to these records of ${context}: ${aggregates.join(', ')}.`,
    'x-records': aggregates,
    messages: (published?.events ?? []).map(({ name }) => messageOf(context, name)),
    bindings: {
      kafka: {
        groupId: { type: 'string', pattern: `^${listener}\\.inbox\\.${context}\\.` },
        bindingVersion: '0.5.0',
      },
    },
  },
];
