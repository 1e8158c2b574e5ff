import { FastHasher } from '../provisioning/fast-hasher.js';
import { TestApp } from '../support/app.js';
import { configuration } from '../support/configuration.js';
import { ann, authorize, codeClient } from '../support/sign-in.js';
import { formOf, pageError, parametersOf, type Visit, Visitor } from '../support/visitor.js';

const issuer = 'https://auth.example.com';
const session = '__Host-symbolon';
const forged = [400, 'bad_request'] as const;

let app: TestApp;
beforeAll(async () => {
  app = await TestApp.start({
    hasher: new FastHasher(),
    settings: { ISSUER: issuer },
    configuration: configuration({
      '/': {
        clients: [codeClient(), codeClient({ client_id: 'other' })],
        users: [ann, { username: 'mallory', password: 'mallory-password' }],
      },
    }),
  });
});
afterAll(() => app.stop());

async function signedIn(): Promise<Visitor> {
  const visitor = new Visitor(app);
  await visitor.signIn(authorize());
  return visitor;
}

const csrfOf = (page: Visit) => formOf(page.body).hidden.csrf;

/** What browsers say of forms that are not ours. */
const foreign: Readonly<Record<string, string>>[] = [
  { 'sec-fetch-site': 'cross-site' },
  { 'sec-fetch-site': 'same-site' },
  { origin: 'https://evil.example.com' },
  { origin: 'null' },
  { origin: 'http://auth.example.com' },
  { origin: 'https://auth.example.com:8443' },
  // Of the two, the browser's own word counts.
  { origin: issuer, 'sec-fetch-site': 'cross-site' },
];
const own: Readonly<Record<string, string>>[] = [
  { 'sec-fetch-site': 'same-origin' },
  { 'sec-fetch-site': 'none' },
  { origin: issuer },
  {},
];

describe('RFC 6749 §10.12: a login form', () => {
  it.each(foreign)('of another site (%j) is refused, and signs nobody in', async (headers) => {
    const visitor = new Visitor(app);
    const page = await visitor.get(authorize());
    expect(pageError(await visitor.submit(page, ann, headers))).toEqual(forged);
    expect(visitor.cookies.has(session)).toBe(false);
  });

  it.each(own)('of our page (%j) signs in', async (headers) => {
    const visitor = new Visitor(app);
    expect((await visitor.submit(await visitor.get(authorize()), ann, headers)).status).toBe(303);
    expect(visitor.cookies.get(session)).toMatch(/^sys_[\w-]{54}$/);
  });

  it('without its value, with a wrong one, or with that of another browser is refused', async () => {
    const visitor = new Visitor(app);
    const page = await visitor.get(authorize());
    const another = csrfOf(await new Visitor(app).get(authorize()));
    for (const csrf of ['', 'wrong', another, `${csrfOf(page)}x`]) {
      expect(pageError(await visitor.submit(page, { ...ann, csrf }))).toEqual(forged);
    }
    const stranger = new Visitor(app);
    expect(pageError(await stranger.post(authorize(), { ...ann, csrf: csrfOf(page) }))).toEqual(forged);
    expect(visitor.cookies.has(session)).toBe(false);
  });

  it('begins a new session, and ends the one before', async () => {
    const visitor = await signedIn();
    const before = visitor.cookies.get(session) ?? '';
    await visitor.signIn(authorize({ prompt: 'login' }));
    expect(visitor.cookies.get(session)).not.toBe(before);
    const thief = new Visitor(app);
    thief.cookies.set(session, before);
    expect((await thief.get(authorize())).body).toContain('name="password"');
  });

  it('gives nobody a session whose value was there before (session fixation)', async () => {
    const attacker = await signedIn();
    const victim = new Visitor(app);
    victim.cookies.set(session, attacker.cookies.get(session) ?? '');
    await victim.signIn(authorize({ prompt: 'login' }));
    expect(victim.cookies.get(session)).not.toBe(attacker.cookies.get(session));
    expect((await attacker.get(authorize())).body).toContain('name="password"');
  });

  it('two tabs of one browser can sign in, one after the other', async () => {
    const visitor = new Visitor(app);
    const [one, two] = [
      await visitor.get(authorize({ state: '1' })),
      await visitor.get(authorize({ state: '2' })),
    ];
    for (const page of [one, two]) expect((await visitor.submit(page, ann)).status).toBe(303);
  });
});

