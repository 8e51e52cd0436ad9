import { type FieldPatch, sameValue } from './record.js';
import { differences } from './undo.js';

/** How two records of one kind become one, beside that the survivor's values win and its blanks are filled. */
export interface MergeRules {
  /** Lists of texts that have what stood in either, each once. */
  readonly united: readonly string[];
  /** Fields of which there is one, with the list that has the further ones; both are united, none is lost. */
  readonly addresses: readonly AddressRule[];
}

export interface AddressRule {
  /** `email` */
  readonly field: string;
  /** `otherEmails` */
  readonly others: string;
  /** Two that are the same address give the same. */
  readonly as: (address: string) => string;
}

/** What somebody wants of a merge beside its rules; what nothing is said of goes by them. */
export interface MergeChoices {
  /** Fields that are to be as the other record has them. */
  readonly taken?: readonly string[];
  /** Fields that are to stay as the survivor has them, blank ones too. */
  readonly kept?: readonly string[];
  /** New values, which neither has to have. */
  readonly set?: FieldPatch<object>;
}

/** To whom it goes, where records are split, what a field became since they were merged. */
export type Side = 'this' | 'other' | 'both';

/** Field → side, for fields that were changed since. */
export type SplitChoices = Readonly<Record<string, Side>>;

/** `activity/<id>` → side, for records that have come to the survivor since. */
export type RelationChoices = Readonly<Record<string, 'this' | 'other'>>;

/** A field that was changed after the merge, and where it goes. */
export interface ChangedSince {
  readonly field: string;
  readonly value: unknown;
  readonly goesTo: Side;
}

/** What a split makes of both. */
export interface Split {
  /** What changes in the survivor as it is now. */
  readonly survivor: FieldPatch<object>;
  /** What changes in the other record as it was when it was merged. */
  readonly other: FieldPatch<object>;
  readonly changedSince: readonly ChangedSince[];
}

type Values = Readonly<Record<string, unknown>>;

/** Of a state, what is not a field of the record: how it stands, and what stands above it. */
const STANDING: ReadonlySet<string> = new Set([
  ...['archived', 'erased', 'hold', 'restriction', 'aside'],
  ...['mergedInto', 'mergedIds', 'merges'],
]);

const fieldsIn = (state: object | null): Values =>
  Object.fromEntries(Object.entries(state ?? {}).filter(([field]) => !STANDING.has(field)));

/** What changes in the survivor. */
export const mergePatch = (
  survivor: object,
  other: object,
  rules: MergeRules,
  { taken = [], kept = [], set = {} }: MergeChoices = {},
): FieldPatch<object> => {
  const [ours, theirs] = [fieldsIn(survivor), fieldsIn(other)];
  const merged: Record<string, unknown> = { ...theirs, ...ours };
  for (const field of rules.united) merged[field] = united(listOf(ours[field]), listOf(theirs[field]));
  for (const field of taken) merged[field] = theirs[field];
  for (const field of kept) merged[field] = ours[field];
  Object.assign(merged, set);
  const chosen = new Set([...taken, ...kept, ...Object.keys(set)]);
  for (const rule of rules.addresses.filter(({ others }) => !chosen.has(others)))
    merged[rule.others] = furtherAddresses(rule, merged[rule.field], [ours, theirs]);
  return patchTo(ours, merged);
};

/** What the records become again, if the survivor was `before` and became `merged`, and has become `now` since. */
export const splitOf = (
  states: { readonly before: object; readonly merged: object; readonly now: object; readonly other: object },
  rules: MergeRules,
  choices: SplitChoices = {},
): Split => {
  const [before, merged, now, other] = [states.before, states.merged, states.now, states.other].map(fieldsIn) as [
    Values,
    Values,
    Values,
    Values,
  ];
  const lists = new Set([...rules.united, ...rules.addresses.map(({ others }) => others)]);
  const survivorBecomes: Record<string, unknown> = { ...before };
  const otherBecomes: Record<string, unknown> = { ...other };
  const changedSince = differences(merged, now).map(({ field, from, to }): ChangedSince => {
    const isList = lists.has(field);
    const said = Object.hasOwn(choices, field) ? choices[field] : undefined;
    const goesTo = said ?? (isList ? 'this' : sideOf(rules, field, { from, to, before, other }));
    const [gained, lost] = isList ? changesOf(from, to) : [[], []];
    const becomes = (values: Values, mine: boolean): unknown =>
      isList ? listAfter(values[field], lost, mine ? gained : []) : mine ? to : values[field];
    survivorBecomes[field] = becomes(before, goesTo !== 'other');
    otherBecomes[field] = becomes(other, goesTo !== 'this');
    return { field, value: to, goesTo };
  });
  return { survivor: patchTo(now, survivorBecomes), other: patchTo(other, otherBecomes), changedSince };
};

/** The side whose value was replaced, or that knew the new one already; the survivor where neither did, or both. */
const sideOf = (
  { addresses }: MergeRules,
  field: string,
  { from, to, before, other }: { from: unknown; to: unknown; before: Values; other: Values },
): Side => {
  const rule = addresses.find((each) => each.field === field);
  if (rule && typeof to === 'string') {
    const [ours, theirs] = [before, other].map((values) => addressesOf(rule, values).map(rule.as));
    if (ours!.includes(rule.as(to)) !== theirs!.includes(rule.as(to)))
      return ours!.includes(rule.as(to)) ? 'this' : 'other';
  }
  const isTheirs = sameValue(from, other[field] ?? null) && !sameValue(from, before[field] ?? null);
  return isTheirs && from !== null ? 'other' : 'this';
};

const changesOf = (from: unknown, to: unknown): readonly [gained: readonly string[], lost: readonly string[]] => {
  const [earlier, later] = [listOf(from), listOf(to)];
  return [later.filter((each) => !earlier.includes(each)), earlier.filter((each) => !later.includes(each))];
};

const listAfter = (before: unknown, lost: readonly string[], gained: readonly string[]): readonly string[] =>
  united(
    listOf(before).filter((each) => !lost.includes(each)),
    gained,
  );

/** Every address of either but the one that has become the first. */
const furtherAddresses = (rule: AddressRule, first: unknown, both: readonly Values[]): readonly string[] => {
  const known = new Set(typeof first === 'string' ? [rule.as(first)] : []);
  const [ours, theirs] = both as [Values, Values];
  const inOrder = [ours[rule.field], ...listOf(ours[rule.others]), theirs[rule.field], ...listOf(theirs[rule.others])];
  return inOrder.filter((each): each is string => {
    if (typeof each !== 'string' || known.has(rule.as(each))) return false;
    known.add(rule.as(each));
    return true;
  });
};

const addressesOf = ({ field, others }: AddressRule, values: Values): readonly string[] => [
  ...(typeof values[field] === 'string' ? [values[field]] : []),
  ...listOf(values[others]),
];

/** What has to change for a state's fields to be others; what is empty is absent. */
const patchTo = (from: Values, to: Values): FieldPatch<object> =>
  Object.fromEntries(
    differences(from, Object.fromEntries(Object.entries(to).filter(([, value]) => isSaid(value)))).map(
      ({ field, to: value }) => [field, value],
    ),
  );

const isSaid = (value: unknown): boolean =>
  value !== undefined && value !== null && !(Array.isArray(value) && value.length === 0);

const listOf = (value: unknown): readonly string[] => (Array.isArray(value) ? (value as string[]) : []);

const united = (left: readonly string[], right: readonly string[]): readonly string[] => [
  ...new Set([...left, ...right]),
];
