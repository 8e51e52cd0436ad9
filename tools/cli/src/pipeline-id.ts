import type { ApiClient } from './api-client.js';
import { UsageError } from './arguments.js';

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The id of the pipeline that is called so. @throws UsageError when there is none */
export const pipelineId = async (client: ApiClient, nameOrId: string): Promise<string> => {
  if (ID.test(nameOrId)) return nameOrId;
  const { data = [] } = await client.json<{ data?: { id: string; name: string }[] }>('GET', '/v1/pipelines?limit=200');
  const found = data.find(({ name }) => name.toLowerCase() === nameOrId.toLowerCase());
  if (found) return found.id;
  throw new UsageError(
    `There is no pipeline "${nameOrId}"; there are ${data.map(({ name }) => `"${name}"`).join(', ') || 'none'}.`,
  );
};
