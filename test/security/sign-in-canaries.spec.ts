import { DataSource } from 'typeorm';
import { TestApp } from '../support/app.js';
import { configuration } from '../support/configuration.js';
import { authorize, codeClient, redeem, verifier } from '../support/sign-in.js';
import { formOf, parametersOf, type Visit, Visitor } from '../support/visitor.js';

// All that a browser sends and is not a name of the registry has this word in it.
const password = 'canary-password';
const good = { username: 'ann', password };

let app: TestApp;
/** Values that were given to the browser: sessions, codes, and what its forms hold. */
const given = new Set<string>();
const visits: Visit[] = [];

beforeAll(async () => {
  app = await TestApp.start({
    settings: { ACCESS_LOG: 'all', LOG_LEVEL: 'trace', CACHE_ENTRIES: '0' },
    configuration: configuration({ '/': { clients: [codeClient()], users: [good] } }),
  });
  await run();
});
afterAll(() => app.stop());

const canary = { state: 'canary', login_hint: 'canary', nonce: 'canary' };

/** A whole run of good and bad requests. */
async function run(): Promise<void> {
  const visitor = new Visitor(app);
  const note = (visit: Visit) => {
    for (const value of visitor.cookies.values()) given.add(value);
    if (visit.body.includes('<form')) given.add(formOf(visit.body).hidden.csrf);
    visits.push(visit);
    return visit;
  };
  const login = note(await visitor.get(authorize(canary)));
  note(await visitor.submit(login, { username: 'canary', password: 'canary' }));
  note(await visitor.submit(login, { ...good, password: 'canary' }));
  note(await visitor.submit(login, { ...good, csrf: 'canary' }));
  note(await visitor.submit(login, good, { 'sec-fetch-site': 'canary' }));
  const consent = note(await visitor.follow(note(await visitor.submit(login, good))));
  note(await visitor.submit(consent, { decision: 'canary' }));
  note(await visitor.submit(consent, { decision: 'allow', csrf: 'canary' }));
  const remember = { decision: 'allow', save_consent: 'on' };
  const { code } = parametersOf(note(await visitor.submit(consent, remember)));
  const another = parametersOf(note(await visitor.get(authorize(canary)))).code;
  for (const value of [code, another]) given.add(value);
  await redeem(app, code, { code_verifier: 'canary'.repeat(8) });
  await redeem(app, 'canary');
  await redeem(app, code);
  app.clock.advance(2_000);
  await redeem(app, code);
  for (const path of [
    'canary',
    authorize({ client_id: 'canary' }),
    authorize({ redirect_uri: 'https://canary' }),
  ]) {
    note(await visitor.get(path.startsWith('/') ? path : `/oauth2/${path}/authorize`));
  }
  for (const more of ['&state=canary', '&scope=%FFcanary', '&csrf=canary'])
    note(await visitor.get(authorize() + more));
  note(await visitor.post('/oauth2/authorize', { client_id: 'canary', ...canary }));
  const logout = note(await visitor.get('/oauth2/logout?canary'));
  note(await visitor.submit(logout, { csrf: 'canary' }));
  note(await visitor.submit(logout, {}));
}

it('a run is long enough to tell', () => {
  const statuses = visits.map(({ status }) => status);
  expect([...new Set(statuses)].sort()).toEqual([200, 302, 303, 400, 403, 404]);
  // Two values of cookies, two codes, and those of the forms.
  expect(given.size).toBeGreaterThanOrEqual(6);
});

it('RFC 6749 §10.10: no log holds a code, a password, a cookie or a form’s value', () => {
  expect(app.logged.length).toBeGreaterThan(visits.length);
  for (const line of app.logged) {
    expect(line).not.toMatch(/canary/i);
    for (const value of [...given, verifier]) expect(line).not.toContain(value);
  }
});

it('no table holds them', async () => {
  const database = app.nest.get(DataSource);
  const tables = await database.query<{ name: string }[]>(
    `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = current_schema()`,
  );
  let rows = '';
  for (const { name } of tables) {
    for (const { row } of await database.query<{ row: string }[]>(
      `SELECT "${name}"::text AS row FROM "${name}"`,
    )) {
      rows += `${row}\n`;
    }
  }
  expect(rows).toContain('consent.granted');
  for (const value of [...given, password, verifier]) {
    expect(rows).not.toContain(value);
    expect(rows).not.toContain(Buffer.from(value).toString('hex'));
  }
});

it('no page but the login page, which holds the user name, shows what a browser has sent', () => {
  for (const { status, body, path } of visits) {
    if (status >= 400 && status !== 403) expect(body).not.toMatch(/canary/i);
    expect(body).not.toContain(password);
    for (const value of given) {
      if (/^sy[sc]_/.test(value)) expect(body + path).not.toContain(value);
    }
  }
});
