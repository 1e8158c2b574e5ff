/** Every grant type that is served, by its name on the wire. */
export const grantTypes = ['authorization_code', 'password', 'client_credentials', 'refresh_token'] as const;

export type GrantType = (typeof grantTypes)[number];
