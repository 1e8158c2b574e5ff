import { hashToken } from '../../src/domain/access-token.js';
import type { Client } from '../../src/domain/client.js';
import { importedFamily } from '../../src/domain/imported-family.js';
import { type ImportOptions, TokenImport } from '../../src/provisioning/import-tokens.js';
import { MemoryDirectory } from '../../src/storage/memory/directory.js';
import { aClient, anOwner, aRealm, Subjects } from '../storage/subjects.js';
import { StoppedClock } from '../support/stopped-clock.js';
import { fileOf, MemoryImporter, Notes } from './import-file.js';

/** Counts how often a client is read. */
class CountingDirectory extends MemoryDirectory {
  reads = 0;

  override findClient(realm: string, clientId: string): Promise<Client | undefined> {
    this.reads += 1;
    return super.findClient(realm, clientId);
  }
}

let clock: StoppedClock;
let directory: CountingDirectory;
let subjects: Subjects;
let importer: MemoryImporter;
let notes: Notes;

beforeEach(async () => {
  clock = new StoppedClock();
  directory = new CountingDirectory();
  subjects = new Subjects(directory, directory);
  importer = new MemoryImporter();
  notes = new Notes();
  await subjects.make(
    { effect: 'add', realm: aRealm({ path: '/alpha', authLevel: 7 }) },
    {
      effect: 'add',
      client: aClient('/', { clientId: 'app', grantTypes: ['refresh_token'], refreshTokenMaxLifetime: 1000 }),
    },
    { effect: 'add', client: aClient('/', { clientId: 'no-refresh', grantTypes: ['password'] }) },
    { effect: 'add', client: aClient('/alpha', { clientId: 'app', enabled: false }) },
    { effect: 'add', resourceOwner: anOwner('/', { username: 'ann' }) },
    { effect: 'add', resourceOwner: anOwner('/alpha', { username: 'ann', enabled: false }) },
  );
});

function run(
  lines: readonly (object | string | Buffer)[],
  options: Partial<ImportOptions> = {},
  chunkBytes?: number,
) {
  const file = fileOf(lines, chunkBytes);
  return new TokenImport(directory, importer, clock).run(
    file,
    { fromLine: 1, strict: false, ...options },
    notes,
  );
}

let serial = 0;

/** A line for a new token, with only the required fields and the given ones. */
function aLine(fields: object = {}): object {
  serial += 1;
  return {
    token: `value ${serial}`,
    client_id: 'app',
    scope: 'read',
    expires_at: '2026-01-02T00:00:00Z',
    ...fields,
  };
}

const tomorrow = Date.UTC(2026, 0, 2);

