import type { FastifyInstance } from 'fastify';
import { isUtf8 } from 'node:buffer';
import { malformedJson } from '../problems/json-fault.js';
import { notUtf8 } from '../problems/utf8-fault.js';

/** JSON, and the media types that say the same; an empty body is no body. */
const TYPES = ['application/json', 'application/merge-patch+json'];

/** Only JSON in UTF-8 is taken, read by the engine's own parser: a key such as `__proto__` is plain data to it. */
export const acceptJson = (server: FastifyInstance): void => {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser(TYPES, { parseAs: 'buffer' }, (_request, body: Buffer, done) => {
    if (body.length === 0) return done(null, undefined);
    if (!isUtf8(body)) return done(notUtf8(body), undefined);
    const text = body.toString('utf8');
    try {
      done(null, JSON.parse(text));
    } catch {
      done(malformedJson(text), undefined);
    }
  });
};
