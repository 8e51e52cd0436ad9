import { beforeEach, describe, expect, it } from '@jest/globals';
import { everythingOf } from '@rapport/access';
import type { RecordTarget } from '@rapport/imports';
import { positionOf, UTC } from '@rapport/kernel';
import { type Collection, type Document, InMemoryReadModelStore } from '@rapport/read-models';
import type { Directory } from '../read-models/directory.js';
import { pipelines } from '../records/pipelines.js';
import { opportunitiesImport } from './opportunities.import.js';

const tenant = 'main';
const pipelineOf = (id: string, archived: boolean) => ({
  id,
  tenant,
  name: id,
  stages: [{ name: 'Engaging', probability: 50 }],
  archived,
  revision: 0,
  createdAt: `2026-01-0${id.slice(-1)}T00:00:00.000Z`,
  updatedAt: `2026-01-0${id.slice(-1)}T00:00:00.000Z`,
});

let store: InMemoryReadModelStore;
let documents: Directory['pipelines'];

const put = async (...found: readonly Document[]): Promise<void> => {
  const collection = documents as unknown as Collection<Document>;
  const writes = found.map((document, n) => ({
    collection,
    tenant,
    id: document.id,
    position: positionOf(n + 1),
    document,
  }));
  await store.write({ writes });
};

/** Which pipeline rows would go to. */
const prepared = async (settings: object) => {
  const kind = opportunitiesImport(
    { pipelines: documents, zoneOf: () => UTC } as unknown as Directory,
    {} as RecordTarget,
  );
  const scope = everythingOf(tenant);
  return kind.prepare!({ scope, scopeOf: () => scope, importId: 'i', settings });
};

beforeEach(async () => {
  store = new InMemoryReadModelStore();
  documents = await store.collection(pipelines.projection.declaration);
});

describe('the pipeline that rows go to', () => {
  it('is the oldest that is not archived, unless one is chosen', async () => {
    await put(pipelineOf('p1', true), pipelineOf('p2', false), pipelineOf('p3', false));
    expect(await prepared({})).toMatchObject({ first: { id: 'p2' } });
    expect(await prepared({})).not.toHaveProperty('chosen');
    expect(await prepared({ pipelineId: 'p3' })).toMatchObject({ chosen: { id: 'p3' } });
    await expect(prepared({ pipelineId: 'p9' })).rejects.toMatchObject({ code: 'pipeline-not-found' });
  });

  it('has to be there', async () => {
    await expect(prepared({})).rejects.toMatchObject({ code: 'no-pipeline' });
  });
});