describe('a line', () => {
  it('may set every field', async () => {
    const counts = await run([
      {
        token: 'AQIC5w',
        type: 'access_token',
        client_id: 'app',
        username: 'ann',
        realm: '/alpha',
        scope: ['write', 'read', 'write'],
        grant_type: 'authorization_code',
        auth_level: 3,
        expires_at: '2026-01-02T01:30:00.250+01:30',
        issued_at: '2025-12-31T23:00-01:00',
        additional_information: { department: 'engineering', Größe: '', __proto: 'x' },
        family: 'grant 1',
      },
    ]);
    expect(counts).toEqual({ added: 1, alreadyThere: 0, expired: 0, bad: 0 });
    const [realm, client, owner] = await subjects.epochs('/alpha', 'app', 'ann');
    expect(importer.accessTokens).toEqual([
      {
        hash: hashToken('AQIC5w'),
        realm: '/alpha',
        clientId: 'app',
        username: 'ann',
        scope: ['write', 'read'],
        grantType: 'authorization_code',
        authLevel: 3,
        issuedAt: clock.now(),
        expiresAt: tomorrow + 1000,
        epochs: { realm, client, resourceOwner: owner },
        additionalInformation: [
          ['department', 'engineering'],
          ['Größe', ''],
          ['__proto', 'x'],
        ],
        family: importedFamily('/alpha', 'app', 'grant 1'),
      },
    ]);
  });

  it('may leave out every optional field', async () => {
    await run([aLine({ token: 'of the client', scope: '' }), aLine({ username: 'ann', realm: '/alpha' })]);
    const [ofClient, ofOwner] = importer.accessTokens;
    const [realm, client] = await subjects.epochs('/', 'app');
    expect(ofClient).toEqual({
      hash: hashToken('of the client'),
      realm: '/',
      clientId: 'app',
      username: undefined,
      scope: [],
      grantType: 'client_credentials',
      authLevel: 0,
      issuedAt: clock.now(),
      expiresAt: tomorrow,
      epochs: { realm, client, resourceOwner: undefined },
      additionalInformation: undefined,
      family: undefined,
    });
    expect(ofOwner).toMatchObject({ username: 'ann', grantType: 'password', authLevel: 7 });
  });

  it('of a refresh token begins a family that ends at the client’s limit, or the token’s end if later', async () => {
    const refresh = { type: 'refresh_token', username: 'ann' };
    const short = clock.now() / 1000 + 60;
    await run([aLine(refresh), aLine({ ...refresh, expires_at: short })]);
    const [long, brief] = importer.refreshTokens;
    expect(long).toMatchObject({ username: 'ann', expiresAt: tomorrow, familyExpiresAt: tomorrow });
    expect(long).not.toHaveProperty('grantType');
    expect(brief).toMatchObject({ expiresAt: short * 1000, familyExpiresAt: clock.now() + 1_000_000 });
    expect(long.family).toMatch(/^[0-9a-f-]{36}$/);
    expect(long.family).not.toBe(brief.family);
  });

  it('may name the family that ties tokens of one login together, in the same way in each run', async () => {
    const refresh = { type: 'refresh_token', username: 'ann' };
    const lines = [
      aLine({ family: 'one', username: 'ann' }),
      aLine({ ...refresh, family: 'one' }),
      aLine({ ...refresh, family: 'two' }),
      aLine({ family: 'one', realm: '/alpha' }),
    ];
    await run(lines);
    await run(lines);
    const familiesOf = (tokens: readonly { readonly family?: string }[]) =>
      tokens.map(({ family }) => family).sort();
    const [one, two] = ['one', 'two'].map((id) => importedFamily('/', 'app', id));
    const ofAlpha = importedFamily('/alpha', 'app', 'one');
    expect(familiesOf(importer.accessTokens)).toEqual([one, one, ofAlpha, ofAlpha].sort());
    expect(familiesOf(importer.refreshTokens)).toEqual([one, one, two, two].sort());
  });

  it('of a refresh token may have no scope, or one that is registered in part (RFC 6749 §6)', async () => {
    const refresh = { type: 'refresh_token', username: 'ann' };
    await run([aLine({ ...refresh, scope: '' }), aLine({ ...refresh, scope: 'gone read' })]);
    expect(notes.bad).toEqual([]);
    expect(importer.refreshTokens.map(({ scope }) => scope)).toEqual([[], ['gone', 'read']]);
  });

  it('of an access token may have a scope and a client that no refresh token may have', async () => {
    await run([aLine({ scope: 'gone' }), aLine({ client_id: 'no-refresh', username: 'ann' })]);
    expect(notes.bad).toEqual([]);
    expect(importer.accessTokens).toHaveLength(2);
  });

  it('may give the hash of the token in three ways', async () => {
    const hash = hashToken('secret');
    const digests = [hash.toString('hex'), hash.toString('hex').toUpperCase(), hash.toString('base64url')];
    await run(digests.map((sha256) => aLine({ token: undefined, sha256 })));
    expect(importer.accessTokens.map((token) => token.hash)).toEqual([hash, hash, hash]);
  });

  it.each([
    ['2026-01-02T00:00Z', tomorrow],
    ['2026-01-01T19:00:00.123456-05:00', tomorrow + 1000],
    ['2026-01-02T00:00:00,5Z', tomorrow + 1000],
    ['2028-02-29T00:00:00Z', Date.UTC(2028, 1, 29)],
    ['9999-12-31T23:59:59.999Z', Date.UTC(10_000, 0, 1)],
    [1_767_312_000, tomorrow],
    [1_767_312_000.5, tomorrow + 1000],
  ])('may give its end as %s, rounded up to the second', async (time, expected) => {
    await run([aLine({ expires_at: time })]);
    expect(importer.accessTokens.map((token) => token.expiresAt)).toEqual([expected]);
  });

  it.each<[unknown, string[]]>([
    ['  write   read ', ['write', 'read']],
    [' ', []],
    [
      [' write', 'read  ', ''],
      ['write', 'read'],
    ],
    [[], []],
  ])('may have stray spaces in its scope: %j (RFC 6749 §3.3)', async (scope, expected) => {
    await run([aLine({ scope })]);
    expect(importer.accessTokens.map((token) => token.scope)).toEqual([expected]);
  });

  it('may have null for a field that it leaves out', async () => {
    await run([aLine({ sha256: null, username: null, realm: null, additional_information: null })]);
    expect(importer.accessTokens).toHaveLength(1);
  });

  it('that has expired is left out, even if its client does not exist', async () => {
    const seconds = clock.now() / 1000;
    const lines = [seconds + 0.001, seconds, seconds - 1].map((time) => aLine({ expires_at: time }));
    const counts = await run([...lines, aLine({ client_id: 'gone', expires_at: 0 })]);
    expect(counts).toEqual({ added: 1, alreadyThere: 0, expired: 3, bad: 0 });
  });

  it('is ignored when it is blank', async () => {
    const counts = await run(['', ' \t\r', aLine(), '']);
    expect(counts).toEqual({ added: 1, alreadyThere: 0, expired: 0, bad: 0 });
  });

  it('may end in CRLF, and the first begin with a byte order mark', async () => {
    await run([`\uFEFF${JSON.stringify(aLine())}\r`, `${JSON.stringify(aLine())}\r`]);
    expect(notes.bad).toEqual([]);
  });
});

