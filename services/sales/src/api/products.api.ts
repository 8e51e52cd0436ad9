import { Inject, Injectable } from '@nestjs/common';
import type { salesV1, typesV1 } from '@rapport/contracts';
import type { CallContext } from '@rapport/kernel';
import { type Handlers, runBatch } from '@rapport/service-kit';
import { PRODUCTS, type ProductRecords } from '../records.js';

/** rapport.sales.v1.ProductsService */
@Injectable()
export class ProductsApi implements Handlers<salesV1.ProductsService> {
  constructor(@Inject(PRODUCTS) private readonly products: ProductRecords) {}

  createProduct({ product }: salesV1.CreateProductRequest, call: CallContext): Promise<salesV1.Product> {
    return this.products.create(product!, call);
  }

  getProduct(request: typesV1.GetRecordRequest, call: CallContext): Promise<salesV1.Product> {
    return this.products.get(request, call);
  }

  listProducts(request: typesV1.ListRecordsRequest, call: CallContext): Promise<salesV1.ListProductsResponse> {
    return this.products.list(request, call);
  }

  updateProduct(
    { id, product, updateMask }: salesV1.UpdateProductRequest,
    call: CallContext,
  ): Promise<salesV1.Product> {
    return this.products.edit(id, product!, updateMask, call);
  }

  archiveProduct(request: typesV1.RecordRequest, call: CallContext): Promise<salesV1.Product> {
    return this.products.archive(request, call);
  }

  restoreProduct(request: typesV1.RecordRequest, call: CallContext): Promise<salesV1.Product> {
    return this.products.restore(request, call);
  }

  undoProductChange(request: typesV1.UndoRequest, call: CallContext): Promise<salesV1.Product> {
    return this.products.undo(request, call);
  }

  listProductHistory(request: typesV1.ListHistoryRequest, call: CallContext): Promise<typesV1.ListHistoryResponse> {
    return this.products.history(request, call);
  }

  batchProducts({ rows }: salesV1.BatchProductsRequest, call: CallContext): Promise<salesV1.BatchProductsResponse> {
    return runBatch(rows, this.products.batchMethods('product'), call);
  }
}
