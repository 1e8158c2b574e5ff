import type { DataSource } from 'typeorm';
import { DatabaseRefused, type DatabaseSetting, poolerAdvice } from './database-refused.js';

/** What an error of the driver, of Node or of PostgreSQL shows. */
type Shown = NodeJS.ErrnoException;

const certificate = 'name the authority by sslrootcert=FILE, or correct the certificate';
const noEncryption =
  'the server has no entry in pg_hba.conf for this user, database and address, with TLS or without; add one, or add sslmode=verify-full to the URL';

/** What is wrong and what to do, by the code of the error. A new attempt would end in the same way. */
const refusals: Readonly<Record<string, string>> = {
  '28P01': 'the database refuses the user or the password; correct them in the URL, or PGPASSWORD',
  '28000': noEncryption,
  '3D000': 'there is no database of that name; run CREATE DATABASE, or correct the name',
  '3F000':
    'search_path of this database or user names no schema that exists; run CREATE SCHEMA, or correct it',
  '42501': 'the user lacks a privilege; make it the owner of the database',
  ENOENT: 'the file of sslrootcert, sslcert or sslkey cannot be read; correct its path',
  EACCES:
    'the file of sslrootcert, sslcert or sslkey must not be read by this process; change its mode or owner',
  EISDIR: 'sslrootcert, sslcert or sslkey is a folder; name a file',
  ERR_TLS_CERT_ALTNAME_INVALID:
    "the server's certificate is for another name; use a host that it names, or correct the certificate",
  CERT_HAS_EXPIRED: "the server's certificate has expired; renew it",
  CERT_NOT_YET_VALID: "the server's certificate is not valid yet; check the clocks",
};

const untrusted = /^(SELF_SIGNED|DEPTH_ZERO|UNABLE_TO_|CERT_)/;
const badTls = /^ERR_(OSSL|SSL|TLS|CRYPTO)_/;

/** Messages of the driver, whose errors have no code. */
const messages: readonly (readonly [RegExp, string])[] = [
  [/client password must be/, 'the database asks for a password; put one into the URL, or set PGPASSWORD'],
  [
    /does not support SSL/,
    'the server offers no TLS; set ssl = on in postgresql.conf, or remove sslmode from the URL',
  ],
  [
    /unsupported startup parameter/,
    'a pooler refuses a parameter of the connection, such as options; set it for the database or the user instead',
  ],
  [
    /statement pooling mode/,
    'a pooler in statement mode carries no transactions; set it to pool_mode=transaction or session',
  ],
  [/sslmode=verify-ca requires/, 'sslmode=verify-ca needs sslrootcert=FILE in the URL'],
];

/** What PgBouncer says of some of our errors, to all of which it gives one code; and PostgreSQL's code for each. */
const poolerCode = '08P01';
const poolerMessages: readonly (readonly [RegExp, string])[] = [
  [/^SASL authentication failed$|^no such user/, '28P01'],
  [/^(no such database|database "[^"]*" does not exist)/, '3D000'],
];

/** Why no connection could be made for now. */
const outages: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens at that host and port; start PostgreSQL, or correct them',
  ENOTFOUND:
    'its host is not known; correct it, and percent-encode @ : / # % ? in the password, as %40 for @',
  EAI_AGAIN: 'its host cannot be looked up now; check the name service',
  ENOENT: 'there is no socket in that folder; start PostgreSQL, or correct host',
  EACCES: 'this process must not use the socket in that folder; change its mode or owner',
  ECONNRESET: 'it closed the connection; see the log of PostgreSQL',
  '53300': 'it has no connection left; raise max_connections, or lower DATABASE_POOL or WORKERS',
  '57P03': 'it is starting up or shutting down',
  '42P05': poolerAdvice,
  '26000': poolerAdvice,
  [poolerCode]: 'a pooler has no connection for it; see the log of the pooler',
  '55P03': 'others hold a lock on its tables; see pg_locks',
  '25006': 'it takes no writes; name the primary, or turn default_transaction_read_only off',
};

/** Why the schema could not be migrated for now. */
const delays: Readonly<Record<string, string>> = {
  '55P03': 'a transaction that does not end has locked a table; find it in pg_stat_activity, and end it',
  SchemaBusy: 'another process has been at it for long; find it in pg_stat_activity',
};

/** The error of opening a database as a refusal, if it is one that the operator must mend. */
export function refusalOf(error: unknown, setting: DatabaseSetting): DatabaseRefused | undefined {
  const reason = refusalReason(error as Shown);
  return reason === undefined ? undefined : new DatabaseRefused(reason, setting);
}

function refusalReason({ code: told = '', syscall, message }: Shown): string | undefined {
  if (syscall === 'connect' || syscall === 'getaddrinfo') return undefined;
  const byMessage = messages.find(([pattern]) => pattern.test(message))?.[1];
  if (byMessage !== undefined) return byMessage;
  const meant = told === poolerCode && poolerMessages.find(([pattern]) => pattern.test(message))?.[1];
  const code = meant || told;
  if (Object.hasOwn(refusals, code)) return `${refusals[code]} (${code})`;
  if (untrusted.test(code)) return `the server's certificate is not trusted (${code}); ${certificate}`;
  if (!badTls.test(code)) return undefined;
  return `TLS cannot be used (${code}); sslrootcert, sslcert and sslkey are PEM files`;
}

/** Why a database cannot be reached, in words that an operator can act on. */
export function outageOf(cause: unknown, setting: DatabaseSetting): string {
  const { code, name, message } = (cause ?? {}) as Shown;
  const shown = code ?? name;
  if (shown !== undefined && Object.hasOwn(delays, shown)) {
    return `${setting}: the schema cannot be migrated now (${shown}): ${delays[shown]}`;
  }
  const reason = outages[shown ?? ''] ?? (/time/i.test(message ?? '') ? 'no answer in time' : undefined);
  return `${setting}: the database cannot be reached (${shown})${reason === undefined ? '' : `: ${reason}`}`;
}

/** As `refusalOf` for a privilege that is lacking: what to grant. Names are quoted where SQL needs it. */
export async function lackOf(dataSource: DataSource, setting: DatabaseSetting): Promise<DatabaseRefused> {
  const [{ schema, user, creates }] = await dataSource.query<
    { schema: string; user: string; creates: boolean }[]
  >(
    `SELECT quote_ident(current_schema()) AS schema, quote_ident(current_user) AS user,
      has_schema_privilege(current_schema(), 'CREATE') AS creates`,
  );
  return new DatabaseRefused(
    creates
      ? `the user ${user} may not use or change the tables in the schema ${schema} (42501); make it their owner`
      : `the user ${user} may not create tables in the schema ${schema} (42501); run GRANT CREATE ON SCHEMA ${schema} TO ${user}`,
    setting,
  );
}
