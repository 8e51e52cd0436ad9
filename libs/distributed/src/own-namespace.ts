/**
 * What a service calls its own on engines that it shares with others: the namespace of its streams and its database. Two
 * contexts may have aggregates of the same name (both have imports), which must not meet.
 */
export const ownNamespace = (installation: string | null, service: string): string =>
  `${installation ?? 'rapport'}_${service}`;
