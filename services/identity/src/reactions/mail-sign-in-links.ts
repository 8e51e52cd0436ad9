import { partsOf, prefixOf } from '@rapport/event-store';
import type { RecordedEvent } from '@rapport/kernel';
import type { Letter } from '@rapport/mail';
import type { Reaction } from '@rapport/processing';
import { type Engines, type Provided, RUNTIME, type ServiceRuntime } from '@rapport/service-kit';
import { SIGN_IN_PAGE } from '../access/sign-in/sign-in-page.js';
import { Sessions } from '../access/sessions/sessions.js';
import { signIn, type SignInLinkIssued } from '../domain/sign-in/sign-in.js';
import { hasAccess } from '../domain/user/user.js';

const NAME = 'mail-sign-in-links';

/**
 * A link that is to go by mail goes once. That it went is a fact, written as soon as somebody has taken the letter over: only a
 * process that dies between the two sends it again, under the same Message-ID.
 */
export const mailSignInLinks = ({ mail }: Engines, provided: Provided): Reaction => ({
  name: NAME,
  prefixes: [prefixOf(signIn.aggregate)],
  types: ['SignInLinkIssued'],
  readable: true,
  react: async (event) => {
    const { secret, mailed, digest } = event.data as SignInLinkIssued['data'];
    if (!mail || secret === undefined || mailed === undefined) return 'done';
    const { tenant, id } = partsOf(event.stream);
    const sessions = provided(Sessions);
    const [user, { link }] = await Promise.all([sessions.user(tenant, id), sessions.signInOf(tenant, id)]);
    const { clock } = provided<ServiceRuntime>(RUNTIME).engines;
    const isWanted = link?.digest === digest && !link.sent && clock.now().toISOString() < link.expiresAt;
    if (!isWanted || !hasAccess(user) || user.email === undefined) return 'done';
    await mail.send({ id: event.id, to: user.email, ...letterOf(mailed, `${mail.publicUrl}${SIGN_IN_PAGE}${secret}`) });
    await sessions.change(id, 'SentSignInLink', callAfter(event, tenant), (state, at) =>
      signIn.decide.sentLink(state, { digest }, at),
    );
    return 'done';
  },
});

const letterOf = (mailed: 'invitation' | 'reset', url: string): Pick<Letter, 'subject' | 'text'> =>
  mailed === 'invitation'
    ? {
        subject: 'Come in to Rapport',
        text: `You were invited to Rapport. Choose a password here, within three days:\n\n${url}\n\nThe link works once.\n`,
      }
    : {
        subject: 'Another password for Rapport',
        text: `Somebody, probably you, asked for another password. Choose it here, within an hour:\n\n${url}\n\nThe link works once. If it was not you, do nothing: your password stays as it is.\n`,
      };

const callAfter = ({ id: causationId, metadata: { correlationId } }: RecordedEvent, tenant: string) => ({
  principal: { tenant, actor: { kind: 'system' as const, id: NAME }, roles: [] },
  ...{ correlationId, causationId, answer: {} },
});
