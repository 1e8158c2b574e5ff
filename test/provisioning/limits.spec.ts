import { at, problemsOf } from './files.js';

describe('a configuration file is refused', () => {
  it.each([
    ['client_name', 255],
    ['description', 4096],
    ['contact_email', 255],
    ['application', 255],
  ])('for a client whose %s is longer than %d characters', (key, max) => {
    const line = (length: number) => at.client(`${key}: ${'x'.repeat(length)}`).replace('client_name: C', '');

    expect(problemsOf(line(max))).toEqual([]);
    expect(problemsOf(line(max + 1))).toEqual([
      `symbolon.yaml:5: realms[0].clients[0].${key}: must not be longer than ${max} characters`,
    ]);
  });

  it('for names and attributes that are too long', () => {
    const x = (length: number) => 'x'.repeat(length);
    const file = (more: number) => `realms:
  - name: /
    clients:
      - client_id: ${x(255 + more)}
        attributes: {cn: ${x(4096 + more)}, ${x(255 + more)}: x}
    users:
      - username: ${x(255 + more)}
`;
    const at = 'symbolon.yaml';

    expect(problemsOf(file(0))).toEqual([]);
    expect(problemsOf(file(1))).toEqual([
      `${at}:4: realms[0].clients[0].client_id: must not be longer than 255 characters`,
      `${at}:5: realms[0].clients[0].attributes.cn: must not be longer than 4096 characters`,
      `${at}:5: realms[0].clients[0].attributes.${x(256)}: must not be longer than 255 characters`,
      `${at}:7: realms[0].users[0].username: must not be longer than 255 characters`,
    ]);
  });

  it('for a password or secret longer than 1024 bytes', () => {
    const file = (length: number) => `realms:
  - name: /
    clients: [{client_id: c, client_secret: ${'ä'.repeat(length)}}]
    users: [{username: u, password: ${'ä'.repeat(length)}}]
`;

    expect(problemsOf(file(512))).toEqual([]);
    expect(problemsOf(file(513))).toEqual([
      'symbolon.yaml:3: realms[0].clients[0].client_secret: must not be longer than 1024 bytes',
      'symbolon.yaml:4: realms[0].users[0].password: must not be longer than 1024 bytes',
    ]);
  });
});
