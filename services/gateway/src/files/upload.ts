import { DomainError } from '@rapport/kernel';
import type { FastifyRequest } from 'fastify';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { HttpFailure } from '../problems/failure.js';
import { invalidRange, type UploadRange, uploadRange } from './content-range.js';
import { pieces } from './pieces.js';

export const TOO_LARGE = 'file-too-large';

const PIECE_BYTES = 512 * 1024;

/** A piece of a file, as upload methods take it. */
export interface UploadPiece {
  readonly offset: number;
  readonly data: Buffer;
  readonly last: boolean;
}

/** The body of an upload as pieces, checked against the limit while it comes in. */
export async function* uploadPieces(
  request: FastifyRequest,
  limit: number,
): AsyncGenerator<UploadPiece, void, undefined> {
  refuseForm(request);
  const range = uploadRange(request.headers['content-range']);
  refuseTooLarge(request, range, limit);
  let offset = range.from;
  let held: UploadPiece | undefined;
  for await (const data of pieces(unharmed(content(request, range)), PIECE_BYTES)) {
    if (held) yield held;
    if (offset + data.length > limit) throw tooLarge(limit);
    held = { offset, data, last: false };
    offset += data.length;
  }
  if (range.length !== undefined && offset - range.from !== range.length)
    throw invalidRange(`Content-Range says ${range.length} bytes, the body has ${offset - range.from}.`);
  if (held) yield { ...held, last: range.last };
}

/** A compressed body comes whole or not at all. */
export const isCompressed = ({ headers }: Pick<FastifyRequest, 'headers'>): boolean =>
  (headers['content-encoding'] ?? 'identity') !== 'identity';

const content = (request: FastifyRequest, range: UploadRange): Readable => {
  const body = (request.body as Readable | undefined) ?? request.raw;
  if (!isCompressed(request)) return body;
  if (request.headers['content-encoding'] !== 'gzip')
    throw new HttpFailure('unsupported-media-type', 'Content-Encoding may be gzip or identity.');
  if (request.headers['content-range'] !== undefined && !(range.from === 0 && range.last))
    throw invalidRange('A compressed file is sent whole: leave out Content-Range or Content-Encoding.');
  const unpacked = createGunzip();
  // Not a pipeline: it would take the connection down with what it cannot unpack.
  body.once('error', (error) => unpacked.destroy(error));
  return body.pipe(unpacked);
};

/** Leaving the loop over a body would destroy it, and the connection on which the refusal is to be answered with it. */
const unharmed = (body: Readable): AsyncIterable<Buffer> =>
  body.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;

/** A form holds a file between lines of its own, which would be taken for rows. */
const refuseForm = ({ headers }: FastifyRequest): void => {
  if (!headers['content-type']?.toLowerCase().startsWith('multipart/')) return;
  const message =
    'The body must be the file itself, not a form with a file in it: curl -T file, or fetch with the file as body.';
  throw new HttpFailure('unsupported-media-type', message);
};

/** Refused before a byte is read, where the headers already say so. */
const refuseTooLarge = ({ headers }: FastifyRequest, { from, total }: UploadRange, limit: number): void => {
  const announced = total ?? from + Number(headers['content-length'] ?? 0);
  if (announced > limit) throw tooLarge(limit);
};

const tooLarge = (limit: number): DomainError =>
  new DomainError('too-large', TOO_LARGE, `A file may have ${limit} bytes (${limit / 1024 / 1024} MiB). Split it.`);
