import { isVisible, reject, type Rejection, sameValue } from '@rapport/kernel';
import type { CustomField } from './custom-field.js';
import { checkedValue, isEmpty } from './custom-values.js';

/** What never changes: events of records were made when it was so. */
const FIXED = ['object', 'key', 'kind', 'personal', 'refersTo'] as const satisfies readonly (keyof CustomField)[];

/** What holds for every definition, and between one and what it was before. */
export const soundField = (field: CustomField, before: CustomField | null): Rejection | undefined =>
  fixed(field, before) ??
  (isVisible(field.label)
    ? undefined
    : reject('invalid', 'label-missing', 'A field needs a label that can be seen.', '/label')) ??
  choicesSound(field, before) ??
  referenceSound(field) ??
  personalSound(field) ??
  defaultSound(field);

const fixed = (field: CustomField, before: CustomField | null): Rejection | undefined => {
  const changed = before && FIXED.find((name) => !sameValue(before[name] ?? null, field[name] ?? null));
  if (!changed) return undefined;
  const message = `"${changed}" of a field stays as it was defined: records hold values of it. Archive this field and define another.`;
  return reject('conflict', 'field-fixed', message, `/${changed}`);
};

const choicesSound = ({ kind, choices = [] }: CustomField, before: CustomField | null): Rejection | undefined => {
  const isChoice = kind === 'choice' || kind === 'multi-choice';
  if (isChoice !== choices.length > 0) {
    const message = isChoice
      ? 'Give at least one choice.'
      : `A field of kind "${kind}" has no choices. Leave them out.`;
    return reject('invalid', isChoice ? 'choices-missing' : 'choices-unwanted', message, '/choices');
  }
  const values = choices.map(({ value }) => value);
  const twice = values.findIndex((value, n) => values.indexOf(value) !== n);
  if (twice >= 0)
    return reject(
      'invalid',
      'choice-twice',
      `The value "${values[twice]}" is there already. Each once.`,
      `/choices/${twice}/value`,
    );
  const gone = before?.choices?.find(({ value }) => !values.includes(value));
  if (!gone) return undefined;
  const message = `Records may hold "${gone.value}", so it cannot go. Retire it: {"value": "${gone.value}", …, "retired": true}.`;
  return reject('conflict', 'choice-kept', message, '/choices');
};

const referenceSound = ({ kind, refersTo }: CustomField): Rejection | undefined => {
  if ((kind === 'reference') === (refersTo !== undefined)) return undefined;
  const message =
    kind === 'reference' ? 'Say which kind of record it refers to.' : 'Only a reference refers to a record.';
  return reject('invalid', 'refers-to', message, '/refersTo');
};

/** Kinds of records whose own record is a person's. */
export const ABOUT_PEOPLE: ReadonlySet<string> = new Set(['contact', 'lead']);

/** Erasing a person destroys the key of that person's own record, so only what such a record says can be sealed. */
const personalSound = ({ object, personal }: CustomField): Rejection | undefined => {
  if (personal !== true || ABOUT_PEOPLE.has(object)) return undefined;
  const message = `The record of ${object === 'account' ? 'an' : 'a'} ${object} is about no person, so nothing in it goes when one is erased. Keep it with the contact.`;
  return reject('invalid', 'not-about-a-person', message, '/personal');
};

const defaultSound = (field: CustomField): Rejection | undefined => {
  if (isEmpty(field.defaultValue)) return undefined;
  const checked = checkedValue(field, field.defaultValue);
  if (!('expected' in checked)) return undefined;
  return reject('invalid', 'default-value', `The default has to be ${checked.expected}.`, '/defaultValue');
};
