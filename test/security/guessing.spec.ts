import { BoundedHasher, HashDurations } from '../../src/hashing/bounded-hasher.js';
import { FairQueue } from '../../src/hashing/fair-queue.js';
import { FastHasher } from '../provisioning/fast-hasher.js';
import { TestApp } from '../support/app.js';
import { client, configuration } from '../support/configuration.js';
import { type Answer, ask } from '../support/exchange.js';
import { HeldHasher } from '../support/held-hasher.js';
import { counted, scrape } from '../support/scrape.js';
import { basic, failedClient, type Form, postForm, refusal, success } from '../support/token-endpoint.js';

const second = 1000;
const failedUser = refusal('invalid_grant', 'The resource owner credentials are invalid.');

/** The answer to an address that has to wait so many seconds. */
function wait(seconds: number): Answer {
  const headers = { 'retry-after': String(seconds) };
  return refusal('too_many_attempts', 'Too many failed attempts. Wait before the next one.', {
    status: 429,
    headers,
  });
}

const unavailable = refusal('temporarily_unavailable', 'The server is temporarily unavailable.', {
  status: 503,
  headers: { 'retry-after': '2' },
});

/** A hasher that records what it verifies. */
class WatchedHasher extends FastHasher {
  verifications = 0;

  override verify(hash: string, password: string): Promise<boolean> {
    this.verifications += 1;
    return super.verify(hash, password);
  }
}

const hasher = new WatchedHasher();

/** A client whose secret somebody chose, so that it is stored by a slow hash. */
const chosen = (client_id: string) =>
  client({ client_id, client_secret: `${client_id}-secret`, client_secret_hash: undefined });

const directory = configuration({
  '/': {
    usernames: 'fold',
    clients: [client(), chosen('one'), chosen('two')],
    users: [
      { username: 'ann', password: 'ann-password' },
      { username: 'bob', password: 'bob-password' },
      { username: 'out', password: 'out-password', enabled: false },
    ],
  },
});

let app: TestApp;
beforeAll(async () => {
  const settings = { LOGIN_ATTEMPTS: '10', LOGIN_ATTEMPTS_USER: '100', TRUSTED_PROXIES: '127.0.0.1' };
  app = await TestApp.start({ hasher, settings, configuration: directory });
});
// Nothing of an earlier test counts any more.
beforeEach(() => app.clock.advance(40 * 24 * 3600 * second));
afterAll(() => app.stop());

const here = '192.0.2.1';
const from = (address: string) => ({ 'x-forwarded-for': address });

function signIn(username: string, password: string, address = here): Promise<Answer> {
  const form = { grant_type: 'password', username, password };
  return postForm(app, '/oauth2/token', form, { ...basic('app:app-secret'), ...from(address) });
}

function asClient(id: string, secret: string, path = '/oauth2/token', address = here): Promise<Answer> {
  const form: Form = { grant_type: 'client_credentials', token: 'x', client_id: id, client_secret: secret };
  return postForm(app, path, form, from(address));
}

/** Sends some requests one after the other. */
async function times(count: number, send: () => Promise<Answer>): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (let sent = 0; sent < count; sent += 1) answers.push(await send());
  return answers;
}

const all = (count: number, answer: Answer) => Array.from({ length: count }, () => answer);

/** The number of verifications while this work runs. */
async function verified(work: () => Promise<unknown>): Promise<number> {
  const before = hasher.verifications;
  await work();
  return hasher.verifications - before;
}

it.each(['ann', 'nobody'])('after 10 wrong passwords of %s, the address has to wait', async (name) => {
  expect(await times(10, () => signIn(name, 'wrong'))).toEqual(all(10, failedUser));
  const checks = await verified(async () => {
    expect(await times(2, () => signIn(name.toUpperCase(), 'ann-password'))).toEqual(all(2, wait(1)));
  });
  expect(checks).toBe(0);
  expect(await signIn('bob', 'bob-password')).toMatchObject({ status: 200 });
  expect(await signIn(name, 'wrong', '192.0.2.2')).toEqual(failedUser);
  app.clock.advance(second - 1);
  expect(await signIn(name, 'wrong')).toEqual(wait(1));
  app.clock.advance(1);
  expect(await signIn(name, 'wrong')).toEqual(failedUser);
  expect(await signIn(name, 'wrong')).toEqual(wait(2));
});