describe('a bad line', () => {
  const own = `sya_${'x'.repeat(54)}`;
  const time = 'must be ISO 8601 with a zone, or seconds since 1970';
  const useless = 'so this token could never be refreshed';
  const refresh = { type: 'refresh_token', username: 'ann' };

  it.each<[string, object | string | Buffer]>([
    ['is not JSON in UTF-8', 'c4nary'],
    ['is not JSON in UTF-8', Buffer.from([0x7b, 0xff, 0x7d])],
    ['is not a JSON object', '["c4nary"]'],
    ['is not a JSON object', 'null'],
    ['is longer than 65536 bytes', ' '.repeat(65_537).replace(/$/, '{}')],
    ['has an unknown key', aLine({ c4nary: 1 })],
    ['has an unknown key', '{"__proto__":{"c4nary":1}}'],
    ['token or sha256: is missing', aLine({ token: undefined })],
    ['token: must not be empty', aLine({ token: '' })],
    ['token: must be text: put it in quotes', aLine({ token: 12 })],
    ['token: must not have the form of the tokens issued here', aLine({ token: own })],
    ['sha256: must be left out beside token', aLine({ sha256: 'a'.repeat(64) })],
    ['sha256: must be 32 bytes in hexadecimal or base64url', aLine({ token: undefined, sha256: 'c4nary' })],
    ['type: must be one of access_token, refresh_token', aLine({ type: 'c4nary' })],
    ['client_id: is missing', aLine({ client_id: undefined })],
    ['client_id: must not contain NUL', aLine({ client_id: 'a\0' })],
    ['client_id: is not in the directory', aLine({ client_id: 'c4nary' })],
    ['username: is not in the directory', aLine({ username: 'c4nary' })],
    ['username: is missing', aLine({ type: 'refresh_token' })],
    ['username: is missing', aLine({ grant_type: 'password' })],
    ['realm: is not in the directory', aLine({ realm: '/c4nary' })],
    ['realm: must be / or a path of realm names like /alpha or /a/b', aLine({ realm: 'c4nary' })],
    ['scope: is missing', aLine({ scope: undefined })],
    ['scope: must be scope tokens separated by spaces, or a list of them', aLine({ scope: 'c4nary"' })],
    ['scope: must be scope tokens separated by spaces, or a list of them', aLine({ scope: ['a b'] })],
    ['scope: must be scope tokens separated by spaces, or a list of them', aLine({ scope: { a: 1 } })],
    ['scope: must be scope tokens separated by spaces, or a list of them', aLine({ scope: [['a']] })],
    ['scope: must be scope tokens separated by spaces, or a list of them', aLine({ scope: 'a\tb' })],
    [`scope: none is registered for the client, ${useless}`, aLine({ ...refresh, scope: 'gone more' })],
    [
      `client_id: may not use the grant refresh_token, ${useless}`,
      aLine({ ...refresh, client_id: 'no-refresh' }),
    ],
    [
      `client_id: may not use the grant refresh_token, ${useless}`,
      aLine({ ...refresh, client_id: 'no-refresh', scope: '' }),
    ],
    ['grant_type: must be the name of a grant type', aLine({ grant_type: 'c4 nary' })],
    ['auth_level: must be a whole number from 0 to 2147483647', aLine({ auth_level: -1 })],
    ['auth_level: must be a whole number from 0 to 2147483647', aLine({ auth_level: '1' })],
    ['expires_at: is missing', aLine({ expires_at: undefined })],
    [`expires_at: ${time}`, aLine({ expires_at: '2026-01-02T00:00:00' })],
    [`expires_at: ${time}`, aLine({ expires_at: '2026-02-30T00:00:00Z' })],
    [`expires_at: ${time}`, aLine({ expires_at: '2026-01-02' })],
    [`expires_at: ${time}`, aLine({ expires_at: 'Fri Oct 05 17:16:54 IST 2012' })],
    [`expires_at: ${time}`, aLine({ expires_at: tomorrow })],
    [`expires_at: ${time}`, aLine({ expires_at: '1767312000' })],
    [`expires_at: ${time}`, aLine({ expires_at: -1 })],
    [`expires_at: ${time}`, aLine({ expires_at: [] })],
    [`issued_at: ${time}`, aLine({ issued_at: 'c4nary' })],
    ['family: must not be empty', aLine({ family: '' })],
    ['family: must be text: put it in quotes', aLine({ family: 12 })],
    ['family: must not be longer than 255 characters', aLine({ family: 'c4nary'.repeat(50) })],
    ['family: must not contain NUL', aLine({ family: 'c4nary\0' })],
    ['additional_information: must be an object of texts', aLine({ additional_information: { a: 1 } })],
    ['additional_information: must be an object of texts', aLine({ additional_information: { a: 'x\0' } })],
    ['additional_information: must be an object of texts', aLine({ additional_information: { '': 'x' } })],
    ['additional_information: must be an object of texts', aLine({ additional_information: ['c4nary'] })],
    ['additional_information: must be an object of texts', aLine({ additional_information: 'c4nary' })],
  ])('%s', async (reason, line) => {
    const counts = await run([aLine(), line, aLine()]);
    expect(notes.bad).toEqual([`2: ${reason}`]);
    expect(counts).toEqual({ added: 2, alreadyThere: 0, expired: 0, bad: 1 });
    expect(importer.accessTokens).toHaveLength(2);
  });
});

