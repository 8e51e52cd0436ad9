import { requirePermission } from '@rapport/access';
import { DomainError } from '@rapport/kernel';
import { type Door, guarded, type Handler } from '../http/door.js';
import { codeOf } from '../problems/failure.js';
import { callContextOf } from '../transcoding/call-context.js';
import type { Transcoder } from '../transcoding/transcoder.js';
import { uploadPieces } from './upload.js';

/** A file in the body, handed on piece by piece; the client is read only as fast as the service takes it. */
export const uploadHandler = (transcoder: Transcoder, limit: number, door: Door): Handler =>
  guarded(door, async (request, reply) => {
    requirePermission(request.exchange.grant!.principal, transcoder.method.permission);
    const parameters = transcoder.parameters(request);
    const call = callContextOf(request);
    let body: object = {};
    try {
      for await (const piece of uploadPieces(request, limit))
        body = await transcoder.invoke(transcoder.message({ ...parameters, ...piece }), call);
    } catch (error) {
      // What is left of the body is read and thrown away, so that the client gets to read the answer.
      request.raw.unpipe().resume();
      throw isDamaged(error) ? damaged() : error;
    }
    door.answers.send(request, reply, { status: 200, body, marks: call.answer });
  });

const isDamaged = (error: unknown): boolean => codeOf(error)?.startsWith('Z_') === true;

const damaged = (): DomainError =>
  new DomainError(
    'invalid',
    'malformed-gzip',
    'The body says Content-Encoding: gzip, but is no gzip file or breaks off.',
  );
