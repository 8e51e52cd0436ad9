import { prefixOf } from '@rapport/event-store';
import type { PersonalField } from '@rapport/privacy';
import type { ServiceDefinition } from '../service/service-definition.js';

/**
 * Whoever keeps something about others has to hear when they are erased, and to say which documents that concerns; a context
 * that does not is not put together.
 */
export const checkErasures = ({ context, personal, erasures = [], projections }: ServiceDefinition): void => {
  for (const [aggregate, fields] of Object.entries(personal)) {
    const field = fields.find(isAboutOthers);
    if (field === undefined) continue;
    const kept = `${context} keeps ${field.name} of its ${aggregate}s about whom ${field.about} names`;
    if (!erasures.some(({ last }) => last)) {
      throw new Error(`${kept}, and hears of no erasure. Give "erasures" what tells that people are forgotten.`);
    }
    const silent = projections.find(({ prefixes, about }) => prefixes.includes(prefixOf(aggregate)) && !about);
    if (!silent) continue;
    const { name } = silent.declaration;
    throw new Error(
      `${kept}, and ${name} does not say what its documents are "about". Say it, if only that it is nobody: [].`,
    );
  }
};

const isAboutOthers = (field: PersonalField): field is Exclude<PersonalField, string> => typeof field !== 'string';