describe('RFC 6749 §10.13: a consent form', () => {
  it.each(foreign)('of another site (%j) is refused', async (headers) => {
    const visitor = await signedIn();
    const page = await visitor.get(authorize());
    expect(pageError(await visitor.submit(page, { decision: 'allow' }, headers))).toEqual(forged);
  });

  it('without its value, or with a wrong one, is refused', async () => {
    const visitor = await signedIn();
    const page = await visitor.get(authorize());
    for (const csrf of ['', 'wrong', visitor.cookies.get(session) ?? '']) {
      expect(pageError(await visitor.submit(page, { decision: 'allow', csrf }))).toEqual(forged);
    }
  });

  it.each([
    [{ scope: 'read write' }],
    [{ client_id: 'other' }],
    [{ state: 'another' }],
    [{ code_challenge: 'A'.repeat(43) }],
    [{ response_mode: 'fragment' }],
  ])('allows nothing but what its page has shown, not %j', async (change) => {
    const visitor = await signedIn();
    const csrf = csrfOf(await visitor.get(authorize()));
    expect(pageError(await visitor.post(authorize(change), { decision: 'allow', csrf }))).toEqual(forged);
  });

  it('of a session before is refused', async () => {
    const visitor = await signedIn();
    const page = await visitor.get(authorize());
    await visitor.signIn(authorize({ prompt: 'login' }));
    expect(pageError(await visitor.submit(page, { decision: 'allow' }))).toEqual(forged);
  });

  it('of another user is refused', async () => {
    const page = await (await signedIn()).get(authorize());
    const mallory = new Visitor(app);
    await mallory.signIn(authorize(), 'mallory', 'mallory-password');
    expect(pageError(await mallory.submit(page, { decision: 'allow' }))).toEqual(forged);
  });
});

describe('a sign-out', () => {
  it('is asked for by GET, and done by the form', async () => {
    const visitor = await signedIn();
    const before = visitor.cookies.get(session) ?? '';
    const page = await visitor.get('/oauth2/logout');
    expect(page.body).toContain('<strong>ann</strong>');
    const done = await visitor.submit(page, {});
    expect([done.status, done.location]).toEqual([200, undefined]);
    expect(done.headers['set-cookie']).toEqual([
      `${session}=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0`,
    ]);
    visitor.cookies.set(session, before);
    expect((await visitor.get(authorize())).body).toContain('name="password"');
  });

  it.each(foreign)('of another site (%j) is refused', async (headers) => {
    const visitor = await signedIn();
    expect(pageError(await visitor.submit(await visitor.get('/oauth2/logout'), {}, headers))).toEqual(forged);
    expect((await visitor.get(authorize())).body).toContain('name="decision"');
  });

  it('with a wrong value is refused', async () => {
    const visitor = await signedIn();
    const consent = csrfOf(await visitor.get(authorize()));
    for (const csrf of ['', 'wrong', consent]) {
      expect(pageError(await visitor.post('/oauth2/logout', { csrf }))).toEqual(forged);
    }
  });

  it('goes nowhere, whatever it is told', async () => {
    const visitor = await signedIn();
    const path =
      '/oauth2/alpha/logout?realm=/&redirect_uri=https://evil.example.com&goto=https://evil.example.com';
    const done = await visitor.submit(await visitor.get(path), {});
    expect(done.location).toBeUndefined();
    expect(done.body).not.toContain('evil');
  });

  it('without a session says that nobody is signed in', async () => {
    const { status, body } = await new Visitor(app).get('/oauth2/logout');
    expect([status, body.includes('<form')]).toEqual([200, false]);
    expect((await new Visitor(app).post('/oauth2/logout', { csrf: '' })).status).toBe(200);
  });

  it('leaves tokens alone', async () => {
    const visitor = await signedIn();
    const visit = await visitor.submit(await visitor.get(authorize()), { decision: 'allow' });
    await visitor.submit(await visitor.get('/oauth2/logout'), {});
    expect(parametersOf(visit)).toHaveProperty('code');
  });
});

describe('cookies', () => {
  it('are for this host alone, out of reach of scripts, and end with the browser', async () => {
    const visitor = new Visitor(app);
    const page = await visitor.get(authorize());
    const attributes = 'Path=/; Secure; HttpOnly; SameSite=Lax';
    expect(page.headers['set-cookie']).toEqual([
      expect.stringMatching(new RegExp(`^__Host-symbolon-login=[\\w-]{43}; ${attributes}$`)),
    ]);
    const done = await visitor.submit(page, ann);
    expect(done.headers['set-cookie']).toEqual([
      expect.stringMatching(new RegExp(`^__Host-symbolon=sys_[\\w-]{54}; ${attributes}$`)),
    ]);
  });

  it('that stand twice, or are none of ours, are no session', async () => {
    const visitor = await signedIn();
    const value = visitor.cookies.get(session) ?? '';
    for (const cookie of [
      `${session}=${value}; ${session}=${value}`,
      `${session}=${value.slice(0, -1)}B`,
      `symbolon=${value}`,
      `${session}=sys_`,
    ]) {
      const page = await new Visitor(app).get(authorize(), { cookie });
      expect(page.body).toContain('name="password"');
    }
  });
});

it('no page holds what was typed, but the user name as text', async () => {
  const visitor = new Visitor(app);
  const hostile = `<"'&>`;
  const { body } = await visitor.submit(await visitor.get(authorize()), {
    username: hostile,
    password: 'canary',
  });
  expect(body).toContain('value="&#60;&#34;&#39;&#38;&#62;"');
  expect(body).not.toContain('canary');
});
