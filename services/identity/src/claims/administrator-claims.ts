import { Inject, Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { type CallContext, idFrom } from '@rapport/kernel';
import { type Change, type Claims, type Outcome, RunCommand } from '@rapport/service-kit';
import { administrators } from '../domain/administrators/administrators.js';
import { ADMINISTRATOR } from '../domain/role/role.js';
import { isActiveWith, type UserState } from '../domain/user/user.js';
import { builtInRoleId } from '../tenant-opening.js';

/** Somebody is left who may do everything, once there was somebody. */
@Injectable()
export class AdministratorClaims implements Claims<UserState> {
  constructor(@Inject(CommandBus) private readonly commands: CommandBus) {}

  /** Whoever goes is dismissed first: should the rest fail, there is one administrator more than is counted, never one less. */
  async take({ id, before, after }: Change<UserState>, call: CallContext): Promise<void> {
    const isOne = isAdministrator(call);
    if (isOne(before) && !isOne(after)) await this.run('dismiss', id, call);
  }

  async settle({ id, past, present }: Outcome<UserState>, call: CallContext): Promise<void> {
    const isOne = isAdministrator(call);
    if (isOne(present)) await this.run('appoint', id, call);
    else if (past.some(isOne)) await this.run('dismiss', id, call);
  }

  private async run(command: 'appoint' | 'dismiss', userId: string, call: CallContext): Promise<void> {
    const { principal, correlationId } = call;
    const decide = administrators.decide[command];
    await this.commands.execute(
      new RunCommand({
        decider: administrators,
        id: idFrom('administrators', principal.tenant),
        steps: [
          { name: `${command}Administrator`, input: userId, decide: (state, at) => decide(state, { userId }, at) },
        ],
        call: { principal, correlationId, answer: {} },
      }),
    );
  }
}

const isAdministrator = ({ principal }: CallContext): ((state: UserState) => boolean) => {
  const roleId = builtInRoleId(principal.tenant, ADMINISTRATOR);
  return (state) => isActiveWith(state, roleId);
};
