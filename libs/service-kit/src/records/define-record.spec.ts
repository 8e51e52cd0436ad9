import { describe, expect, it } from '@jest/globals';
import { contactsV1, salesV1 } from '@rapport/contracts';
import {
  type Decider,
  type Money,
  recordDecider,
  type RecordCommands,
  type RecordState,
  UNCHANGED,
} from '@rapport/kernel';
import { contractMessage } from '../contract/contract-messages.js';
import { serve } from '../service/serve-record.js';
import { type DefinedRecord, defineRecord, type DocumentOf } from './define-record.js';
import { checkKeptOnErasure, listedFields, ownFields } from './record-fields.js';

interface Fields {
  readonly name: string;
  readonly series?: string;
  readonly price?: Money;
  readonly description?: string;
  readonly externalId?: string;
}

const product = recordDecider<'Product', Fields>('product', 'Product');
const contract = salesV1;

const products = defineRecord({
  decider: product,
  contract,
  plural: 'products',
  sort: [{ field: 'price.minor', descending: true }],
  indexes: [
    ['series', 'initial'],
    ['price.currency', 'createdAt'],
  ],
  unlisted: ['description'],
  derived: { fields: { initial: 'text' }, of: ({ name }) => ({ initial: name[0] }) },
});

describe('a defined record', () => {
  it('has from the contract what the contract says', () => {
    expect(products).toMatchObject({ service: 'rapport.sales.v1.ProductsService', noun: 'Product', personal: [] });
    expect(products.methods).toEqual(expect.arrayContaining(['createProduct', 'listProducts', 'undoProductChange']));
    expect(Object.keys(products.publishes)).toEqual(Object.keys(product.events));
    expect(products.kind.outputOnly).toEqual(['id', 'info']);
    expect(ownFields(products.shape).map(({ name }) => name)).toEqual([
      ...['name', 'series', 'price', 'description', 'externalId'],
    ]);
  });

  it('lists its fields by their types, and what follows from them', () => {
    const { declaration, prefixes, fold } = products.projection;
    expect(declaration).toMatchObject({
      name: 'products',
      fields: { name: 'text', series: 'text', 'price.minor': 'number', 'price.currency': 'text', initial: 'text' },
      indexes: [['series', 'initial'], ['price.currency', 'createdAt'], ['archived', 'createdAt'], expect.anything()],
    });
    expect(declaration.fields).not.toHaveProperty('description');
    expect(prefixes).toEqual(['product-']);
    const event = {
      type: 'ProductCreated',
      data: { name: 'GTX' },
      stream: 'product-main-1',
      revision: 0,
      metadata: {},
    };
    const document: DocumentOf<typeof products> | null = fold(null, event as never, '1');
    expect(document).toMatchObject({ id: '1', name: 'GTX', initial: 'G', archived: false });
  });
});

describe('what can be listed', () => {
  it('is every field that has one value, or a list of texts', () => {
    const { lostNotes, expectedCloseOn, stageEnteredAt, probability, tags, info, ...others } = listedFields(
      contractMessage('rapport.sales.v1.Opportunity'),
      ['lostNotes', 'amount.minor'],
    );
    expect({ lostNotes, expectedCloseOn, stageEnteredAt, probability, tags, info }).toEqual({
      ...{ expectedCloseOn: 'date', stageEnteredAt: 'time', probability: 'number', tags: 'texts' },
    });
    expect(Object.keys(others)).toContain('amount.currency');
    expect(Object.keys(others)).not.toContain('amount.minor');
    expect(listedFields(contractMessage('rapport.sales.v1.Pipeline'), [])).not.toHaveProperty('stages');
  });
});

describe('what is left of a person', () => {
  const contact = contractMessage('rapport.contacts.v1.Contact');
  const kept = ['accountId', 'ownerId', 'teamId', 'tags', 'externalId', 'shares'];

  it('is all that is not personal', () => {
    expect(() => checkKeptOnErasure(contact, kept)).not.toThrow();
    expect(() => checkKeptOnErasure(contact, [...kept, 'phone'])).toThrow(/Contact\.phone is personal, and kept/);
    expect(() => checkKeptOnErasure(contact, kept.slice(1))).toThrow(/accountId is neither personal nor kept/);
  });
});

type Event = Parameters<typeof product.evolve>[1];
type Sold = { readonly type: 'ProductSold'; readonly data: object };
type Erased = { readonly type: 'ContactErased'; readonly data: object };

/** Deciders that say other things than the contract; what they decide is not asked. */
declare const without: Decider<RecordState<Omit<Fields, 'series'>>, Event, RecordCommands<Omit<Fields, 'series'>>>;
declare const withMore: Decider<RecordState<Fields & { colour: string }>, Event, RecordCommands<Fields>>;
declare const otherwise: Decider<
  RecordState<Fields>,
  Event,
  RecordCommands<Omit<Fields, 'series'> & { series: number }>
>;
declare const selling: Decider<RecordState<Fields>, Event | Sold, RecordCommands<Fields>>;
declare const erasing: Decider<
  RecordState<contactsV1.Contact>,
  { readonly type: 'ContactCreated'; readonly data: object } | Erased,
  RecordCommands<contactsV1.Contact>
>;
declare const opportunities: DefinedRecord<
  Decider<
    RecordState<salesV1.Opportunity>,
    { readonly type: 'OpportunityCreated'; readonly data: object },
    RecordCommands<salesV1.Opportunity>
  >,
  typeof salesV1,
  'opportunities'
>;

/** Never called: that each of these does not compile is what the compiler is asked. */
export const refusedByTheCompiler = (): readonly unknown[] => [
  // @ts-expect-error the aggregate has no field "series"
  defineRecord({ decider: without, contract, plural: 'products' }),
  // @ts-expect-error the message has no field "colour"
  defineRecord({ decider: withMore, contract, plural: 'products' }),
  // @ts-expect-error "series" is of another type in the message
  defineRecord({ decider: otherwise, contract, plural: 'products' }),
  // @ts-expect-error the contract has no ProductSold
  defineRecord({ decider: selling, contract, plural: 'products', publishes: { ProductSold: UNPUBLISHED } }),
  // @ts-expect-error the published form of ContactErased is missing
  defineRecord({ decider: erasing, contract: contactsV1, plural: 'contacts', keepOnErase: [] }),
  // @ts-expect-error what is left after an erasure is missing
  defineRecord({
    decider: erasing,
    contract: contactsV1,
    plural: 'contacts',
    publishes: { ContactErased: UNPUBLISHED },
  }),
  // @ts-expect-error the service of pipelines has no method createProduct
  defineRecord({ decider: product, contract, plural: 'pipelines' }),
  // @ts-expect-error there is no service of "goods"
  defineRecord({ decider: product, contract, plural: 'goods' }),
  // @ts-expect-error no such field can be indexed
  defineRecord({ decider: product, contract, plural: 'products', indexes: [['nome']] }),
  // @ts-expect-error no such field can be left out
  defineRecord({ decider: product, contract, plural: 'products', unlisted: ['price.amount'] }),
  // @ts-expect-error what a column of the price may be called is missing
  defineRecord({ decider: product, contract, plural: 'products', import: { matchBy: ['name'], synonyms: UNPRICED } }),
  serve(products),
  // @ts-expect-error what only opportunities can do is missing
  serve(opportunities),
];

const UNPRICED = { name: [], series: null, description: null, externalId: [] } as const;
const UNPUBLISHED = () => ({ type: '', data: UNCHANGED });
