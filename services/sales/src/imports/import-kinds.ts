import { type ImportKind, missingByName, recordTarget, type RecordTargetParts } from '@rapport/imports';
import type { ServiceRuntime } from '@rapport/service-kit';
import { opportunity } from '../domain/opportunity/opportunity.decide.js';
import type { Directory } from '../read-models/directory.js';
import { products } from '../records/products.js';
import { representatives } from '../records/representatives.js';
import { MissingAccounts } from './missing-accounts.js';
import { opportunitiesImport } from './opportunities.import.js';

/** What is brought into sales from a file in a way of its own; what a plain record's definition says is enough for the rest. */
export const importKinds = (
  directory: Directory,
  runtime: ServiceRuntime,
  parts: RecordTargetParts,
): readonly ImportKind[] => [
  opportunitiesImport(directory, recordTarget(opportunity, parts), {
    account: new MissingAccounts(runtime),
    owner: missingByName(representatives, runtime, parts),
    product: missingByName(products, runtime, parts),
  }),
];
