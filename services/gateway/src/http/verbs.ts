import type { Handler } from './door.js';

type Params = Record<string, string>;

/**
 * The router cannot end a variable at a colon, so `/v1/contacts/{id}` and `/v1/contacts/{id}:archive` are one route to
 * it, and the verb is told apart here. Ids have no colon.
 */
export const byVerb = (
  variable: string,
  handlers: ReadonlyMap<string | undefined, Handler>,
  otherwise: Handler,
): Handler => {
  const plain = handlers.get(undefined) ?? otherwise;
  return (request, reply) => {
    const params = request.params as Params;
    const value = params[variable]!;
    const colon = value.indexOf(':');
    if (colon === -1) return plain(request, reply);
    const handler = handlers.get(value.slice(colon + 1));
    if (!handler) return otherwise(request, reply);
    params[variable] = value.slice(0, colon);
    handler(request, reply);
  };
};
