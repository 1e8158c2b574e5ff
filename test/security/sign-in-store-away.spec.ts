import { FastHasher } from '../provisioning/fast-hasher.js';
import { type AppBehindWire, startBehindWire } from '../support/app-behind-wire.js';
import { configuration } from '../support/configuration.js';
import { ann, authorize, codeClient, redeem } from '../support/sign-in.js';
import { members } from '../support/token-endpoint.js';
import { pageError, parametersOf, type Visit, Visitor } from '../support/visitor.js';

let started: AppBehindWire;
beforeAll(async () => {
  started = await startBehindWire({
    hasher: new FastHasher(),
    settings: { CACHE_ENTRIES: '0' },
    configuration: configuration({ '/': { clients: [codeClient()], users: [ann] } }),
  });
});
afterAll(() => started.stop());

/** Sends a request while the database is away, and once more when it is back. */
async function anew(send: () => Promise<Visit>): Promise<Visit> {
  await started.database.refuse();
  const away = await send();
  expect([...pageError(away), away.headers['retry-after']]).toEqual([503, 'temporarily_unavailable', '2']);
  await started.database.restore();
  return send();
}

it('while the database is away, each step says so, and goes on when it is sent again', async () => {
  const visitor = new Visitor(started.app);
  const login = await anew(() => visitor.get(authorize({ ui_locales: 'de' })));
  expect(visitor.cookies.size).toBe(1);
  const signedIn = await anew(() => visitor.submit(login, ann));
  expect(signedIn.status).toBe(303);
  const consent = await anew(() => visitor.follow(signedIn));
  const { code } = parametersOf(
    await anew(() => visitor.submit(consent, { decision: 'allow', save_consent: 'on' })),
  );
  await started.database.refuse();
  expect((await redeem(started.app, code)).status).toBe(503);
  await started.database.restore();
  expect(members(await redeem(started.app, code)).access_token).toMatch(/^sya_/);
  const logout = await anew(() => visitor.get('/oauth2/logout'));
  expect((await anew(() => visitor.submit(logout, {}))).body).toContain('You are signed out');
});
