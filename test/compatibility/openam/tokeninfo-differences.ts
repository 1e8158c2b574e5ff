import type { ListedDifference } from './post-differences.js';

/** Those of tokeninfo with `TOKENINFO_REALMS=any`. */
export const tokenInfoDifferences: readonly ListedDifference[] = [
  {
    request: 'a realm in another letter case',
    captures: ['T12'],
    here: '404',
    reason: 'names of realms are case-sensitive',
  },
  {
    request: 'a token in the header, and an empty `access_token` in the query',
    captures: ['T21b'],
    here: '200',
    reason: 'an empty parameter counts as left out (RFC 6749 §3.1)',
  },
  {
    request: 'a token in header and query, one of them or both inactive',
    captures: ['T22', 'T22b', 'T22c'],
    here: '400 invalid_request',
    reason: 'as with two active ones (RFC 6750 §2)',
  },
  {
    request: 'a broken percent-escape as the token',
    captures: ['T28e'],
    here: '401 invalid_token',
    reason: 'a malformed token; a 200 would pass for an active one',
  },
  {
    request: 'a broken percent-escape in another parameter',
    captures: ['T28f'],
    here: '400 invalid_request',
    reason: 'as every malformed request',
  },
  {
    request: 'a header of 20,000 characters',
    captures: ['T28i'],
    here: '431 invalid_request',
    reason: "JSON in place of the container's HTML page",
  },
  {
    request: 'PATCH without a token',
    captures: ['T42e'],
    here: '405',
    reason: 'the method is refused whatever comes with it',
  },
  {
    request: 'TRACE',
    captures: ['T42f'],
    here: '405',
    reason: "JSON in place of the container's HTML page",
  },
  {
    request: '`If-None-Match: *`, or `Range`',
    captures: ['T60f', 'T60h'],
    here: '200',
    reason: 'each answer is a new one: it has no entity-tag and no parts',
  },
  {
    request: '`X-HTTP-Method-Override: POST`',
    captures: ['T60i'],
    here: '200',
    reason: 'the method is that of the request line',
  },
];

/** Those that `TOKENINFO_REALMS=any` mends; `here` is the answer with the default. */
export const namedRealmDifferences: readonly ListedDifference[] = [
  {
    request: "`realms/root` or `?realm=/` with another realm's token",
    captures: ['T03', 'T08c'],
    here: '401 invalid_token',
    reason: 'the URL names the root realm; `TOKENINFO_REALMS=any` answers as OpenAM',
  },
  {
    request: 'the token of another realm than the one that the URL names',
    captures: ['T09', 'T09b', 'T09d', 'T09f', 'T09h', 'T10e'],
    here: '401 invalid_token',
    reason: 'a realm answers for its own tokens; `TOKENINFO_REALMS=any` answers as OpenAM',
  },
];
