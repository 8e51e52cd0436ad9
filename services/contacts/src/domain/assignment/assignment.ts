/** Who a record goes to, and how that is chosen. */
export interface Assignment {
  /** `round-robin`, `least-busy`. */
  readonly mode?: string | undefined;
  /** Ids of users, in their order. */
  readonly userIds: readonly string[];
  /** The first that fits decides, before the mode's own. */
  readonly rules: readonly AssignmentRule[];
}

/** What has a value in a field goes to one of these. */
export interface AssignmentRule {
  readonly field: string;
  /** Compared without regard to case. */
  readonly equals: string;
  readonly userIds: readonly string[];
}

/** What is known when it is chosen. */
export interface AssignmentFacts {
  /** Of the record. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** Whoever works here still. */
  readonly isThere: (userId: string) => boolean;
  /** Who got the one before; undefined for the first. */
  readonly last: string | undefined;
  /** How many open ones somebody has. */
  readonly openOf: (userId: string) => number;
}

/** Among whom it is chosen: those of the first rule that fits, or all; whoever has left is passed over. */
export const candidatesFor = (
  { userIds, rules }: Assignment,
  { fields, isThere }: Pick<AssignmentFacts, 'fields' | 'isThere'>,
): readonly string[] => {
  const fitting = rules.find(({ field, equals }) => wordOf(fields[field]) === wordOf(equals));
  const named = (fitting?.userIds ?? []).filter(isThere);
  return named.length > 0 ? named : userIds.filter(isThere);
};

/** Who gets it; undefined where nobody is left. The same facts give the same answer. */
export const assigneeOf = (assignment: Assignment, facts: AssignmentFacts): string | undefined => {
  const candidates = candidatesFor(assignment, facts);
  return assignment.mode === 'least-busy' ? leastBusy(candidates, facts) : next(candidates, facts.last);
};

/** The one behind the last, in their order; the first where that one is not among them. */
const next = (candidates: readonly string[], last: string | undefined): string | undefined =>
  candidates[(candidates.indexOf(last ?? '') + 1) % Math.max(1, candidates.length)];

/** Of those with as few, the one behind the last. */
const leastBusy = (candidates: readonly string[], { openOf, last }: AssignmentFacts): string | undefined => {
  const fewest = Math.min(...candidates.map(openOf));
  return next(
    candidates.filter((each) => openOf(each) === fewest),
    last,
  );
};

const wordOf = (value: unknown): string => (typeof value === 'string' ? value.trim().toLowerCase() : '');
