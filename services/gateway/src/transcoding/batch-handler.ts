import { requirePermission } from '@rapport/access';
import { type Door, guarded, type Handler, traced } from '../http/door.js';
import { batchCost, type RateLimit } from '../rate-limit/rate-limit.js';
import type { Validation } from '@rapport/service-kit';
import { BatchRows, inOrder } from './batch-rows.js';
import { callContextOf } from './call-context.js';
import type { Transcoder } from './transcoder.js';

/** Rows with an outcome each: 207. Faulty rows are answered here, the others go to the service together. */
export const batchHandler = (
  transcoder: Transcoder,
  validation: Validation,
  rateLimit: RateLimit,
  door: Door,
): Handler => {
  const rows = new BatchRows(transcoder.method, validation);
  const answer = traced(async (request, reply) => {
    const grant = request.exchange.grant!;
    requirePermission(grant.principal, transcoder.method.permission);
    const parameters = transcoder.parameters(request);
    const { sound, refused } = rows.check(request.body);
    rateLimit.spend(grant, batchCost(sound.length + refused.size));
    const call = callContextOf(request);
    const message = transcoder.message({ ...parameters, rows: sound });
    const done = sound.length === 0 ? { data: [] } : ((await transcoder.invoke(message, call)) as { data: object[] });
    const body = { ...done, data: inOrder(done.data, refused) };
    door.answers.send(request, reply, { status: 207, body, marks: call.answer });
  });
  return guarded(door, answer);
};
