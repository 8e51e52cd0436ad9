import { Inject, Injectable } from '@nestjs/common';
import { emailKeyOf } from '@rapport/kernel';
import { RUNTIME, type ServiceRuntime } from '@rapport/service-kit';
import { KeyClaims } from '../../claims/key-claims.js';
import { domains, isOfProved } from '../../domain/provider/domains.js';
import { user, type UserState } from '../../domain/user/user.js';
import { stateIn } from '../../state-of.js';
import { TenantStreams } from '../tenant-stream.js';

/** A user, as the events have them at this moment. */
export interface Holder {
  readonly id: string;
  readonly state: NonNullable<UserState>;
}

/** Addresses that a tenant answers for: by no other is anybody known again. */
@Injectable()
export class AnsweredAddresses {
  constructor(
    @Inject(RUNTIME) private readonly runtime: ServiceRuntime,
    @Inject(TenantStreams) private readonly streams: TenantStreams,
    @Inject(KeyClaims) private readonly keys: KeyClaims,
  ) {}

  /** Who has an address of a proved domain. */
  async holder(address: string | undefined, tenant: string): Promise<Holder | undefined> {
    if (address === undefined) return undefined;
    const key = emailKeyOf(address);
    if (!isOfProved(await this.streams.of(domains, tenant), key)) return undefined;
    const id = await this.keys.holder(address, tenant);
    const state = id === undefined ? null : await stateIn(this.runtime.events, user, tenant, id);
    return id !== undefined && state?.email !== undefined && emailKeyOf(state.email) === key
      ? { id, state }
      : undefined;
  }
}
