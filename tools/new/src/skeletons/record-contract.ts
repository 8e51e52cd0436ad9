import type { RecordNames } from '../names.js';

/** What a kind of record is, and what it can be asked for. */
export const recordContract = (context: string, names: RecordNames): string =>
  [header(context), message(names), service(context, names), requests(names), batch(names)].join('\n');

const header = (context: string): string => `syntax = "proto3";

package rapport.${context}.v1;

import "google/api/annotations.proto";
import "rapport/options/v1/options.proto";
import "rapport/types/v1/requests.proto";
import "rapport/types/v1/types.proto";
`;

const message = ({ one, indefinite }: RecordNames): string => `// ${capital(indefinite)}.
message ${one.pascal} {
  string id = 1 [(rapport.options.v1.rules) = {output_only: true, format: "uuid"}];
  string name = 2 [(rapport.options.v1.rules) = {required: true, min_length: 1, max_length: 300}];
  optional string description = 3 [(rapport.options.v1.rules) = {max_length: 20000}];
  repeated string tags = 4 [(rapport.options.v1.rules) = {max_items: 100, max_length: 100}];
  // Key of the same ${one.words} in another system.
  optional string external_id = 5 [(rapport.options.v1.label) = "key in the other system", (rapport.options.v1.rules) = {max_length: 200}];
  rapport.types.v1.RecordInfo info = 6 [(rapport.options.v1.rules) = {output_only: true}];
}
`;

interface Method {
  readonly comment: string;
  readonly signature: string;
  readonly http: string;
  readonly right: 'read' | 'write';
  readonly transfer?: string;
}

const service = (context: string, names: RecordNames): string => {
  const methods = [...writing(names), ...reading(names)].map((method) => rpc(context, method)).join('\n');
  return `// ${capital(names.many.words)}.\nservice ${names.many.pascal}Service {\n${methods}\n}\n`;
};

const rpc = (context: string, { comment, signature, http, right, transfer }: Method): string => {
  const marks = transfer === undefined ? '' : `\n    option (rapport.options.v1.transfer) = ${transfer};`;
  return `  // ${comment}
  rpc ${signature} {
    option (google.api.http) = {${http}};
    option (rapport.options.v1.permission) = "${context}.${right}";${marks}
  }`;
};

const reading = ({ one, many }: RecordNames): readonly Method[] => [
  {
    comment: `One ${one.words}, now or as of an instant.`,
    signature: `Get${one.pascal}(rapport.types.v1.GetRecordRequest) returns (${one.pascal})`,
    http: `get: "/v1/${many.kebab}/{id}"`,
    right: 'read',
  },
  {
    comment: `${capital(many.words)}, filtered, sorted, page by page.`,
    signature: `List${many.pascal}(rapport.types.v1.ListRecordsRequest) returns (List${many.pascal}Response)`,
    http: `get: "/v1/${many.kebab}"`,
    right: 'read',
  },
  {
    comment: 'Who changed what, when, from what to what, and what caused it.',
    signature: `List${one.pascal}History(rapport.types.v1.ListHistoryRequest) returns (rapport.types.v1.ListHistoryResponse)`,
    http: `get: "/v1/${many.kebab}/{id}/history"`,
    right: 'read',
  },
];

const writing = (names: RecordNames): readonly Method[] => {
  const { one, many, indefinite } = names;
  const path = `/v1/${many.kebab}`;
  return [
    {
      comment: `Creates ${indefinite}.`,
      signature: `Create${one.pascal}(Create${one.pascal}Request) returns (${one.pascal})`,
      http: `post: "${path}", body: "${one.snake}"`,
      right: 'write',
    },
    {
      comment: 'Changes the fields that are named; null clears one.',
      signature: `Update${one.pascal}(Update${one.pascal}Request) returns (${one.pascal})`,
      http: `patch: "${path}/{id}", body: "${one.snake}"`,
      right: 'write',
    },
    ...changing(names, path),
    {
      comment: 'Up to 200 rows, each with its own outcome.',
      signature: `Batch${many.pascal}(Batch${many.pascal}Request) returns (Batch${many.pascal}Response)`,
      http: `post: "${path}:batch", body: "*"`,
      right: 'write',
      transfer: 'TRANSFER_BATCH',
    },
  ];
};

