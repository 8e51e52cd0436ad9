import { Inject, Injectable } from '@nestjs/common';
import type { identityV1 } from '@rapport/contracts';
import { type CallContext, DomainError } from '@rapport/kernel';
import { randomBytes } from 'node:crypto';
import { domains, type DomainsState } from '../../domain/provider/domains.js';
import type { DomainNames } from './domain-names.js';
import { requireGiving } from '../giving.js';
import { TenantStreams } from '../tenant-stream.js';

export const DOMAIN_NAMES = Symbol('domain names');

/** rapport.identity.v1.DomainsService */
@Injectable()
export class DomainsApi {
  constructor(
    @Inject(TenantStreams) private readonly streams: TenantStreams,
    @Inject(DOMAIN_NAMES) private readonly names: DomainNames,
  ) {}

  async nameDomain({ name: given }: identityV1.NameDomainRequest, call: CallContext): Promise<identityV1.Domain> {
    requireGiving(call, '');
    const name = given.toLowerCase();
    const token = randomBytes(18).toString('base64url');
    const state = await this.streams.change(domains, 'NameDomain', call, (before, at) =>
      domains.decide.name(before, { name, token }, at),
    );
    return shown(name, state);
  }

  async listDomains(_: object, { principal }: CallContext): Promise<identityV1.ListDomainsResponse> {
    const state = await this.streams.of(domains, principal.tenant);
    const names = Object.keys(state).sort();
    return { data: names.map((name) => shown(name, state)) };
  }

  async proveDomain({ name: given }: identityV1.DomainRequest, call: CallContext): Promise<identityV1.Domain> {
    requireGiving(call, '');
    const name = given.toLowerCase();
    const known = await this.streams.of(domains, call.principal.tenant);
    if (known[name] && !(await this.texts(name)).includes(recordOf(known[name].token))) throw unproved(name);
    const state = await this.streams.change(domains, 'ProveDomain', call, (before, at) =>
      domains.decide.prove(before, { name }, at),
    );
    return shown(name, state);
  }

  async removeDomain({ name: given }: identityV1.DomainRequest, call: CallContext): Promise<identityV1.Domain> {
    requireGiving(call, '');
    const name = given.toLowerCase();
    await this.streams.change(domains, 'RemoveDomain', call, (before, at) =>
      domains.decide.remove(before, { name }, at),
    );
    return { name, proved: false, record: '' };
  }

  private async texts(name: string): Promise<readonly string[]> {
    try {
      return await this.names.texts(name);
    } catch (cause) {
      const message = `The names of ${name} cannot be asked for at the moment. Try again.`;
      throw new DomainError('unavailable', 'names-unreachable', message, { retryAfterSeconds: 5, cause });
    }
  }
}

const recordOf = (token: string): string => `rapport-domain=${token}`;

const shown = (name: string, state: DomainsState): identityV1.Domain => ({
  ...{ name, proved: state[name]?.provedAt !== undefined, record: recordOf(state[name]?.token ?? '') },
});

const unproved = (name: string): DomainError =>
  new DomainError(
    'conflict',
    'domain-unproved',
    `${name} has no TXT record with the content that is asked for. Add it; names may take an hour to get around.`,
  );
