import { DomainError } from '@rapport/kernel';

const REPLACEMENT = '\ufffd';

/** A body that is no UTF-8, with the place of the first byte at fault. */
export const notUtf8 = (body: Buffer): DomainError => {
  const offset = firstFault(body);
  const byte = body[offset]?.toString(16).toUpperCase().padStart(2, '0');
  const message = `The body is not UTF-8: the byte 0x${byte} at offset ${offset} begins no character. Send JSON in UTF-8.`;
  return new DomainError('invalid', 'not-utf-8', message, { fields: [{ pointer: '', code: 'not-utf-8', message }] });
};

/** Up to the first fault the text has as many bytes as the body; a U+FFFD that was sent as such is none. */
const firstFault = (body: Buffer): number => {
  const text = body.toString('utf8');
  for (let at = text.indexOf(REPLACEMENT); at >= 0; at = text.indexOf(REPLACEMENT, at + 1)) {
    const offset = Buffer.byteLength(text.slice(0, at));
    if (body.toString('hex', offset, offset + 3) !== 'efbfbd') return offset;
  }
  return body.length;
};
