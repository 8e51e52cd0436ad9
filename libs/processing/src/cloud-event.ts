/** Attributes that are message headers too, so that a consumer can pass over what it does not need without parsing. */
export const TYPE_HEADER = 'ce-type';
export const SEQUENCE_HEADER = 'ce-sequence';

/** A change as other services and systems see it: CloudEvents 1.0, JSON format; names as the standard writes them. */
export interface CloudEvent<Data = Readonly<Record<string, unknown>>> {
  readonly specversion: '1.0';
  readonly id: string;
  /** `/rapport/<context>` */
  readonly source: string;
  /** `rapport.sales.v1.OpportunityWon` */
  readonly type: string;
  /** `opportunity/<id>` */
  readonly subject: string;
  /** When it happened in the world. */
  readonly time: string;
  readonly datacontenttype: 'application/json';
  readonly dataschema: string;
  readonly tenant: string;
  readonly revision: number;
  readonly recordedtime: string;
  /** `user:<id>`, `import:<id>` … */
  readonly actor: string;
  readonly correlationid: string;
  readonly causationid?: string;
  /** The event's position in its service's store: what a consumer remembers to take nothing twice. */
  readonly sequence: string;
  /** The personal fields of `data`, sealed with the subject's key; only on the bus. */
  readonly sealed?: string;
  readonly erased?: boolean;
  readonly data: Data;
}
