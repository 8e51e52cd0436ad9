import { contextNames } from '@rapport/contexts';
import type { Api, Fields } from './api.js';
import type { CloudEvent } from './event-stream.js';

/** Every record of a list; archived ones too, by id. */
export const everyRecord = async (api: Api, path: string): Promise<ReadonlyMap<string, Fields>> => {
  const records = new Map<string, Fields>();
  for await (const record of api.walk(path, { limit: '200', archived: 'true', sort: 'id' }))
    records.set(record.id, record);
  return records;
};

/** The whole feed so far. */
export const everyEvent = async (api: Api, filter = ''): Promise<readonly CloudEvent[]> => {
  const events: CloudEvent[] = [];
  for (let after = ''; ;) {
    const query = new URLSearchParams({ limit: '500', ...(after && { after }), ...(filter && { filter }) });
    const page = await api.get<{ data: readonly CloudEvent[]; next: string; hasMore: boolean }>(
      `/v1/events?${query.toString()}`,
    );
    events.push(...page.data);
    if (!page.hasMore) return events;
    after = page.next;
  }
};

const LISTS = [
  '/v1/contacts',
  '/v1/accounts',
  '/v1/opportunities',
  '/v1/pipelines',
  '/v1/products',
  '/v1/representatives',
];

/** Everything that read models show: lists, boards and reports. */
export const readModelsOf = async (api: Api): Promise<Readonly<Record<string, unknown>>> => {
  const shown: Record<string, unknown> = {};
  for (const list of LISTS) shown[list] = Object.fromEntries(await everyRecord(api, list));
  const pipelines = Object.keys(shown['/v1/pipelines'] as object);
  const reports = [...pipelines.map((id) => `/v1/pipelines/${id}/board`), '/v1/reports/outcomes'];
  for (const group of ['quarter,owner', 'month,pipeline', 'product,account'])
    reports.push(`/v1/reports/won?groupBy=${group}`);
  for (const report of reports) shown[report] = await api.get(report);
  return shown;
};

/** Builds every read model of every context anew from the first event on. */
export const rebuildAll = async (api: Api): Promise<readonly string[]> => {
  const rebuilt: string[] = [];
  for (const context of contextNames) {
    for (const projection of await projectionsOf(api, context)) {
      await api.post(`/v1/operations/${context}/projections/${projection}:rebuild`);
      rebuilt.push(projection);
    }
  }
  return rebuilt;
};

const projectionsOf = async (api: Api, context: string): Promise<readonly string[]> => {
  const { data } = await api.get<{ data: readonly { readonly name: string }[] }>(`/v1/operations/${context}/followers`);
  // Projections are named with the generation that is in use: `contacts@1f2e`.
  return data.flatMap(({ name }) => (name.includes('@') ? [name.slice(0, name.indexOf('@'))] : []));
};
