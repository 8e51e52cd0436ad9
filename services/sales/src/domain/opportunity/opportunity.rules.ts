import { isCustomName } from '@rapport/custom-fields';
import { needsName, reject, type Rejection, soundShares } from '@rapport/kernel';
import { openCategories } from '../pipeline/forecast-category.js';
import type { PipelineStages } from '../pipeline/pipeline.js';
import type { Stage } from '../pipeline/pipeline.events.js';
import { labelKey } from '../pipeline/stage-label.js';
import { type Day, dayAfter } from './day.js';
import type { Gated, StageChoice } from './opportunity.commands.js';
import type { OpportunityEdit } from './opportunity.events.js';
import type { Opportunity, OpportunityFields } from './opportunity.fields.js';
import type { OpportunityState } from './opportunity.js';

// What a decision may be refused for: undefined when all is well.

type Problem = Rejection | undefined;

/** The pipeline's stage that is chosen; refused with the names it has. */
export const stageOf = (
  { name, stages }: PipelineStages,
  { stageId, stage: label }: StageChoice,
): Stage | Rejection => {
  if (stageId === undefined && label === undefined) return NO_STAGE;
  const chosen = stages.find((stage) => (stageId === undefined ? stage.name === label : stage.id === stageId));
  if (chosen) return chosen;
  const known = stages.map((stage) => `"${stage.name}"`).join(', ');
  const wanted = stageId === undefined ? `"${label}"` : `with the id ${stageId}`;
  const message =
    `Pipeline "${name}" has no stage ${wanted}. Its stages are ${known}; ` +
    `"Won" and "Lost" are reached by win and lose.`;
  return reject('invalid', 'unknown-stage', message, stageId === undefined ? '/stage' : '/stageId');
};

/** What a stage requires of an opportunity that comes there; judged only then, and by whom it is asked for. */
export const passes = ({ name, requires }: Stage, said: OpportunityFields, gate: Gated['gate']): Problem => {
  if (!gate) return undefined;
  const missing = (requires?.fields ?? []).filter(
    (field) => said[field as keyof OpportunityFields] === undefined && !gate.unseen.includes(field),
  );
  if (missing.length === 0) return undefined;
  const message = `An opportunity in "${name}" says ${missing.join(', ')}, and this one does not. Say it first.`;
  return reject('invalid', 'stage-requires', message, `/${missing[0]}`);
};

const NO_STAGE = reject('invalid', 'stage-missing', 'Say which stage: by its name, or by its stageId.', '/stage');

/** Moving, winning and losing are for open ones. */
export const stillOpen = ({ status, closedOn }: Opportunity): Problem =>
  status === 'open'
    ? undefined
    : reject('conflict', `already-${status}`, `This opportunity was ${status} on ${closedOn}. Reopen it first.`);

/** As it stood at an earlier time. */
export const openThen = (opportunity: OpportunityState): Problem =>
  opportunity?.status === 'open' && !opportunity.archived
    ? undefined
    : reject('conflict', 'not-open-then', 'This opportunity was not open then.');

/** One day of grace, for people whose calendar is ahead. */
export const closingDaySound = ({ openedOn }: Opportunity, closedOn: Day, today: Day): Problem => {
  if (closedOn < openedOn) return closedBeforeOpened(openedOn, closedOn);
  if (closedOn <= dayAfter(today)) return undefined;
  const message = `It cannot have been closed on ${closedOn}, which is still to come. Give a day up to ${today}.`;
  return reject('invalid', 'closed-in-future', message, '/closedOn');
};

const closedBeforeOpened = (openedOn: Day, closedOn: Day): Rejection => {
  const message = `It was opened on ${openedOn} and cannot have been closed on ${closedOn}. Give a later day of closing.`;
  return reject('invalid', 'closed-before-opened', message, '/closedOn');
};

/** Which fields an edit may touch, and whether they may be touched now. */
export const editable = ({ status }: Opportunity, change: OpportunityEdit): Problem => {
  for (const [field, value] of Object.entries(change)) {
    if (!EDITABLE.has(field) && !isCustomName(field)) {
      const message = `"${field}" is not changed by an edit. Use move, win, lose or reopen.`;
      return reject('invalid', 'not-editable', message, `/${field}`);
    }
    if (value === null && NEVER_EMPTY.has(field)) {
      return reject('invalid', `${field}-missing`, `An opportunity needs a ${field}. Give one.`, `/${field}`);
    }
  }
  const settled = status === 'open' ? undefined : SETTLED.find(([field]) => change[field] !== undefined);
  if (!settled) return undefined;
  const [field, called] = settled;
  const message = `The ${called} of an opportunity that is ${status} is settled. Reopen it first.`;
  return reject('conflict', `already-${status}`, message, `/${field}`);
};

