import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Exporter } from '../../src/provisioning/export.js';
import type { SubjectPart, SubjectQuery, SubjectRecords } from '../../src/domain/subject-records.js';
import { client, configuration, publicClient } from '../support/configuration.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { ssha } from '../support/foreign-hashes.js';
import { shortLived } from '../support/server-process.js';
import { aRealm, anOwner } from '../storage/subjects.js';
import { commandLine } from './command-line.js';
import { program, whichDatabase } from './symbolon.js';

let database: TestDatabase;
let other: TestDatabase;
const settings = ({ settings: own }: TestDatabase) => ({ CONFIG_FILE: 'any', ...own });

const file = configuration({
  '/': { clients: [client({ client_secret_hash: undefined, client_secret: 'chosen' })] },
  '/alpha': {
    auth_level: 2,
    usernames: 'fold',
    pages: { name: 'Ä: b', accent: '#0055aa', scopes: { read: { en: 'to read', de: 'lesen' }, '12': {} } },
    clients: [
      publicClient({
        client_id: 'true',
        client_name: 'one\ntwo $${x}',
        additional_information: new Map([
          ['z', '1'],
          ['<<', 'x: y'],
        ]),
        attributes: new Map([['12', ['a', 'b']]]),
      }),
      client({
        client_id: '%_\\',
        enabled: false,
        refresh: 'preserve',
        refresh_retry: 'graceful',
        introspect: 'realm',
      }),
    ],
    users: [
      { username: '😀', password: 'pw', attributes: new Map([['mail', 'a@example.com']]) },
      { username: '007', password_hash: ssha('pw'), enabled: false },
    ],
  },
  '/alpha/below': { users: [{ username: 'null', password: 'pw' }] },
  '/alphabet': {},
});

beforeAll(async () => {
  [database, other] = [await createDatabase(), await createDatabase()];
  const ended = await commandLine(['apply', '-'], { env: settings(database), input: file });
  expect(ended).toMatchObject({ status: 0, stderr: '' });
  await commandLine(['admin-token'], { env: settings(database) });
}, 60_000);
afterAll(async () => {
  await database.drop();
  await other.drop();
});

async function exported(from: TestDatabase, ...args: string[]): Promise<string> {
  const { status, stdout, stderr } = await commandLine(['export', ...args], { env: settings(from) });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout;
}

it('--secrets, applied to an empty database, is exported from there as the same file', async () => {
  const text = await exported(database, '--secrets');
  const applied = await commandLine(['apply', '-'], { env: settings(other), input: text });
  expect(applied).toMatchObject({ status: 0, stderr: '' });
  // The root realm is there.
  expect(applied.stdout).toMatch(/^standard input: 9 added, 0 updated, 0 removed, 1 unchanged in /);
  expect(await exported(other, '--secrets')).toBe(text);
  expect(text.match(/^ +- (?:name|client_id|username): .*$/gm)).toEqual([
    '  - name: /',
    '      - client_id: app',
    '  - name: /alpha',
    String.raw`      - client_id: "%_\\"`,
    '      - client_id: "true"',
    '      - username: "007"',
    '      - username: 😀',
    '  - name: /alpha/below',
    '      - username: "null"',
    '  - name: /alphabet',
  ]);
});

it('plans no difference where it is applied to the database that it comes from', async () => {
  for (const args of [['--secrets'], []]) {
    const planned = await commandLine(['apply', '-', '--plan'], {
      env: settings(database),
      input: await exported(database, ...args),
    });
    expect(planned).toMatchObject({ status: 0, stderr: '' });
  }
});

it('has no secret and no hash without --secrets', async () => {
  const text = await exported(database);
  expect(text).not.toMatch(/argon2|sha|_hash|password:|client_secret/);
  expect(text).toMatch(/^# Realms, clients and users, .*\n# It has no secrets, /);
  expect(text).toContain('mail: [a@example.com]');
});

it('--realm exports that realm and those below it', async () => {
  const text = await exported(database, '--realm', '/alpha');
  expect(text.match(/^ {2}- name: .*$/gm)).toEqual(['  - name: /alpha', '  - name: /alpha/below']);
});

it('exits with 1 where there is no such realm, and with 2 for what is no path', async () => {
  const missing = await commandLine(['export', '--realm', '/x'], { env: settings(database) });
  expect(missing).toMatchObject({ status: 1, stdout: '' });
  expect(missing.stderr).toMatch(/^symbolon: there is no realm \/x in /);
  const bad = await commandLine(['export', '--realm', 'x'], { env: settings(database) });
  expect(bad).toMatchObject({ status: 2, stdout: '', stderr: expect.stringContaining('--realm') });
});

it('ends quietly when nobody reads its output any more', async () => {
  const args = [...shortLived, program, 'export'];
  const child = spawn(process.execPath, args, { env: settings(database), stdio: 'pipe' });
  child.stdout.destroy();
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const [status] = (await once(child, 'close')) as [number | null];
  expect({ status, stderr: stderr.replace(whichDatabase, '') }).toEqual({ status: 0, stderr: '' });
});

it('reads no page before the one before it is written', async () => {
  let read = 0;
  const records = {
    list: async (kind: string, { after = '0', limit }: SubjectQuery): Promise<SubjectPart<never>> => {
      if (kind === 'realm') return { records: [{ subject: aRealm() }] } as unknown as SubjectPart<never>;
      if (kind === 'client') return { records: [] };
      read += 1;
      const names = Array.from({ length: limit }, (_, index) => `${Number(after) + 1 + index}`);
      const found = names.map((username) => ({ subject: anOwner('/', { username }) }));
      return { records: found, last: names.at(-1) } as unknown as SubjectPart<never>;
    },
  } as unknown as SubjectRecords;
  const parts = new Exporter(records).write({ realm: '/', secrets: false, version: '1' });
  for (let part = 0; part < 1100; part += 1) await parts.next();
  await parts.return(undefined);
  expect(read).toBe(3);
});
