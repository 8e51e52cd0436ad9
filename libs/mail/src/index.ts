export * from './mail.js';
export * from './mail-settings.js';
export * from './smtp-mail.js';
