import { describe, expect, it } from '@jest/globals';
import { type RecordTargetParts, recordImports } from '@rapport/imports';
import type { ServiceRuntime } from '@rapport/service-kit';
import { brokenRules, cells, imported, requested } from '@rapport/testing';
import fc from 'fast-check';
import type { Directory } from '../read-models/directory.js';
import { salesService } from '../sales.module.js';
import { importKinds } from './import-kinds.js';

const parts = {} as RecordTargetParts;
const told = importKinds({} as Directory, parts);
const kinds = [...told, ...recordImports(salesService, {} as ServiceRuntime, parts, told)];

describe.each(kinds.map((kind) => [kind.kind, kind] as const))('a row of %s', (_, kind) => {
  const rules = brokenRules(kind);

  it.each(rules.map(({ field, rule, cell }) => [field, rule, cell] as const))(
    'is refused where %s breaks %s',
    (field, _, cell) => expect(imported(kind, field, cell).codes).not.toEqual([]),
  );

  it.each([...new Set(rules.map(({ field }) => field))])('is judged by %s as a request is', (field) => {
    fc.assert(
      fc.property(cells(kind, field), (cell) => {
        const { codes, value } = imported(kind, field, cell);
        if (value !== undefined) expect(codes).toEqual(requested(kind, field, value));
      }),
    );
  });
});
