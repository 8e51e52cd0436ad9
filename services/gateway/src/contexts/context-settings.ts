import { addressVariable, type ContextEntry, type ContextName, contexts } from '@rapport/contexts';
import { duration, integer, required, secret, string } from '@rapport/config';

const address = ({ name, port }: ContextEntry) =>
  string(
    addressVariable(name),
    `Where ${name} takes calls: a name with its port, or every replica's IPv4 address and port, with commas.`,
    { default: `127.0.0.1:${port}` },
  );

type AddressSettings = Readonly<Record<`${ContextName}Address`, ReturnType<typeof address>>>;

const addresses = Object.fromEntries(
  contexts.map((context) => [`${context.name}Address`, address(context)]),
) as AddressSettings;

/** How a gateway in a process of its own reaches the contexts. */
export const contextSettings = {
  ...addresses,
  privateKey: required(
    secret(
      'RAPPORT_PRINCIPAL_PRIVATE_KEY',
      "The gateway's private key: PEM, or the file that holds it. Made by npm run keys.",
      {
        default: null,
      },
    ),
  ),
  callTimeout: duration('RAPPORT_CALL_TIMEOUT', 'Longest call of a context.', { default: 30_000, min: 1 }),
  callConnections: integer('RAPPORT_CALL_CONNECTIONS', 'Connections to each replica of a context.', {
    default: 1,
    min: 1,
    max: 32,
  }),
} as const;
