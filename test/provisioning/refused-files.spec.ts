import { argon2id, at, childOf, problemsOf } from './files.js';

describe('a configuration file is refused', () => {
  const scope = 'must be a scope token (RFC 6749 §3.3)';
  const name = 'must be / or a path of realm names like /alpha or /a/b';

  it.each([
    ['an empty file', '', 1, 'must be a mapping'],
    ['a list', '- name: /', 1, 'must be a mapping'],
    ['no realms', 'realm: /\n', 1, 'realm: unknown key'],
    ['realms of another type', 'realms: /\n', 1, 'realms: must be a list'],
    ['a realm of another type', 'realms:\n  - /alpha\n', 2, 'realms[0]: must be a mapping'],
    ['a syntax error', 'realms:\n\t- name: /\n', 2, 'not valid YAML: tab as indent'],
    ['two documents', 'realms: []\n---\nrealms: []\n', 2, 'not valid YAML: multiple docs'],
    ['an unknown tag', 'realms: !list []\n', 1, 'not valid YAML: tag resolve failed'],
    ['an alias without an anchor', 'realms: *none\n', 1, 'realms: is an alias without an anchor'],
    ['an alias within its anchor', 'realms: &a\n  - *a\n', 2, 'is nested too deeply'],
  ])('for %s', (_what, file, line, problem) => {
    expect(problemsOf(file)[0]).toMatch(new RegExp(`^symbolon\\.yaml:${line}: `));
    expect(problemsOf(file)[0]).toContain(problem);
  });

  it.each([
    ['client_secret: x', 'client_secret', 'a public client has no secret'],
    [`client_secret_hash: ${argon2id}`, 'client_secret_hash', 'a public client has no secret'],
    [
      'grant_types: [password, client_credentials]',
      'grant_types[1]',
      'a public client may not use client_credentials (RFC 6749 §4.4)',
    ],
    ['pkce: optional', 'pkce', 'a public client must send a challenge (RFC 9700 §2.1.1)'],
    [
      'consent: implied\n        redirect_uris: ["https://c.example/", "com.example.app:/"]',
      'consent',
      'implied needs a confidential client, or https in all redirect_uris (RFC 8252 §8.6)',
    ],
  ])('for a public client with %s', (line, key, reason) => {
    expect(problemsOf(at.client(line).replace('client_name: C', 'client_type: public'))).toEqual([
      `symbolon.yaml:5: realms[0].clients[0]${childOf(key)}: ${reason}`,
    ]);
  });

  it('for a client that may use codes and has no redirect URI', () => {
    expect(problemsOf(at.client('grant_types: [authorization_code]'))).toEqual([
      'symbolon.yaml:4: realms[0].clients[0].redirect_uris: is missing: authorization_code needs at least one',
    ]);
  });

  it('for a secret, or a password, both in clear and as a hash', () => {
    const client = at.client(`client_secret_hash: ${argon2id}`).replace('client_name', 'client_secret');
    const user = at.user(`password_hash: ${argon2id}`).replace('attributes: {a: b}', 'password: x');

    expect([...problemsOf(client), ...problemsOf(user)]).toEqual([
      'symbolon.yaml:5: realms[0].clients[0].client_secret_hash: cannot stand beside client_secret',
      'symbolon.yaml:5: realms[0].users[0].password_hash: cannot stand beside password',
    ]);
  });

  it('for names that are given twice, but not for the same name in two realms', () => {
    const realm = (path: string, more = '') =>
      `  - name: ${path}\n    clients: [{client_id: c}${more}]\n    users: [{username: c}]\n`;
    const twice = ', {client_id: d}, {client_id: c}';

    expect(problemsOf(`realms:\n${realm('/a')}${realm('/b', twice)}${realm('/a')}`)).toEqual([
      'symbolon.yaml:6: realms[1].clients[2].client_id: is the same as realms[1].clients[0].client_id',
      'symbolon.yaml:8: realms[2].name: is the same as realms[0].name',
    ]);
  });

  it('for an absent realm with clients or users, and for an absent root realm', () => {
    const file = `realms:
  - {name: /, state: absent}
  - name: /alpha
    state: absent
    clients: [{client_id: c}]
    users: [{username: u}]
`;

    expect(problemsOf(file)).toEqual([
      'symbolon.yaml:2: realms[0].state: the root realm cannot be absent',
      'symbolon.yaml:5: realms[1].clients: must be empty where the realm is absent',
      'symbolon.yaml:6: realms[1].users: must be empty where the realm is absent',
    ]);
  });

  it('with all its problems, in the order of its lines', () => {
    const file = `realms:
  - name: alpha
    colour: red
    clients:
      - client_type: native
        client_id: c
        scopes: [a, "b c"]
        default_scopes: [d]
      - 42
      - client_id: c
    users:
      - username: u
        password: \${MISSING}
        enabled: \${MISSING}
`;

    expect(problemsOf(file)).toEqual([
      `symbolon.yaml:2: realms[0].name: ${name}`,
      'symbolon.yaml:3: realms[0].colour: unknown key',
      'symbolon.yaml:5: realms[0].clients[0].client_type: must be one of confidential, public',
      `symbolon.yaml:7: realms[0].clients[0].scopes[1]: ${scope}`,
      'symbolon.yaml:8: realms[0].clients[0].default_scopes[0]: is not one of scopes',
      'symbolon.yaml:9: realms[0].clients[1]: must be a mapping',
      'symbolon.yaml:10: realms[0].clients[2].client_id: is the same as realms[0].clients[0].client_id',
      'symbolon.yaml:13: realms[0].users[0].password: not set in the environment: MISSING',
      'symbolon.yaml:14: realms[0].users[0].enabled: not set in the environment: MISSING',
    ]);
  });

  it('for aliases that would expand to too much', () => {
    const levels = Array.from({ length: 6 }, (_, i) => `l${i}: &l${i} [${`*l${i - 1},`.repeat(i && 30)}]`);

    expect(problemsOf(levels.join('\n'))[0]).toContain('is repeated too often by aliases');
  });

  it('for nesting that is deeper than any value needs', () => {
    expect(problemsOf('realms: [[[[[[[[[[]]]]]]]]]]\n')[0]).toContain('is nested too deeply');
    expect(problemsOf('['.repeat(10_000))[0]).toContain('symbolon.yaml:1: not valid YAML');
  });

  it('without repeating any of its content', () => {
    const canary = 'hunter2';
    const secrets = [
      at.client(`client_secret: "${canary}\n  - ${canary}`),
      at.client(`client_secret: ${canary}\n      ${canary}`),
      at.client(`client_secret: [${canary}`),
      at.client(`client_secret: !${canary} ${canary}`),
      at.client(`client_secret: "\\${canary}"`),
      at.client(`client_secret: [${canary}]`),
      at.client(`client_secret: "${canary}\\0"`),
      at.client(`client_secret_hash: ${canary}`),
      at.client('client_secret_hash: ${SECRET}'),
      at.client('client_type: ${SECRET}'),
      at.client('grant_types:\n          - ${SECRET}'),
      at.client('access_token_lifetime: ${SECRET}'),
      at.client('default_scopes:\n          - ${SECRET}'),
      at.user('enabled: ${SECRET}'),
      at.user('password: ${SECRET} ${MISSING}'),
    ];

    for (const file of secrets) {
      const problems = problemsOf(file, { SECRET: canary });
      expect(problems).not.toEqual([]);
      expect(problems.join('\n')).not.toContain(canary);
    }
  });
});
