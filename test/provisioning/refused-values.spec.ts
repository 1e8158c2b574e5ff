import { at, childOf, problemsOf } from './files.js';

const unknownHash = 'must be a hash: argon2id, bcrypt, PBKDF2 or salted SHA, in a form of the manual';

describe('a configuration file is refused', () => {
  const scope = 'must be a scope token (RFC 6749 §3.3)';
  const name = 'must be / or a path of realm names like /alpha or /a/b';
  const level = 'must be a whole number from 0 to 2147483647';
  const lifetime = 'must be a whole number from 2 to 31536000';
  const text = 'must be text: put it in quotes';
  const grantType = 'must be one of authorization_code, password, client_credentials, refresh_token';
  const redirectUri =
    'must be an absolute URI without fragment, user info and *: https, http on 127.0.0.1, [::1] or localhost, or a scheme with a dot';
  const origin = 'must be an origin like https://app.example.com, or http on 127.0.0.1, [::1] or localhost';
  const parameter = 'must be a name that no OAuth parameter has';

  it.each([
    ['color: red', 'color', 'unknown key'],
    ['constructor: red', 'constructor', 'unknown key'],
    ['__proto__: red', '__proto__', 'unknown key'],
    ['"odd key\\n": red', '["odd key\\n"]', 'unknown key'],
    ['name: /beta', 'name', 'is given twice'],
    ['auth_level: -1', 'auth_level', level],
    ['auth_level: 1.5', 'auth_level', level],
    ['auth_level: "1"', 'auth_level', level],
    ['auth_level: 2147483648', 'auth_level', level],
    ['usernames: Fold', 'usernames', 'must be one of exact, fold'],
    ['usernames: true', 'usernames', 'must be one of exact, fold'],
    ['pages: blue', 'pages', 'must be a mapping'],
    ['pages: {colour: blue}', 'pages.colour', 'unknown key'],
    ['pages: {name: ""}', 'pages.name', 'must not be empty'],
    ['pages: {name: ~}', 'pages.name', 'has no value'],
    ['pages: {accent: blue}', 'pages.accent', 'must be a colour like #0055aa'],
    ['pages: {accent: "#fff"}', 'pages.accent', 'must be a colour like #0055aa'],
    ['pages: {scopes: [mail]}', 'pages.scopes', 'must be a mapping'],
    ['pages: {scopes: {mail: E-mail}}', 'pages.scopes.mail', 'must be a mapping'],
    ['pages: {scopes: {mail: {fr: x}}}', 'pages.scopes.mail.fr', 'unknown key'],
    ['pages: {scopes: {mail: {en: 1}}}', 'pages.scopes.mail.en', text],
    ['pages: {scopes: {mail: {en: "a\\nb"}}}', 'pages.scopes.mail.en', 'must not contain control characters'],
    [
      'pages: {scopes: {"a b": {en: x}}}',
      'pages.scopes["a b"]',
      'must be named by a scope token (RFC 6749 §3.3)',
    ],
    ['enabled: yes', 'enabled', 'must be true or false'],
    ['enabled: "true"', 'enabled', 'must be true or false'],
    ['state: gone', 'state', 'must be one of present, absent'],
  ])('for a realm with %s', (line, key, reason) => {
    expect(problemsOf(at.realm(line))).toEqual([`symbolon.yaml:5: realms[0]${childOf(key)}: ${reason}`]);
  });

  it.each([
    'alpha',
    '/alpha/',
    '//',
    '/a//b',
    '/a b',
    '/..',
    '/realms',
    '/root',
    '/ROOT',
    '/.well-known',
    '/a/token',
    '""',
  ])('for the realm name %s', (path) => {
    expect(problemsOf(`realms:\n  - name: ${path}\n`)).toEqual([`symbolon.yaml:2: realms[0].name: ${name}`]);
  });

  it.each([
    ['client_id: d', 'client_id', 'is given twice'],
    ['client-secret: x', 'client-secret', 'unknown key'],
    ['client_type: native', 'client_type', 'must be one of confidential, public'],
    ['client_secret: 123456', 'client_secret', text],
    ['client_secret: ""', 'client_secret', 'must not be empty'],
    ['client_secret: "a\\nb"', 'client_secret', 'must not contain control characters'],
    ['client_secret_hash: secret', 'client_secret_hash', unknownHash],
    ['description: [a]', 'description', text],
    ['description: "a\\0b"', 'description', 'must not contain NUL'],
    ['description: "\\ud800"', 'description', 'must not contain an unpaired surrogate'],
    ['contact_email: true', 'contact_email', text],
    ['grant_types: password', 'grant_types', 'must be a list'],
    ['grant_types: [password, implicit]', 'grant_types[1]', grantType],
    ['redirect_uris: https://c.example/', 'redirect_uris', 'must be a list'],
    ['redirect_uris: [1]', 'redirect_uris[0]', redirectUri],
    ['redirect_uris: ["https://c.example/", "https://c.example/#a"]', 'redirect_uris[1]', redirectUri],
    ['redirect_uris: ["https://*.example/"]', 'redirect_uris[0]', redirectUri],
    ['redirect_uris: ["javascript:alert(1)"]', 'redirect_uris[0]', redirectUri],
    [
      'redirect_uris: ["https://c.example/", "http://c.example/"]',
      'redirect_uris[1]',
      'sends codes in clear to another machine; allow it by insecure_redirect_uris: true',
    ],
    ['insecure_redirect_uris: yes', 'insecure_redirect_uris', 'must be true or false'],
    ['pkce: off', 'pkce', 'must be one of required, optional'],
    ['consent: never', 'consent', 'must be one of ask, implied'],
    ['origins: https://c.example', 'origins', 'must be a list'],
    ['origins: ["*"]', 'origins[0]', origin],
    ['origins: ["https://c.example/"]', 'origins[0]', origin],
    ['origins: ["https://C.example"]', 'origins[0]', origin],
    ['origins: ["https://c.example:443"]', 'origins[0]', origin],
    ['origins: ["http://c.example"]', 'origins[0]', origin],
    ['origins: ["http://localhost:80"]', 'origins[0]', origin],
    ['origins: ["null"]', 'origins[0]', origin],
    ['scopes: {read: write}', 'scopes', 'must be a list'],
    ['scopes: [read, "read write"]', 'scopes[1]', scope],
    ['scopes: [""]', 'scopes[0]', scope],
    ['scopes: [" "]', 'scopes[0]', scope],
    ['scopes: ["read\\t"]', 'scopes[0]', scope],
    ['scopes: [é]', 'scopes[0]', scope],
    ['scopes: [1]', 'scopes[0]', scope],
    ['scopes: [~]', 'scopes[0]', scope],
    ['default_scopes: [read]', 'default_scopes[0]', 'is not one of scopes'],
    ['access_token_lifetime: 1', 'access_token_lifetime', lifetime],
    ['access_token_lifetime: 2.5', 'access_token_lifetime', lifetime],
    ['access_token_lifetime: 31536001', 'access_token_lifetime', lifetime],
    ['access_token_lifetime: .inf', 'access_token_lifetime', lifetime],
    ['access_token_lifetime: 1h', 'access_token_lifetime', lifetime],
    ['refresh_token_lifetime: 1', 'refresh_token_lifetime', lifetime],
    ['refresh_token_lifetime: "60"', 'refresh_token_lifetime', lifetime],
    ['refresh_token_max_lifetime: 31536001', 'refresh_token_max_lifetime', lifetime],
    ['refresh: always', 'refresh', 'must be one of new, none, preserve'],
    ['refresh: true', 'refresh', 'must be one of new, none, preserve'],
    ['refresh_retry: lenient', 'refresh_retry', 'must be one of strict, graceful'],
    ['lenient_authentication: yes', 'lenient_authentication', 'must be true or false'],
    ['lenient_authentication: "true"', 'lenient_authentication', 'must be true or false'],
    ['introspect: true', 'introspect', 'must be one of own, realm, all'],
    ['introspect: Realm', 'introspect', 'must be one of own, realm, all'],
    ['additional_information: [a]', 'additional_information', 'must be a mapping'],
    ['additional_information: {a: 1}', 'additional_information.a', text],
    ['additional_information: {a: [b]}', 'additional_information.a', text],
    ['additional_information: {"": a}', 'additional_information[""]', 'must not be empty'],
    ['additional_information: {a: "\\0"}', 'additional_information.a', 'must not contain NUL'],
    [
      `additional_information: {a: ${'x'.repeat(1025)}}`,
      'additional_information.a',
      'must not be longer than 1024 characters',
    ],
    ['additional_parameters: tenant', 'additional_parameters', 'must be a list'],
    ...[
      'password',
      'client_secret',
      'csrf',
      'refresh_token',
      'scope',
      'realm',
      'format',
      '"a b"',
      '"a[b]"',
      '""',
      'é',
    ].map((name) => [`additional_parameters: [tenant, ${name}]`, 'additional_parameters[1]', parameter]),
    ['attributes: [mail]', 'attributes', 'must be a mapping'],
    ['attributes: {mail: 1}', 'attributes.mail', text],
    ['attributes: {cn: [a, 1]}', 'attributes.cn[1]', text],
    ['attributes: {cn: {given: a}}', 'attributes.cn', text],
    ['attributes: {"": a}', 'attributes[""]', 'must not be empty'],
    ['attributes: {"a b": ~}', 'attributes["a b"]', text],
    ['enabled: 1', 'enabled', 'must be true or false'],
    ['state: ""', 'state', 'must be one of present, absent'],
  ])('for a client with %s', (line, key, reason) => {
    expect(problemsOf(at.client(line))).toEqual([
      `symbolon.yaml:5: realms[0].clients[0]${childOf(key)}: ${reason}`,
    ]);
  });

  it.each([
    ['user: u', 'user', 'unknown key'],
    ['username: v', 'username', 'is given twice'],
    ['password: 123456', 'password', text],
    ['password: ""', 'password', 'must not be empty'],
    ['password: "a\\rb"', 'password', 'must not contain control characters'],
    ['password_hash: $2a$10$abc', 'password_hash', 'is not a whole bcrypt hash of $2a$, $2b$ or $2y$'],
    [`password_hash: sha256:${'A'.repeat(43)}`, 'password_hash', unknownHash],
    ['enabled: off', 'enabled', 'must be true or false'],
    ['state: true', 'state', 'must be one of present, absent'],
  ])('for a user with %s', (line, key, reason) => {
    expect(problemsOf(at.user(line))).toEqual([
      `symbolon.yaml:5: realms[0].users[0]${childOf(key)}: ${reason}`,
    ]);
  });

  it.each([
    ...['auth_level', 'usernames', 'enabled', 'state'].map((key) => [key, at.realm, 'realms[0]'] as const),
    ...[
      ...[
        'client_type',
        'client_secret',
        'client_secret_hash',
        'description',
        'contact_email',
        'application',
      ],
      ...['grant_types', 'scopes', 'default_scopes', 'access_token_lifetime', 'refresh_token_lifetime'],
      ...['refresh_token_max_lifetime', 'refresh', 'refresh_retry', 'introspect', 'administer'],
      ...[
        'lenient_authentication',
        'additional_information',
        'additional_parameters',
        'attributes',
        'enabled',
      ],
    ].map((key) => [key, at.client, 'realms[0].clients[0]'] as const),
    ...['password', 'password_hash', 'enabled', 'state'].map(
      (key) => [key, at.user, 'realms[0].users[0]'] as const,
    ),
  ])('for %s without a value', (key, line, entry) => {
    for (const written of [`${key}:`, `${key}: ~`, `${key}: null`, `${key}: # later`]) {
      expect(problemsOf(line(written))).toEqual([`symbolon.yaml:5: ${entry}.${key}: has no value`]);
    }
  });

  it.each(['clients', 'users'])('for a list of %s without a value', (list) => {
    expect(problemsOf(`realms:\n  - name: /\n    ${list}:\n      # - none yet\n`)).toEqual([
      `symbolon.yaml:3: realms[0].${list}: has no value`,
    ]);
  });

  it.each([
    ['realms', 1, 'realms:\n'],
    ['realms[0].name', 2, 'realms:\n  - name:\n'],
    ['realms[0].clients[0].client_id', 4, 'realms:\n  - name: /\n    clients:\n      - client_id:\n'],
    ['realms[0].users[0].username', 4, 'realms:\n  - name: /\n    users:\n      - username: ~\n'],
  ])('for %s without a value', (key, line, file) => {
    expect(problemsOf(file)).toEqual([`symbolon.yaml:${line}: ${key}: has no value`]);
  });

  it.each([
    ['realms[0].name', 2, 'realms:\n  - auth_level: 1\n'],
    ['realms[0].clients[0].client_id', 4, 'realms:\n  - name: /\n    clients:\n      - scopes: []\n'],
    ['realms[0].users[0].username', 4, 'realms:\n  - name: /\n    users:\n      - password: x\n'],
  ])('for %s missing', (key, line, file) => {
    expect(problemsOf(file)).toEqual([`symbolon.yaml:${line}: ${key}: is missing`]);
  });

  it.each([
    ['username: ""', 'must not be empty'],
    ['username: "a\\tb"', 'must not contain control characters'],
    ['username: 42', text],
  ])('for the user name in %s', (line, reason) => {
    expect(problemsOf(`realms:\n  - name: /\n    users:\n      - ${line}\n`)).toEqual([
      `symbolon.yaml:4: realms[0].users[0].username: ${reason}`,
    ]);
  });
});
