import { range } from './numbers.js';

/*
 * Measures what it costs to count a request, and prints the nanoseconds of each round as JSON. Its arguments are the
 * path of the server's counter as it was built, the rounds and the requests of a round.
 */

/** What the program uses of the server's counter. */
interface Counter {
  observe(request: object): void;
  take(): readonly { readonly messages: number }[];
}

type CounterModule = Record<'TrafficCounter', new (settings: object, uncounted: Set<string>) => Counter>;

const [, , path, rounds, requests] = process.argv;

// The bench imports nothing of the project: it loads the counter as the server does, when it runs.
// eslint-disable-next-line no-restricted-syntax
const { TrafficCounter } = (await import(path)) as CounterModule;
const counter = new TrafficCounter({ count: 'clients', client: 'subject', rows: 2000 }, new Set());

/** Successful requests of 1,000 users. */
const seen = range(1000).map((number) => ({
  method: 'GET',
  operation: 'GET header',
  route: '/oauth2/tokeninfo',
  status: 200,
  failed: false,
  takenAt: number,
  endedAt: number + 0.25,
  details: { realm: '/', clientId: 'client', username: `user-${number}` },
}));

/** Counts the requests of a round, and returns the nanoseconds of one. */
function count(): number {
  const started = process.hrtime.bigint();
  for (let number = 0; number < Number(requests); number++) counter.observe(seen[number % seen.length]);
  const nanoseconds = Number(process.hrtime.bigint() - started) / Number(requests);
  const counted = counter.take().reduce((sum, { messages }) => sum + messages, 0);
  if (counted !== Number(requests)) throw new Error(`counted ${counted} of ${requests} requests`);
  return nanoseconds;
}

count(); // The first round compiles the code.
process.stdout.write(`${JSON.stringify(range(Number(rounds)).map(count))}\n`);
