import { Inject, Injectable } from '@nestjs/common';
import type { identityV1 } from '@rapport/contracts';
import type { CallContext } from '@rapport/kernel';
import { personOf } from '../person-of.js';
import { UserRights } from '../rights.js';
import { SecondFactors } from './second-factors.js';
import { totpUrl } from './totp.js';

/** rapport.identity.v1.SecondFactorService */
@Injectable()
export class SecondFactorApi {
  constructor(
    @Inject(SecondFactors) private readonly factors: SecondFactors,
    @Inject(UserRights) private readonly rights: UserRights,
  ) {}

  async proposeSecondFactor(_: object, call: CallContext): Promise<identityV1.ProposedSecondFactor> {
    const userId = personOf(call);
    const user = await this.rights.user(call.principal.tenant, userId);
    const secret = await this.factors.propose(userId, call);
    return { secret, url: totpUrl(secret, user?.email ?? userId) };
  }

  async confirmSecondFactor(
    { code }: identityV1.ConfirmSecondFactorRequest,
    call: CallContext,
  ): Promise<identityV1.RecoveryCodes> {
    return { codes: [...(await this.factors.confirm(personOf(call), code, call))] };
  }

  async removeSecondFactor(
    { code }: identityV1.RemoveSecondFactorRequest,
    call: CallContext,
  ): Promise<identityV1.SecondFactor> {
    const userId = personOf(call);
    await this.factors.check(userId, code, call);
    await this.factors.remove(userId, call);
    return this.getSecondFactor({}, call);
  }

  async getSecondFactor(_: object, call: CallContext): Promise<identityV1.SecondFactor> {
    const factor = await this.factors.of(personOf(call), call);
    const demanded = await this.factors.isDemanded(personOf(call), call);
    return { active: factor !== undefined, recoveryCodes: factor?.recovery.length ?? 0, demanded };
  }
}
