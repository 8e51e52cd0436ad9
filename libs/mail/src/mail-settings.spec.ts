import { describe, expect, it } from '@jest/globals';
import { mailOf } from './mail-settings.js';

const given = {
  smtpUrl: 'smtp://127.0.0.1:25',
  mailFrom: 'rapport@example.org',
  publicUrl: 'https://crm.example.org/',
};

describe('mail', () => {
  it('is there where a server is set, with all that it needs', () => {
    expect(mailOf({ ...given, smtpUrl: null })).toBeUndefined();
    expect(mailOf(given)).toMatchObject({ publicUrl: 'https://crm.example.org' });
    expect(() => mailOf({ ...given, mailFrom: null, publicUrl: null })).toThrow(
      /RAPPORT_MAIL_FROM[^]*RAPPORT_PUBLIC_URL/,
    );
    expect(() => mailOf({ ...given, smtpUrl: 'mail.example.org' })).toThrow(/smtp:\/\//);
  });
});
