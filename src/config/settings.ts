/** A setting, as docs/configuration.md lists it. */
export interface Setting {
  /** Name of the environment variable. */
  readonly name: string;
  /** The value if the variable is not set or empty; undefined for none. */
  readonly fallback?: string;
  /** What it means, in Markdown. */
  readonly meaning: string;
  /** What its number counts; undefined for a setting that is no number of something. */
  readonly unit?:
    'seconds' | 'days' | 'connections' | 'entries' | 'processes' | 'threads' | 'attempts' | 'rows';
  /** Whether its value must stay secret: then it may be in a file that the setting `NAME_FILE` names. */
  readonly secret?: true;
}

/** Every setting. */
export const settings = [
  { name: 'PORT', fallback: '8080', meaning: 'Port of the public listener; `0` takes a free one.' },
  {
    name: 'HOST',
    fallback: '127.0.0.1',
    meaning:
      'Address of the public listener. The demo is served on a loopback address alone, unless `DEMO=on`.',
  },
  {
    name: 'ISSUER',
    meaning:
      'Our identifier (RFC 8414 §2), an http or https URL without query, fragment and trailing slash. Default: `http://HOST:PORT`, or https with TLS; `localhost` where `HOST` is every address (`0.0.0.0`, `::`). With `PORT=0` it has the port that was taken.',
  },
  {
    name: 'BASE_PREFIX',
    fallback: '/am',
    meaning: "A second way to the `/oauth2` paths, as AM's deployment path; `/` for none.",
  },
  {
    name: 'OPENID_CONFIGURATION',
    fallback: 'off',
    meaning:
      '`on` serves the metadata at `{issuer}/.well-known/openid-configuration`, too: Skipper looks there alone, but Spring stops at a document without `jwks_uri`.',
  },
  {
    name: 'TLS_KEY_FILE',
    meaning: 'PEM file of the private key. With this and `TLS_CERT_FILE` the public listener speaks HTTPS.',
  },
  {
    name: 'TLS_CERT_FILE',
    meaning:
      'PEM file of the certificate, followed by its chain. Both files are taken up again when they are renewed.',
  },
  {
    name: 'KEEP_ALIVE_TIMEOUT',
    fallback: '65',
    unit: 'seconds',
    meaning:
      'Seconds that both listeners keep a connection on which no request is under way. More than proxies and gateways keep theirs.',
  },
  {
    name: 'DATABASE_URL',
    meaning:
      '`postgres://user:password@host:port/database`; in user and password, `@ : / # % ?` are percent-encoded. Without a password, that of `PGPASSWORD`. Without this setting, the embedded PostgreSQL.',
    secret: true,
  },
  { name: 'DATABASE_URL_FILE', meaning: 'File that holds `DATABASE_URL` instead, as Docker’s secrets do.' },
  {
    name: 'PGPASSWORD',
    meaning:
      'Password of the database, where `DATABASE_URL` or `CHANGE_FEED_URL` has none: any characters, and none of them escaped.',
    secret: true,
  },
  { name: 'PGPASSWORD_FILE', meaning: 'File that holds `PGPASSWORD` instead.' },
  {
    name: 'DATABASE_POOL',
    fallback: '10',
    unit: 'connections',
    meaning: 'Connections to that server, of each worker. Each worker takes one more to receive changes.',
  },
  {
    name: 'DATABASE_POOLER',
    fallback: 'none',
    meaning:
      '`transaction` where `DATABASE_URL` leads to a pooler that gives each transaction another connection, such as PgBouncer with `pool_mode=transaction`; `none` for PostgreSQL itself, or a pooler in session mode.',
  },
  {
    name: 'CHANGE_FEED_URL',
    meaning:
      'The same database without a pooler in transaction mode, in the form of `DATABASE_URL`: each worker receives changes there, and migrations run there. Without it, all of that goes to `DATABASE_URL`; with `DATABASE_POOLER=transaction` then nothing is cached, and pending migrations stop the start.',
    secret: true,
  },
  { name: 'CHANGE_FEED_URL_FILE', meaning: 'File that holds `CHANGE_FEED_URL` instead.' },
  {
    name: 'DATA_DIR',
    fallback: './.symbolon',
    meaning:
      'Folder of the embedded PostgreSQL, for one process at a time; its data is in the folder `db` in it. The demo has the folder `demo` in it.',
  },
  {
    name: 'TOKEN_STORE',
    fallback: 'database',
    meaning:
      '`database`, `cassandra`, or `memory`: tokens are kept in memory and end with the process (embedded PostgreSQL only).',
  },
  {
    name: 'CASSANDRA_CONTACT_POINTS',
    meaning:
      'For `TOKEN_STORE=cassandra`: some nodes of the cluster, `host[:port],…`, all with the same port (9042).',
  },
  {
    name: 'CASSANDRA_LOCAL_DATACENTER',
    meaning: 'The datacenter whose nodes are asked; required with them.',
  },
  {
    name: 'CASSANDRA_KEYSPACE',
    fallback: 'symbolon',
    meaning: 'The keyspace of the tokens, in lower case.',
  },
  {
    name: 'CASSANDRA_REPLICATION',
    meaning:
      'Copies by datacenter, such as `dc1:3,dc2:3`: a missing keyspace is created with them. Without it, the keyspace must be there.',
  },
  {
    name: 'CASSANDRA_CONSISTENCY',
    fallback: 'local',
    meaning:
      '`local`: a quorum of the local datacenter decides, so servers run in one datacenter. `global`: a quorum of all; servers may run in any.',
  },
  { name: 'CASSANDRA_USERNAME', meaning: 'Login at the cluster, with `CASSANDRA_PASSWORD`.' },
  { name: 'CASSANDRA_PASSWORD', meaning: 'Password of that login.', secret: true },
  { name: 'CASSANDRA_PASSWORD_FILE', meaning: 'File that holds `CASSANDRA_PASSWORD` instead.' },
  {
    name: 'CASSANDRA_TLS_CA_FILE',
    meaning:
      "PEM file of the trusted authorities. With it, nodes are reached by TLS, and their certificates' chain and name are checked.",
  },
  {
    name: 'CASSANDRA_TLS_NAME',
    meaning:
      "The name in every node's certificate. Without it, the certificate must name the node's address.",
  },
  {
    name: 'CASSANDRA_TLS_CERT_FILE',
    meaning: 'PEM file of our own certificate, where the cluster asks for one.',
  },
  { name: 'CASSANDRA_TLS_KEY_FILE', meaning: 'PEM file of its private key.' },
  {
    name: 'CACHE_ENTRIES',
    fallback: '100000',
    unit: 'entries',
    meaning: 'How many access tokens a worker caches; `0` for no cache of anything.',
  },
  {
    name: 'CACHE_SUBJECTS',
    fallback: '100000',
    unit: 'entries',
    meaning: 'How many realms, how many clients and how many users a worker caches.',
  },
  {
    name: 'CACHE_MAX_AGE',
    fallback: '30',
    unit: 'seconds',
    meaning: 'Seconds after which a cached entry is read again in any case.',
  },
  {
    name: 'WORKERS',
    fallback: '1',
    unit: 'processes',
    meaning:
      'Processes that serve behind the port, or `auto` for one a core. More than one need `DATABASE_URL`.',
  },
  {
    name: 'HASH_QUEUE',
    fallback: '100',
    unit: 'entries',
    meaning:
      'How many passwords and secrets of a worker wait for their check at most: fewer where there is no time for so many. Beyond, whoever sends most gets `503`.',
  },
  {
    name: 'HASH_TIMEOUT',
    fallback: '2',
    unit: 'seconds',
    meaning: 'Seconds that such a wait takes at most.',
  },
  {
    name: 'UV_THREADPOOL_SIZE',
    fallback: '4',
    unit: 'threads',
    meaning:
      "Node's: the threads of a worker that hash, resolve names and read files. One is never used for hashes: to hash on more than 3 cores, set it to one more than these.",
  },
  {
    name: 'LOGIN_THROTTLE',
    fallback: 'on',
    meaning: '`off` does not limit how often passwords and secrets may be guessed.',
  },
  {
    name: 'LOGIN_ATTEMPTS',
    fallback: '10',
    unit: 'attempts',
    meaning:
      'Wrong passwords of a user, or secrets of a client, that an address may send. Further ones are followed by a back-off, which doubles from a second: `429` meanwhile.',
  },
  {
    name: 'LOGIN_BACKOFF_MAX',
    fallback: '900',
    unit: 'seconds',
    meaning: 'Seconds of the longest back-off.',
  },
  {
    name: 'LOGIN_ATTEMPTS_USER',
    fallback: '100',
    unit: 'attempts',
    meaning:
      'Wrong passwords of a user in an hour, from anywhere. Then the user can sign in from addresses of the last 30 days alone.',
  },
  {
    name: 'TRUSTED_PROXIES',
    meaning:
      'Addresses and networks of the proxies in front of the server, such as `10.0.0.0/8,::1`: from them alone, `Forwarded` and `X-Forwarded-For` say where a request comes from.',
  },
  {
    name: 'CONFIG_FILE',
    meaning:
      'The `symbolon.yaml` to apply at the start. Without it and without `DATABASE_URL`, the demo is served.',
  },
  {
    name: 'DEMO',
    meaning:
      '`on` serves the demo at any `HOST` and in production, though its passwords are public; `off` never. Default: on loopback, without `CONFIG_FILE`, `DATABASE_URL` and `NODE_ENV=production`.',
  },
  {
    name: 'ADMIN_HOST',
    fallback: '127.0.0.1',
    meaning: "Address of the operator's listener: `/metrics`, `/admin/v1`, `/healthz`, `/readyz`.",
  },
  {
    name: 'ADMIN_PORT',
    fallback: '9000',
    meaning: "Port of the operator's listener; `0` takes a free one, `off` opens none.",
  },
  {
    name: 'METRICS_AUTH',
    fallback: 'none',
    meaning: '`none`, or `token`: `/metrics` asks for a token that may read at `/admin/v1`.',
  },
  {
    name: 'METRICS_LABELS',
    meaning:
      'Labels that some metrics get besides their own: `realm`, `client` or both, separated by commas. Each takes 200 values; the others are `other`.',
  },
  {
    name: 'MONITORING',
    fallback: 'clients',
    meaning:
      '_Enable monitoring_: messages are counted by service, method, realm and client (`clients`), without clients (`services`), or not at all (`off`).',
  },
  {
    name: 'MONITORING_CLIENT',
    fallback: 'authentication.subject.id',
    meaning:
      '_Which attribute is used to identify the client_: `authentication.subject.id` (stores user names), `authentication.application.id`, or the name of a selector, such as `http.headers["X-App"]`.',
  },
  {
    name: 'MONITORING_COMPOSITE',
    meaning:
      "_Composite context_: a name under which the messages of Axway's token, token information and revocation services are counted once more.",
  },
  {
    name: 'MONITORING_ROWS',
    fallback: '2000',
    unit: 'rows',
    meaning:
      'How many rows a bucket has at most. Messages beyond are counted for the realm and client `*` of their service and method.',
  },
  {
    name: 'MONITORING_DAYS',
    fallback: '90',
    unit: 'days',
    meaning: 'Days that the buckets of a day are kept. Finer ones are kept for up to 122 hours.',
  },
  {
    name: 'MONITORING_FLUSH',
    fallback: '10',
    unit: 'seconds',
    meaning: 'Seconds between two times that a worker adds its counts to the database.',
  },
  { name: 'AUDIT_DAYS', fallback: '365', unit: 'days', meaning: 'Days that audit events are kept.' },
  {
    name: 'REFRESH_LEEWAY',
    fallback: '10',
    unit: 'seconds',
    meaning:
      'Seconds in which the reuse of a refresh token counts as a retry. A later reuse revokes its family.',
  },
  {
    name: 'CODE_LIFETIME',
    fallback: '60',
    unit: 'seconds',
    meaning: 'Seconds in which an authorization code can be redeemed, 10 to 600.',
  },
  {
    name: 'SESSION_LIFETIME',
    fallback: '7200',
    unit: 'seconds',
    meaning: 'Seconds that a user stays signed in at the pages of a realm, 60 to 86400.',
  },
  {
    name: 'PURGE_INTERVAL',
    fallback: '60',
    unit: 'seconds',
    meaning: 'Seconds between two rounds that remove expired tokens and old records; `0` for none.',
  },
  {
    name: 'PURGE_BATCH',
    fallback: '1000',
    unit: 'rows',
    meaning: 'How many rows a statement of the purge removes at most.',
  },
  {
    name: 'TOKENINFO_REALMS',
    fallback: 'named',
    meaning:
      "ForgeRock: `named` answers a request that names a realm for that realm's tokens alone; `any` for all, as AM did; `root-any` for all where it names the root realm.",
  },
  {
    name: 'TOKENINFO_ERRORS',
    fallback: 'modern',
    meaning:
      'ForgeRock: `openam12` answers inactive tokens as AM 12 to 13.0 did; `modern` as later versions do.',
  },
  {
    name: 'AM_QUERY_PARAMETERS',
    fallback: 'off',
    meaning:
      '`on` reads OAuth parameters from the URL, too, of a POST below `/oauth2`, as AM did. Proxies log URLs, and so the secrets in them; the start warns of it.',
  },
  {
    name: 'AXWAY_REALMS',
    fallback: '*',
    meaning: 'Axway: the realms whose tokens it answers for, such as `/,/alpha`; `*` for all.',
  },
  {
    name: 'AXWAY_TOKENINFO_METHODS',
    fallback: 'GET,POST',
    meaning: 'Axway: `GET,POST`, or `POST` to keep tokens out of URLs.',
  },
  {
    name: 'AXWAY_TOKEN_PARAMETER',
    fallback: 'access_token',
    meaning: 'Axway, _where to get access token from_: a parameter of the query or the form.',
  },
  {
    name: 'AXWAY_TOKEN_SELECTOR',
    meaning:
      'Axway, _where to get access token from_: a selector, such as `${http.headers["X-Token"]}`. It replaces the parameter.',
  },
  {
    name: 'AXWAY_ADDITIONAL_PARAMETERS',
    fallback: '[]',
    meaning:
      'Axway, _additional access token parameters_: `[{"name": "Client", "value": "${oauth.client.details.getName()}"}]`.',
  },
  {
    name: 'SELECTOR_ENV',
    meaning:
      'Names of the environment variables that `${env.NAME}` may read in selectors, separated by commas.',
  },
  {
    name: 'ACCESS_LOG',
    fallback: 'refused',
    meaning:
      'Which requests get a line in the log: `all` but probes that find the server well, `refused` or `off`.',
  },
  {
    name: 'LOG_LEVEL',
    fallback: 'info',
    meaning: '`fatal`, `error`, `warn`, `info`, `debug`, `trace` or `silent`.',
  },
  { name: 'NODE_ENV', fallback: 'development', meaning: '`production` serves no demo, unless `DEMO=on`.' },
] as const satisfies readonly Setting[];

export type SettingName = (typeof settings)[number]['name'];
