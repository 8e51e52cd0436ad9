import {
  type Decider,
  needsName,
  recordDecider,
  type RecordCommands,
  type RecordEvent,
  type RecordState,
  reject,
  type Rejection,
} from '@rapport/kernel';
import type { Assignment } from '../assignment/assignment.js';

/** What is known of a form; the names are the contract's. */
export interface FormFields {
  readonly name: string;
  readonly fields: readonly FormField[];
  readonly source?: string;
  readonly consent?: FormConsent;
  readonly thankYou?: string;
  readonly redirectUrl?: string;
  readonly assignment?: Assignment;
  readonly minimumSeconds?: number;
  readonly tags?: readonly string[];
}

export interface FormField {
  /** A field of a lead. */
  readonly field: string;
  readonly label: string;
  readonly required?: boolean;
}

export interface FormConsent {
  readonly topic: string;
  readonly purpose: string;
  readonly textVersion: string;
  readonly text: string;
}

/** FormCreated, FormEdited, FormArchived, FormRestored, FormChangeUndone. */
export type FormEvent = RecordEvent<'Form', FormFields>;

export type FormState = RecordState<FormFields>;

const named = needsName('A form');

/** By one of these a lead is somebody. */
const NAMING = ['firstName', 'lastName', 'company', 'email', 'phone'];

const soundFields = ({ fields = [], consent, redirectUrl }: Partial<FormFields>): Rejection | undefined => {
  const names = fields.map(({ field }) => field);
  const twice = names.findIndex((name, n) => names.indexOf(name) !== n);
  if (twice >= 0)
    return reject('invalid', 'asked-twice', `"${names[twice]}" is asked already. Each once.`, `/fields/${twice}/field`);
  if (!names.some((name) => NAMING.includes(name)))
    return reject('invalid', 'nobody-asked', `Ask for one of ${NAMING.join(', ')}: a lead is somebody.`, '/fields');
  if (redirectUrl !== undefined && !/^https?:\/\//.test(redirectUrl))
    return reject('invalid', 'no-page', 'The page that it leads to begins with https://.', '/redirectUrl');
  if (consent && !names.includes('email'))
    return reject('invalid', 'no-address', 'Whoever consents is written to: ask for the e-mail address.', '/consent');
  return undefined;
};

/** What people fill in who are not signed in. */
export const form: Decider<FormState, FormEvent, RecordCommands<FormFields>> = recordDecider<'Form', FormFields>(
  'form',
  'Form',
  (fields, before) => named(fields, before) ?? soundFields(fields),
);
