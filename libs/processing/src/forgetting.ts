import { everythingOf } from '@rapport/access';
import { declaredName, isFollowed } from '@rapport/event-store';
import type { RecordedEvent } from '@rapport/kernel';
import { type Collection, type Document, type DocumentKey, type DocumentWrite, where } from '@rapport/read-models';
import { erasedBy, type ErasureFact } from './erasure-fact.js';
import { type AboutPeople, NO_TENANT, type Projection } from './projection.js';

/** Documents looked for at a time. */
const PAGE = 500;

/** A projection with what tells that people are forgotten, which it then follows beside its own streams. */
export interface ForgettingProjection extends Projection {
  readonly forgets: {
    readonly facts: readonly ErasureFact[];
    readonly about: readonly AboutPeople<Document>[];
    /** The streams that its fold is for. */
    readonly folded: readonly string[];
  };
}

/**
 * Makes a projection forget people. It stays as it is where its documents say nothing about anybody, or nothing tells of
 * erasures.
 */
export const forgetting = (projection: Projection, erasures: readonly ErasureFact[]): Projection => {
  const { about = [], prefixes } = projection;
  const facts = erasures.filter(({ last }) => last);
  if (about.length === 0 || facts.length === 0) return projection;
  const more = facts.map(({ prefix }) => prefix).filter((prefix) => !prefixes.includes(prefix));
  const forgets = { facts, about, folded: prefixes };
  return { ...projection, prefixes: [...prefixes, ...new Set(more)], forgets } as ForgettingProjection;
};

export const forgetsPeople = (projection: Projection): projection is ForgettingProjection => 'forgets' in projection;

/** Whether an event is one that the projection's own fold is for. */
export const isFolded = (projection: Projection, { stream }: RecordedEvent): boolean =>
  !forgetsPeople(projection) || isFollowed(declaredName(stream), projection.forgets.folded);

/** The ids of whoever is forgotten because of an event; none for any other event. */
export const forgottenBy = (projection: Projection, event: RecordedEvent): readonly string[] =>
  forgetsPeople(projection) ? erasedBy(projection.forgets.facts, event) : [];

/** What the documents about some people become. A document that has the event already is left alone. */
export const forgettingWrites = async (
  { forgets: { about }, tenantless }: ForgettingProjection,
  documents: Collection<Document>,
  { position, metadata }: RecordedEvent,
  ids: readonly string[],
): Promise<readonly DocumentWrite[]> => {
  const tenant = tenantless ? NO_TENANT : metadata.tenant;
  const people = new Set(ids);
  const found = await documents.load(await keysAbout(about, documents, tenant, ids));
  return [...found.values()].flatMap(({ document: before, position: known }) => {
    if (before === null || known >= position) return [];
    const concerned = about.filter(({ field }) => idsIn(before, field).some((id) => people.has(id)));
    const document = concerned.reduce<Document | null>((each, said) => each && said.forget(each), before);
    return document === before ? [] : [{ collection: documents, tenant, id: before.id, position, document }];
  });
};

type Fields = Document & Readonly<Record<string, unknown>>;

/** Of one person, or of several. */
const idsIn = (document: Document, field: string): readonly string[] => {
  const value = (document as Fields)[field];
  return Array.isArray(value) ? (value as readonly string[]) : [String(value)];
};

const keysAbout = async (
  about: readonly AboutPeople<Document>[],
  documents: Collection<Document>,
  tenant: string,
  ids: readonly string[],
): Promise<readonly DocumentKey[]> => {
  const keys = new Map<string, DocumentKey>();
  const add = (id: string): void => void keys.set(id, { tenant, id });
  for (const { field } of about) {
    if (field === 'id') ids.forEach(add);
    else for (const person of ids) for await (const { id } of saying(documents, tenant, field, person)) add(id);
  }
  return [...keys.values()];
};

/** Documents of an older declaration may not be asked for by the field; then all of them are looked at. */
async function* saying(
  documents: Collection<Document>,
  tenant: string,
  field: string,
  person: string,
): AsyncGenerator<Document, void, undefined> {
  const type = documents.declaration.fields[field];
  const filter = type ? { filter: where(field, type === 'texts' ? 'has' : '=', person) } : {};
  for (let cursor: string | undefined; ;) {
    const query = { ...filter, limit: PAGE, ...(cursor === undefined ? {} : { cursor }) };
    const page = await documents.query(everythingOf(tenant), query);
    for (const document of page.documents) if (idsIn(document, field).includes(person)) yield document;
    if (page.next === undefined) return;
    cursor = page.next;
  }
}
