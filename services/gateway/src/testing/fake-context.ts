import { contactsV1, type eventsV1, importsV1 } from '@rapport/contracts';
import { type CallContext, DomainError, newId, positionOf } from '@rapport/kernel';
import type { Backend } from '@rapport/service-kit';

type Method = (request: never, call: CallContext) => Promise<object>;

/** A backend made of plain functions, by `contacts.v1.ContactsService.getContact`; it remembers how it was called. */
export class FakeBackend implements Backend {
  readonly services: ReadonlySet<string>;
  readonly calls: { readonly name: string; readonly request: object; readonly call: CallContext }[] = [];

  constructor(private readonly methods: Readonly<Record<string, Method>>) {
    this.services = new Set(Object.keys(methods).map((name) => `rapport.${name.slice(0, name.lastIndexOf('.'))}`));
  }

  invoke(service: string, method: string, request: object, call: CallContext): Promise<object> {
    const name = `${service.slice('rapport.'.length)}.${method}`;
    this.calls.push({ name, request, call });
    return this.methods[name]!(request as never, call);
  }

  get lastCall() {
    return this.calls.at(-1)!;
  }
}

type Contact = contactsV1.Contact;

/** Contacts, kept in a map: enough of the contacts context to knock at the door of the gateway. */
class FakeContacts {
  readonly #contacts = new Map<string, Contact>();

  readonly methods: Readonly<Record<string, Method>> = {
    'contacts.v1.ContactsService.createContact': async ({ contact }: contactsV1.CreateContactRequest, call) =>
      this.#keep({ ...contact!, id: newId(), info: info(0) }, call),
    'contacts.v1.ContactsService.getContact': async ({ id }: Contact, call) => this.#keep(this.#found(id), call),
    'contacts.v1.ContactsService.archiveContact': async ({ id }: Contact, call) => this.#keep(this.#found(id), call),
    'contacts.v1.ContactsService.updateContact': async (request: contactsV1.UpdateContactRequest, call) =>
      this.#update(request, call),
    'contacts.v1.ContactsService.listContacts': async () => ({
      data: [...this.#contacts.values()],
      page: { next: '', hasMore: false },
    }),
    'contacts.v1.ContactsService.batchContacts': async ({ rows }: contactsV1.BatchContactsRequest) => ({
      data: rows.map(({ clientRef }) => ({ clientRef, status: 201, id: newId() })),
    }),
    'contacts.v1.ContactsService.eraseContact': async () => {
      throw new Error('the key of Ada Lovelace is stuck');
    },
    'contacts.v1.ContactsService.restoreContact': async () => {
      throw new DomainError('not-caught-up', 'not-caught-up', 'Not there yet.', { retryAfterSeconds: 2 });
    },
  };

  #found(id: string): Contact {
    const contact = this.#contacts.get(id);
    if (!contact) throw new DomainError('not-found', 'unknown-contact', `There is no contact ${id}.`);
    return contact;
  }

  #keep(contact: Contact, { answer }: CallContext): Contact {
    this.#contacts.set(contact.id, contact);
    answer.revision = contact.info!.revision;
    answer.consistency = `contacts:${answer.revision}`;
    return contact;
  }

  #update({ id, contact, updateMask }: contactsV1.UpdateContactRequest, call: CallContext): Contact {
    const before = this.#found(id);
    const { revision } = before.info!;
    if (call.expectedRevision !== undefined && call.expectedRevision !== revision)
      throw new DomainError('stale', 'stale-revision', 'It was changed.', { currentRevision: revision });
    const sent = contact as unknown as Record<string, unknown>;
    const changes = Object.fromEntries(updateMask.map((name) => [name, sent[name]]));
    return this.#keep({ ...before, ...changes, info: info(revision + 1) }, call);
  }
}

export const fakeContacts = (feed = new FakeFeed('contacts')): FakeBackend & { readonly files: FakeFiles } => {
  const files = new FakeFiles();
  const backend = new FakeBackend({
    ...new FakeContacts().methods,
    'imports.v1.ImportsService.createImport': async ({ kind }: importsV1.CreateImportRequest) =>
      importsV1.Import.fromPartial({ id: newId(), kind }),
    'imports.v1.ImportsService.uploadImportFile': async (piece: importsV1.UploadImportFileRequest) => files.take(piece),
    'imports.v1.ImportsService.downloadImportErrors': async ({ page }: { page?: string }, { signal }) =>
      files.part(Number(page ?? 0), signal),
    'events.v1.ContextEventsService.pullEvents': (request: eventsV1.PullEventsRequest, call) =>
      feed.pull(request, call),
  });
  return Object.assign(backend, { files });
};

