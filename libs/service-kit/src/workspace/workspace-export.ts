import { type Decider, type DomainEvent, missing, timer, UNCHANGED } from '@rapport/kernel';

/** One file of an archive. */
export interface ExportedFile {
  readonly name: string;
  /** Records, or events. */
  readonly lines: number;
  /** Of its content, in hexadecimal. */
  readonly sha256: string;
}

export type WorkspaceExportBegun = DomainEvent<'WorkspaceExportBegun', { readonly expiresAt: string }>;
export type WorkspaceExportFinished = DomainEvent<
  'WorkspaceExportFinished',
  { readonly files: readonly ExportedFile[]; readonly bytes: number; readonly sha256: string }
>;
/** Nobody can read its archive any more: its time is over, or somebody was erased who is in it. */
export type WorkspaceExportExpired = DomainEvent<'WorkspaceExportExpired', Record<never, never>>;

export type WorkspaceExportEvent = WorkspaceExportBegun | WorkspaceExportFinished | WorkspaceExportExpired;

export type WorkspaceExportState =
  | (WorkspaceExportBegun['data'] & {
      readonly finished?: WorkspaceExportFinished['data'];
      readonly expired: boolean;
    })
  | null;

export interface WorkspaceExportCommands {
  begin: WorkspaceExportBegun['data'];
  finish: WorkspaceExportFinished['data'];
  expire: Record<never, never>;
}

/** All that a context has of a tenant on its way into an archive, which is kept for a time. */
export const workspaceExport: Decider<WorkspaceExportState, WorkspaceExportEvent, WorkspaceExportCommands> = {
  aggregate: 'workspaceExport',
  events: { WorkspaceExportBegun: UNCHANGED, WorkspaceExportFinished: UNCHANGED, WorkspaceExportExpired: UNCHANGED },
  initialState: null,
  evolve: (state, event) => {
    if (event.type === 'WorkspaceExportBegun') return { ...event.data, expired: false };
    if (event.type === 'WorkspaceExportFinished') return state && { ...state, finished: event.data };
    return state && { ...state, expired: true };
  },
  decide: {
    begin: (state, data) => (state ? [] : [{ type: 'WorkspaceExportBegun', data }]),
    finish: (state, data, at) => {
      if (!state) return missing('workspaceExport', at);
      return state.finished || state.expired ? [] : [{ type: 'WorkspaceExportFinished', data }];
    },
    expire: (state, _, at) => {
      if (!state) return missing('workspaceExport', at);
      return state.expired ? [] : [{ type: 'WorkspaceExportExpired', data: {} }];
    },
  },
};

/** An archive is kept for no longer than it takes to fetch it. */
export const exportExpiry = timer<WorkspaceExportState, WorkspaceExportEvent>({
  decider: workspaceExport,
  name: 'export-expiry',
  dueAt: (event) => {
    if (event.type === 'WorkspaceExportBegun') return event.data.expiresAt;
    return event.type === 'WorkspaceExportExpired' ? null : undefined;
  },
  decide: (state, _, circumstances) => workspaceExport.decide.expire(state, {}, circumstances),
});
