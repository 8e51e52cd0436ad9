import { CommandBus } from '@nestjs/cqrs';
import type { ServedCommand } from '@rapport/commands';
import { salesV1 } from '@rapport/contracts';
import type { Circumstances, RecordedEvent } from '@rapport/kernel';
import {
  contractMessage,
  type Provided,
  refuseRequest,
  requestSchema,
  RunCommand,
  Validation,
} from '@rapport/service-kit';
import { OpportunityWork } from '../api/opportunity-work.js';
import { opportunity } from '../domain/opportunity/opportunity.decide.js';
import type { OpportunityState } from '../domain/opportunity/opportunity.js';

/** What contacts asks for when a lead is converted, and when that is taken back. The opportunity's id is known before. */
export const opportunitiesOfLeads = (
  provided: Provided,
): Readonly<Record<'CreateOpportunityOfLead' | 'WithdrawOpportunityOfLead', ServedCommand>> => {
  const validate = new Validation().compile(requestSchema(contractMessage('rapport.sales.v1.Opportunity'), 'input'));
  return {
    CreateOpportunityOfLead: {
      from: ['contacts'],
      run: async ({ record, input: { leadId: _, ...fields } }, call) => {
        const problems = validate(fields);
        if (problems.length > 0) refuseRequest(problems);
        const asked = salesV1.Opportunity.fromPartial(fields);
        const made = await provided<OpportunityWork>(OpportunityWork).create(asked, {
          ...call,
          ...{ requestId: record.id, repeated: true },
        });
        return { recordId: made.id, outcome: 'created' };
      },
    },
    WithdrawOpportunityOfLead: {
      from: ['contacts'],
      run: async ({ commandId, record }, call) => {
        const step = { name: 'WithdrawOpportunityOfLead', input: record.id, decide: archiveUntouched };
        const order = { decider: opportunity as never, id: record.id, commandId, call, steps: [step] };
        const { outcome } = await provided<CommandBus>(CommandBus).execute(new RunCommand(order as never));
        return { recordId: record.id, outcome };
      },
    },
  };
};

/** Nobody has done anything with it: it says nothing but that it was made. */
const archiveUntouched = (state: OpportunityState, at: Circumstances, history: readonly RecordedEvent[]) =>
  history.length === 1 ? opportunity.decide.archive(state, {}, at) : [];
