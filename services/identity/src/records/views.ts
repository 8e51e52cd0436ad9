import { identityV1 } from '@rapport/contracts';
import {
  contractMessage,
  listedFields,
  type RecordDocument,
  type RecordKind,
  recordProjection,
  type Records,
} from '@rapport/service-kit';
import { view, type ViewEvent, type ViewFields, type ViewState } from '../domain/view/view.js';

export type ViewRecords = Records<ViewState, ViewEvent, ViewFields, identityV1.View>;

const kind: RecordKind<ViewState, ViewEvent, ViewFields, identityV1.View> = {
  decider: view,
  message: identityV1.View,
  outputOnly: ['id', 'info', 'ownerId'],
  defaultSort: [{ field: 'name' }],
  refersTo: { teamId: 'team' },
};

/** Saved views. Others never hear of them. */
export const views = {
  decider: view,
  kind,
  projection: recordProjection<ViewState, ViewEvent>(view, {
    name: 'views',
    fields: { ...listedFields(contractMessage('rapport.identity.v1.View'), []), ownerId: 'text' },
    indexes: [['ownerId'], ['name']],
  }),
};

export type ViewDocument = RecordDocument<ViewState>;
