import { CommandBus } from '@nestjs/cqrs';
import { everythingOf } from '@rapport/access';
import type { AskedCommand, ServedCommand } from '@rapport/commands';
import { findByField } from '@rapport/imports';
import { type CallContext, type Circumstances, DomainError } from '@rapport/kernel';
import {
  contractField,
  fieldSchema,
  type Provided,
  refuseRequest,
  RunCommand,
  RUNTIME,
  type ServiceRuntime,
  Validation,
} from '@rapport/service-kit';
import { account, type AccountState } from '../domain/account/account.js';
import { accounts } from '../records/accounts.js';

const CAUGHT_UP_WITHIN_MILLISECONDS = 5_000;

/**
 * The account of this name, created where there is none. The id that it then gets is the asker's choice: whoever asks for the
 * same name chooses the same one.
 */
export const findOrCreateAccount = (provided: Provided): ServedCommand => {
  const validate = new Validation().compile({
    type: 'object',
    properties: { name: schemaOf('name'), ownerId: schemaOf('ownerId') },
    required: ['name'],
  });
  return {
    from: ['sales'],
    run: async (asked, call) => {
      const problems = validate(asked.input);
      if (problems.length > 0) refuseRequest(problems);
      const name = String(asked.input['name']);
      // One of somebody's own is looked for among no others: the asker has looked through what that one sees.
      const isOwn = asked.input['ownerId'] !== undefined;
      const known = isOwn ? undefined : await found(provided(RUNTIME), name, { asked, call });
      if (known !== undefined) return { recordId: known, outcome: 'unchanged' };
      const { id, outcome } = await provided(CommandBus).execute(created(name, asked, call));
      return { recordId: id, outcome };
    },
  };
};

const schemaOf = (field: string) => fieldSchema(contractField('rapport.contacts.v1.Account', field), () => ({}));

/** One that somebody else has created. @throws DomainError conflict `ambiguous-account` */
const found = async (
  runtime: ServiceRuntime,
  name: string,
  { asked, call }: { readonly asked: AskedCommand; readonly call: CallContext },
): Promise<string | undefined> => {
  const list = runtime.projection(accounts.projection);
  await list.reach(await runtime.events.end(), CAUGHT_UP_WITHIN_MILLISECONDS);
  const byName = await findByField(list.documents, everythingOf(call.principal.tenant), 'name', [name]);
  const ids = byName.get(name) ?? [];
  // It may have been created by this very command, which then tells so.
  if (ids.includes(asked.record.id)) return undefined;
  if (ids.length < 2) return ids[0];
  throw new DomainError('conflict', 'ambiguous-account', 'More than one account has this name.');
};

/** One with that id may have another name by now: it is the account all the same. */
const created = (name: string, { commandId, record, input: { ownerId } }: AskedCommand, call: CallContext) => {
  const fields = { name, ...(typeof ownerId === 'string' && { ownerId }) };
  return new RunCommand<AccountState, never>({
    decider: account,
    id: record.id,
    commandId,
    call,
    steps: [
      {
        name: 'FindOrCreateAccount',
        input: name,
        decide: (state, at: Circumstances) => (state ? [] : (account.decide.create(state, fields, at) as never)),
      },
    ],
  });
};
