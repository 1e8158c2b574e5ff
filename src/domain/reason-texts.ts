import type { RefusalReason } from './inactive.js';

/** A reason in plain English, for a person. */
export interface ReasonText {
  readonly text: string;
  /** What to do about it. */
  readonly hint: string;
}

const getNewToken = 'The client must get a new token.';
const enable = 'Enabling it again revives no token:';
const retry = 'Look for the correlation id in the log of the server.';

/** What is true of every request that was refused for a reason, without the token and its subjects. */
export const reasonTexts: Readonly<Record<RefusalReason, ReasonText>> = {
  no_token: {
    text: 'The request presents no token.',
    hint: 'Send the token where the dialect expects it: see the page of endpoints.',
  },
  unreadable: {
    text: 'What the request presents as its token is not a text: it holds invalid UTF-8, a broken percent-escape or a NUL.',
    hint: 'Percent-encode the token, and send nothing but the token.',
  },
  malformed_request: {
    text: 'The request does not have the form that the protocol requires.',
    hint: 'Send each parameter once, as application/x-www-form-urlencoded in UTF-8, where the endpoint expects it.',
  },
  two_tokens: {
    text: 'The request presents two tokens, one in the header and one in the query.',
    hint: 'Send the token once, best in the header Authorization (RFC 6750 §2).',
  },
  method: {
    text: 'The endpoint does not take the method.',
    hint: "Use a method that the answer's header Allow names.",
  },
  no_such_realm: {
    text: 'The request names a realm that does not exist.',
    hint: 'Check the realm in the path or the parameter realm: case matters.',
  },
  refresh_reuse: {
    text: 'A refresh token that had been used was presented again, so its whole family was revoked (RFC 9700 §4.14.2).',
    hint: 'Find out who else has the token. For a client that repeats requests set refresh_retry to graceful.',
  },
  code_reuse: {
    text: 'An authorization code that had been used was presented again, so its tokens were revoked (RFC 6749 §4.1.2).',
    hint: 'Find out who else has the code, or why the client sends it again.',
  },
  throttled_address: {
    text: 'Too many passwords of this user, or secrets of this client, that came from the same address were wrong.',
    hint: 'Wait as Retry-After says. Where proxies stand in front of the server, TRUSTED_PROXIES must name them.',
  },
  throttled_user: {
    text: 'Too many passwords of this user were wrong within an hour, and the user has not signed in from this address for 30 days.',
    hint: 'Somebody guesses, or a client has an old password. The user can sign in from known addresses, or in an hour.',
  },
  hashing_full: {
    text: 'More passwords and secrets had to be checked than the server could check in time.',
    hint: 'The request can be sent again. If it lasts, add nodes; the settings are HASH_QUEUE and HASH_TIMEOUT.',
  },
  store_unavailable: {
    text: 'The database did not answer, so it is not known whether the token is active.',
    hint: `The request can be sent again. ${retry}`,
  },
  fault: { text: 'The server met a fault of its own.', hint: retry },
  foreign_form: {
    text: "The value does not have the form of this server's tokens, and no imported token is active.",
    hint: 'Check that the whole token is presented, and that this server issued it.',
  },
  forged: {
    text: 'No key of this server made its tag: it was forged, altered, or comes from another server.',
    hint: 'Check that the whole token is presented, and that the resource server asks the server that issued it.',
  },
  refresh_token: {
    text: 'It is a refresh token: resource servers take access tokens only.',
    hint: 'Present the access token; a refresh token is for the token endpoint alone.',
  },
  not_found: {
    text: 'The token was never issued here, was revoked, or was purged after it had expired.',
    hint: `Check that the resource server asks the server that issued the token. ${getNewToken}`,
  },
  revoked: { text: 'The token was revoked.', hint: getNewToken },
  other_realm: {
    text: 'The token belongs to another realm than those that the request is answered for.',
    hint: "Ask for the token's own realm; TOKENINFO_REALMS and AXWAY_REALMS say which realms are served.",
  },
  not_permitted: {
    text: 'The client that introspects may not see the token (RFC 7662 §4).',
    hint: "Set the client's introspect to realm or all, or let the token's own client ask.",
  },
  expired: {
    text: 'The token has expired.',
    hint: 'The client must refresh it or get a new one; its access_token_lifetime says how long a token lives.',
  },
  realm_disabled: { text: "The token's realm is disabled.", hint: `${enable} clients must get new ones.` },
  client_disabled: { text: "The token's client is disabled.", hint: `${enable} it must get new ones.` },
  user_disabled: { text: "The token's user is disabled.", hint: `${enable} the client must get a new one.` },
  realm_gone: {
    text: "The token's realm no longer exists.",
    hint: 'A realm of that name that is made again has new tokens.',
  },
  client_gone: {
    text: "The token's client no longer exists.",
    hint: 'A client of that name that is made again has new tokens.',
  },
  user_gone: {
    text: "The token's user no longer exists.",
    hint: 'A user of that name that is made again has new tokens.',
  },
  realm_ended: { text: 'All tokens of its realm were ended after it was issued.', hint: getNewToken },
  client_ended: { text: 'All tokens of its client were ended after it was issued.', hint: getNewToken },
  user_ended: {
    text: 'All tokens of its user were ended after it was issued.',
    hint: `${getNewToken} The user signs in again.`,
  },
};
