import { describe, expect, it } from '@jest/globals';
import type { ImportKind } from '@rapport/imports';
import fc from 'fast-check';
import { brokenRules, cells, imported, requested } from './import-rules.js';

/** Rows of a service's imports keep to the contract's rules, as requests do. */
export const importRulesSuite = (kinds: readonly ImportKind[]): void =>
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
