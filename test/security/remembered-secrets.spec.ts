import { TestApp } from '../support/app.js';
import { client, configuration } from '../support/configuration.js';
import { CountingHasher } from '../support/counting-hasher.js';
import { basic, failedClient, postForm, success } from '../support/token-endpoint.js';

const second = 1000;
const failed = failedClient('/');
const path = '/oauth2/access_token';
const clientGrant = { grant_type: 'client_credentials' };
const passwordGrant = { grant_type: 'password', username: 'ann' };

const hasher = new CountingHasher();
let app: TestApp;

/** The client whose secret somebody chose, so that it is stored as argon2id. */
function chosen(secret: string, enabled = true) {
  return client({ client_id: 'chosen', client_secret: secret, client_secret_hash: undefined, enabled });
}

beforeAll(async () => {
  const users = [{ username: 'ann', password: 'ann-password' }];
  app = await TestApp.start({
    hasher,
    configuration: configuration({ '/': { clients: [client()], users } }),
  });
});
beforeEach(async () => {
  // Whatever an earlier test has had remembered is forgotten.
  app.clock.advance(60 * second);
  await apply('first');
});
afterAll(() => app.stop());

function apply(secret: string, enabled = true): Promise<void> {
  return app.apply(configuration({ '/': { clients: [chosen(secret, enabled)] } }));
}

/** Asks for a token as that client, by the form. */
function asked(secret: string, form: Readonly<Record<string, string>> = clientGrant) {
  return postForm(app, path, { ...form, client_id: 'chosen', client_secret: secret });
}

/** How many argon2id checks it costs to be granted a token. */
function cost(secret: string): Promise<number> {
  return hasher.during(async () => expect(await asked(secret)).toEqual(success('read')));
}

/** How many it costs to be refused. */
function costOfRefusal(secret: string): Promise<number> {
  return hasher.during(async () => expect(await asked(secret)).toEqual(failed));
}

it('a chosen client secret is checked once a minute, whichever way and wherever it is sent', async () => {
  expect(await cost('first')).toBe(1);
  expect(await cost('first')).toBe(0);
  const elsewhere = await hasher.during(async () => {
    const header = basic('chosen:first');
    expect(await postForm(app, path, clientGrant, header)).toEqual(success('read'));
    expect((await postForm(app, '/oauth2/introspect', { token: 'x' }, header)).status).toBe(200);
    expect((await postForm(app, '/oauth2/revoke', { token: 'x' }, header)).status).toBe(200);
  });
  expect(elsewhere).toBe(0);
  app.clock.advance(60 * second - 1);
  expect(await cost('first')).toBe(0);
  app.clock.advance(1);
  expect(await cost('first')).toBe(1);
  expect(await cost('first')).toBe(0);
});

it('a wrong one is checked each time, before and after the right one', async () => {
  for (let round = 0; round < 3; round += 1) {
    expect(await costOfRefusal('wrong')).toBe(1);
    expect(await costOfRefusal('First')).toBe(1);
    expect(await cost('first')).toBe(round === 0 ? 1 : 0);
  }
});

it('a changed one is checked at once, and the old one is refused', async () => {
  expect(await cost('first')).toBe(1);
  await apply('second');
  expect(await costOfRefusal('first')).toBe(1);
  expect(await cost('second')).toBe(1);
  expect(await costOfRefusal('first')).toBe(1);
  expect(await cost('second')).toBe(0);
});

it('one that is the same again, hashed anew, is checked anew', async () => {
  expect(await cost('first')).toBe(1);
  await apply('second');
  await apply('first');
  expect(await cost('first')).toBe(1);
  expect(await costOfRefusal('second')).toBe(1);
});

it('that of a client that was disabled is refused at once, at the cost of any refusal', async () => {
  expect(await cost('first')).toBe(1);
  await apply('first', false);
  expect(await costOfRefusal('first')).toBe(1);
  await apply('first', true);
  expect(await cost('first')).toBe(0);
});

it('that of one client does not do for another', async () => {
  expect(await cost('first')).toBe(1);
  const other = { ...clientGrant, client_id: 'app', client_secret: 'first' };
  expect(await hasher.during(async () => expect(await postForm(app, path, other)).toEqual(failed))).toBe(1);
});

it('a password is checked each time, beside a client secret that is remembered', async () => {
  expect(await cost('first')).toBe(1);
  const passwords = ['ann-password', 'ann-password', 'wrong', 'wrong', 'ann-password'];
  for (const password of passwords) {
    const checks = await hasher.during(async () => {
      const { status } = await asked('first', { ...passwordGrant, password });
      expect(status).toBe(password === 'wrong' ? 400 : 200);
    });
    expect(checks).toBe(1);
  }
});
