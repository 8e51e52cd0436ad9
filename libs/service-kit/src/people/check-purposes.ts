import type { ServiceDefinition } from '../service/service-definition.js';

/** Whoever keeps something about people says what for; a context that does not is not put together. */
export const checkPurposes = ({ context, personal, purposes = {} }: ServiceDefinition): void => {
  const silent = Object.keys(personal).find((aggregate) => !purposes[aggregate]);
  if (silent === undefined) return;
  throw new Error(
    `${context} keeps personal fields of its ${silent}s and does not say what for. Name it under "purposes": whoever asks what is held about a person is told.`,
  );
};