const changing = ({ one, indefinite }: RecordNames, path: string): readonly Method[] => [
  {
    comment: `Archives ${indefinite}; it can be restored at any time.`,
    signature: `Archive${one.pascal}(rapport.types.v1.RecordRequest) returns (${one.pascal})`,
    http: `\n      delete: "${path}/{id}"\n      additional_bindings {post: "${path}/{id}:archive"}\n    `,
    right: 'write',
  },
  {
    comment: `Restores an archived ${one.words}.`,
    signature: `Restore${one.pascal}(rapport.types.v1.RecordRequest) returns (${one.pascal})`,
    http: `post: "${path}/{id}:restore"`,
    right: 'write',
  },
  {
    comment: 'Undoes one change, by a new one.',
    signature: `Undo${one.pascal}Change(rapport.types.v1.UndoRequest) returns (${one.pascal})`,
    http: `post: "${path}/{id}:undo", body: "*"`,
    right: 'write',
  },
];

const requests = ({ one, many, indefinite }: RecordNames): string => `// ${capital(indefinite)} to create.
message Create${one.pascal}Request {
  ${one.pascal} ${one.snake} = 1 [(rapport.options.v1.rules) = {required: true}];
}

// Fields to change; \`update_mask\` names them and is made from the body's own keys over HTTP.
message Update${one.pascal}Request {
  string id = 1 [(rapport.options.v1.rules) = {required: true, format: "uuid"}];
  ${one.pascal} ${one.snake} = 2 [(rapport.options.v1.rules) = {required: true}];
  repeated string update_mask = 3;
}

// A page of ${many.words}.
message List${many.pascal}Response {
  repeated ${one.pascal} data = 1;
  rapport.types.v1.Page page = 2;
}
`;

const batch = ({ one, many }: RecordNames): string => `// Up to 200 rows.
message Batch${many.pascal}Request {
  repeated Batch${many.pascal}Row rows = 1 [(rapport.options.v1.rules) = {required: true, max_items: 200}];
}

// One row: exactly one of create, update, archive, restore.
message Batch${many.pascal}Row {
  // Given back with the outcome.
  string client_ref = 1 [(rapport.options.v1.rules) = {max_length: 200}];
  optional ${one.pascal} create = 2;
  optional Update${one.pascal}Request update = 3;
  optional rapport.types.v1.RecordRequest archive = 4;
  optional rapport.types.v1.RecordRequest restore = 5;
}

// An outcome per row, in the rows' order.
message Batch${many.pascal}Response {
  repeated rapport.types.v1.BatchOutcome data = 1;
}
`;

/** What happens to it, as others hear of it. */
export const recordEvents = ({ one, indefinite }: RecordNames): string => `
// ${capital(indefinite)} was created.
message ${one.pascal}Created {
  ${one.pascal} ${one.snake} = 1;
}

// Fields of ${indefinite} were changed: \`set\` has the new values, \`cleared\` names the emptied fields.
message ${one.pascal}Edited {
  ${one.pascal} set = 1;
  repeated string cleared = 2;
}

// ${capital(indefinite)} was archived.
message ${one.pascal}Archived {}

// ${capital(indefinite)} was restored.
message ${one.pascal}Restored {}

// An earlier change of ${indefinite} was undone.
message ${one.pascal}ChangeUndone {
  string undone_event_id = 1;
  string undone_type = 2;
  ${one.pascal} set = 3;
  repeated string cleared = 4;
  // Whether the record is archived afterwards; absent when that did not change.
  optional bool archived = 5;
}
`;

const capital = (words: string): string => words[0]!.toUpperCase() + words.slice(1);
