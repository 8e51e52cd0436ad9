import { DomainError, type DomainEvent } from '@rapport/kernel';
import { byName, type FieldsByName, type PersonalFields } from '@rapport/privacy';

type Values = Readonly<Record<string, unknown>>;

/** Whom the personal fields of an aggregate's events are about, as the state that decisions are taken on tells. */
export class People {
  private readonly fields: readonly (readonly [name: string, about: string])[];

  private constructor(
    private readonly aggregate: string,
    fields: FieldsByName,
  ) {
    this.fields = [...fields].flatMap(([name, about]) => (about === undefined ? [] : [[name, about] as const]));
  }

  static of(aggregate: string, personal: PersonalFields): People {
    return new People(aggregate, byName(personal[aggregate] ?? []));
  }

  /** For the store that seals: by the field that holds an id, whom the state names. Undefined where it can name nobody. */
  namedBy(state: unknown): Readonly<Record<string, readonly string[]>> | undefined {
    if (this.fields.length === 0) return undefined;
    const named: Record<string, readonly string[]> = {};
    for (const [, about] of this.fields) {
      const ids = idsIn(state, about);
      if (ids.length > 0) named[about] = ids;
    }
    return named;
  }

  /**
   * The event as it has to be stored. One that changes whom the record is about also says again what is about that person, so
   * that it is sealed for the new one: otherwise it would outlive the one and go with the other.
   * @throws DomainError `not-sealed-anew` when the event has no place for that
   */
  sealedAnew<E extends DomainEvent>(event: E, before: unknown, after: unknown): E {
    const again: Record<string, unknown> = {};
    for (const [name, about] of this.fields) {
      if (!has(before, name) || !has(after, name) || isSame(idsIn(before, about), idsIn(after, about))) continue;
      if (!says(event.data, name)) again[name] = valueIn(after, name);
    }
    if (Object.keys(again).length === 0) return event;
    const { set } = event.data as { set?: object };
    if (set === undefined) throw this.withoutPlace(event.type, Object.keys(again));
    return { ...event, data: { ...event.data, set: { ...set, ...again } } };
  }

  private withoutPlace(type: string, names: readonly string[]): DomainError {
    const message =
      `${type} changes whom a ${this.aggregate} is about and leaves ${names.join(', ')} sealed for somebody else. ` +
      'Give the event these fields, in its data or in its "set".';
    return new DomainError('internal', 'not-sealed-anew', message);
  }
}

const valueIn = (state: unknown, field: string): unknown =>
  typeof state === 'object' && state !== null ? (state as Values)[field] : undefined;

const has = (state: unknown, field: string): boolean => (valueIn(state, field) ?? null) !== null;

const idsIn = (state: unknown, field: string): readonly string[] => {
  const value = valueIn(state, field);
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  return values.filter((id): id is string => typeof id === 'string' && id !== '');
};

const isSame = (left: readonly string[], right: readonly string[]): boolean =>
  left.length === right.length && left.every((id) => right.includes(id));

const says = (data: object, field: string): boolean =>
  Object.hasOwn(data, field) || Object.hasOwn((data as { set?: object }).set ?? {}, field);
