import { Inject, Injectable } from '@nestjs/common';
import { everythingOf } from '@rapport/access';
import type { contactsV1 } from '@rapport/contracts';
import { ABOUT_PEOPLE, customFieldId, MOST_FIELDS } from '@rapport/custom-fields';
import { type CallContext, DomainError } from '@rapport/kernel';
import { and, where } from '@rapport/read-models';
import { fieldsOf, positionIn, type RecordApi, RUNTIME, type ServiceRuntime, type Step } from '@rapport/service-kit';
import { field, type FieldEvent, type FieldFields, type FieldState } from '../domain/field/field.js';
import { type FieldRecords, fields } from '../records/fields.js';

/** Definitions of fields: what only they do. */
@Injectable()
export class FieldsApi implements RecordApi<typeof fields> {
  constructor(
    @Inject(fields.token) private readonly records: FieldRecords,
    @Inject(RUNTIME) private readonly runtime: ServiceRuntime,
  ) {}

  /** In the place that follows from its key, so that there is one of each. */
  async create(message: contactsV1.Field, call: CallContext): Promise<contactsV1.Field> {
    const asked = fieldsOf<FieldFields>(message, fields.kind.outputOnly);
    await this.refuseTooMany(asked, call);
    // What is said about a person is theirs, unless somebody says that it is nothing of the kind.
    const defined = ABOUT_PEOPLE.has(asked.object) ? { personal: true, ...asked } : asked;
    const decide: Step<FieldState, FieldEvent>['decide'] = (state, at) => field.decide.create(state, defined, at);
    const id = customFieldId(asked.object, asked.key);
    const step = { name: 'CreateField', input: asked, decide };
    return this.written(await this.records.run(id, [step], call, { action: 'create' }), call);
  }

  /** From the next command on it is judged by what was written. */
  async written(message: contactsV1.Field, call: CallContext): Promise<contactsV1.Field> {
    const position = positionIn(call.answer.consistency, this.runtime.definition.context);
    if (position !== undefined) this.runtime.fieldBook?.wrote(call.principal.tenant, position);
    return message;
  }

  private async refuseTooMany({ object }: FieldFields, call: CallContext): Promise<void> {
    await this.records.caughtUp(call);
    const { documents } = this.runtime.projection(fields.projection);
    const inUse = and(where('object', '=', object), where('archived', '=', false));
    if ((await documents.count(everythingOf(call.principal.tenant), inUse)) < MOST_FIELDS) return;
    const message = `There are ${MOST_FIELDS} fields of ${object}, and no more are possible. Archive one that nobody needs.`;
    throw new DomainError('conflict', 'too-many-fields', message);
  }
}
