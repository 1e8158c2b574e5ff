import type { Aspect, Difference } from './comparison.js';

/** A difference that many answers show. */
export interface CommonDifference {
  /** What OpenAM answers, what this server answers, and why, as the documentation says it. */
  readonly openam: string;
  readonly here: string;
  readonly reason: string;
  /** What differs, and the form of both values, `OpenAM's → ours`. */
  readonly values: Partial<Record<Aspect, RegExp>>;
}

/** Differences that any answer may show. An aspect that no answer shows fails the suite. */
export const commonDifferences: readonly CommonDifference[] = [
  {
    openam: '`Cache-Control: no-cache, no-store`, or none',
    here: '`Cache-Control: no-store` and `Pragma: no-cache`',
    reason: 'RFC 6749 §5.1 asks for both; here every answer has them, refusals included',
    values: {
      'header cache-control': /^(none|no-cache, no-store) → no-store$/,
      'header pragma': /^none → no-cache$/,
    },
  },
  {
    openam: '`application/json;charset=UTF-8` of introspection, `text/html` of a refused HEAD',
    here: '`application/json`',
    reason: 'the type has no `charset` (RFC 8259 §11); one type for all answers',
    values: {
      'header content-type':
        /^(application\/json;charset=UTF-8|text\/html;charset=utf-8) → application\/json$/,
    },
  },
  {
    openam: 'a 401 of tokeninfo or introspection without `WWW-Authenticate`',
    here: '`Bearer realm="…"` or `Basic realm="…"`',
    reason: 'RFC 9110 §15.5.2 requires a challenge',
    values: {
      'header www-authenticate': /^none → (Bearer|Basic) realm="\/(alpha)?"(, error="invalid_token")?$/,
    },
  },
  {
    openam: '`Allow: GET`, or none',
    here: '`Allow: GET, HEAD`, `Allow: POST`',
    reason: 'RFC 9110 §15.5.6 requires it, and HEAD is served',
    values: { 'header allow': /^(none → POST|GET → GET, HEAD)$/ },
  },
  {
    openam: 'no `auth_level`',
    here: "`auth_level`, the realm's",
    reason: "Ping AM's documentation has it, OpenAM 16 does not",
    values: { 'member auth_level': /^none → 0$/ },
  },
  {
    openam: "introspection has none of Ping AM's members",
    here: '`username`, `iat`, `realm`, `expires_in`',
    reason: 'RFC 7662 §2.2 and Ping AM have them',
    values: {
      'member username': /^none → demo$/,
      'member iat': /^none → \d{10}$/,
      'member realm': /^none → \/alpha$/,
      'member expires_in': /^none → the time left$/,
    },
  },
  {
    openam: '`"token_type":"access_token"` in introspection',
    here: '`"token_type":"Bearer"`',
    reason: 'RFC 7662 §2.2: a type of RFC 6749 §5.1',
    values: { 'member token_type': /^access_token → Bearer$/ },
  },
  {
    openam: '`error_description` and `message` in words of its own, some with what was sent',
    here: 'fixed words; those of tokeninfo are equal',
    reason: 'nothing that a caller sent is echoed; clients act on `error`',
    values: {
      'member error_description': /^(?!The access token provided|Access Token cannot).* → [A-Z].*\.$/,
      'member message': /^.* → [A-Z][A-Za-z ]+\.?$/,
    },
  },
  {
    openam: '`state` of the request in a refusal',
    here: 'no `state`',
    reason: 'nothing that a caller sent is echoed',
    values: { 'member state': /^s1 → none$/ },
  },
];

/** Whether any answer may show this difference. */
export function isCommon({ aspect, openam, here }: Difference): boolean {
  return commonDifferences.some(({ values }) => values[aspect]?.test(`${openam} → ${here}`));
}
