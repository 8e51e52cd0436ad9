import { requirePermission } from '@rapport/access';
import type { FastifyReply } from 'fastify';
import { type Door, guarded, type Handler, traced } from '../http/door.js';
import { pathOf } from '../http/exchange.js';
import { pathWith } from '../contract/path-template.js';
import { callContextOf } from './call-context.js';
import type { Transcoder } from './transcoder.js';

/** JSON in, JSON out: nearly every method. */
export const jsonHandler = (transcoder: Transcoder, door: Door): Handler => {
  const { permission, name, response, pending, recent } = transcoder.method;
  const creates = name.startsWith('Create') && response.fields.some((field) => field.name === 'id');
  const reads = transcoder.binding.httpMethod === 'GET';
  const answer = traced(async (request, reply) => {
    requirePermission(request.exchange.grant!.principal, permission);
    if (recent) door.signIn.requireRecent(request.exchange.grant!);
    const message = transcoder.request(request);
    const call = callContextOf(request, reads ? untilGone(reply) : undefined);
    const body = await transcoder.invoke(message, call);
    const created = creates ? `${pathOf(request)}/${(body as { id: string }).id}` : undefined;
    const goesOn = pending && call.answer.pending ? pathWith(pending, message) : undefined;
    const status = creates ? 201 : goesOn === undefined ? 200 : 202;
    door.answers.send(request, reply, { status, body, marks: call.answer, location: created ?? goesOn });
  });
  return guarded(door, answer);
};

/** A question is given up when nobody waits for the answer; a write is not. */
const untilGone = ({ raw }: FastifyReply): AbortSignal => {
  const gone = new AbortController();
  raw.once('close', () => raw.writableFinished || gone.abort());
  return gone.signal;
};
