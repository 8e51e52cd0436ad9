import type { ContractMethod } from '../contract/contract.js';
import { optionsV1 } from '@rapport/contracts';
import { failureTable } from '../problems/failure-table.js';
import { documentedPath } from '../contract/path-template.js';
import type { ComponentSchemas } from './component-schemas.js';

const { Transfer } = optionsV1;
const header = (description: string) => ({ description, schema: { type: 'string' } });

export const headerComponents = {
  ETag: header('Revision of the record; send it back as `If-Match`.'),
  Location: header('Where the new record is, or where to look for what is still under way.'),
  RapportConsistency: header('Send it with a later read, and that read sees this write.'),
  RateLimit: header('What is left of the allowance: `"default";r=<units>;t=<seconds until all is back>`.'),
  RateLimitPolicy: header('The allowance: `"default";q=<units>;w=<seconds>`.'),
  CorrelationId: header('One id for everything that this request set in motion.'),
  RetryAfter: header('Seconds to wait before the request is repeated.'),
};

const ref = (kind: string, name: string) => ({ $ref: `#/components/${kind}/${name}` });

const commonHeaders = {
  'X-Correlation-Id': ref('headers', 'CorrelationId'),
  RateLimit: ref('headers', 'RateLimit'),
  'RateLimit-Policy': ref('headers', 'RateLimitPolicy'),
};

const recordHeaders = {
  ETag: ref('headers', 'ETag'),
  'Rapport-Consistency': ref('headers', 'RapportConsistency'),
  ...commonHeaders,
};

/** One shared response for every status that a problem can have. */
export const problemResponses = (): object =>
  Object.fromEntries(
    [...new Set(Object.values(failureTable).map(({ status }) => status))].map((status) => [
      `Problem${status}`,
      {
        description: Object.values(failureTable)
          .filter((row) => row.status === status)
          .map(({ title, advice }) => `${title}: ${advice}`)
          .join(' '),
        headers: { 'X-Correlation-Id': ref('headers', 'CorrelationId'), 'Retry-After': ref('headers', 'RetryAfter') },
        content: { 'application/problem+json': { schema: ref('schemas', 'ProblemDetails') } },
      },
    ]),
  );

export const responsesOf = (method: ContractMethod, httpMethod: string, schemas: ComponentSchemas): object => {
  const statuses = [400, 401, 403, 404, 429, 500, 503, ...furtherStatuses(method, httpMethod)];
  const problems = statuses.map((status) => [String(status), ref('responses', `Problem${status}`)] as const);
  const unchanged =
    httpMethod === 'GET' && method.transfer === Transfer.TRANSFER_UNSPECIFIED
      ? { 304: { description: 'Nothing has changed since the revision in `If-None-Match`.', headers: commonHeaders } }
      : {};
  return { ...success(method, schemas), ...unchanged, ...Object.fromEntries(problems) };
};

const furtherStatuses = ({ transfer }: ContractMethod, httpMethod: string): readonly number[] => {
  if (httpMethod !== 'GET') return [409, 410, 412, 413, 415, 507];
  // A file may have been removed since.
  return transfer === Transfer.TRANSFER_DOWNLOAD ? [410] : [];
};

const success = (method: ContractMethod, schemas: ComponentSchemas): object => {
  const json = { 'application/json': { schema: schemas.reference(method.response, 'output') } };
  switch (method.transfer) {
    case Transfer.TRANSFER_BATCH:
      return { 207: { description: 'An outcome per row.', headers: commonHeaders, content: json } };
    case Transfer.TRANSFER_DOWNLOAD:
      return { 200: { description: 'The file.', headers: commonHeaders, content: { '*/*': {} } } };
    case Transfer.TRANSFER_SERVER_SENT_EVENTS: {
      const schema = schemas.reference(method.response, 'output');
      return { 200: { description: 'Events, for ever.', content: { 'text/event-stream': { schema } } } };
    }
    default:
      if (!method.name.startsWith('Create'))
        return { 200: { description: 'Done.', headers: recordHeaders, content: json }, ...pending(method, json) };
      return {
        201: {
          description: 'Created.',
          headers: { Location: ref('headers', 'Location'), ...recordHeaders },
          content: json,
        },
      };
  }
};

const pending = ({ pending: place }: ContractMethod, content: object): object =>
  place
    ? {
        202: {
          description: `It takes longer and goes on: look at \`${documentedPath(place)}\`.`,
          headers: { Location: ref('headers', 'Location'), ...recordHeaders },
          content,
        },
      }
    : {};
