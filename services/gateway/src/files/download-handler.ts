import { requirePermission } from '@rapport/access';
import type { importsV1 } from '@rapport/contracts';
import type { CallContext } from '@rapport/kernel';
import { Readable } from 'node:stream';
import { type Door, guarded, type Handler } from '../http/door.js';
import { callContextOf } from '../transcoding/call-context.js';
import type { Transcoder } from '../transcoding/transcoder.js';

type Part = importsV1.FilePart;

/** A file in the answer: asked for part by part, as fast as the client reads, and no further once the client has gone. */
export const downloadHandler = (transcoder: Transcoder, door: Door): Handler =>
  guarded(door, async (request, reply) => {
    requirePermission(request.exchange.grant!.principal, transcoder.method.permission);
    const message = transcoder.request(request);
    const gone = new AbortController();
    reply.raw.once('close', () => gone.abort());
    const call = callContextOf(request, gone.signal);
    // The first part before the first header: what goes wrong here can still be answered as a problem.
    const first = (await transcoder.invoke(message, call)) as Part;
    await door.notes.takenAlong(request);
    const headers = {
      ...door.answers.headers(request),
      'content-type': first.contentType,
      'content-disposition': attachment(first.fileName),
    };
    reply.headers(headers).send(Readable.from(parts(first, transcoder, message, call), { objectMode: false }));
  });

async function* parts(
  first: Part,
  transcoder: Transcoder,
  message: object,
  call: CallContext,
): AsyncGenerator<Uint8Array> {
  let part = first;
  yield part.data;
  while (part.nextPage !== '' && !call.signal?.aborted) {
    part = (await transcoder.invoke({ ...message, page: part.nextPage }, call)) as Part;
    yield part.data;
  }
}

/** Old clients read the plain name, all others the exact one. */
const attachment = (name: string): string =>
  `attachment; filename="${name.replace(/[^\w. -]/g, '_')}"; filename*=UTF-8''${encodeURIComponent(name)}`;
