import { type Check, type Finding, ok, warn } from '../../../domain/doctor/check.js';
import type { Database } from '../database.js';
import type { Statement } from '../statement.js';

/** The settings of the server that should be on, and what happens where they are off. */
const shouldBeOn: Readonly<Record<string, string>> = {
  fsync: 'a crash may destroy the database',
  full_page_writes: 'a crash may destroy the database',
  synchronous_commit: 'a crash may undo changes that were answered, such as revocations',
  autovacuum: 'dead rows pile up',
  track_counts: 'dead rows pile up, because autovacuum does not see them',
};

/** $1 names of settings. */
const readSettings: Statement = {
  name: 'read_server_settings',
  text: `SELECT name, setting FROM pg_settings WHERE name = ANY ($1::text[]) ORDER BY name`,
};

/** Whether PostgreSQL can be reached, and keeps what it was given. */
export function serverCheck(database: Database): Check {
  return {
    name: 'postgresql',
    async run() {
      const names = ['server_version', ...Object.keys(shouldBeOn)];
      const rows = await database.read<{ name: string; setting: string }>(readSettings, [names]);
      const settings = new Map(rows.map(({ name, setting }) => [name, setting]));
      const version = `PostgreSQL ${settings.get('server_version')?.split(' ')[0]}`;
      if (!database.dataSource.hasSessions) return ok(`${version}, embedded`);
      const off = Object.keys(shouldBeOn).filter((name) => settings.get(name) === 'off');
      return off.length === 0 ? ok(version) : settingsOff(version, off);
    },
  };
}

function settingsOff(version: string, off: readonly string[]): Finding {
  const reasons = off.map((name) => `${name} is off: ${shouldBeOn[name]}`);
  return warn(`${version}; ${reasons.join('; ')}`, `set ${off.join(', ')} to on in PostgreSQL`);
}
