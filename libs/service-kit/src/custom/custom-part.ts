import { reaches } from '@rapport/access';
import { CUSTOM, type CustomPatch, customName, type Definitions, isCustomName } from '@rapport/custom-fields';
import { DomainError, isId, type Principal } from '@rapport/kernel';
import type { Document, Documents } from '@rapport/read-models';
import type { ListRequest } from '../records/list-query.js';
import type { FieldBook } from './field-book.js';

type Asked = Readonly<Record<string, unknown>>;

/** What one kind of record makes of the fields that tenants have given it. */
export class CustomPart {
  constructor(
    private readonly book: FieldBook,
    private readonly object: string,
    /** What records of a kind are called in this context, be they its own or heard of; undefined where it knows nothing of them. */
    private readonly aggregateOf: (kind: string) => string | undefined,
  ) {}

  of({ tenant }: Pick<Principal, 'tenant'>): Definitions | Promise<Definitions> {
    return this.book.of(tenant, this.object);
  }

  /** A new record's fields, each under its own name. @throws DomainError invalid, naming each field at fault */
  async created<Fields extends object>(fields: Fields, { tenant }: Principal): Promise<Fields> {
    const { [CUSTOM]: said = {}, ...rest } = fields as Asked;
    const asked = said as object;
    const known = this.book.of(tenant, this.object);
    const definitions = known instanceof Promise ? await known : known;
    try {
      return { ...rest, ...definitions.created(asked) } as Fields;
    } catch (failure) {
      if (!(failure instanceof DomainError)) throw failure;
      return { ...rest, ...(await this.fresh(tenant, asked)).created(asked) } as Fields;
    }
  }

  /**
   * An edit's fields, each under its own name; judged by what the record says then, since a choice that was retired may stay.
   * The answer throws DomainError invalid, naming each field at fault.
   */
  async edited(asked: object, { tenant }: Principal): Promise<(before: object | null) => CustomPatch> {
    const known = await this.book.of(tenant, this.object);
    const definitions = accepts(known, asked) ? known : await this.fresh(tenant, asked);
    return (before) => definitions.edited(asked, before ?? {});
  }

  /** Documents, as a request may ask for them. Which fields there are is told to those alone who see definitions. */
  async asked<D extends Document>(
    documents: Documents<D>,
    request: ListRequest,
    principal: Principal,
  ): Promise<Documents<D>> {
    const definitions = await this.book.of(principal.tenant, this.object);
    const { filter = '', sort = '' } = request;
    const isTold = reaches(principal, 'field', 'read');
    const fields = isTold ? definitions.fields : definitions.namedIn(`${filter} ${sort}`);
    return Object.keys(fields).length === 0 ? documents : documents.withFields(fields);
  }

  /** Of what is asked for, the fields that hold the id of another record that this context knows of, and its aggregate. */
  async references(asked: object, { tenant }: Principal): Promise<Readonly<Record<string, string>> | undefined> {
    // What is no id is refused for that.
    const names = Object.keys(asked).filter((name) => isCustomName(name) && isId(String((asked as Asked)[name])));
    if (names.length === 0) return undefined;
    const found = (await this.book.of(tenant, this.object)).references(names) ?? {};
    const known = Object.entries(found).flatMap(([name, kind]) => {
      const aggregate = this.aggregateOf(kind);
      return aggregate === undefined ? [] : [[name, aggregate] as const];
    });
    return known.length === 0 ? undefined : Object.fromEntries(known);
  }

  private fresh(tenant: string, asked: object): Promise<Definitions> {
    return this.book.fresh(tenant, this.object, Object.keys(asked));
  }
}

const accepts = (definitions: Definitions, asked: object): boolean => {
  try {
    definitions.edited(asked);
    return true;
  } catch (failure) {
    if (failure instanceof DomainError) return false;
    throw failure;
  }
};

/** Names of the fields that a mask names, each of the custom ones by itself. @throws DomainError invalid where it names none */
export const namedFields = (message: object, mask: readonly string[]): readonly string[] =>
  mask.flatMap((name) => (name === CUSTOM ? Object.keys(customIn(message)).map(customName) : [name]));

/** What a message says in custom fields. */
export const customIn = (message: object): object => {
  const asked = (message as Asked)[CUSTOM];
  if (typeof asked === 'object' && asked !== null) return asked;
  const text = 'Name the fields to empty: {"custom": {"priority": null}}.';
  throw new DomainError('invalid', 'custom-unnamed', text, {
    fields: [{ pointer: `/${CUSTOM}`, code: 'custom-unnamed', message: text }],
  });
};
