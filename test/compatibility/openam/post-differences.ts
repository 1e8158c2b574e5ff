/** A difference that certain answers show. One that has become equal fails the suite. */
export interface ListedDifference {
  /** What was asked, as the documentation says it. */
  readonly request: string;
  readonly captures: readonly [string, ...string[]];
  /** The outcome of our answer, or the status alone. */
  readonly here: string;
  readonly reason: string;
}

/** Those of the token endpoint and of introspection. */
export const postDifferences: readonly ListedDifference[] = [
  {
    request: 'a client fails with credentials in the form, or sends none',
    captures: ['A10', 'A11', 'A12', 'A13', 'A13b', 'I08', 'I09b'],
    here: '401 invalid_client',
    reason: 'one answer to every failed client, with a challenge (RFC 6749 §5.2)',
  },
  {
    request: 'Basic, and the same `client_id` in the form',
    captures: ['A14b'],
    here: '200',
    reason: 'an identifier is no second method of authentication (RFC 6749 §2.3)',
  },
  {
    request: 'an unknown `grant_type` with a wrong secret',
    captures: ['A15d'],
    here: '401 invalid_client',
    reason: 'the client is authenticated first (RFC 6749 §3.2.1)',
  },
  {
    request: 'two spaces between scopes',
    captures: ['A06b'],
    here: '200',
    reason: 'a stray space means nothing',
  },
  {
    request: 'a parameter twice',
    captures: ['A15f', 'A26', 'I18', 'T30', 'T30b', 'T30c'],
    here: '400 invalid_request',
    reason: 'RFC 6749 §3.2; two readers of the request may take different ones',
  },
  {
    request: 'two `Authorization` headers',
    captures: ['T31', 'T31b'],
    here: '400 invalid_request',
    reason: 'RFC 9110 §5.3; two readers of the request may take different ones',
  },
  {
    request: 'a wrong password and an unregistered scope',
    captures: ['A16d'],
    here: '400 invalid_scope',
    reason: 'what is cheap to check is checked before the password',
  },
  {
    request: 'a public client sends a secret',
    captures: ['A18c'],
    here: '401 invalid_client',
    reason: 'a secret that is sent is checked, and a public client has none',
  },
  {
    request: 'GET, PUT or OPTIONS at the token endpoint',
    captures: ['A19', 'A19b', 'A19i'],
    here: '405 invalid_request',
    reason: '`method_not_allowed` is no code of RFC 6749 §5.2',
  },
  {
    request: 'the media type in capitals',
    captures: ['A19g'],
    here: '200',
    reason: 'its letter case means nothing (RFC 9110 §8.3.1)',
  },
  {
    request: "another client's refresh token",
    captures: ['A20d'],
    here: '400 invalid_grant',
    reason: 'the code that RFC 6749 §5.2 names for it',
  },
  {
    request: 'the grant JWT bearer',
    captures: ['A21c'],
    here: '400 unsupported_grant_type',
    reason: 'it is not served',
  },
  {
    request: 'an OAuth parameter in the URL of a POST',
    captures: ['A22b', 'I17'],
    here: '400 invalid_request',
    reason: 'URLs are logged on the way (RFC 6749 §2.3.1)',
  },
  {
    request: 'a realm without an OAuth2 provider',
    captures: ['A23b'],
    here: '401 invalid_client',
    reason: 'every realm has all endpoints; this one has no clients',
  },
  {
    request: 'Basic with a percent-encoded identifier',
    captures: ['A25c'],
    here: '200',
    reason: 'it is form-decoded (RFC 6749 §2.3.1)',
  },
  {
    request: '`/oauth2/token`',
    captures: ['A27'],
    here: '200',
    reason: 'an alias of `access_token`',
  },
  {
    request: 'introspection without a token',
    captures: ['I07', 'I07b', 'I07c'],
    here: '400 invalid_request',
    reason: 'a missing parameter is no fault of the server',
  },
  {
    request: 'introspection of a refresh token',
    captures: ['I06', 'I06b'],
    here: '200 inactive',
    reason: 'a resource server must not take it for an access token',
  },
  {
    request: 'introspection by a public client',
    captures: ['I10'],
    here: '401 invalid_client',
    reason: 'the caller must be authenticated (RFC 7662 §2.1)',
  },
  {
    request: 'introspection by GET',
    captures: ['I11'],
    here: '405 invalid_request',
    reason: 'RFC 7662 §2.1: POST; URLs are logged on the way',
  },
  {
    request: 'introspection by a bearer token without the scope `introspect`',
    captures: ['I14'],
    here: '403 insufficient_scope',
    reason: 'bearer tokens are served here (RFC 7662 §2.1, RFC 6750 §3.1)',
  },
  {
    request: 'introspection with a wrong or unknown `token_type_hint`',
    captures: ['I15', 'I15b'],
    here: '200 active',
    reason: 'a hint is no condition (RFC 7662 §2.1)',
  },
  {
    request: 'introspection with JSON as body',
    captures: ['I16'],
    here: '400 invalid_request',
    reason: 'as at the token endpoint',
  },
];