it('an address of IPv6 is its /64', async () => {
  await times(10, () => signIn('ann', 'wrong', '2001:db8::1'));
  expect(await signIn('ann', 'wrong', '[2001:db8::2]:4711')).toEqual(wait(1));
  expect(await signIn('ann', 'wrong', '2001:db8:0:1::1')).toEqual(failedUser);
});

it('the right password of a disabled user counts as a wrong one', async () => {
  expect(await times(10, () => signIn('out', 'out-password'))).toEqual(all(10, failedUser));
  expect(await signIn('out', 'out-password')).toEqual(wait(1));
});

it('right passwords never have to wait, one after the other or at once', async () => {
  const right = () => signIn('ann', 'ann-password');
  expect((await times(15, right)).map(({ status }) => status)).toEqual(Array(15).fill(200));
  const answers = await Promise.all(Array.from({ length: 50 }, right));
  expect(answers.map(({ status }) => status)).toEqual(Array(50).fill(200));
});

it('of 50 wrong passwords at once, 10 are hashed', async () => {
  const checks = await verified(async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, () => signIn('ann', 'wrong')));
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(40);
    expect(answers.filter(({ status }) => status === 400)).toHaveLength(10);
  });
  expect(checks).toBe(10);
});

describe('a user at whom 100 attempts were wrong', () => {
  beforeEach(async () => {
    expect(await signIn('ann', 'ann-password', '198.51.100.200')).toMatchObject({ status: 200 });
    for (let network = 1; network <= 10; network += 1) {
      await times(10, () => signIn('ann', 'wrong', `198.51.100.${network}`));
    }
  });

  it('is refused from a new address as with a wrong password, at the same cost', async () => {
    const checks = await verified(async () => {
      expect(await signIn('ann', 'ann-password')).toEqual(failedUser);
    });
    expect(checks).toBe(1);
  });

  it('can sign in from a known address, so nobody is locked out by somebody else', async () => {
    expect(await signIn('ann', 'ann-password', '198.51.100.200')).toMatchObject({ status: 200 });
    expect(await signIn('ann', 'wrong', '198.51.100.200')).toEqual(failedUser);
  });
});

describe.each([
  '/oauth2/token',
  '/oauth2/access_token',
  '/api/oauth/token',
  '/oauth2/introspect',
  '/oauth2/revoke',
  '/api/oauth/revoke',
])('a client at %s', (path) => {
  it.each(['one', 'app', 'nobody'])('after 10 wrong secrets of %s, the address has to wait', async (id) => {
    expect(await times(10, () => asClient(id, 'wrong', path))).toEqual(all(10, failedClient('/')));
    const checks = await verified(async () => expect(await asClient(id, 'wrong', path)).toEqual(wait(1)));
    expect(checks).toBe(0);
    expect(await asClient(id, 'wrong', path, '192.0.2.2')).toEqual(failedClient('/'));
  });
});

it('endpoints count the secrets of a client together', async () => {
  await times(5, () => asClient('one', 'wrong', '/oauth2/token'));
  await times(5, () => asClient('ONE', 'wrong', '/oauth2/introspect'));
  expect(await asClient('one', 'one-secret', '/oauth2/revoke')).toEqual(wait(1));
});

it('a secret that is remembered as right, or was generated, does not have to wait', async () => {
  expect(await asClient('one', 'one-secret')).toEqual(success('read'));
  await times(11, () => asClient('one', 'wrong'));
  await times(11, () => asClient('app', 'wrong'));
  expect(await asClient('one', 'wrong')).toEqual(wait(1));
  expect(await asClient('one', 'one-secret')).toEqual(success('read'));
  expect(await asClient('app', 'app-secret')).toEqual(success('read'));
});

it('a chosen secret that 50 requests present at once is right each time', async () => {
  const answers = await Promise.all(Array.from({ length: 50 }, () => asClient('two', 'two-secret')));
  expect(answers).toEqual(all(50, success('read')));
});

