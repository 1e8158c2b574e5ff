import type { DataSource } from 'typeorm';
import { DatabaseRefused } from './database-refused.js';

/** What cannot be made up for by the way our statements are written. @throws DatabaseRefused */
export async function checkSettings(dataSource: DataSource): Promise<void> {
  const [{ encoding, nulls }] = await dataSource.query<{ encoding: string; nulls: string }[]>(
    `SELECT current_setting('server_encoding') AS encoding, current_setting('array_nulls') AS nulls`,
  );
  if (encoding !== 'UTF8') {
    throw new DatabaseRefused(
      `the database has the encoding ${encoding}, which lacks characters of names; make one with ENCODING 'UTF8'`,
    );
  }
  if (nulls !== 'on') {
    throw new DatabaseRefused('array_nulls is off in this database or for this user; set it to on');
  }
}
