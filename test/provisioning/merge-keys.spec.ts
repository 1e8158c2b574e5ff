import { at, parse, problemsOf } from './files.js';

describe('a merge key', () => {
  it('takes what the mapping does not say itself', () => {
    const [realm] = parse(`
x-client: &client
  client_type: public
  scopes: [read, write]
  access_token_lifetime: 60
realms:
  - name: /
    clients:
      - <<: *client
        client_id: a
      - client_id: b
        access_token_lifetime: 90
        <<: *client
        scopes: [read]
`);
    expect(realm.clients).toMatchObject([
      { client_id: 'a', client_type: 'public', scopes: ['read', 'write'], access_token_lifetime: 60 },
      { client_id: 'b', client_type: 'public', scopes: ['read'], access_token_lifetime: 90 },
    ]);
  });

  it('takes the first of several mappings that has a key, also from those that they merge', () => {
    const [realm] = parse(`
x-first: &first {client_name: first}
x-base: &base {description: base, application: base}
x-second: &second {<<: *base, client_name: second, description: second}
realms:
  - name: /
    clients:
      - {client_id: c, <<: [*first, *second, {contact_email: a@example.com}]}
`);
    expect(realm.clients[0]).toMatchObject({
      client_name: 'first',
      description: 'second',
      application: 'base',
      contact_email: 'a@example.com',
    });
  });

  it('works in attributes, and in realms and users, whose lists it replaces', () => {
    const [realm] = parse(`
x-attributes: &attributes {mail: a@example.com, cn: A}
realms:
  - <<: &realm {auth_level: 3, clients: [{client_id: base}]}
    name: /
    clients: []
    users:
      - {<<: {enabled: false}, username: u, attributes: {<<: *attributes, cn: B}}
`);
    const [user] = realm.users;
    expect(realm).toMatchObject({ auth_level: 3, clients: [] });
    expect(user.enabled).toBe(false);
    expect([...user.attributes].map(([name, { values }]) => [name, values])).toEqual([
      ['cn', ['B']],
      ['mail', ['a@example.com']],
    ]);
  });

  it('reads no variable of what it does not take', () => {
    const text = `
x-user: &user {password: "\${NONE}"}
realms: [{name: /, users: [{<<: *user, username: u, password: p}]}]
`;
    expect(parse(text)[0].users[0].password).toBe('p');
  });

  it('is a name like any other in quotes', () => {
    expect(
      parse(at.user('attributes: {"<<": a}').replace('attributes: {a: b}', ''))[0].users[0].attributes.get(
        '<<',
      ),
    ).toMatchObject({ values: ['a'] });
  });

  it.each([
    ['a text', '<<: c', 'must name a mapping of this file, or a list of them'],
    ['nothing', '<<:', 'must name a mapping of this file, or a list of them'],
    ['an anchor that is not there', '<<: *none', 'must name a mapping of this file, or a list of them'],
    ['a list of texts', '<<: [{}, c]', 'must name a mapping of this file, or a list of them'],
  ])('is refused with %s', (_, line, reason) => {
    expect(problemsOf(at.client(line))).toEqual([`symbolon.yaml:5: realms[0].clients[0]["<<"]: ${reason}`]);
  });

  it('is refused in a circle, and where it stands for too much', () => {
    expect(problemsOf('realms:\n  - &a\n    <<: *a\n    name: /\n')).toEqual([
      'symbolon.yaml:3: realms[0]: merges too many mappings into one another',
    ]);
    const levels = Array.from(
      { length: 15 },
      (_, i) => `x-${i}: &l${i} {<<: [${`*l${i - 1},`.repeat(i && 9)}]}`,
    );
    expect(problemsOf(`${levels.join('\n')}\nrealms: [{<<: *l14, name: /}]\n`)[0]).toContain(
      'is repeated too often by aliases',
    );
  });

  it('leaves the line and the key of a problem to where the value is written', () => {
    expect(
      problemsOf(
        'x-a: &a\n  scopes: [a, "b c"]\nrealms:\n  - name: /\n    clients: [{<<: *a, client_id: c}]\n',
      ),
    ).toEqual(['symbolon.yaml:2: realms[0].clients[0].scopes[1]: must be a scope token (RFC 6749 §3.3)']);
  });
});

describe('a key that begins with x-', () => {
  it('is not read at the top, in a realm, a client and a user', () => {
    const text = `
x-any: [{"a": [[[[[[[[[[deep]]]]]]]]]]}, "\${NONE}", ~]
x-empty:
realms:
  - name: /
    x-note: {a: 1}
    clients: [{client_id: c, x-owner: team, x-owner: twice}]
    users: [{username: u, x-: 1}]
`;
    expect(parse(text)).toEqual(
      parse('realms: [{name: /, clients: [{client_id: c}], users: [{username: u}]}]'),
    );
  });

  it('is a name like any other in attributes and in additional information', () => {
    const [user] = parse(at.user('attributes: {x-a: b}').replace('attributes: {a: b}', ''))[0].users;
    expect(user.attributes.get('x-a')?.values).toEqual(['b']);
    const [client] = parse(at.client('additional_information: {x-a: b}'))[0].clients;
    expect(client.additional_information.get('x-a')?.value).toBe('b');
  });

  it('must be written so', () => {
    expect(problemsOf('X-a: 1\nxa: 1\nrealms: []\n')).toEqual([
      'symbolon.yaml:1: X-a: unknown key',
      'symbolon.yaml:2: xa: unknown key',
    ]);
  });
});
