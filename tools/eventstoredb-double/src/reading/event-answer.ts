import type { Log } from '../log/log.js';
import { firstReadable } from '../log/range.js';
import type { Entry } from '../log/stream.js';
import { SystemType } from '../log/system-names.js';
import type { ReadAnswer } from '../wire/protocol.js';
import { decodeRecord, resolvedLink } from '../wire/recorded-event.js';

/** The message that carries an event. */
export const answerOf = (log: Log, entry: Entry, resolveLinks: boolean): ReadAnswer => {
  const bytes = log.bytes(entry);
  return resolveLinks && entry.type === SystemType.link ? resolvedLink(bytes, targetOf(log, bytes)) : bytes;
};

/** A link's data is `<revision>@<stream>`. */
const targetOf = (log: Log, link: Buffer): Buffer | undefined => {
  const text = Buffer.from(decodeRecord(link).data).toString();
  const at = text.indexOf('@');
  const stream = log.find(text.slice(at + 1));
  if (!stream || stream.tombstone) return undefined;
  const [revision, visible] = [Number(text.slice(0, at)), log.visible(stream)];
  return revision >= firstReadable(stream, visible) && revision < visible
    ? log.bytes(stream.entries[revision]!)
    : undefined;
};
