import { range } from './numbers.js';
import type { Database } from './postgres.js';
import { client, realm, userCount } from './subjects.js';
import { hashToken, TokenFileWriter, TokenMaker, writeTokens, type TokenFile } from './tokens.js';
import type { Scale } from './options.js';

/** Rows of one insert. */
const batchSize = 20_000;

/** Tokens of the users in turn, with the current epochs of their subjects. */
const insertTokens = `
  INSERT INTO access_token (hash, realm, client_id, username, scope, grant_type, auth_level, issued_at, expires_at,
    realm_epoch, client_epoch, resource_owner_epoch, revoked)
  SELECT hash, realm.path, client.client_id, resource_owner.username, 'read write', 'password', 0,
    now() - interval '1 hour', now() + $2::interval, realm.epoch, client.epoch, resource_owner.epoch, $3
  FROM unnest($1::bytea[]) WITH ORDINALITY AS token (hash, number)
  JOIN realm ON realm.path = '${realm}'
  JOIN client ON client.realm = realm.path AND client.client_id = '${client.id}'
  JOIN resource_owner ON resource_owner.realm = realm.path
    AND resource_owner.username = 'user-' || number % ${userCount}`;

/** When the tokens of one kind expire, and whether they are revoked. */
interface Fate {
  readonly endsIn: string;
  readonly revoked: boolean;
}

const alive: Fate = { endsIn: '1 day', revoked: false };
const expired: Fate = { endsIn: '-1 minute', revoked: false };
const revoked: Fate = { endsIn: '1 day', revoked: true };

/** The files of tokens that requests are made from. */
export interface SeededTokens {
  /** Active tokens of the large database; the small one holds the first of them. */
  readonly live: TokenFile;
  /** Further active tokens of the large database, which are requested repeatedly. */
  readonly workingSet: TokenFile;
  /** The same, but of each 100 tokens 5 are expired, 3 revoked and 2 forged instead, evenly spread. */
  readonly mix: TokenFile;
  readonly forged: TokenFile;
}

/** Fills both databases, whose token keys and subjects are the same, and writes the files. */
export async function seed(
  many: Database,
  few: Database,
  folder: string,
  scale: Scale,
): Promise<SeededTokens> {
  const [{ secret }] = await many.query<{ secret: Buffer }>('SELECT secret FROM token_key');
  const maker = new TokenMaker(secret);
  const live = await TokenFileWriter.create(folder, 'live');
  for (const numbers of batches(scale.rows)) {
    const values = numbers.map((number) => maker.genuine(`live ${number}`));
    await Promise.all([insert(many, values, alive), live.add(values)]);
  }
  const { workingSet, fewRows } = scale;
  const of = (kind: string, count: number) =>
    range(count).map((number) => maker.genuine(`${kind} ${number}`));
  await insert(few, of('live', fewRows), alive);
  await insert(many, of('cached', workingSet), alive);
  await insert(many, of('expired', workingSet), expired);
  await insert(many, of('revoked', workingSet), revoked);
  // PostgreSQL would do this by itself at some time: all measurements must find the same, settled tables.
  for (const database of [many, few]) await database.query('VACUUM (ANALYZE)');
  await many.query('CHECKPOINT');
  const forged = range(workingSet).map((number) => maker.forged(`forged ${number}`));
  const mix = range(workingSet).map((number) => mixed(maker, number));
  return {
    live: await live.close(),
    workingSet: await writeTokens(folder, 'working-set', of('cached', workingSet)),
    mix: await writeTokens(folder, 'mix', mix),
    forged: await writeTokens(folder, 'forged', forged),
  };
}

/** Adds active tokens to a database with the same token keys. */
export function addLiveTokens(database: Database, values: readonly string[]): Promise<void> {
  return insert(database, values, alive);
}

async function insert(
  database: Database,
  values: readonly string[],
  { endsIn, revoked }: Fate,
): Promise<void> {
  await database.query(insertTokens, [values.map(hashToken), endsIn, revoked]);
}

/** Every tenth token is refused: of ten such tokens 5 are expired, 3 revoked and 2 forged. */
const refusals = 'expired revoked expired forged expired revoked expired forged revoked expired'.split(' ');

function mixed(maker: TokenMaker, number: number): string {
  if (number % 10 !== 9) return maker.genuine(`cached ${number}`);
  const kind = refusals[Math.floor(number / 10) % refusals.length];
  const label = `${kind} ${number}`;
  return kind === 'forged' ? maker.forged(label) : maker.genuine(label);
}

function* batches(count: number): Generator<number[]> {
  for (let from = 0; from < count; from += batchSize) {
    yield range(Math.min(batchSize, count - from)).map((number) => from + number);
  }
}
