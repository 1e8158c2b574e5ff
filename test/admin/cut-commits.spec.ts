import { FastHasher } from '../provisioning/fast-hasher.js';
import { adminConfiguration, type AdminTestApp, expectProblem } from '../support/admin.js';
import type { Ask } from '../support/exchange.js';
import { type AppBehindWire, startBehindWire } from '../support/app-behind-wire.js';

let started: AppBehindWire;
let admin: AdminTestApp;
let token: string;

beforeAll(async () => {
  started = await startBehindWire({ configuration: adminConfiguration(), hasher: new FastHasher() });
  admin = await started.app.admin();
  token = await admin.token({ clientId: 'write', scope: ['admin'] });
});
afterAll(() => started.stop());

type Change = Omit<Ask, 'body'> & { readonly body?: object };

/** Changes, each with what it changes: a path that shows it. */
const changes: readonly (readonly [name: string, change: Change, shown: string])[] = [
  ['a new realm', { path: 'realms', body: { name: '/new' } }, 'realms/%2Fnew'],
  [
    'a new client',
    { path: 'clients?realm=/alpha', body: { client_id: 'new', scopes: ['a'], grant_types: ['password'] } },
    'clients/new?realm=/alpha',
  ],
  [
    'a new user',
    { path: 'users?realm=/alpha', body: { username: 'new', password: 'a-password' } },
    'users/new?realm=/alpha',
  ],
  [
    'a change of a client',
    { method: 'PATCH', path: 'clients/read?realm=/alpha', body: { access_token_lifetime: 60 } },
    'clients/read?realm=/alpha',
  ],
  [
    'another password',
    { method: 'PUT', path: 'users/ann/password?realm=/alpha', body: { password: 'another-password' } },
    'users/ann?realm=/alpha',
  ],
  [
    'another secret',
    { path: 'clients/read/secrets?realm=/alpha', body: { overlap: 60 } },
    'clients/read/secrets?realm=/alpha',
  ],
  ['the end of all tokens', { path: 'users/ann/revoke?realm=/alpha' }, 'users/ann?realm=/alpha'],
  ['the removal of a user', { method: 'DELETE', path: 'users/ann?realm=/alpha' }, 'users/ann?realm=/alpha'],
];

const at = (path: string) => `/admin/v1/${path}`;

/** What a path shows, and all events of the audit log. */
async function state(shown: string) {
  const { status, json } = await admin.get(token, at(shown));
  const events = await admin.get(token, at('audit?limit=200'));
  expect(events.status).toBe(200);
  return { shown: status === 200 ? json : status, events: events.json.items as Record<string, unknown>[] };
}

/** Sends a change whose connection to the database ends at its COMMIT; it is refused for that alone. */
async function sendCut(place: 'before' | 'behind', { body, ...change }: Change) {
  started.app.clock.advance(1000);
  started.database.cutAtCommit(place);
  const headers = { 'if-match': '*', ...(body ? { 'content-type': 'application/json' } : {}) };
  const sent = { method: 'POST', ...change, path: at(change.path), headers };
  const answer = await admin.ask(token, { ...sent, body: body && JSON.stringify(body) });
  expectProblem(answer, 503, 'unavailable');
  expect(answer.headers['retry-after']).toMatch(/^\d+$/);
}

// In this order: the first one leaves everything as it was, and so each change can be sent once more.
describe.each(changes)('%s', (_, change, shown) => {
  it('is not there at all where the database has not learned of its COMMIT', async () => {
    const before = await state(shown);
    await sendCut('before', change);
    expect(await state(shown)).toEqual(before);
  });

  it('is there with its event where only the answer to its COMMIT was lost', async () => {
    const before = await state(shown);
    await sendCut('behind', change);
    const after = await state(shown);
    expect(after.shown).not.toEqual(before.shown);
    expect(after.events.slice(1)).toEqual(before.events.slice(0, 199));
    expect(after.events[0]).toMatchObject({ at: new Date(started.app.clock.now()).toISOString() });
  });
});
