// Runs as a separate process: the refresh tokens of one more server on the cluster that the settings in its argument
// name. It is sent lists of rotations, does all of a list at once, and sends back their outcomes, or the error.

/** @param {string} file */
const built = (file) => import(new URL(`../../dist/src/${file}.js`, import.meta.url).href);

const { readConfig } = await built('config/config');
const { openCassandra } = await built('storage/cassandra/open');
const { CassandraRefreshTokenStore } = await built('storage/cassandra/refresh-token-store');

const session = await openCassandra({
  config: readConfig(JSON.parse(process.argv[2])).cassandra,
  connectAttempts: 1,
  inTurn: (/** @type {() => Promise<void>} */ work) => work(),
});
// A rotation notifies nobody, and its time does not matter.
const store = new CassandraRefreshTokenStore(session, undefined, { now: () => 0 });

/** @param {unknown} message */
const send = (message) => process.send?.(message);

process.on('message', (/** @type {unknown[]} */ rotations) => {
  Promise.all(rotations.map((rotation) => store.rotate(rotation))).then(
    (outcomes) => send({ outcomes }),
    (error) => send({ error: String(error.cause ?? error) }),
  );
});
process.once('disconnect', () => session.close());
send('ready');