describe('a file', () => {
  it.each([1, 7, 64, 100_000])('is read the same in chunks of %i bytes', async (chunkBytes) => {
    const lines = [aLine({ username: 'ann' }), '', '{', aLine({ token: 'zwölf €', scope: 'é' }), aLine()];
    expect(await run(lines, {}, chunkBytes)).toEqual({ added: 2, alreadyThere: 0, expired: 0, bad: 2 });
    expect(notes.bad.map((note) => parseInt(note))).toEqual([3, 4]);
    expect(notes.doneLines).toEqual([5]);
  });

  it('needs no newline at its end', async () => {
    async function* file() {
      yield Buffer.from(JSON.stringify(aLine()));
    }
    await new TokenImport(directory, importer, clock).run(file(), { fromLine: 1, strict: false }, notes);
    expect(importer.accessTokens).toHaveLength(1);
    expect(notes.doneLines).toEqual([1]);
  });

  it('may hold a line of many megabytes, which is not kept in memory', async () => {
    async function* file() {
      for (let megabytes = 0; megabytes < 64; megabytes += 1) yield Buffer.alloc(2 ** 20, 'x');
      yield Buffer.from(`\n${JSON.stringify(aLine())}`);
    }
    await new TokenImport(directory, importer, clock).run(file(), { fromLine: 1, strict: false }, notes);
    expect(notes.bad).toEqual(['1: is longer than 65536 bytes']);
    expect(importer.accessTokens).toHaveLength(1);
  });

  it('is imported in batches of a thousand lines, each reported when it is done', async () => {
    const lines = Array.from({ length: 2500 }, () => aLine());
    expect(await run(lines)).toMatchObject({ added: 2500 });
    expect(importer.batches.map(({ accessTokens }) => accessTokens.length)).toEqual([1000, 1000, 500]);
    expect(notes.doneLines).toEqual([1000, 2000, 2500]);
    let size = 0;
    for await (const chunk of fileOf(lines)) size += chunk.length;
    expect(notes.bytes).toBe(size);
  });

  it('can be imported again', async () => {
    const lines = [aLine(), aLine({ type: 'refresh_token', username: 'ann' })];
    await run(lines);
    expect(await run([...lines, aLine()])).toEqual({ added: 1, alreadyThere: 2, expired: 0, bad: 0 });
  });

  it('has each subject read once', async () => {
    await run(Array.from({ length: 3000 }, () => aLine()));
    expect(directory.reads).toBe(1);
  });

  it('can be resumed from a line', async () => {
    const lines = ['{', ...Array.from({ length: 2000 }, () => aLine()), '{', aLine()];
    expect(await run(lines, { fromLine: 2001 })).toEqual({ added: 2, alreadyThere: 0, expired: 0, bad: 1 });
    expect(notes.bad).toEqual(['2002: is not JSON in UTF-8']);
  });

  it('is imported up to the last whole batch when the store becomes unavailable', async () => {
    importer.batchLimit = 2;
    const lines = Array.from({ length: 2500 }, () => aLine());
    await expect(run(lines)).rejects.toThrow('unavailable');
    expect(notes.doneLines).toEqual([1000, 2000]);
    importer.batchLimit = Infinity;
    expect(await run(lines, { fromLine: 2001 })).toMatchObject({ added: 500, alreadyThere: 0 });
  });

  it('stops at the first bad line in strict mode, and leaves out the batch of that line', async () => {
    const lines = [...Array.from({ length: 1500 }, () => aLine()), '{', 'also bad', aLine()];
    const counts = await run([...lines, ...Array.from({ length: 1000 }, () => aLine())], { strict: true });
    expect(counts).toEqual({ added: 1000, alreadyThere: 0, expired: 0, bad: 1 });
    expect(notes.bad).toEqual(['1501: is not JSON in UTF-8']);
    expect(notes.doneLines).toEqual([1000]);
    expect(importer.accessTokens).toHaveLength(1000);
  });
});
