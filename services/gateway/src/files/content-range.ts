import { DomainError } from '@rapport/kernel';

/** Which part of a file a request carries. */
export interface UploadRange {
  /** First byte. */
  readonly from: number;
  /** Bytes of this part; unknown when the whole file comes at once. */
  readonly length: number | undefined;
  /** The file ends with this part. */
  readonly last: boolean;
  /** Bytes of the whole file, where the client says. */
  readonly total: number | undefined;
}

const RANGE = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15}|\*)$/;

/** `Content-Range: bytes 0-99/250`; without one the body is the whole file. */
export const uploadRange = (header: string | undefined): UploadRange => {
  if (header === undefined) return { from: 0, length: undefined, last: true, total: undefined };
  const [, from, to, total] = RANGE.exec(header) ?? [];
  const length = Number(to) - Number(from) + 1;
  const size = total === '*' ? undefined : Number(total);
  if (from === undefined || length < 1 || (size !== undefined && Number(to) >= size))
    throw invalidRange('Content-Range must be of the form "bytes 0-99/250", the last byte within the total.');
  return { from: Number(from), length, last: Number(to) + 1 === size, total: size };
};

export const invalidRange = (message: string): DomainError =>
  new DomainError('invalid', 'malformed-content-range', message, {
    fields: [{ pointer: '', code: 'malformed-content-range', message }],
  });
