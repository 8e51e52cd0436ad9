import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { METRICS } from '@rapport/observability';
import { parse } from 'yaml';

const file = join(import.meta.dirname, '..', '..', 'infra', 'prometheus', 'alerts.yml');
const { groups } = parse(readFileSync(file, 'utf8')) as {
  readonly groups: readonly { readonly rules: readonly { readonly alert: string; readonly expr: string }[] }[];
};
const rules = groups.flatMap((group) => group.rules.map((rule) => [rule.alert, rule.expr] as const));

/** As Prometheus is told of them: with the unit, and what they count, behind the name. */
const told = new Set(
  Object.values(METRICS).flatMap(({ name }) => {
    const text = name.replaceAll('.', '_');
    return [text, ...['total', 'seconds_count', 'seconds_bucket', 'seconds_sum'].map((end) => `${text}_${end}`)];
  }),
);

it.each(rules)('%s is about what is measured', (_, expr) => {
  const named = [...expr.matchAll(/\b((?:rapport|http|rpc)_[a-z_]+)\s*[{[]/g)].map(([, name]) => name!);
  expect(named.filter((name) => !told.has(name))).toEqual([]);
});

it('tells of somebody who tries passwords', () => {
  expect(rules.map(([alert]) => alert)).toEqual(expect.arrayContaining(['SignInsAreRefused', 'SignInsAreHeldBack']));
});
