import type { Api } from './api.js';

/** A change as the feed tells it. */
export interface CloudEvent {
  readonly specversion: string;
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly subject: string;
  readonly time: string;
  readonly datacontenttype: string;
  readonly dataschema: string;
  readonly tenant: string;
  readonly revision: number;
  readonly recordedtime: string;
  readonly actor: string;
  readonly correlationid: string;
  readonly causationid?: string;
  readonly cursor: string;
  readonly erased?: boolean;
  readonly data: Readonly<Record<string, unknown>>;
}

/** One block of a server-sent event stream; a heartbeat has only a comment. */
export interface Block {
  readonly id?: string;
  readonly event?: string;
  readonly data?: string;
  readonly comment?: string;
}

export interface StreamOptions {
  /** `/v1/events/stream` when left out. */
  readonly path?: string;
  readonly after?: string;
  readonly filter?: string;
  readonly lastEventId?: string | undefined;
  readonly signal: AbortSignal;
}

/** Blocks of `GET /v1/events/stream` as they come, until the signal ends it or the server does. */
export async function* blocksOf(
  api: Api,
  { path: of = '/v1/events/stream', lastEventId, signal, ...query }: StreamOptions,
): AsyncGenerator<Block> {
  const headers: Record<string, string> = lastEventId === undefined ? {} : { 'last-event-id': lastEventId };
  const path = `${of}?${new URLSearchParams(query).toString()}`;
  const response = await api.fetch('GET', path, { headers }, signal);
  if (!response.ok) throw new Error(`The stream was refused: ${await response.text()}`);
  const decoder = new TextDecoder();
  let pending = '';
  for await (const part of response.body as unknown as AsyncIterable<Uint8Array>) {
    pending += decoder.decode(part, { stream: true });
    const blocks = pending.split('\n\n');
    pending = blocks.pop()!;
    for (const block of blocks) yield blockOf(block);
  }
}

/** The events of the stream; ends quietly when the signal says so. */
export async function* eventsOf(api: Api, options: StreamOptions): AsyncGenerator<CloudEvent> {
  try {
    for await (const { data } of blocksOf(api, options)) if (data !== undefined) yield JSON.parse(data) as CloudEvent;
  } catch (error) {
    if (!options.signal.aborted) throw error;
  }
}

const blockOf = (text: string): Block => {
  const block: Record<string, string> = {};
  for (const line of text.split('\n')) {
    const colon = line.indexOf(':');
    block[colon === 0 ? 'comment' : line.slice(0, colon)] = line.slice(colon + 1).replace(/^ /, '');
  }
  return block;
};
