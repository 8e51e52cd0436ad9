import { type Config, ConfigError, secret, string } from '@rapport/config';
import type { Mail } from './mail.js';
import { SmtpMail } from './smtp-mail.js';

/** What can be set about mail. */
export const mailSettings = {
  smtpUrl: secret(
    'RAPPORT_SMTP_URL',
    'Server that mail goes out by: smtp://user:password@host:587, or smtps. Without it links are shown to administrators.',
    { default: null },
  ),
  mailFrom: string('RAPPORT_MAIL_FROM', 'Who mail is from: rapport@example.org, or Rapport <rapport@example.org>.', {
    default: null,
  }),
} as const;

type Given = Config<typeof mailSettings> & { readonly publicUrl: string | null };

/** Undefined where no server is set. @throws ConfigError where something is missing without which no mail makes sense */
export const mailOf = ({ smtpUrl, mailFrom, publicUrl }: Given): Mail | undefined => {
  if (smtpUrl === null) return undefined;
  const problems = [
    ...(/^smtps?:\/\//.test(smtpUrl) && URL.canParse(smtpUrl)
      ? []
      : ['RAPPORT_SMTP_URL has to begin with smtp:// or smtps://.']),
    ...(mailFrom === null ? ['RAPPORT_MAIL_FROM has to say who mail is from.'] : []),
    ...(publicUrl === null
      ? ['RAPPORT_PUBLIC_URL has to say where people find Rapport: links in mail begin with it.']
      : []),
  ];
  if (problems.length > 0) throw new ConfigError(problems);
  return new SmtpMail({ url: smtpUrl, from: mailFrom!, publicUrl: publicUrl!.replace(/\/$/, '') });
};
