/**
 * The kinds of inactive token that the flavours answer differently. `disabled` also stands for a subject that
 * no longer exists.
 */
export type InactiveStatus = 'unknown' | 'expired' | 'disabled';

/** The status for each reason why a token is inactive. */
const statuses = {
  /** No token was presented. */
  no_token: 'unknown',
  /** The presented token is not a text: it holds invalid UTF-8, a broken percent-escape or a NUL. */
  unreadable: 'unknown',
  /** It does not have the form of the tokens issued here, and all imported tokens have expired. */
  foreign_form: 'unknown',
  /** It has the form, but no key of ours made its tag. */
  forged: 'unknown',
  /** It is a refresh token, which no resource server accepts. */
  refresh_token: 'unknown',
  /** It was never issued, or it was purged. On a plain lookup a revoked token counts as not found. */
  not_found: 'unknown',
  revoked: 'unknown',
  /** It belongs to a realm that the request is not about. */
  other_realm: 'unknown',
  /** The client that introspects may not see it (RFC 7662 §4). */
  not_permitted: 'unknown',
  expired: 'expired',
  realm_disabled: 'disabled',
  client_disabled: 'disabled',
  user_disabled: 'disabled',
  realm_gone: 'disabled',
  client_gone: 'disabled',
  user_gone: 'disabled',
  /** The subject has a new epoch: a new password or secret, its tokens were revoked, or it was re-created. */
  realm_ended: 'unknown',
  client_ended: 'unknown',
  user_ended: 'unknown',
} as const satisfies Record<string, InactiveStatus>;

/** Why a token is inactive: a constant word for operators and metrics, never for callers. */
export type InactiveReason = keyof typeof statuses;

/** Why a request was refused that is not about an inactive token: a constant word for operators and metrics. */
const requestRefusalReasons = [
  /** The request does not have the form that the protocol requires. */
  'malformed_request',
  /** It presents a token in two places. */
  'two_tokens',
  /** The endpoint does not take the method. */
  'method',
  'no_such_realm',
  /** A used refresh token was presented again, and its family was revoked. */
  'refresh_reuse',
  /** A used authorization code was presented again, and its tokens were revoked. */
  'code_reuse',
  /** Too many passwords or secrets from one address were wrong. */
  'throttled_address',
  /** Too many passwords of one user were wrong, and the user has not signed in from that address. */
  'throttled_user',
  /** Too many passwords and secrets wait to be checked. */
  'hashing_full',
  'store_unavailable',
  /** A mistake of ours. */
  'fault',
] as const;

export type RefusalReason = InactiveReason | (typeof requestRefusalReasons)[number];

/** All reasons. */
export const refusalReasons: readonly RefusalReason[] = [
  ...(Object.keys(statuses) as InactiveReason[]),
  ...requestRefusalReasons,
];

/** An inactive token. */
export interface Inactive {
  readonly status: InactiveStatus;
  readonly reason: InactiveReason;
}

/** The outcome for each reason; constants, because refusals are part of the hot path. */
export const inactive = Object.fromEntries(
  Object.entries(statuses).map(([reason, status]) => [reason, Object.freeze({ status, reason })]),
) as { readonly [Reason in InactiveReason]: Inactive };
