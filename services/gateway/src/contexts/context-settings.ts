import { duration, integer, required, secret, string } from '@rapport/config';

const address = (variable: string, context: string, fallback: string) =>
  string(
    variable,
    `Where ${context} takes calls: a name with its port, or every replica's IPv4 address and port, with commas.`,
    {
      default: fallback,
    },
  );

/** How a gateway in a process of its own reaches the contexts. */
export const contextSettings = {
  contactsAddress: address('RAPPORT_CONTACTS_ADDRESS', 'contacts', '127.0.0.1:50051'),
  salesAddress: address('RAPPORT_SALES_ADDRESS', 'sales', '127.0.0.1:50052'),
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
