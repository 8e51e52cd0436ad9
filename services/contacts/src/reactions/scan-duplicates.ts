import { prefixOf } from '@rapport/event-store';
import { type ImportEvent, importDecider } from '@rapport/imports';
import { DomainError, type RecordedEvent } from '@rapport/kernel';
import { pause, type Reaction } from '@rapport/processing';
import { type Provided, RUNTIME, type ServiceRuntime } from '@rapport/service-kit';
import { duplicateScan, NOTHING_SCANNED } from '../domain/duplicate-scan/duplicate-scan.js';
import type { DuplicateScanEvent } from '../domain/duplicate-scan/duplicate-scan.events.js';
import { callAfter, DuplicateScans } from '../duplicates/duplicate-scans.js';
import { FoundPairs } from '../duplicates/found-pairs.js';
import { matchedKinds } from '../duplicates/kinds.js';
import { Scan } from '../duplicates/scan.js';
import { duplicates } from '../records/duplicates.js';

const REACH_MILLISECONDS = 60_000;
const LOOK_MILLISECONDS = 500;

export const SCAN_DUPLICATES = 'scan-duplicates';

/** A scan goes on in the background, and after a crash. */
export const scanDuplicates = (provided: Provided): Reaction => ({
  name: SCAN_DUPLICATES,
  prefixes: [prefixOf(duplicateScan.aggregate)],
  types: ['DuplicateScanBegun'] satisfies readonly DuplicateScanEvent['type'][],
  react: async (event, signal) => {
    const scans = new DuplicateScans(provided);
    const { logger }: ServiceRuntime['engines'] = provided<ServiceRuntime>(RUNTIME).engines;
    try {
      await scan(event, scans, provided, signal);
    } catch (failure) {
      if (signal.aborted) return 'retry';
      logger.error('A scan for duplicates came to grief', { tenant: event.metadata.tenant }, failure);
      await scans.step('fail', {}, callAfter(event)).catch(unlessOver);
    }
    return signal.aborted ? 'retry' : 'done';
  },
  attempts: Infinity,
});

const scan = async (
  begun: RecordedEvent,
  scans: DuplicateScans,
  provided: Provided,
  signal: AbortSignal,
): Promise<void> => {
  const { tenant } = begun.metadata;
  const call = callAfter(begun);
  const runtime: ServiceRuntime = provided(RUNTIME);
  const state = await scans.state(tenant);
  if (state?.status !== 'running') return;
  let counts = state.upTo === undefined ? NOTHING_SCANNED : state.counts;
  let after = state.upTo ?? '';
  let full = false;
  const first = matchedKinds.findIndex(({ kind }) => kind === state.kind);
  for (const kind of matchedKinds.slice(Math.max(0, first))) {
    const end = await runtime.engines.events.end();
    await runtime.projection(kind.list).reach(end, REACH_MILLISECONDS);
    await runtime.projection(duplicates).reach(end, REACH_MILLISECONDS);
    const scanning = new Scan(kind, {
      records: runtime.projection(kind.list).documents,
      pairs: runtime.projection(duplicates).documents,
      found: provided(FoundPairs),
      call,
      goesOn: async () => !signal.aborted && (await scans.isRunning(tenant)),
      checkpoint: (upTo, soFar) =>
        scans.step('progress', { kind: kind.kind, upTo, counts: soFar }, call).then(nothing, unlessOver),
    });
    const done = await scanning.run(after, counts);
    if (!done) return;
    full ||= done.full;
    counts = done.counts;
    after = '';
  }
  await scans.step('finish', { counts, full }, call).catch(unlessOver);
};

/** What an import brought in, or took back, is compared at its end. */
export const scanAfterImports = (provided: Provided): Reaction => ({
  name: 'scan-after-imports',
  prefixes: [prefixOf(importDecider.aggregate)],
  types: ['ImportFinished', 'ImportReverted', 'ImportCanceled', 'ImportFailed'] satisfies ImportEvent['type'][],
  react: async (event, signal) => {
    const { events }: ServiceRuntime = provided(RUNTIME);
    if (!(await bringsScanned(event, events))) return 'done';
    const scans = new DuplicateScans(provided);
    const begun = await scans.begun(event.metadata.tenant);
    // One that began later has all its rows in it, or somebody canceled that.
    if (begun !== undefined && begun.at > event.recordedAt) return 'done';
    // One that is on has passed by some of them.
    while (!signal.aborted && (await scans.isRunning(event.metadata.tenant))) await pause(LOOK_MILLISECONDS, signal);
    if (signal.aborted) return 'retry';
    if (await scans.isTooLarge(event.metadata.tenant)) return 'done';
    await scans.step('begin', {}, callAfter(event)).catch(unlessOver);
    return 'done';
  },
});

/** What the rows of a file become that may be there twice. */
const SCANNED: ReadonlySet<string> = new Set(['contacts', 'accounts']);

const bringsScanned = async ({ stream }: RecordedEvent, events: ServiceRuntime['events']): Promise<boolean> => {
  let isScanned = false;
  for await (const { type, data } of events.read(stream)) {
    if (type === 'ImportCreated') isScanned = SCANNED.has((data as { readonly kind?: string }).kind ?? '');
    // Before that nothing was brought in.
    if (type === 'ImportStarted') return isScanned;
  }
  return false;
};

/** It was canceled, or begun by somebody else, in that very moment. */
const unlessOver = (failure: unknown): void => {
  if (!(failure instanceof DomainError) || failure.kind !== 'conflict') throw failure;
};

const nothing = (): void => undefined;
