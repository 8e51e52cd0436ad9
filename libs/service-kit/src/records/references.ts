import { streamName, type EventStore } from '@rapport/event-store';
import { DomainError } from '@rapport/kernel';
import { type AnyRecordDecider, Lineage } from './lineage.js';

/** Fields that hold the id of another record, or several: field → aggregate. */
export type ReferenceFields = Readonly<Record<string, string>>;

/** The record that refers to others. */
interface Referrer {
  readonly tenant: string;
  /** Undefined for a new one, which nothing can refer to yet. */
  readonly id?: string;
}

type Values = Readonly<Record<string, unknown>>;

/**
 * Holds what somebody asks for to records that are there, and a record that may stand under one of its own kind to not standing
 * under itself. What does not change is not judged. Asked of the events themselves, so it is never behind.
 */
export class References {
  private readonly lineage: Lineage;

  constructor(
    private readonly fields: ReferenceFields,
    private readonly decider: AnyRecordDecider,
    private readonly events: EventStore,
  ) {
    this.lineage = new Lineage(decider, events);
  }

  /** @throws DomainError invalid, at the field whose record is missing or stands under this one */
  async check(asked: object, referrer: Referrer): Promise<void> {
    const named = Object.entries(asked as Values).flatMap(([field, value]) =>
      this.refersBy(field) ? idsIn(value).map((id) => [field, id] as const) : [],
    );
    for (const [field, value] of named) {
      const problem = (await this.missing(field, value, referrer)) ?? (await this.circle(field, value, referrer));
      if (problem && !(await this.isSo(field, value, referrer))) throw problem;
    }
  }

  private refersBy(field: string): boolean {
    return Object.hasOwn(this.fields, field);
  }

  private async missing(field: string, id: string, { tenant }: Referrer): Promise<DomainError | undefined> {
    const aggregate = this.fields[field]!;
    for await (const _ of this.events.read(streamName(aggregate, tenant, id), { limit: 1 })) return undefined;
    return problemAt(field, `${aggregate}-not-found`, `There is no ${aggregate} ${id}. Check the id, or list them.`);
  }

  private async circle(field: string, parent: string, { tenant, id }: Referrer): Promise<DomainError | undefined> {
    const { aggregate } = this.decider;
    if (id === undefined || this.fields[field] !== aggregate) return undefined;
    if (!(await this.lineage.isAbove(field, { tenant, id }, parent))) return undefined;
    const message = `The ${aggregate} ${parent} is this ${aggregate}, or stands under it. Choose another.`;
    return problemAt(field, 'under-itself', message);
  }

  /** Whether the record holds the value already. */
  private async isSo(field: string, value: string, { tenant, id }: Referrer): Promise<boolean> {
    return id !== undefined && idsIn((await this.lineage.state({ tenant, id }))[field]).includes(value);
  }
}

const idsIn = (value: unknown): readonly string[] => (Array.isArray(value) ? value : [value]).filter(isText);

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

const problemAt = (field: string, code: string, message: string): DomainError =>
  new DomainError('invalid', code, message, { fields: [{ pointer: `/${field}`, code, message }] });
