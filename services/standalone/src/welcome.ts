import type { StandaloneConfig } from './settings.js';
import type { Standalone } from './standalone.js';

/** What somebody who has just typed `npm start` wants to know. */
export const welcome = ({ address, token, link }: Standalone, config: StandaloneConfig, milliseconds: number): string =>
  [
    '',
    `Rapport is healthy, ${(milliseconds / 1000).toFixed(1)} s after the start.`,
    '',
    `  API            ${address}/v1`,
    `  Documentation  ${address}/docs`,
    `  Health         ${address}/healthz  ${address}/readyz`,
    `  Data           ${config.data}`,
    '',
    ...signIn(address, token, config),
    ...(link === undefined
      ? []
      : ['', 'Or choose a password, in a browser and only once, within three days:', '', `  ${link}`]),
    '',
  ].join('\n');

const signIn = (address: string, token: string | undefined, { adminToken }: StandaloneConfig): readonly string[] => {
  if (token === undefined || adminToken !== null) {
    const known = adminToken === null ? 'that was shown at the first start' : 'in RAPPORT_ADMIN_TOKEN';
    const lost = adminToken === null ? ['Lost? Stop Rapport, then: npx rapport sign-in'] : [];
    return [`Sign in with the administrator's token ${known}.`, ...lost];
  }
  return [
    "Sign in with the administrator's token. It is shown only this once:",
    '',
    `  export RAPPORT_TOKEN=${token}`,
    `  curl -H "Authorization: Bearer $RAPPORT_TOKEN" ${address}/v1/me`,
  ];
};
