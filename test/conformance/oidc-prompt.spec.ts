import { FastHasher } from '../provisioning/fast-hasher.js';
import { TestApp } from '../support/app.js';
import { configuration } from '../support/configuration.js';
import { ann, authorize, codeClient } from '../support/sign-in.js';
import { parametersOf, type Visit, Visitor } from '../support/visitor.js';

let app: TestApp;
beforeAll(async () => {
  app = await TestApp.start({
    hasher: new FastHasher(),
    configuration: configuration({
      '/': {
        clients: [codeClient(), codeClient({ client_id: 'trusted', consent: 'implied' })],
        users: [ann, { username: 'ben', password: 'ben-password' }],
      },
      '/alpha': { clients: [codeClient()], users: [ann] },
    }),
  });
});
afterAll(() => app.stop());

/** What a visit shows: a page, or the answer to the client. */
function shown(visit: Visit): string {
  if (visit.status === 302) return parametersOf(visit).error ?? 'code';
  if (visit.body.includes('name="password"')) return 'login';
  return visit.body.includes('name="decision"') ? 'consent' : `status ${visit.status}`;
}

/** A visitor who signed in so many seconds ago. */
async function signedIn(secondsAgo = 0): Promise<Visitor> {
  const visitor = new Visitor(app);
  await visitor.signIn(authorize());
  app.clock.advance(secondsAgo * 1000);
  return visitor;
}

describe('OpenID Connect Core §3.1.2.1: prompt and max_age', () => {
  // prompt, max_age, what a visitor sees who has no session, one of now, one of a minute ago.
  const table = [
    [undefined, undefined, 'login', 'code', 'code'],
    [undefined, '0', 'login', 'login', 'login'],
    [undefined, '30', 'login', 'code', 'login'],
    [undefined, '3600', 'login', 'code', 'code'],
    ['none', undefined, 'login_required', 'code', 'code'],
    ['none', '0', 'login_required', 'login_required', 'login_required'],
    ['none', '30', 'login_required', 'code', 'login_required'],
    ['login', undefined, 'login', 'login', 'login'],
    ['login', '3600', 'login', 'login', 'login'],
    ['select_account', undefined, 'login', 'login', 'login'],
    ['consent', undefined, 'login', 'consent', 'consent'],
    ['consent', '30', 'login', 'consent', 'login'],
    ['login consent', undefined, 'login', 'login', 'login'],
    ['consent select_account', '0', 'login', 'login', 'login'],
  ] as const;

  it.each(table)('%s, %s', async (prompt, max_age, ...expected) => {
    const path = authorize({ client_id: 'trusted', prompt, max_age });
    const before = await signedIn(60);
    const visitors = [new Visitor(app), await signedIn(), before];
    const seen = [];
    for (const visitor of visitors) seen.push(shown(await visitor.get(path)));
    expect(seen).toEqual(expected);
  });

  it.each(table.filter(([prompt]) => prompt !== 'none'))(
    '%s, %s: one sign-in is enough, and none loops',
    async (prompt, max_age) => {
      const visitor = await signedIn(60);
      const path = authorize({ client_id: 'trusted', prompt, max_age });
      let visit = await visitor.get(path);
      if (shown(visit) === 'login') {
        const after = await visitor.submit(visit, ann);
        expect(after.status).toBe(303);
        visit = await visitor.follow(after);
      }
      if (shown(visit) === 'consent') visit = await visitor.submit(visit, { decision: 'allow' });
      expect(shown(visit)).toBe('code');
    },
  );

  it('after a sign-in the URL is the same, but for what asked for it', async () => {
    const visitor = new Visitor(app);
    const path = authorize({
      prompt: 'select_account consent login',
      max_age: '0',
      nonce: 'kept',
      state: '+& #',
    });
    const visit = await visitor.submit(await visitor.get(path), ann);
    const [before, after] = [path, visit.location ?? ''].map((url) => new URL(url, app.url));
    before.searchParams.delete('max_age');
    before.searchParams.set('prompt', 'consent');
    expect(after.pathname).toBe('/oauth2/authorize');
    expect([...after.searchParams].sort()).toEqual([...before.searchParams].sort());
  });

  it('prompt=none asks for nothing, even if consent is missing', async () => {
    const visitor = await signedIn();
    expect(shown(await visitor.get(authorize({ prompt: 'none' })))).toBe('consent_required');
  });

  it('a session is of one realm', async () => {
    const visitor = await signedIn();
    expect(shown(await visitor.get(authorize({}, '/oauth2/alpha/authorize')))).toBe('login');
    expect(shown(await visitor.get(authorize()))).toBe('consent');
  });

  it('login_hint fills in the user name, whatever it is', async () => {
    const { body } = await new Visitor(app).get(authorize({ login_hint: '"><script>' }));
    expect(body).toContain('value="&#34;&#62;&#60;script&#62;"');
  });

  it('*Not you?* leads to the login page, and another user goes on from there', async () => {
    const visitor = await signedIn();
    const page = await visitor.get(authorize({ prompt: 'consent' }));
    const [, href] = /<a href="([^"]+)"/.exec(page.body) ?? [];
    const other = await visitor.get(`/oauth2/authorize${href.replaceAll('&#38;', '&')}`);
    expect(shown(other)).toBe('login');
    const consent = await visitor.follow(
      await visitor.submit(other, { username: 'ben', password: 'ben-password' }),
    );
    expect(shown(consent)).toBe('consent');
    expect(consent.body).toContain('<strong>ben</strong>');
  });

  it('*Not you?* keeps prompt=consent, even if the other user’s consent is remembered', async () => {
    const ben = new Visitor(app);
    const remembered = await ben.signIn(authorize(), 'ben', 'ben-password');
    await ben.submit(remembered, { decision: 'allow', save_consent: 'on' });
    expect(shown(await ben.get(authorize()))).toBe('code');
    const visitor = await signedIn();
    const page = await visitor.get(authorize({ prompt: 'consent' }));
    const [, href] = /<a href="([^"]+)"/.exec(page.body) ?? [];
    const path = `/oauth2/authorize${href.replaceAll('&#38;', '&')}`;
    expect(shown(await visitor.signIn(path, 'ben', 'ben-password'))).toBe('consent');
  });

  it('a consent that is posted with a session of another realm leads to the login page', async () => {
    const visitor = await signedIn();
    const page = await visitor.get(authorize({ prompt: 'consent' }));
    await visitor.signIn(authorize({}, '/oauth2/alpha/authorize'));
    expect(shown(await visitor.submit(page, { decision: 'allow' }))).toBe('login');
  });

  it('a session ends with its lifetime, and the consent page leads to the login page then', async () => {
    const visitor = await signedIn();
    const page = await visitor.get(authorize());
    app.clock.advance(7200 * 1000);
    expect(shown(await visitor.submit(page, { decision: 'allow' }))).toBe('login');
    visitor.cookies.clear();
    expect(shown(await visitor.submit(page, { decision: 'allow' }))).toBe('login');
  });

  it('an authorization request that another site posts finds the session (SameSite)', async () => {
    const visitor = await signedIn();
    const session = visitor.cookies.get('symbolon') ?? '';
    visitor.cookies.clear();
    const [path, query] = authorize().split('?');
    const asked = await visitor.post(path, query, { 'sec-fetch-site': 'cross-site', origin: 'null' });
    expect([asked.status, asked.location]).toEqual([303, expect.stringContaining('client_id=app')]);
    visitor.cookies.set('symbolon', session);
    expect(shown(await visitor.follow(asked))).toBe('consent');
  });
});

