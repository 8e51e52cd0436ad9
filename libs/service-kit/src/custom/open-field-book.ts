import { CUSTOM } from '@rapport/custom-fields';
import { externalAggregate } from '@rapport/event-store';
import type { LiveProjection, Projection } from '@rapport/processing';
import { openNames } from '@rapport/read-models';
import type { Neighbours } from '../service/neighbours.js';
import type { ServiceDefinition } from '../service/service-definition.js';
import { CustomPart } from './custom-part.js';
import { FieldBook } from './field-book.js';
import { definitionsIn, type FieldDocument, fieldDefinitions } from './field-definitions.js';

/** Whether tenants may give records of a list fields of their own. */
export const hasCustom = ({ declaration }: Pick<Projection, 'declaration'>): boolean =>
  openNames(declaration).includes(CUSTOM);

/** What a service has to follow where tenants may give its records fields. */
export const customProjections = ({ context, records }: ServiceDefinition): readonly Projection[] =>
  records.some(({ record }) => hasCustom(record.projection)) ? [fieldDefinitions(context)] : [];

interface Opening {
  readonly definition: Pick<ServiceDefinition, 'context'>;
  readonly events: ConstructorParameters<typeof FieldBook>[0]['events'];
  readonly neighbours: Neighbours;
  projection(of: Projection<FieldDocument>): LiveProjection<FieldDocument>;
}

export const openFieldBook = (runtime: Opening): FieldBook => {
  const { definition, events, neighbours } = runtime;
  const { epochs } = neighbours.inbox;
  const prefix = `${definitionsIn(definition.context)}-`;
  const aggregate = (): string => epochs.prefixes([prefix])[0]!.slice(0, -1);
  return new FieldBook({ list: runtime.projection(fieldDefinitions(definition.context)), events, aggregate });
};

interface Knowing {
  readonly fieldBook: FieldBook | undefined;
  readonly listOf: (aggregate: string) => unknown;
  readonly heardOf: (aggregate: string) => unknown;
}

/** For one kind of record. What it refers to is of its own context, or of those that this one hears of. */
export const customPartOf = ({ fieldBook, heardOf, listOf }: Knowing, aggregate: string): CustomPart | undefined => {
  const known = (kind: string): string | undefined => {
    if (listOf(kind) !== undefined) return kind;
    const heard = HEARD_OF.map((context) => externalAggregate(context, kind));
    return heard.find((external) => heardOf(external) !== undefined);
  };
  return fieldBook && new CustomPart(fieldBook, aggregate, known);
};

const HEARD_OF = ['contacts', 'sales'] as const;
