import { type ImportKind, recordTarget, type RecordTargetParts } from '@rapport/imports';
import { opportunity } from '../domain/opportunity/opportunity.decide.js';
import { product } from '../domain/product/product.js';
import { representative } from '../domain/representative/representative.js';
import type { Directory } from '../read-models/directory.js';
import { opportunitiesImport } from './opportunities.import.js';
import { productsImport } from './products.import.js';
import { representativesImport } from './representatives.import.js';

/** Everything that can be brought into sales from a file. */
export const importKinds = (directory: Directory, parts: RecordTargetParts): readonly ImportKind[] => [
  opportunitiesImport(directory, recordTarget(opportunity, parts)),
  productsImport(directory, recordTarget(product, parts)),
  representativesImport(directory, recordTarget(representative, parts)),
];
