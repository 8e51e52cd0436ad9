import { requirePermission } from '@rapport/access';
import { DomainError } from '@rapport/kernel';
import type { FastifyRequest } from 'fastify';
import { type Door, guarded, type Handler } from '../http/door.js';
import { codeOf } from '../problems/failure.js';
import { callContextOf } from '../transcoding/call-context.js';
import type { Transcoder } from '../transcoding/transcoder.js';
import { isCompressed, TOO_LARGE, type UploadPiece, uploadPieces } from './upload.js';

/** A file in the body, handed on piece by piece; the client is read only as fast as the service takes it. */
export const uploadHandler = (transcoder: Transcoder, limit: number, door: Door): Handler =>
  guarded(door, async (request, reply) => {
    requirePermission(request.exchange.grant!.principal, transcoder.method.permission);
    const parameters = transcoder.parameters(request);
    const call = callContextOf(request);
    let body: object = {};
    const invoke = (part: Partial<UploadPiece> & { readonly discard?: true }) =>
      transcoder.invoke(transcoder.message({ ...parameters, ...part }), call);
    let taken = false;
    try {
      for await (const piece of uploadPieces(request, limit)) {
        body = await invoke(piece);
        taken = true;
      }
    } catch (error) {
      // What is left of the body is read and thrown away, so that the client gets to read the answer.
      request.raw.unpipe().resume();
      // Where even that fails, the next upload is told that something is there.
      if (taken && !canGoOn(request, error)) await invoke({ discard: true }).catch(() => undefined);
      throw isDamaged(error) ? damaged() : error;
    }
    door.answers.send(request, reply, { status: 200, body, marks: call.answer });
  });

/** Whether the client may send the rest later, so that what has arrived is of use. */
const canGoOn = (request: FastifyRequest, error: unknown): boolean =>
  !isCompressed(request) && codeOf(error) !== TOO_LARGE;

const isDamaged = (error: unknown): boolean => codeOf(error)?.startsWith('Z_') === true;

const damaged = (): DomainError =>
  new DomainError(
    'invalid',
    'malformed-gzip',
    'The body says Content-Encoding: gzip, but is no gzip file or breaks off.',
  );