it('an address that nobody trusts to report another is the one that connects', async () => {
  const settings = { LOGIN_ATTEMPTS: '3', LOGIN_THROTTLE: 'on' };
  const direct = await TestApp.start({ hasher, settings, configuration: directory });
  const form = { grant_type: 'client_credentials', client_id: 'one', client_secret: 'wrong' };
  const answers = [];
  for (let n = 1; n <= 4; n += 1) {
    answers.push(
      await postForm(direct, '/oauth2/token', form, {
        ...from(`192.0.2.${n}`),
        forwarded: `for=192.0.2.${n}`,
      }),
    );
  }
  await direct.stop();
  expect(answers).toEqual([...all(3, failedClient('/')), wait(1)]);
});

it.each(['/oauth2/tokeninfo', '/api/oauth/tokeninfo'])('%s is not throttled', async (path) => {
  const answers = await times(30, () =>
    ask(app, { method: 'GET', path: `${path}?access_token=not-a-token`, headers: from(here) }),
  );
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([answers[0].status]));
  expect(answers[0].status).toBeLessThan(429);
});

it('LOGIN_THROTTLE=off limits nothing', async () => {
  const open = await TestApp.start({ hasher, settings: { LOGIN_THROTTLE: 'off' }, configuration: directory });
  const form = { grant_type: 'client_credentials', client_id: 'one', client_secret: 'wrong' };
  expect(await times(30, () => postForm(open, '/oauth2/token', form))).toEqual(all(30, failedClient('/')));
  await open.stop();
});

it('operators see what is refused, in the log and the metrics, without names that somebody typed', async () => {
  const refused = async () => {
    const page = await scrape(app);
    return ['address', 'user'].map((limit) => page.value('symbolon_throttled_total', { limit }) ?? NaN);
  };
  const [address, user] = await refused();
  await counted(app, 113, async () => {
    await times(12, () => signIn('secret-name', 'wrong'));
    for (let network = 1; network <= 10; network += 1) {
      await times(10, () => signIn('secret-name', 'wrong', `203.0.113.${network}`));
    }
    await signIn('secret-name', 'wrong', '203.0.113.200');
  });
  // The first 10 of the 110 were wrong already.
  expect(await refused()).toEqual([address + 2, user + 11]);
  const lines = app.logged.join('');
  expect(lines).toContain('"error":"too_many_attempts","detail":"too many failed attempts from the address"');
  expect(lines).toContain('"detail":"too many failed attempts at this user"');
  expect(lines).not.toContain('secret-name');
});

it('a check that there is no room for is 503 at once, and counts for nothing', async () => {
  const held = new HeldHasher();
  const queue = new FairQueue({ atOnce: 1, waiting: 1, timeoutMs: 10_000 });
  const settings = { LOGIN_ATTEMPTS: '4' };
  const bounded = new BoundedHasher(held, queue, new HashDurations());
  const starting = TestApp.start({
    hasher: bounded,
    settings,
    configuration: configuration({ '/': { clients: [client()] } }),
  });
  const busy = await endedBy(held, starting);
  const form = { grant_type: 'client_credentials', client_id: 'nobody', client_secret: 'wrong' };
  const send = () => postForm(busy, '/oauth2/token', form);
  const first = [send(), send()];
  while (queue.waiting < 1) await new Promise(setImmediate);
  expect(await times(5, send)).toEqual(all(5, unavailable));
  await held.end(false);
  await held.end(false);
  expect(await Promise.all(first)).toEqual(all(2, failedClient('/')));
  expect(busy.logged.join('')).toContain('"detail":"too many passwords and secrets wait to be checked"');
  const last = send();
  while (held.held.length < 1) await new Promise(setImmediate);
  await held.end(false);
  expect(await last).toEqual(failedClient('/'));
  await busy.stop();
});

/** Ends every operation of a hasher until some work is done. */
async function endedBy<Result>(held: HeldHasher, work: Promise<Result>): Promise<Result> {
  let done = false;
  const settled = work.finally(() => (done = true));
  while (!done) {
    if (held.held.length > 0) await held.end();
    else await new Promise(setImmediate);
  }
  return settled;
}
