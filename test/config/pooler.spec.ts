import { readConfig } from '../../src/config/config.js';
import { receivesChanges } from '../../src/config/database-config.js';
import { SettingsError } from '../../src/config/setting-reader.js';

const DATABASE_URL = 'postgres://u@127.0.0.1:6432/db';
const CHANGE_FEED_URL = 'postgres://u@127.0.0.1/db';
const DATABASE_POOLER = 'transaction';

type Settings = Readonly<Record<string, string>>;

it.each<[string, Settings, object, boolean]>([
  ['no pooler', {}, { pooler: 'none', changeFeedUrl: undefined }, true],
  ['a pooler', { DATABASE_POOLER }, { pooler: 'transaction', changeFeedUrl: undefined }, false],
  [
    'a pooler and a way past it',
    { DATABASE_POOLER, CHANGE_FEED_URL },
    { pooler: 'transaction', changeFeedUrl: CHANGE_FEED_URL },
    true,
  ],
  [
    'a password for both',
    { CHANGE_FEED_URL, PGPASSWORD: 'a@b' },
    { url: `${DATABASE_URL}?password=a%40b`, changeFeedUrl: `${CHANGE_FEED_URL}?password=a%40b` },
    true,
  ],
])('%s is read', (_, settings, expected, hears) => {
  const { database, warnings } = readConfig({ DATABASE_URL, ...settings });
  expect(database).toMatchObject(expected);
  expect(receivesChanges(database)).toBe(hears);
  expect(warnings).toEqual(
    hears
      ? []
      : [
          'CHANGE_FEED_URL: without it, nothing is cached behind DATABASE_POOLER=transaction: each request reads the database',
        ],
  );
});

it.each<[string, Settings, string]>([
  [
    'a pooler of another kind',
    { DATABASE_URL, DATABASE_POOLER: 'statement' },
    'DATABASE_POOLER: none of none, transaction',
  ],
  ['a pooler without a server', { DATABASE_POOLER }, 'DATABASE_POOLER: a pooler goes with DATABASE_URL'],
  ['a feed without a server', { CHANGE_FEED_URL }, 'CHANGE_FEED_URL: goes with DATABASE_URL'],
  [
    'a feed of another kind',
    { DATABASE_URL, CHANGE_FEED_URL: 'mysql://u@h/db' },
    'CHANGE_FEED_URL: not a connection URI, postgres://user:password@host:port/database',
  ],
])('%s is refused', (_, settings, problem) => {
  expect(() => readConfig(settings)).toThrow(new SettingsError([problem]));
});
