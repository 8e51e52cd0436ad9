import { Inject, Injectable } from '@nestjs/common';
import type { identityV1 } from '@rapport/contracts';
import type { CallContext } from '@rapport/kernel';
import type { Passkey } from '../../domain/sign-in/passkeys.js';
import { personOf } from '../person-of.js';
import { UserRights } from '../rights.js';
import { CHALLENGE_MILLISECONDS } from './challenges.js';
import { ALGORITHMS } from './device-answer.js';
import { handleOf, Passkeys } from './passkeys.js';

const KIND = 'public-key';

/** rapport.identity.v1.PasskeysService */
@Injectable()
export class PasskeysApi {
  constructor(
    @Inject(Passkeys) private readonly passkeys: Passkeys,
    @Inject(UserRights) private readonly rights: UserRights,
  ) {}

  async proposePasskey(_: object, call: CallContext): Promise<identityV1.PasskeyProposal> {
    const userId = personOf(call);
    const { party } = this.passkeys;
    const user = await this.rights.user(call.principal.tenant, userId);
    const displayName = user?.name ?? userId;
    const known = await this.passkeys.of(userId, call);
    return {
      challenge: await this.passkeys.challengeFor(`enrol ${userId}`, call),
      rp: { id: party.id, name: 'Rapport' },
      user: { id: handleOf(userId), name: user?.email ?? displayName, displayName },
      pubKeyCredParams: ALGORITHMS.map((alg) => ({ type: KIND, alg })),
      timeout: CHALLENGE_MILLISECONDS,
      excludeCredentials: known.flatMap(({ credentialId: id, transports }) =>
        id === undefined ? [] : [{ id, type: KIND, transports: [...transports] }],
      ),
      authenticatorSelection: { residentKey: 'required', requireResidentKey: true, userVerification: 'required' },
      attestation: 'none',
    };
  }

  async enrolPasskey(request: identityV1.EnrolPasskeyRequest, call: CallContext): Promise<identityV1.Passkey> {
    return shown(await this.passkeys.enrol(personOf(call), request, call));
  }

  async listPasskeys(_: object, call: CallContext): Promise<identityV1.ListPasskeysResponse> {
    return { data: (await this.passkeys.of(personOf(call), call)).map(shown) };
  }

  async renamePasskey(
    { id: passkeyId, name }: identityV1.RenamePasskeyRequest,
    call: CallContext,
  ): Promise<identityV1.Passkey> {
    await this.passkeys.rename(personOf(call), { passkeyId, name }, call);
    return this.one(passkeyId, call);
  }

  async removePasskey({ id }: identityV1.PasskeyRequest, call: CallContext): Promise<identityV1.Passkey> {
    const known = await this.one(id, call).catch(() => undefined);
    await this.passkeys.remove(personOf(call), id, call);
    return known!;
  }

  private async one(id: string, call: CallContext): Promise<identityV1.Passkey> {
    const all = await this.passkeys.of(personOf(call), call);
    return shown(all.find(({ passkeyId }) => passkeyId === id)!);
  }
}

const shown = ({ passkeyId: id, name = '', createdAt, challengedAt }: Passkey): identityV1.Passkey => ({
  ...{ id, name, createdAt: new Date(createdAt).toISOString() },
  usedAt: challengedAt > createdAt ? new Date(challengedAt).toISOString() : undefined,
});
