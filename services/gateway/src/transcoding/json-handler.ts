import { type Door, guarded, type Handler, traced } from '../http/door.js';
import { pathOf } from '../http/exchange.js';
import { requirePermission } from '../http/sign-in.js';
import { callContextOf } from './call-context.js';
import type { Transcoder } from './transcoder.js';

/** JSON in, JSON out: nearly every method. */
export const jsonHandler = (transcoder: Transcoder, door: Door): Handler => {
  const { permission, name, response } = transcoder.method;
  const creates = name.startsWith('Create') && response.fields.some((field) => field.name === 'id');
  const answer = traced(async (request, reply) => {
    requirePermission(request.exchange.grant!, permission);
    const message = transcoder.request(request);
    const call = callContextOf(request);
    const body = await transcoder.invoke(message, call);
    const location = creates ? `${pathOf(request)}/${(body as { id: string }).id}` : undefined;
    door.answers.send(request, reply, { status: creates ? 201 : 200, body, marks: call.answer, location });
  });
  return guarded(door, answer);
};
