import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { everythingOf } from '@rapport/access';
import { type CallContext, DomainError, emailKeyOf } from '@rapport/kernel';
import { domainOf, websiteKeyOf } from '@rapport/matching';
import { and, type Document, where } from '@rapport/read-models';
import {
  contractMessage,
  refuseRequest,
  requestSchema,
  RUNTIME,
  type ServiceRuntime,
  Validation,
} from '@rapport/service-kit';
import type { FormFields } from '../domain/form/form.js';
import { Assignments } from '../leads/assignments.js';
import { ConsentLinksApi } from '../consents/consent-links.api.js';
import { ConsentLedger } from '../consents/ledger.js';
import { type AccountDocument, accounts } from '../records/accounts.js';
import { contacts } from '../records/contacts.js';
import { type LeadRecords, leads } from '../records/leads.js';

/** A form that takes what is filled in. */
export type OpenForm = FormFields & { readonly id: string };

interface Known {
  readonly contactId?: string;
  readonly ownerId?: string;
}

type Values = Readonly<Record<string, string>>;

/** People do not see it: whoever fills it in is a program. */
export const HONEYPOT = 'fax';

const CAUGHT_UP_WITHIN_MILLISECONDS = 5_000;

const UTM = {
  utm_source: 'utmSource',
  utm_medium: 'utmMedium',
  utm_campaign: 'utmCampaign',
  utm_term: 'utmTerm',
  utm_content: 'utmContent',
};

/** What came in by forms. Nobody who is known is changed by it: it becomes a lead, for somebody to look at. */
@Injectable()
export class Submissions {
  private readonly validate = new Validation().compile(
    requestSchema(contractMessage('rapport.contacts.v1.Lead'), 'input'),
  );

  constructor(
    @Inject(RUNTIME) private readonly runtime: ServiceRuntime,
    @Inject(leads.token) private readonly leads: LeadRecords,
    @Inject(Assignments) private readonly assignments: Assignments,
    @Inject(ConsentLedger) private readonly ledger: ConsentLedger,
    @Inject(ConsentLinksApi) private readonly links: ConsentLinksApi,
  ) {}

  /** The call's key makes it one, however often it is sent. @throws DomainError invalid, at the field */
  async take(form: OpenForm, values: Values, asked: CallContext): Promise<void> {
    if (values[HONEYPOT]) return;
    const call = byForm(asked, form.id);
    const said = this.checked(form, values);
    const known = await this.knownFor(said['email'], call.principal.tenant);
    const source = form.source ?? form.name;
    const lead = { ...said, source, ...(form.tags && { tags: form.tags }) };
    const ownerId = known.ownerId ?? (await this.assignments.forForm(form, lead, call));
    const further = {
      formId: form.id,
      ...(known.contactId !== undefined && { knownContactId: known.contactId }),
      ...(ownerId !== undefined && { ownerId }),
    };
    try {
      await this.leads.create(lead, call, further);
    } catch (failure) {
      // Whoever was erased comes back by a link that is sent to the address alone.
      if (!(failure instanceof DomainError) || failure.code !== 'suppressed') throw failure;
    }
    if (values['consent']) await this.consent(form, said['email'], call);
  }

  /** What was filled in of what is asked, and what the link says. */
  private checked(form: OpenForm, values: Values): Values {
    const lacking = form.fields.find(({ field, required }) => required && !values[field]?.trim());
    if (lacking) throw missing(lacking.field, lacking.label);
    const fields = form.fields.map(({ field }) => [field, values[field]?.trim()] as const);
    const utm = Object.entries(UTM).map(([name, field]) => [field, values[name]?.slice(0, 200)] as const);
    const said = Object.fromEntries([...fields, ...utm].filter((each): each is [string, string] => !!each[1]));
    const problems = this.validate(said);
    if (problems.length > 0) refuseRequest(problems);
    return said;
  }

  /** A contact with that address, and whose the account is: its own, or the one with that domain. */
  private async knownFor(email: string | undefined, tenant: string): Promise<Known> {
    if (email === undefined) return {};
    const all = everythingOf(tenant);
    const end = await this.runtime.events.end();
    for (const { projection } of [contacts, accounts])
      await this.runtime.projection<Document>(projection).reach(end, CAUGHT_UP_WITHIN_MILLISECONDS);
    const current = where('archived', '=', false);
    const people = this.runtime.projection(contacts.projection).documents;
    const companies = this.runtime.projection(accounts.projection).documents;
    const byAddress = { filter: and(where('emailKey', '=', emailKeyOf(email)), current), limit: 1 };
    const [contact] = (await people.query(all, byAddress)).documents;
    const own = contact?.accountId === undefined ? undefined : await companies.get(all, contact.accountId);
    const account = own ?? (await this.accountOf(email.slice(email.lastIndexOf('@') + 1).toLowerCase(), tenant));
    const ownerId = account?.ownerId ?? contact?.ownerId;
    const isThere = ownerId !== undefined && (await this.assignments.isThere(tenant, ownerId));
    return { ...(contact && { contactId: contact.id }), ...(isThere && { ownerId }) };
  }

  /** Whose website stands at that domain. */
  private async accountOf(domain: string, tenant: string): Promise<AccountDocument | undefined> {
    const key = websiteKeyOf(domain);
    if (key === undefined) return undefined;
    const filter = and(where('websiteKey', '=', key), where('archived', '=', false));
    const { documents } = this.runtime.projection(accounts.projection);
    const alike = (await documents.query(everythingOf(tenant), { filter, limit: 50 })).documents;
    return alike.find(({ website }) => domainOf(website) === domain);
  }

  /** Where mail can be sent, it counts once whoever reads the mail of that address says so. */
  private async consent({ consent, name }: OpenForm, address: string | undefined, call: CallContext): Promise<void> {
    if (!consent || address === undefined) return;
    const { topic, purpose, textVersion, text } = consent;
    if (this.runtime.engines.mail) {
      const { form } = await this.links.createConsentForm({ topic, purpose, textVersion, text }, call);
      await this.links.askConsent({ form, address }, call);
      return;
    }
    const digest = `sha256:${createHash('sha256').update(text).digest('hex')}`;
    const said = { channel: 'email', state: 'granted', legalBasis: 'consent', source: `form ${name}`.slice(0, 200) };
    await this.ledger
      .record({ ...said, address, topic, purpose, textVersion, text: digest }, call)
      .catch(unlessSuppressed);
  }
}

const byForm = (call: CallContext, id: string): CallContext => ({
  ...call,
  principal: { tenant: call.principal.tenant, actor: { kind: 'system', id: `form:${id}` }, roles: [] },
});

const unlessSuppressed = (failure: unknown): void => {
  if (!(failure instanceof DomainError) || failure.code !== 'suppressed') throw failure;
};

const missing = (field: string, label: string): DomainError => {
  const message = `"${label}" is required. Fill it in.`;
  return new DomainError('invalid', 'required', message, {
    fields: [{ pointer: `/${field}`, code: 'required', message }],
  });
};