const info = (revision: number) => ({
  revision,
  createdAt: '2026-01-01T00:00:00.000Z',
  updatedAt: '2026-01-01T00:00:00.000Z',
  archived: false,
});

/** What was uploaded: how much, in which pieces, and the last bytes for a look. */
export class FakeFiles {
  readonly pieces: { readonly offset: number; readonly bytes: number; readonly last: boolean }[] = [];
  tail = '';
  /** How often what had arrived was thrown away. */
  discards = 0;
  /** The piece that begins here is refused. */
  refusedAt: number | undefined;

  take({ id, kind, offset, data, last, discard }: importsV1.UploadImportFileRequest): importsV1.Import {
    if (discard) {
      this.discards += 1;
      this.pieces.length = 0;
      return importsV1.Import.fromPartial({ id, kind, bytes: 0 });
    }
    if (offset === this.refusedAt) throw new DomainError('conflict', 'wrong-offset', 'The file ends elsewhere.');
    this.pieces.push({ offset, bytes: data.length, last });
    this.tail = Buffer.from(data.subarray(-20)).toString();
    return importsV1.Import.fromPartial({ id, kind, bytes: offset + data.length });
  }

  /** The second part waits until its reader has gone. */
  waits = false;
  readonly gone = Promise.withResolvers<void>();

  async part(page: number, reader: AbortSignal | undefined): Promise<importsV1.FilePart> {
    if (this.waits && page === 1) {
      reader?.addEventListener('abort', () => this.gone.resolve());
      await this.gone.promise;
    }
    const data = Buffer.from(`row ${page}\n`);
    return { contentType: 'text/csv', fileName: 'Fehler "März".csv', data, nextPage: page < 2 ? String(page + 1) : '' };
  }
}

/** One context's events: kept in order, pulled page by page, waited for. */
export class FakeFeed {
  readonly #events: eventsV1.CloudEvent[] = [];
  #appended = Promise.withResolvers<void>();
  /** Pulls that asked for something. */
  pulls = 0;

  constructor(readonly context: string) {}

  append(subject: string, revision: number, recordedtime: string): void {
    const id = newId();
    const rest = {
      specversion: '1.0',
      time: recordedtime,
      datacontenttype: 'application/json',
      tenant: 'main',
      actor: 'user:a',
    };
    const type = `rapport.${this.context}.v1.ContactEdited`;
    const more = {
      correlationid: id,
      cursor: '',
      data: { note: 'x'.repeat(200) },
      dataschema: undefined,
      causationid: undefined,
      dataversion: 1,
    };
    const event = { ...rest, ...more, id, source: `/rapport/${this.context}`, type, subject, revision, recordedtime };
    this.#events.push({ ...event, erased: undefined });
    this.#appended.resolve();
    this.#appended = Promise.withResolvers<void>();
  }

  get size(): number {
    return this.#events.length;
  }

  async pull(request: eventsV1.PullEventsRequest, call: CallContext): Promise<eventsV1.PullEventsResponse> {
    this.pulls += 1;
    if (request.filter === '!') throw new DomainError('invalid', 'malformed-filter', 'That is no filter.');
    const start = request.after === 'now' ? this.#events.length : Number(request.after || 0);
    if (start >= this.#events.length && request.waitMilliseconds > 0)
      await this.#news(request.waitMilliseconds, call.signal);
    const events = this.#events.slice(start, start + request.limit);
    const positions = events.map((_event, index) => positionOf(start + index + 1));
    const end = start + events.length;
    return { events, positions, position: positionOf(end), caughtUp: end >= this.#events.length };
  }

  async #news(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
    const waiting = Promise.withResolvers<void>();
    const timer = setTimeout(waiting.resolve, milliseconds);
    signal?.addEventListener('abort', () => waiting.resolve(), { once: true });
    await Promise.race([this.#appended.promise, waiting.promise]);
    clearTimeout(timer);
  }
}
