import { FastHasher } from '../provisioning/fast-hasher.js';
import { TestApp } from '../support/app.js';
import { configuration } from '../support/configuration.js';
import { ann, authorize, codeClient } from '../support/sign-in.js';
import { pageError, type Visit, Visitor } from '../support/visitor.js';

const wrong = { username: 'ann', password: 'wrong' };
const registered = configuration({
  '/': { clients: [codeClient()], users: [ann, { username: 'ben', password: 'ben-password' }] },
});

let app: TestApp;
const start = async (settings: Record<string, string>) => {
  app = await TestApp.start({ hasher: new FastHasher(), settings, configuration: registered });
};
afterEach(() => app.stop());

/** Types credentials into the login page of a new browser. */
async function attempt(fields: Record<string, string>): Promise<Visit> {
  const visitor = new Visitor(app);
  return visitor.submit(await visitor.get(authorize({ ui_locales: 'de' })), fields);
}

it('an address that guesses is told on a page to wait, and is admitted when it has', async () => {
  await start({ LOGIN_ATTEMPTS: '2' });
  for (let count = 0; count < 2; count++) expect((await attempt(wrong)).status).toBe(403);
  const refused = await attempt(ann);
  expect(pageError(refused)).toEqual([429, 'too_many_attempts']);
  expect(refused.body).toContain('Es gab zu viele Anmeldeversuche.');
  const seconds = Number(refused.headers['retry-after']);
  expect(seconds).toBeGreaterThan(0);
  // Nobody is kept out by the attempts at another user.
  expect((await attempt({ username: 'ben', password: 'ben-password' })).status).toBe(303);
  app.clock.advance(seconds * 1000);
  expect((await attempt(ann)).status).toBe(303);
});

it('a user at whom many guess gets the answer to a wrong password, to the letter', async () => {
  await start({ LOGIN_ATTEMPTS_USER: '2' });
  const [first] = [await attempt(wrong), await attempt(wrong)];
  const refused = await attempt(ann);
  const fixed = ({ status, body, headers }: Visit) => [
    status,
    body.replaceAll(/ value="[^"]*"/g, ''),
    { ...headers, 'set-cookie': [] },
  ];
  expect(fixed(refused)).toEqual(fixed(first));
  expect(refused.status).toBe(403);
});
