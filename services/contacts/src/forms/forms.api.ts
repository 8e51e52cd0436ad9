import { Inject, Injectable } from '@nestjs/common';
import type { contactsV1, typesV1 } from '@rapport/contracts';
import { streamName } from '@rapport/event-store';
import { type CallContext, DomainError, fold } from '@rapport/kernel';
import { type RecordApi, RUNTIME, type ServiceRuntime } from '@rapport/service-kit';
import { form, type FormEvent } from '../domain/form/form.js';
import { type FormRecords, forms } from '../records/forms.js';
import { FormTokens } from './form-tokens.js';
import { type OpenForm, Submissions } from './submissions.js';

type Answer = Promise<contactsV1.Form>;

/** What only forms can do: be shown to everybody, and be filled in. */
@Injectable()
export class FormsApi implements RecordApi<typeof forms> {
  private readonly tokens: FormTokens;

  constructor(
    @Inject(forms.token) private readonly records: FormRecords,
    @Inject(RUNTIME) private readonly runtime: ServiceRuntime,
    @Inject(Submissions) private readonly submissions: Submissions,
  ) {
    this.tokens = new FormTokens(runtime.engines.keys);
  }

  async written(message: contactsV1.Form, call: CallContext): Answer {
    return called(message, call);
  }

  async getForm(request: typesV1.GetRecordRequest, call: CallContext): Answer {
    return called(await this.records.get(request, call), call);
  }

  async listForms(request: typesV1.ListRecordsRequest, call: CallContext): Promise<contactsV1.ListFormsResponse> {
    const { data, page } = await this.records.list(request, call);
    return { data: data.map((each) => called(each, call)), page };
  }

  async showForm({ id }: contactsV1.ShowFormRequest, { principal }: CallContext): Promise<contactsV1.ShownForm> {
    const { name, fields, consent } = await this.open(id, principal.tenant);
    const token = await this.tokens.seal(principal.tenant, id, this.runtime.engines.clock.now());
    const asked = fields.map(({ field, label, required }) => ({ field, label, required }));
    return { name, fields: asked, consentText: consent?.text, token };
  }

  async submitForm({ id, values }: contactsV1.SubmitFormRequest, call: CallContext): Promise<contactsV1.FormSubmitted> {
    const { tenant } = call.principal;
    const asked = await this.open(id, tenant);
    const { token = '', ...said } = values;
    const shown = await this.tokens.open(tenant, id, token, this.runtime.engines.clock.now());
    const seconds = asked.minimumSeconds ?? SECONDS_TO_FILL_IN;
    if (!shown) throw invalid('token-missing', '/token', TOKEN_MISSING);
    if (shown.ageMilliseconds < seconds * 1000) throw invalid('too-fast', '/token', TOO_FAST);
    await this.submissions.take(asked, said, { ...call, idempotencyKey: shown.id });
    const { thankYou, redirectUrl } = asked;
    return { thankYou, redirectUrl };
  }

  /** As its own events have it, so that it is never behind. @throws DomainError not-found, of one that takes nothing any more as well */
  private async open(id: string, tenant: string): Promise<OpenForm> {
    const history = await Array.fromAsync(this.runtime.events.read(streamName(form.aggregate, tenant, id)));
    const state = fold(form, history as unknown as readonly FormEvent[]);
    if (state && !state.archived) return { ...state, id };
    throw new DomainError('not-found', 'form-not-found', 'There is no such form, or it takes nothing any more.');
  }
}

const SECONDS_TO_FILL_IN = 3;
const TOKEN_MISSING =
  'This form was shown too long ago, or not at all. Get it anew, and send its token with the answers.';
const TOO_FAST = 'This was sent sooner than anybody fills in a form. Wait a moment, and send it again.';

/** With what it is called by in public. */
const called = (message: contactsV1.Form, { principal }: CallContext): contactsV1.Form => ({
  ...message,
  key: `${principal.tenant}.${message.id}`,
});

const invalid = (code: string, pointer: string, message: string): DomainError =>
  new DomainError('invalid', code, message, { fields: [{ pointer, code, message }] });
