import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Client } from 'cassandra-driver';
import { program, symbolon } from '../cli/symbolon.js';
import { TestApp } from '../support/app.js';
import { connectTo, createKeyspace, testCassandra } from '../support/cassandra.js';
import { client, configuration } from '../support/configuration.js';
import { createDatabase, onServer, temporaryFolder, type TestDatabase } from '../support/database.js';
import { shortLived } from '../support/server-process.js';
import { openSession } from './opened-storage.js';

const accessTokens = 1500;
const refreshTokens = 200;
const command = ['copy', 'tokens', '--to', 'cassandra'];
const keyspace = createKeyspace();

let database: TestDatabase;
let app: TestApp;
let cassandra: Client;
let env: Readonly<Record<string, string>>;
let where: string;

/** A server works on the database, whose tokens come from another server. Its cluster is not yet in use. */
beforeAll(async () => {
  database = await createDatabase();
  env = { CONFIG_FILE: 'any', ...database.settings, ...keyspace.settings, TOKEN_STORE: 'database' };
  where = onServer ? 'the database of DATABASE_URL' : `the embedded database ${database.settings.DATA_DIR}`;
  const users = [{ username: 'ann', password: 'ann-password' }];
  app = await TestApp.start({
    settings: database.settings,
    configuration: configuration({ '/': { clients: [client()], users } }),
  });
  const line = { client_id: 'app', username: 'ann', scope: 'read', expires_at: '2030-01-01T00:00:00Z' };
  const lines = Array.from({ length: accessTokens + refreshTokens }, (_, index) => {
    const type = index < accessTokens ? 'access_token' : 'refresh_token';
    return JSON.stringify({ token: `value-${index}`, type, ...line });
  });
  const file = join(await temporaryFolder(), 'tokens.jsonl');
  await writeFile(file, lines.join('\n'));
  expect(await symbolon(['import', 'tokens', file], { env })).toMatchObject({ status: 0 });
  await (await openSession({ ...keyspace.settings })).close();
  cassandra = await connectTo(testCassandra);
});

afterAll(async () => {
  await cassandra.shutdown();
  await app.stop();
  await keyspace.drop();
  await database.drop();
});

async function countOf(table: string): Promise<number> {
  const { rows } = await cassandra.execute(`SELECT hash FROM ${keyspace.name}.${table}`, [], {
    fetchSize: 10_000,
  });
  return rows.length;
}

it('a run that was killed is completed by the next one, and each run after it changes nothing', async () => {
  const killed = spawn(process.execPath, [...shortLived, program, ...command], { env, stdio: 'ignore' });
  while ((await countOf('access_token')) === 0);
  killed.kill('SIGKILL');
  expect(await once(killed, 'exit')).toEqual([null, 'SIGKILL']);
  expect(await countOf('access_token')).toBeLessThan(accessTokens);

  const { status, stdout, stderr } = await symbolon(command, { env });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const counts = /^(\d+) access tokens, (\d+) refresh tokens and (\d+) families copied, (\d+) tokens already/;
  const [access, refresh, families, there] = counts.exec(stdout)!.slice(1).map(Number);
  expect([refresh, families]).toEqual([refreshTokens, refreshTokens]);
  expect(access).toBeLessThan(accessTokens);
  expect(access + there).toBe(accessTokens);
  expect(await countOf('access_token')).toBe(accessTokens);
  expect(await countOf('user_token')).toBe(accessTokens);
  expect(await countOf('refresh_token')).toBe(refreshTokens);

  const nothing = '0 access tokens, 0 refresh tokens and 0 families copied';
  const since = `${accessTokens + refreshTokens} tokens already there, 0 revoked and 0 used since`;
  expect(await symbolon(command, { env: { ...env, TOKEN_STORE: 'cassandra' } })).toEqual({
    status: 0,
    stdout: `${nothing}, ${since}, from ${where} to the keyspace ${keyspace.name}\n`,
    stderr: '',
  });
  const audit = await symbolon(['audit', '--json', '--action', 'tokens.copied'], { env });
  expect(audit.stdout.split('\n')).toHaveLength(2);
  expect(JSON.parse(audit.stdout)).toMatchObject({
    changes: { to: 'cassandra', access_tokens: access, refresh_tokens: refreshTokens },
  });
});
