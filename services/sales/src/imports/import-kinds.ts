import { type ImportKind, type MissingRecords, recordTarget, type RecordTargetParts } from '@rapport/imports';
import { opportunity } from '../domain/opportunity/opportunity.decide.js';
import type { Directory } from '../read-models/directory.js';
import { opportunitiesImport } from './opportunities.import.js';

/** What is brought into sales from a file in a way of its own; what a plain record's definition says is enough for the rest. */
export const importKinds = (
  directory: Directory,
  parts: RecordTargetParts,
  missingAccounts?: MissingRecords,
): readonly ImportKind[] => [opportunitiesImport(directory, recordTarget(opportunity, parts), missingAccounts)];
