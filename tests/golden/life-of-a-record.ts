import type { AnyRecord } from '@rapport/service-kit';
import type { Invoke } from './golden-events.js';

/** Brings about what happens to every record: created, edited, that change undone, archived and restored. */
export const lifeOf = async (
  invoke: Invoke,
  { service, noun, decider: { aggregate }, kind: { message } }: AnyRecord,
  fields: object,
  changes: object,
): Promise<{ readonly id: string }> => {
  const { id } = await invoke(service, `create${noun}`, { [aggregate]: message.fromPartial(fields) });
  const changed = { [aggregate]: message.fromPartial(changes), updateMask: Object.keys(changes) };
  await invoke(service, `update${noun}`, { id, ...changed });
  const history = (await invoke(service, `list${noun}History`, { id })) as { data?: readonly { eventId: string }[] };
  await invoke(service, `undo${noun}Change`, { id, eventId: history.data![0]!.eventId, laterChanges: 'refuse' });
  await invoke(service, `archive${noun}`, { id });
  await invoke(service, `restore${noun}`, { id });
  return { id: id! };
};

/** The record's definition, as its service has it. */
export const recordOf = (service: { readonly records: readonly { readonly record: AnyRecord }[] }, aggregate: string) =>
  service.records.find(({ record }) => record.decider.aggregate === aggregate)!.record;
