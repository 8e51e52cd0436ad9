import { Injectable } from '@nestjs/common';
import { type CallContext, DomainError } from '@rapport/kernel';
import type { Change, Claims } from '@rapport/service-kit';
import { ADMINISTRATOR } from '../domain/role/role.js';
import type { TeamState } from '../domain/team/team.js';
import { builtInRoleId } from '../tenant-opening.js';

/** Whoever keeps a team, a directory perhaps, must not make administrators by it: they are counted, and the last one stays. */
@Injectable()
export class TeamClaims implements Claims<TeamState> {
  async take({ after }: Change<TeamState>, { principal }: CallContext): Promise<void> {
    if (!after?.roleIds?.includes(builtInRoleId(principal.tenant, ADMINISTRATOR))) return;
    const message = 'Administrators are made one by one. Give the role to users, not to a team.';
    const fields = [{ pointer: '/roleIds', code: 'role-not-for-teams', message }];
    throw new DomainError('invalid', 'role-not-for-teams', message, { fields });
  }

  async settle(): Promise<void> {
    // Nothing is reserved.
  }
}
