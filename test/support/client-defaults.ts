import type { Client } from '../../src/domain/client.js';

/** The values of the client fields that a configuration may leave out. */
export const clientDefaults = {
  redirectUris: [],
  insecureRedirectUris: false,
  pkce: 'required',
  consent: 'ask',
  origins: [],
  accessTokenLifetime: 3600,
  refreshTokenLifetime: 43_200,
  refreshTokenMaxLifetime: 2_592_000,
  refresh: { successor: 'new', graceful: false },
  introspect: 'own',
  administer: 'none',
  lenientAuthentication: false,
  additionalInformation: [],
  copiedParameters: [],
  attributes: new Map(),
  enabled: true,
} as const satisfies Partial<Client>;
