interface Shown {
  readonly status?: string;
  readonly expectedCloseOn?: string;
  readonly openedOn?: string;
  readonly info?: { readonly archived: boolean };
}

/** An answer of then in which every opportunity says whether its expected day of closing is over, UTC. */
export const withOverdue = (answer: unknown): unknown => {
  if (Array.isArray(answer)) return answer.map(withOverdue);
  if (typeof answer !== 'object' || answer === null) return answer;
  const fields = Object.fromEntries(Object.entries(answer).map(([name, value]) => [name, withOverdue(value)]));
  return isOpportunity(fields) ? { ...fields, overdue: isOver(fields) } : fields;
};

const isOpportunity = (fields: Shown): boolean => 'openedOn' in fields && 'info' in fields;

const isOver = ({ status, expectedCloseOn, info }: Shown): boolean =>
  status === 'open' &&
  info?.archived !== true &&
  expectedCloseOn !== undefined &&
  expectedCloseOn < new Date().toISOString().slice(0, 10);
