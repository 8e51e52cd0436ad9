import type { salesV1 } from '@rapport/contracts';
import type { RecordImport } from '@rapport/service-kit';

/** What other systems call the columns of products, best first: Salesforce, HubSpot, Pipedrive, and in three more languages. */
export const productHeaders: RecordImport<salesV1.Product>['synonyms'] = {
  name: [
    ...['product name', 'product', 'item', 'title', 'produkt', 'produktname', 'artikel', 'bezeichnung', 'produit'],
    ...['nom du produit', 'nom', 'producto', 'nombre del producto', 'nombre'],
  ],
  series: [
    ...['family', 'product family', 'category', 'product category', 'product type', 'produktfamilie', 'kategorie'],
    ...['famille de produits', 'categorie', 'familia de productos', 'categoria'],
  ],
  price: [
    ...['sales price', 'list price', 'unit price', 'product price', 'product unit price', 'preis', 'listenpreis'],
    ...['einzelpreis', 'verkaufspreis', 'prix', 'prix unitaire', 'prix de vente', 'tarif', 'precio', 'precio unitario'],
    ...['precio de lista', 'precio de venta'],
  ],
  description: [
    ...['details', 'notes', 'product description', 'beschreibung', 'produktbeschreibung', 'description du produit'],
    ...['descripcion', 'descripcion del producto'],
  ],
  externalId: [
    ...[
      'product code',
      'sku',
      'product product code',
      'product sku',
      'product id',
      'id',
      'external id',
      'record id',
      'produktcode',
    ],
    ...['artikelnummer', 'code produit', 'code du produit', 'reference', 'codigo del producto', 'referencia'],
  ],
};
