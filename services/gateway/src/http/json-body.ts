import type { FastifyInstance } from 'fastify';
import { malformedJson } from '../problems/json-fault.js';

/** JSON, and the media types that say the same; an empty body is no body. */
const TYPES = ['application/json', 'application/merge-patch+json'];

/** Only JSON is taken, read by the engine's own parser: a key such as `__proto__` is plain data to it. */
export const acceptJson = (server: FastifyInstance): void => {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser(TYPES, { parseAs: 'string' }, (_request, text, done) => {
    if (text === '') return done(null, undefined);
    try {
      done(null, JSON.parse(text as string));
    } catch {
      done(malformedJson(text as string), undefined);
    }
  });
};