describe('the login form', () => {
  it.each([
    ['a wrong password', { username: 'ann', password: 'wrong' }, 403],
    ['an unknown user', { username: 'nobody', password: 'ann-password' }, 403],
    ['no password', { username: 'ann', password: '' }, 400],
    ['no user name', { username: '', password: 'ann-password' }, 400],
  ])('is shown again for %s, with the user name, and without the password', async (_what, fields, status) => {
    const visitor = new Visitor(app);
    const refused = await visitor.submit(await visitor.get(authorize()), fields);
    expect([refused.status, shown(refused)]).toEqual([status, 'login']);
    expect(refused.body).toContain('<title>Error: Sign in – Symbolon</title>');
    expect(refused.body).toContain(`value="${fields.username}"`);
    expect(refused.body).not.toContain('ann-password');
    expect(shown(await visitor.follow(await visitor.submit(refused, ann)))).toBe('consent');
  });

  it('tells a wrong password, an unknown and a disabled user in the same words', async () => {
    await app.apply(
      configuration({ '/': { users: [{ username: 'off', password: 'off-password', enabled: false }] } }),
    );
    const attempts = [
      ['ann', 'wrong'],
      ['nobody', 'x'],
      ['off', 'off-password'],
    ];
    const bodies = new Set<string>();
    for (const [username, password] of attempts) {
      const visitor = new Visitor(app);
      const { body } = await visitor.submit(await visitor.get(authorize()), { username, password });
      bodies.add(body.replaceAll(/ value="[^"]*"/g, ''));
    }
    expect(bodies.size).toBe(1);
  });
});
