import { fastify } from 'fastify';

/** What a create can be at best: the body parsed, given back with what a record has besides it, and nothing done. */
const more = JSON.parse(process.env['MORE'] ?? '{}') as object;
const server = fastify();
server.post('/v1/contacts', (request, reply) => reply.code(201).send({ ...(request.body as object), ...more }));
process.once('SIGTERM', () => process.exit(0));
console.log(`${await server.listen({ host: '127.0.0.1', port: 0 })}\n`);
