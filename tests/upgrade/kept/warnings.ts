/** An answer of then in which every import has a list of warnings, empty, and says that empty cells change nothing. */
export const withWarnings = (answer: unknown): unknown => {
  if (Array.isArray(answer)) return answer.map(withWarnings);
  if (typeof answer !== 'object' || answer === null) return answer;
  const fields = Object.fromEntries(Object.entries(answer).map(([name, value]) => [name, withWarnings(value)]));
  if (!('settings' in fields) || !('counts' in fields)) return fields;
  return { ...fields, settings: { ...(fields['settings'] as object), empty: 'keep' }, warnings: [] };
};
