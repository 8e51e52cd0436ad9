import { Inject, Injectable } from '@nestjs/common';
import { type CallContext, DomainError, idFrom, type RecordedEvent } from '@rapport/kernel';
import { RUNTIME, type ServiceRuntime } from '@rapport/service-kit';
import type { Converted } from './converted.js';

/** Sales may be away for so long; the opportunity comes once it is back. */
const WITHIN_MILLISECONDS = 7 * 24 * 3_600_000;
/** A request waits so long for sales. */
const PATIENCE_MILLISECONDS = 10_000;

/** A refusal carries no words: they might say something about a person. */
const WAYS_OUT: Readonly<Record<string, string>> = {
  'no-pipeline': 'There is no pipeline yet. Create one first (POST /v1/pipelines), or convert without an opportunity.',
  'pipeline-not-found': 'There is no such pipeline. Check its id, or leave it out for the first one.',
};

export const CREATE = 'CreateOpportunityOfLead';
const WITHDRAW = 'WithdrawOpportunityOfLead';

/** Opportunities that are made of leads: sales is asked for them, with an id that is known before. */
@Injectable()
export class OpportunitiesOfLeads {
  constructor(@Inject(RUNTIME) private readonly runtime: ServiceRuntime) {}

  async ask({ id, event, lead, conversion }: Converted, call: CallContext): Promise<void> {
    if (!conversion.made.includes('opportunity')) return;
    const { name, ...fields } = conversion.opportunity!;
    const { accountId, contactId } = conversion;
    const input = { ...fields, leadId: id, contactId, ...(accountId !== undefined && { accountId }) };
    const isCompany = name === lead.company && accountId !== undefined;
    // What somebody called it may say who the person is; what the account is called says nothing more.
    const said = isCompany ? { input: { ...input, name } } : { input, personal: { name }, person: id };
    await this.request(commandOf(event), CREATE, conversion.opportunityId!, said, call);
  }

  /** Why sales did not make it; undefined where it did, or has not answered yet. */
  async refusal({ event, tenant, conversion }: Converted): Promise<DomainError | undefined> {
    if (!conversion.made.includes('opportunity')) return undefined;
    const answer = await this.answer(tenant, commandOf(event));
    if (answer?.outcome !== 'refused') return undefined;
    const { code, pointer = '' } = answer.problem;
    const message = `Sales made no opportunity, so the lead was not converted. ${WAYS_OUT[code] ?? `Its reason is "${code}": mend what is said of it, or convert without one.`}`;
    const fields = [{ pointer: `/opportunity${pointer}`, code, message }];
    return new DomainError('invalid', code, message, { fields });
  }

  /** True where somebody has worked on it since, so that it stays. */
  async withdraw({ tenant, conversion }: Converted, undone: RecordedEvent, call: CallContext): Promise<boolean> {
    if (!conversion.made.includes('opportunity')) return false;
    const commandId = idFrom(undone.id, 'opportunity');
    await this.request(commandId, WITHDRAW, conversion.opportunityId!, { input: {} }, call);
    const answer = await this.answer(tenant, commandId);
    return answer?.outcome === 'done' && answer.result.outcome === 'unchanged';
  }

  private async request(
    commandId: string,
    command: string,
    id: string,
    said: { readonly input: object; readonly personal?: object; readonly person?: string },
    { principal, correlationId, causationId }: CallContext,
  ): Promise<void> {
    const expiresAt = new Date(this.runtime.engines.clock.now().getTime() + WITHIN_MILLISECONDS).toISOString();
    const asked = { to: 'sales', command, record: { aggregate: 'opportunity', id }, ...said, expiresAt };
    const call = { principal, correlationId, ...(causationId !== undefined && { causationId }), answer: {} };
    await this.runtime.commands.requests.ask(commandId, asked, call);
  }

  private async answer(tenant: string, commandId: string) {
    const signal = AbortSignal.timeout(PATIENCE_MILLISECONDS);
    const answers = await this.runtime.commands.requests.answers(tenant, [commandId], signal).catch(unlessLate);
    return answers?.get(commandId);
  }
}

/** The request by which a conversion asks for its opportunity. */
export const commandOf = ({ id }: Pick<RecordedEvent, 'id'>): string => idFrom(id, 'opportunity');

/** It goes on behind the answer. */
const unlessLate = (failure: unknown): undefined => {
  if ((failure as Error).name !== 'TimeoutError') throw failure;
  return undefined;
};
