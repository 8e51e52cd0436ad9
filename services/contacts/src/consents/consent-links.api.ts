import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { everythingOf, scopeOf } from '@rapport/access';
import type { contactsV1 } from '@rapport/contracts';
import { type CallContext, type Circumstances, DomainError, newId, type Principal } from '@rapport/kernel';
import { and, where } from '@rapport/read-models';
import { formats, type Handlers, RunCommand, RUNTIME, type ServiceRuntime } from '@rapport/service-kit';
import {
  consentLetter,
  type ConsentLetterAsked,
  type ConsentLetterEvent,
  type ConsentLetterState,
} from '../domain/consent/consent-letter.js';
import { consents } from '../records/consents.js';
import { Suppressions } from '../suppression/suppressions.js';
import { ConsentLedger, type Said } from './ledger.js';
import { type ConsentLink, openLink, sealLink } from './sealed-links.js';

const DAYS_TO_CONFIRM = 7;
const DAY_MILLISECONDS = 24 * 60 * 60_000;
const UNSUBSCRIBE = '/unsubscribe/';
const BY_LINK = 'link that was sent to the address';

/** rapport.contacts.v1.ConsentLinksService: what people do by themselves. Whoever follows a link is told the same, whatever comes of it. */
@Injectable()
export class ConsentLinksApi implements Handlers<contactsV1.ConsentLinksService> {
  constructor(
    @Inject(ConsentLedger) private readonly ledger: ConsentLedger,
    @Inject(Suppressions) private readonly suppressions: Suppressions,
    @Inject(RUNTIME) private readonly runtime: ServiceRuntime,
    @Inject(CommandBus) private readonly commands: CommandBus,
  ) {}

  /** For `List-Unsubscribe` of a mail to this address. */
  async createUnsubscribeLink(
    { contactId, address, channel, topic, purpose }: contactsV1.CreateUnsubscribeLinkRequest,
    { principal }: CallContext,
  ): Promise<contactsV1.UnsubscribeLink> {
    refuseRestricted(principal);
    const said = { channel, ...given({ contactId, address, topic, purpose }) };
    const token = await this.seal(principal.tenant, { kind: 'withdraw', ...said });
    const url = `${this.publicUrl}${UNSUBSCRIBE}${token}`;
    return { url, listUnsubscribe: `<${url}>`, listUnsubscribePost: 'List-Unsubscribe=One-Click' };
  }

  /** For a form on a page of one's own: what whoever fills it in consents to. */
  async createConsentForm(
    { topic, purpose, textVersion, text }: contactsV1.CreateConsentFormRequest,
    { principal }: CallContext,
  ): Promise<contactsV1.ConsentForm> {
    refuseRestricted(principal);
    const digest = `sha256:${createHash('sha256').update(text).digest('hex')}`;
    const said = { channel: 'email', topic, purpose, textVersion, text: digest };
    return { form: await this.seal(principal.tenant, { kind: 'form', ...said }) };
  }

  /** Somebody has filled in a form: whoever reads the mail of that address is asked whether it was them. */
  async askConsent({ form, address }: contactsV1.AskConsentRequest, call: CallContext): Promise<object> {
    const { mail } = this.runtime.engines;
    const link = await this.open(form, call);
    if (link?.kind !== 'form' || !mail || !formats['email']!(address)) return {};
    const until = new Date(this.now.getTime() + DAYS_TO_CONFIRM * DAY_MILLISECONDS).toISOString();
    const token = await this.seal(call.principal.tenant, { ...link, kind: 'confirm', address, until });
    await this.askFor({ token }, call);
    return {};
  }

  /** A fact, so that the letter goes whatever becomes of this process. */
  private async askFor(data: ConsentLetterAsked['data'], { principal, correlationId }: CallContext): Promise<void> {
    const decide = (state: ConsentLetterState, at: Circumstances) => consentLetter.decide.ask(state, data, at);
    const steps = [{ name: 'AskForConsentLetter', input: data, decide }];
    const call = { principal, correlationId, answer: {} };
    const order = { decider: consentLetter, id: newId(), steps, call, fresh: true };
    await this.commands.execute(new RunCommand<ConsentLetterState, ConsentLetterEvent>(order));
  }

  async followConsentLink({ token, kind }: contactsV1.FollowConsentLinkRequest, call: CallContext): Promise<object> {
    const link = await this.open(token, call);
    const own = { ...call, principal: { ...call.principal, actor: { kind: 'system', id: 'consent-link' } as const } };
    if (link?.kind === 'withdraw' && kind === 'withdraw') await this.withdraw(link, own);
    if (link?.kind === 'confirm' && kind === 'confirm') await this.confirm(link, own);
    return {};
  }

  /** However often the link is followed, as long as nothing else was said in between. */
  private async withdraw(link: ConsentLink, call: CallContext): Promise<void> {
    const said = saidBy(link, 'withdrawn');
    if (!(await this.isSaid(said, call))) await this.ledger.withdraw(said, call);
  }

  /** The one act that lifts a suppression: nobody but who reads the mail of an address can follow what was sent there. */
  private async confirm(link: ConsentLink, call: CallContext): Promise<void> {
    const said: Said = { ...saidBy(link, 'granted'), legalBasis: 'consent' };
    const { id } = await this.ledger.record(said, { ...call, idempotencyKey: link.id });
    await this.suppressions.release(said.address!, id, call);
  }

  private async isSaid({ address, channel, topic, purpose }: Said, call: CallContext): Promise<boolean> {
    const list = this.runtime.projection(consents.projection);
    await list.reach(await this.runtime.events.end(), CAUGHT_UP_WITHIN_MILLISECONDS);
    const key = await this.ledger.addressKey(address!, call);
    const filter = and(where('addressKey', '=', key), where('channel', '=', channel));
    const sort = [{ field: 'occurredAt', descending: true }];
    const { documents } = await list.documents.query(everythingOf(call.principal.tenant), { filter, sort, limit: 1 });
    const [last] = documents;
    return last?.state === 'withdrawn' && last.topic === topic && last.purpose === purpose;
  }

  private seal(tenant: string, link: Omit<ConsentLink, 'id'>): Promise<string> {
    return sealLink(this.runtime.engines.keys, tenant, { ...link, id: newId() });
  }

  private open(token: string, { principal }: CallContext): Promise<ConsentLink | undefined> {
    return openLink(this.runtime.engines.keys, principal.tenant, token, this.now);
  }

  private get now(): Date {
    return this.runtime.engines.clock.now();
  }

  private get publicUrl(): string {
    const { publicUrl } = this.runtime.engines;
    if (publicUrl) return publicUrl;
    const message = 'Links for people begin with RAPPORT_PUBLIC_URL, which is not set. Set it where contacts runs.';
    throw new DomainError('conflict', 'no-public-address', message);
  }
}

/** What comes of a link is an entry, which is for who may record each. */
const refuseRestricted = (principal: Principal): void => {
  if (scopeOf(principal, 'consent', 'create').isWhole) return;
  const message = 'Your roles do not let you record what people consent to, and so no links or forms for it.';
  throw new DomainError('forbidden', 'not-permitted', message);
};

const CAUGHT_UP_WITHIN_MILLISECONDS = 5_000;

const saidBy = (
  { contactId, address, channel, topic, purpose, textVersion, text }: ConsentLink,
  state: string,
): Said => ({
  ...{ channel, state, source: BY_LINK, byPerson: true as const },
  ...given({ contactId, address, topic, purpose, textVersion, text }),
});

const given = <T extends object>(fields: T): { readonly [F in keyof T]?: Exclude<T[F], undefined> } =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== '')) as never;
