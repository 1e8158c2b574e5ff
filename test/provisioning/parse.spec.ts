import { createHash } from 'node:crypto';
import { canonicalJson } from '../../src/domain/canonical-json.js';
import { at, parse } from './files.js';

describe('a configuration file', () => {
  it('is read with its defaults', () => {
    const [realm] = parse(
      'realms:\n  - name: /alpha\n    clients: [{client_id: c}]\n    users: [{username: u}]\n',
    );

    expect(realm).toMatchObject({ name: '/alpha', auth_level: 0, enabled: true, state: 'present' });
    expect(realm?.clients[0]).toMatchObject({
      client_id: 'c',
      client_type: 'confidential',
      client_secret: undefined,
      client_secret_hash: undefined,
      grant_types: [],
      scopes: [],
      default_scopes: [],
      access_token_lifetime: 3600,
      refresh_token_lifetime: 43_200,
      refresh_token_max_lifetime: 2_592_000,
      refresh: 'new',
      refresh_retry: 'strict',
      introspect: 'own',
      additional_information: new Map(),
      additional_parameters: [],
      attributes: new Map(),
      enabled: true,
      state: 'present',
    });
    expect(realm?.users[0]).toMatchObject({
      username: 'u',
      password: undefined,
      enabled: true,
      state: 'present',
    });
  });

  it('keeps the digest that it had before there were keys which it leaves out', () => {
    const text = 'realms:\n  - name: /alpha\n    clients: [{client_id: c}]\n    users: [{username: u}]\n';
    const digest = createHash('sha256')
      .update(canonicalJson(parse(text)))
      .digest('base64url');
    expect(digest).toBe('dtn-s62fSWr_uAncUSu08rtr2rU72HETEq2POFd27R4');
  });

  it('accepts attributes of any name, those of JavaScript objects included', () => {
    const text = at
      .user('attributes: {__proto__: a, constructor: [b, c], "1": d}')
      .replace('attributes: {a: b}', '');

    const attributes = parse(text)[0]?.users[0]?.attributes;
    expect([...attributes].map(([name, entry]) => [name, entry.name, entry.values])).toEqual([
      ['__proto__', '__proto__', ['a']],
      ['constructor', 'constructor', ['b', 'c']],
      ['1', '1', ['d']],
    ]);
    // As the file has it: so the hash of an applied file stays what it was.
    expect(canonicalJson(attributes)).toBe('[["1","d"],["__proto__","a"],["constructor",["b","c"]]]');
  });

  it('may have stray spaces around a scope token (RFC 6749 §3.3)', () => {
    const text = `realms:
  - name: /
    clients:
      - {client_id: a, scopes: [" read", "\${SCOPE}"], default_scopes: ["write  "]}
`;
    const client = parse(text, { SCOPE: 'write ' })[0]?.clients[0];
    expect(client).toMatchObject({ scopes: ['read', 'write'], default_scopes: ['write'] });
  });

  it('may share a list by an alias', () => {
    const text = `realms:
  - name: /
    clients:
      - {client_id: a, scopes: &both [read, write]}
      - {client_id: b, scopes: *both}
`;

    expect(parse(text)[0]?.clients[1]?.scopes).toEqual(['read', 'write']);
  });

  it.each([
    ['Windows line ends', 'realms:\r\n  - name: /\r\n'],
    ['a byte order mark', '\ufeffrealms:\n  - name: /\n'],
    ['flow style', '{"realms": [{"name": "/"}]}'],
  ])('may have %s', (_what, text) => {
    expect(parse(text)).toHaveLength(1);
  });
});
