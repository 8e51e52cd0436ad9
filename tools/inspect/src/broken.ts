import type { DataFolder } from './data-folder.js';
import { entriesOf } from './parked.js';
import type { Report } from './report.js';

/** Records of other contexts that could not be followed without a gap. */
export const broken = ({ services }: DataFolder): Report => ({
  rows: services.flatMap((file) =>
    entriesOf<BrokenRecord>(file, 'broken').map(({ tenant, context, aggregate, record, ...rest }) => {
      const { revision, passed, reason, since } = rest;
      return { service: file.name, of: context, tenant, aggregate, record, revision, passed, since, reason };
    }),
  ),
  none: 'No record is broken.',
});

interface BrokenRecord {
  readonly tenant: string;
  readonly context: string;
  readonly aggregate: string;
  readonly record: string;
  readonly revision: number;
  readonly passed: number;
  readonly reason: string;
  readonly since: string;
}
