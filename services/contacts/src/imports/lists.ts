import { Inject, Injectable } from '@nestjs/common';
import type { Documents } from '@rapport/read-models';
import { RUNTIME, type ServiceRuntime } from '@rapport/service-kit';
import { accounts, type AccountDocument } from '../records/accounts.js';
import { contacts, type ContactDocument } from '../records/contacts.js';

/** Where rows find the records that exist. */
@Injectable()
export class Lists {
  constructor(@Inject(RUNTIME) private readonly runtime: ServiceRuntime) {}

  get accounts(): Documents<AccountDocument> {
    return this.runtime.projection(accounts.projection).documents;
  }

  get contacts(): Documents<ContactDocument> {
    return this.runtime.projection(contacts.projection).documents;
  }
}
