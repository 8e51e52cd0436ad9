import type { FastifyRequest } from 'fastify';

const BROWSERS: readonly (readonly [mark: RegExp, name: string])[] = [
  [/\bEdgA?\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\b(Firefox|FxiOS)\//, 'Firefox'],
  [/\b(Chrome|CriOS)\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
];
const SYSTEMS: readonly (readonly [mark: RegExp, name: string])[] = [
  [/\b(iPhone|iPad)\b/, 'iOS'],
  [/\bAndroid\b/, 'Android'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b/, 'macOS'],
  [/\bLinux\b/, 'Linux'],
];

const nameIn = (text: string, known: typeof BROWSERS): string | undefined =>
  known.find(([mark]) => mark.test(text))?.[1];

/**
 * What somebody signs in with, as coarse as people say it: `Firefox on Linux`. No version, which changes every month, and nothing that
 * tells one person's device from another's.
 */
export const deviceOf = ({ headers }: Pick<FastifyRequest, 'headers'>): string => {
  const said = headers['user-agent'] ?? '';
  const browser = nameIn(said, BROWSERS) ?? /^[A-Za-z]{1,20}(?=\/)/.exec(said)?.[0] ?? 'Something';
  const system = nameIn(said, SYSTEMS);
  return system === undefined ? browser : `${browser} on ${system}`;
};
