import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { StoreUnavailable } from '../../src/domain/oauth-error.js';
import {
  type EmbeddedDatabase,
  embeddedLogin,
  joinOrStartEmbedded,
  startEmbedded,
} from '../../src/storage/embedded/embedded-database.js';
import { dataFolder } from '../../src/storage/embedded/folder.js';
import { PostgresAccessTokenStore } from '../../src/storage/postgres/access-token-store.js';
import { DatabaseCheck } from '../../src/storage/postgres/database-check.js';
import type { Database } from '../../src/storage/postgres/database.js';
import { embeddedFolder, onServer, temporaryFolder } from '../support/database.js';
import { RecordedChanges } from '../support/recorded-changes.js';
import { openDatabase, patientOptions } from './running-database.js';

function open(embedded: EmbeddedDatabase): Promise<Database> {
  return openDatabase(patientOptions({ host: embedded.host, ...embeddedLogin }));
}

/** Those of the hashes whose tokens are not in the database. */
async function missing(embedded: EmbeddedDatabase, hashes: readonly string[]): Promise<string[]> {
  const database = await open(embedded);
  const store = new PostgresAccessTokenStore(database, new RecordedChanges());
  const found = await Promise.all(hashes.map(async (hash) => store.find(Buffer.from(hash, 'hex'))));
  await database.dataSource.destroy();
  return hashes.filter((_, i) => found[i] === undefined);
}

(onServer ? describe.skip : describe)('an embedded database', () => {
  it('is run by one process, which others may join, and loses no stored token if that is killed', async () => {
    const folder = await embeddedFolder();
    const child = spawn(process.execPath, [join(import.meta.dirname, 'inserting-process.js'), folder], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const stored: string[] = [];
    const lines = createInterface(child.stdout).on('line', (line) => stored.push(line));
    const ended = Promise.all([once(child, 'exit'), once(lines, 'close')]);
    while (stored.length < 50 && child.exitCode === null) await Promise.race([once(lines, 'line'), ended]);

    await expect(startEmbedded(folder)).rejects.toThrow(`DATA_DIR: another process is running on ${folder}.`);
    const joined = await joinOrStartEmbedded(folder);
    expect(await missing(joined, stored.slice(0, 50))).toEqual([]);
    await joined.close();

    child.kill('SIGKILL');
    await ended;
    const embedded = await startEmbedded(folder);
    expect(await missing(embedded, stored)).toEqual([]);
    await embedded.close();
  });

  it('is started by a command where no process runs it', async () => {
    const embedded = await joinOrStartEmbedded(await embeddedFolder());
    const database = await open(embedded);
    expect(await new DatabaseCheck(database).problem()).toBeUndefined();
    await database.dataSource.destroy();
    await embedded.close();
  });

  it('is unavailable once it is closed, and serves the same clients when it is started again', async () => {
    const folder = await embeddedFolder();
    const embedded = await startEmbedded(folder);
    const database = await open(embedded);
    await embedded.close();
    await expect(new DatabaseCheck(database).problem()).rejects.toBeInstanceOf(StoreUnavailable);
    const again = await startEmbedded(folder);
    expect(await new DatabaseCheck(database).problem()).toBeUndefined();
    await database.dataSource.destroy();
    await again.close();
  });

  it('closes in the middle of a statement that does not end', async () => {
    const embedded = await startEmbedded(await embeddedFolder());
    const database = await open(embedded);
    const statement = { name: 'endless', text: 'SELECT count(*) FROM generate_series(1, 1e12)' };
    await expect(database.read(statement, [])).rejects.toBeInstanceOf(StoreUnavailable);
    await embedded.close();
    await database.dataSource.destroy();
  });

  it('starts while the thread that started it is blocked', async () => {
    const folder = await embeddedFolder();
    const { socket } = dataFolder(folder);
    let listening = false;
    const begun = () => {
      for (let looks = 0; looks < 1_000 && !listening; looks += 1) {
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
        listening = existsSync(socket);
      }
    };
    const embedded = await startEmbedded(folder, { begun });
    expect(listening).toBe(true);
    await embedded.close();
  });

  it('is created again where its first start was interrupted', async () => {
    const folder = dataFolder(await temporaryFolder());
    await makeBroken(folder.data);
    await writeFile(folder.making, '');
    const embedded = await startEmbedded(folder.path);
    expect(existsSync(folder.making)).toBe(false);
    await embedded.close();
  });

  it('never replaces one that cannot be opened', async () => {
    const folder = dataFolder(await temporaryFolder());
    const file = await makeBroken(folder.data);
    for (let starts = 0; starts < 2; starts += 1) {
      await expect(startEmbedded(folder.path)).rejects.toThrow();
      expect(existsSync(file)).toBe(true);
    }
  });
});

/** Makes a broken database of two files, and returns the path of one of them. */
async function makeBroken(data: string): Promise<string> {
  const file = join(data, 'pg_wal', 'left-over');
  await mkdir(join(data, 'pg_wal'), { recursive: true });
  await writeFile(file, '');
  await writeFile(join(data, 'PG_VERSION'), '17\n');
  return file;
}