const SETTLED = [
  ['probability', 'probability'],
  ['forecastCategory', 'forecast category'],
] as const;

const EDITABLE: ReadonlySet<string> = new Set([
  ...['name', 'accountId', 'contactId', 'ownerId', 'teamId', 'productId', 'amount', 'probability', 'expectedCloseOn'],
  ...['openedOn', 'nextStep', 'tags', 'description', 'externalId', 'shares'],
  ...['type', 'forecastCategory', 'contactRoles', 'competitors'],
]);
const NEVER_EMPTY: ReadonlySet<string> = new Set(['name', 'probability', 'forecastCategory', 'openedOn']);

type Checked = Pick<
  Opportunity,
  | ('name' | 'amount' | 'probability' | 'openedOn' | 'closedOn' | 'shares')
  | ('status' | 'forecastCategory' | 'contactRoles')
>;

/** Holds of every opportunity at any time; a name that was taken before this rule may stay. */
export const fieldsSound = (checked: Checked, before: Pick<Checked, 'name'> | null): Problem => {
  const { name, amount, probability, openedOn, closedOn } = checked;
  const nameless = needsName('An opportunity')({ name }, before);
  if (nameless) return nameless;
  if (amount && !Number.isSafeInteger(amount.minor)) return AMOUNT_TOO_LARGE;
  if (closedOn !== undefined && closedOn < openedOn) return closedBeforeOpened(openedOn, closedOn);
  return probabilitySound(probability) ?? categorySound(checked) ?? contactRolesSound(checked) ?? soundShares(checked);
};

const categorySound = ({ status, forecastCategory }: Pick<Checked, 'status' | 'forecastCategory'>): Problem => {
  if (status !== 'open' || openCategories.some((category) => category === forecastCategory)) return undefined;
  const message =
    forecastCategory === 'closed'
      ? `Only what is won is "closed" in a forecast. Win it, or choose one of ${openCategories.join(', ')}.`
      : `There is no forecast category "${forecastCategory}". Choose one of ${openCategories.join(', ')}.`;
  return reject('invalid', 'wrong-forecast-category', message, '/forecastCategory');
};

const contactRolesSound = ({ contactRoles = [] }: Pick<Checked, 'contactRoles'>): Problem => {
  for (const [n, { contactId, from, to }] of contactRoles.entries()) {
    if (contactRoles.findIndex((other) => other.contactId === contactId) < n)
      return reject('invalid', 'contact-repeated', ONE_ROLE, `/contactRoles/${n}/contactId`);
    if (from !== undefined && to !== undefined && to < from)
      return reject(
        'invalid',
        'ends-before-it-begins',
        `A role from ${from} cannot end on ${to}.`,
        `/contactRoles/${n}/to`,
      );
  }
  return undefined;
};

const ONE_ROLE = 'This contact has a role here already. Each contact has one.';

/** The reason as the pipeline writes it; whatever is said where it has no list, or none is known. */
export const reasonIn = (pipeline: PipelineStages | undefined, said: string): string | Rejection => {
  const { name = '', lostReasons = [] } = pipeline ?? {};
  const known = lostReasons.find((reason) => labelKey(reason) === labelKey(said));
  if (known !== undefined || lostReasons.length === 0) return known ?? said;
  const reasons = lostReasons.map((reason) => `"${reason}"`).join(', ');
  return reject('invalid', 'unknown-reason', `Pipeline "${name}" is lost for one of ${reasons}.`, '/reason');
};

const AMOUNT_TOO_LARGE = reject(
  'invalid',
  'amount-out-of-range',
  'An amount is a whole number of minor units (cents), up to 9,007,199,254,740,991. Check its unit.',
  '/amount/minor',
);

export const probabilitySound = (probability: number): Problem =>
  probability >= 0 && probability <= 100
    ? undefined
    : reject(
        'invalid',
        'probability-out-of-range',
        `A probability of ${probability} cannot be. Give a percentage from 0 to 100.`,
        '/probability',
      );
