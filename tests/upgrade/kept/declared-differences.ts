import { withStageIds } from './stage-ids.js';
import { type Answered, ofFolder } from './kept-data.js';
import { withFirstStages } from './first-stages.js';
import { withForecast } from './forecast.js';
import { withOverdue } from './overdue.js';
import { withWarnings } from './warnings.js';
import { withVersions } from './versions.js';

const { lost } = ofFolder.known;

/**
 * What a client sees otherwise than before the upgrade, and why. Whatever is not declared here has to be the same.
 * A difference turns an answer of the program that made the data into the one that is expected now.
 */
interface Difference {
  readonly why: string;
  readonly differs: (asked: Answered) => boolean;
  readonly now: (answer: never, asked: Answered) => unknown;
}

const DIFFERENCES: readonly Difference[] = [
  {
    why: 'Boards of earlier days have the names of then; of days before the pipeline was there, its first.',
    differs: ({ path, answer }) =>
      /\/board\?asOf=201/.test(path) && (answer as { pipelineName?: string }).pipelineName === 'Services',
    now: withFirstStages,
  },
  {
    why: 'A stage has an id, which follows from the name that it had then; it is shown beside the name.',
    differs: ({ path }) => /opportunities|pipelines|events/.test(path),
    now: withStageIds,
  },
  {
    why: 'An opportunity says whether its expected day of closing is over.',
    differs: ({ path }) => path.startsWith('/v1/opportunities'),
    now: withOverdue,
  },
  {
    why: 'An opportunity says what a forecast counts it as and how long it stands where it stands, a pipeline what it is lost for.',
    differs: ({ path }) => /opportunities|pipelines|events/.test(path),
    now: withForecast,
  },
  {
    why: 'A record that can be shared says with whom.',
    differs: ({ path }) => /^\/v1\/(contacts|accounts|opportunities)/.test(path),
    now: withShares,
  },
  {
    why: 'A contact or an account says which others are a part of it.',
    differs: ({ path }) => /^\/v1\/(contacts|accounts)/.test(path),
    now: withMerged,
  },
  {
    why: 'A representative says whether the person was erased.',
    differs: ({ path }) => path.startsWith('/v1/representatives') && !path.includes('/history'),
    now: withErased,
  },
  {
    why: 'An import tells what looks doubtful in its file and in its rows, and which records it creates besides.',
    differs: ({ path }) => path.startsWith('/v1/imports/'),
    now: withWarnings,
  },
  {
    why: 'What touches every tenant takes a permission that operators have, and administrators no more.',
    differs: ({ path, answer }) =>
      path === '/v1/me' && (answer as { roles?: readonly string[] }).roles?.includes('operator') === false,
    now: withoutOperating,
  },
  {
    why: 'Who works with records sees who else does; administrators say who may do what, and see who did.',
    differs: ({ path, answer }) =>
      path === '/v1/me' &&
      (answer as { permissions?: readonly string[] }).permissions?.includes('events.read') === true,
    now: withIdentity,
  },
  {
    why: 'Whoever works with contacts works with what they consented to.',
    differs: ({ path }) => path === '/v1/me',
    now: withConsents,
  },
  {
    why: 'Events of the feed say which version of their data they carry.',
    differs: ({ path }) => path.startsWith('/v1/events'),
    now: withVersions,
  },
  {
    why: "Sales had lost an account's new name. It makes its list of the facts of contacts now, and so has it.",
    differs: (asked) =>
      ofFolder.answered.includes(asked) && /^\/v1\/(opportunities|pipelines|reports)\b/.test(asked.path),
    now: (answer) => replaced(answer, lost.before, lost.after),
  },
];

/** Every record among what was answered. */
function withShares(answer: unknown): unknown {
  if (typeof answer !== 'object' || answer === null) return answer;
  if (Array.isArray(answer)) return answer.map(withShares);
  const inner = Object.fromEntries(Object.entries(answer).map(([name, each]) => [name, withShares(each)]));
  return 'tags' in answer && 'info' in answer ? { ...inner, shares: [] } : inner;
}

/** Every contact and account among what was answered. */
function withMerged(answer: unknown): unknown {
  if (typeof answer !== 'object' || answer === null) return answer;
  if (Array.isArray(answer)) return answer.map(withMerged);
  const inner = Object.fromEntries(Object.entries(answer).map(([name, each]) => [name, withMerged(each)]));
  return 'tags' in answer && 'info' in answer ? { ...inner, mergedIds: [] } : inner;
}

/** Of a list or of one. */
function withErased(answer: { readonly data?: readonly object[] }): object {
  return answer.data ? { ...answer, data: answer.data.map(withErased) } : { ...answer, erased: false };
}

function withoutOperating(answer: { readonly permissions?: readonly string[] }): object {
  return { ...answer, permissions: answer.permissions?.filter((name) => name !== 'operations.write') };
}

function withIdentity(answer: { readonly roles: readonly string[]; readonly permissions: readonly string[] }): object {
  const ofAdministrators = [
    'audit.read',
    'identity.read',
    'identity.write',
    'provisioning.write',
    'workspace.delete',
    'workspace.export',
  ];
  const added = answer.roles.includes('administrator') ? ofAdministrators : ['identity.read'];
  return { ...answer, permissions: [...answer.permissions, ...added].sort() };
}

function withConsents(answer: { readonly permissions?: readonly string[] }): object {
  const { permissions = [] } = answer;
  const added = [
    ...(permissions.includes('contacts.read') ? ['consents.read'] : []),
    ...(permissions.includes('contacts.write') ? ['consents.withdraw', 'consents.write'] : []),
  ];
  return { ...answer, permissions: [...permissions, ...added].sort() };
}

/** Every text in an answer that says exactly this. */
const replaced = (value: unknown, before: string, after: string): unknown => {
  if (value === before) return after;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((each: unknown) => replaced(each, before, after));
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, replaced(each, before, after)]));
};

export const expectedNow = (asked: Answered, compared: unknown): unknown =>
  DIFFERENCES.reduce(
    (answer, { differs, now }) => (differs(asked) ? now(structuredClone(answer) as never, asked) : answer),
    compared,
  );
