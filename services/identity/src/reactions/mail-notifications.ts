import { explainSight } from '@rapport/access';
import { partsOf, prefixOf } from '@rapport/event-store';
import type { CallContext } from '@rapport/kernel';
import type { Letter } from '@rapport/mail';
import type { Reaction } from '@rapport/processing';
import { type Engines, type Provided, RUNTIME, type ServiceRuntime } from '@rapport/service-kit';
import { UserRights } from '../access/rights.js';
import { notification, type NotificationRaised } from '../domain/notification/notification.js';
import { Notifications } from '../notifications/notifications.js';
import { stateIn } from '../state-of.js';

const NAME = 'mail-notifications';
/** A letter that comes later says nothing new. */
const NEWS_MILLISECONDS = 24 * 3_600_000;

/**
 * Who wants to hear of a kind of thing by mail is written to, once. That the letter went is a fact, as with links: only a process
 * that dies between the two sends it again, under the same Message-ID.
 */
export const mailNotifications = ({ mail }: Engines, provided: Provided): Reaction => ({
  name: NAME,
  prefixes: [prefixOf(notification.aggregate)],
  types: ['NotificationRaised'],
  react: async (event) => {
    if (!mail) return 'done';
    const news = event.data as NotificationRaised['data'];
    const { tenant, id } = partsOf(event.stream);
    const { engines, events }: ServiceRuntime = provided(RUNTIME);
    if (engines.clock.now().getTime() - Date.parse(event.recordedAt) > NEWS_MILLISECONDS) return 'done';
    const notifications = provided(Notifications);
    const user = await notifications.person(tenant, news.userId);
    const isWanted = (await notifications.wishOf(tenant, news.userId, news.kind)) === 'mailed';
    if (user?.email === undefined || !isWanted || !(await seesIt(provided, tenant, news))) return 'done';
    if ((await stateIn(events, notification, tenant, id))?.mailed) return 'done';
    await mail.send({ id: event.id, to: user.email, ...letterOf(news, mail.publicUrl) });
    const principal = { tenant, actor: { kind: 'system', id: NAME }, roles: [] } as const;
    const call: CallContext = { principal, correlationId: event.metadata.correlationId, answer: {} };
    await notifications.change(id, 'MailedNotification', { ...call, causationId: event.id }, (state, at) =>
      notification.decide.mailed(state, {}, at),
    );
    return 'done';
  },
});

/** Records of which an owner is told are looked at as the owner sees them, by the rights of this moment. */
const OWNED: ReadonlySet<string> = new Set(['assigned', 'due']);

const seesIt = async (provided: Provided, tenant: string, news: NotificationRaised['data']): Promise<boolean> => {
  if (!OWNED.has(news.kind)) return true;
  const rights = await provided(UserRights).of(tenant, news.userId);
  const policy = rights?.policy;
  return policy !== undefined && explainSight(policy, [], news.object, { ownerId: news.userId }).visible;
};

const TOLD: Readonly<Record<string, (news: NotificationRaised['data']) => string>> = {
  assigned: ({ object }) => `The ${object} was given to you.`,
  due: ({ object }) => `The day on which the ${object} was to be closed is over.`,
  'job-done': ({ what }) =>
    ({ ImportFinished: 'Your import has run.', ImportReverted: 'Your import was taken back.' })[what] ??
    'Your import could not go on.',
  'sign-in': () => 'Somebody has signed in as you, from a device that was not seen before.',
  workspace: ({ what }) => WORKSPACE[what] ?? 'The deletion of your workspace goes on.',
  'ways-in': ({ what }) => WAYS[what] ?? 'How you sign in was changed.',
};

const WORKSPACE: Readonly<Record<string, string>> = {
  WorkspaceDeletionRequested: 'Somebody has asked for your workspace to be deleted, with everything in it.',
  WorkspaceDeletionCancelled: 'Your workspace is not deleted: it was cancelled.',
  WorkspaceDeletionStopped: 'Your workspace is not deleted: something in it is on legal hold.',
};

const WAYS: Readonly<Record<string, string>> = {
  PasswordSet: 'Your password was changed.',
  SecondFactorConfirmed: 'Codes of an app are asked for when you sign in.',
  SecondFactorRemoved: 'Codes are not asked for any more when you sign in.',
  RecoveryCodeUsed: 'Somebody has signed in as you with a code for who has lost the app.',
  UserEdited: 'You sign in by another e-mail address: this one.',
  UserChangeUndone: 'You sign in by another e-mail address: this one.',
  PasskeyEnrolled: 'A passkey was added that signs in as you.',
  PasskeyRemoved: 'A passkey of yours was removed.',
};

const ABOUT_ACCOUNT = 'If it was not you, choose another password at once and ask an administrator for help.';

const ADVICE: Readonly<Record<string, string>> = {
  'sign-in': ABOUT_ACCOUNT,
  'ways-in': ABOUT_ACCOUNT,
  workspace: 'You are told because you are an administrator. Until it begins, every administrator can cancel it.',
};

/** Says what has happened and where to look: mail is read by many. */
const letterOf = (news: NotificationRaised['data'], url: string): Pick<Letter, 'subject' | 'text'> => {
  const { kind, at } = news;
  const said = TOLD[kind]?.(news) ?? 'There is something for you.';
  const isAboutAccount = kind === 'sign-in' || kind === 'ways-in';
  const advice = ADVICE[kind] ?? 'You asked for letters about this; in your preferences you can stop them.';
  const where = isAboutAccount ? `${url}/account` : url;
  return {
    subject: isAboutAccount ? 'Your account in Rapport' : said.replace(/\.$/, ''),
    text: `${said}\n\n${at}\n${where}\n\n${advice}\n`,
  };
};
