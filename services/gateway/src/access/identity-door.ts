import type { identityV1 } from '@rapport/contracts';
import type { CallContext } from '@rapport/kernel';
import type { Backend } from '@rapport/service-kit';
import type { PublicAddress } from '../http/public-address.js';
import type { TenantRegions } from './tenant-regions.js';

/** Identity, as callers reach it: somebody is told when anything in it may have changed, and links lead to this door. */
export class IdentityDoor implements Backend {
  constructor(
    private readonly backend: Backend,
    private readonly address: PublicAddress,
    private readonly regions: TenantRegions,
    private readonly changed: () => void,
  ) {}

  get services(): ReadonlySet<string> {
    return this.backend.services;
  }

  async invoke(service: string, method: string, request: object, call: CallContext): Promise<object> {
    if (READING.test(method)) return this.backend.invoke(service, method, request, call);
    // A tenant begins with its first token, in the region where it keeps its data.
    if ('tenant' in request && typeof request.tenant === 'string') this.regions.refuseOthers(request.tenant);
    try {
      const answer = await this.backend.invoke(service, method, request, call);
      return method === 'inviteUser' ? this.#complete(answer as identityV1.SignInLink) : answer;
    } finally {
      this.changed();
    }
  }

  #complete({ url, ...link }: identityV1.SignInLink): identityV1.SignInLink {
    return { ...link, url: url === '' ? url : `${this.address.url}${url}` };
  }
}

const READING = /^(get|list|pull|resolve)/;
