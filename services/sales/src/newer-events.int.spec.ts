import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { salesV1 } from '@rapport/contracts';
import { streamName } from '@rapport/event-store';
import { idFrom } from '@rapport/kernel';
import { consistencyToken, type RunningService, startInProcess } from '@rapport/service-kit';
import { callBy, inMemoryEngines } from '@rapport/testing';
import { products as listed } from './records/products.js';
import { salesModule } from './sales.module.js';

let service: RunningService;
beforeEach(async () => {
  service = await startInProcess(salesModule(await inMemoryEngines()));
});
afterEach(() => service.close());

const products = async (method: string, request: object, consistency?: string) => {
  const call = callBy(consistency === undefined ? {} : { consistency });
  const answer = await service.backend.invoke('rapport.sales.v1.ProductsService', method, request, call);
  return { answer: answer as unknown as salesV1.Product, consistency: call.answer.consistency };
};
const create = (name: string) => products('createProduct', { product: salesV1.Product.fromPartial({ name }) });
const rename = (id: string) =>
  products('updateProduct', { id, product: salesV1.Product.fromPartial({ name: 'GTX' }), updateMask: ['name'] });

/** A newer program was here: it has written to a product in a way that this one does not know. */
const written = async (id: string): Promise<string> => {
  const metadata = { tenant: 'main', actor: { kind: 'user', id: 'u' }, correlationId: 'c', commandId: 'c' } as const;
  const { position } = await service.runtime.engines.events.append(
    streamName('product', 'main', id),
    [
      {
        ...{ id: idFrom(id, 'newer'), type: 'ProductEdited', data: { change: { name: 'New' } } },
        metadata: { ...metadata, occurredAt: '2026-01-01T00:00:00.000Z', schemaVersion: 2 },
      },
    ],
    'exists',
  );
  return consistencyToken('sales', position);
};

describe('what a newer program has stored', () => {
  it('is refused to commands on that record, and damages no view', async () => {
    const [{ answer: known }, { answer: other, consistency }] = [await create('Known'), await create('Other')];
    await products('getProduct', { id: other.id }, consistency);
    await written(known.id);
    const sentence =
      'A newer Rapport has stored ProductEdited of version 2 here; this one knows up to version 1. ' +
      'Start the newer one again, or restore the backup from before it ran.';
    const refused = { kind: 'unavailable', code: 'newer-event', message: sentence };
    await expect(rename(known.id)).rejects.toMatchObject(refused);
    await expect(products('listProductHistory', { id: known.id })).rejects.toMatchObject(refused);
    expect((await rename(other.id)).answer).toMatchObject({ name: 'GTX' });
    const { progress } = service.runtime.projection(listed.projection);
    while (!String(progress.lastFailure).includes(sentence)) await new Promise(setImmediate);
    expect((await products('getProduct', { id: known.id })).answer).toMatchObject({
      name: 'Known',
      info: { revision: 0 },
    });
  });
});
