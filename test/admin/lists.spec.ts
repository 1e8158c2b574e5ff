import { randomUUID } from 'node:crypto';
import { AuditLog } from '../../src/domain/audit.js';
import { type Refusal, RefusalLog } from '../../src/domain/refusal.js';
import { NodeRoster } from '../../src/domain/roster.js';
import { TokenKeyStore } from '../../src/domain/token-key.js';
import { FastHasher } from '../provisioning/fast-hasher.js';
import { tester } from '../support/audit.js';
import { adminConfiguration, type AdminTestApp, expectProblem } from '../support/admin.js';
import { TestApp } from '../support/app.js';

let app: TestApp;
let admin: AdminTestApp;
let token: string;

beforeAll(async () => {
  app = await TestApp.start({ configuration: adminConfiguration(), hasher: new FastHasher() });
  admin = await app.admin();
  token = await admin.token();
});
afterAll(() => app.stop());

/** A refusal, except as stated. */
function refusal(stated: Partial<Refusal> = {}): Refusal {
  return {
    id: randomUUID(),
    at: app.clock.now(),
    route: '/oauth2/tokeninfo',
    method: 'GET',
    status: 401,
    realm: '/alpha',
    client: '',
    reason: 'expired',
    error: 'invalid_token',
    ...stated,
  };
}

/** Stores refusals, and returns them. */
async function refused(...refusals: Refusal[]): Promise<Refusal[]> {
  await app.nest.get(RefusalLog).add(refusals);
  return refusals;
}

interface Listed {
  readonly items: Record<string, unknown>[];
  readonly next?: string;
}

async function list(path: string, sent = token): Promise<Listed> {
  const answer = await admin.get(sent, `/admin/v1/${path}`);
  expect(answer.status).toBe(200);
  return answer.json as unknown as Listed;
}

/** Walks through a list to its end, and returns its identifiers. */
async function walk(path: string, between: (page: number) => Promise<unknown> = async () => {}) {
  const ids: unknown[] = [];
  let cursor = '';
  for (let page = 1; ; page += 1) {
    const { items, next } = await list(`${path}${cursor}`);
    ids.push(...items.map(({ id }) => id));
    if (next === undefined) return ids;
    cursor = `&cursor=${next}`;
    await between(page);
  }
}

describe('refusals', () => {
  it('are shown with their exact reasons, newest first', async () => {
    const route = '/shown';
    const [old, recent] = await refused(
      refusal({ route, at: app.clock.now() - 1000, realm: '', reason: undefined, error: undefined }),
      refusal({ route, client: 'app', detail: 'in fixed words', tokenId: 'A'.repeat(43) }),
    );
    expect(await list(`refusals?route=${route}`)).toEqual({
      items: [
        {
          id: recent.id,
          at: new Date(recent.at).toISOString(),
          route,
          method: 'GET',
          status: 401,
          realm: '/alpha',
          client: 'app',
          reason: 'expired',
          error: 'invalid_token',
          detail: 'in fixed words',
          token_id: 'A'.repeat(43),
        },
        { id: old.id, at: new Date(old.at).toISOString(), route, method: 'GET', status: 401 },
      ],
    });
  });

  it('are filtered by reason, client, realm and route, together', async () => {
    const route = '/filtered';
    const [one, other] = await refused(
      refusal({ route, reason: 'forged', client: 'a/b%?#;é', realm: '/alpha' }),
      refusal({ route, reason: 'expired', client: 'a', realm: '/' }),
    );
    const ids = async (query: string) =>
      (await list(`refusals?route=${route}${query}`)).items.map(({ id }) => id);
    expect(await ids('&reason=forged')).toEqual([one.id]);
    expect(await ids(`&client=${encodeURIComponent('a/b%?#;é')}`)).toEqual([one.id]);
    expect(await ids('&realm=/')).toEqual([other.id]);
    expect(await ids('&reason=forged&client=a')).toEqual([]);
    expect(await ids('&client=')).toEqual([]);
  });

  it('of the caller’s realms alone', async () => {
    const route = '/realms';
    const [own, below] = await refused(
      refusal({ route, realm: '/alpha', at: app.clock.now() + 1 }),
      refusal({ route, realm: '/alpha/beta' }),
      refusal({ route, realm: '/alphabet' }),
      refusal({ route, realm: '/' }),
      refusal({ route, realm: '' }),
    );
    const alpha = await admin.token({ realm: '/alpha' });
    const { items } = await list(`refusals?route=${route}`, alpha);
    expect(items.map(({ id }) => id)).toEqual([own.id, below.id]);
  });

  it('one by its correlation id, of the caller’s realms alone', async () => {
    const [own, foreign, none] = await refused(
      refusal({ realm: '/alpha/beta' }),
      refusal({ realm: '/alphabet' }),
      refusal({ realm: '' }),
    );
    const alpha = await admin.token({ realm: '/alpha' });
    const show = (id: string, sent: string) => admin.get(sent, `/admin/v1/refusals/${id}`);
    expect(await show(own.id, alpha)).toMatchObject({ status: 200, json: { id: own.id, reason: 'expired' } });
    expect(await show(own.id.toUpperCase(), token)).toMatchObject({ status: 200 });
    for (const { id } of [foreign, none]) {
      expectProblem(await show(id, alpha), 404, 'not-found');
      expect((await show(id, token)).status).toBe(200);
    }
    expectProblem(await show(randomUUID(), token), 404, 'not-found');
  });
});

describe('pages', () => {
  const path = 'refusals?route=/paged';
  let stored: Refusal[];

  beforeAll(async () => {
    // Several at one time: the identifier decides.
    const at = app.clock.now();
    stored = await refused(
      ...Array.from({ length: 7 }, (_, index) => refusal({ route: '/paged', at: at - (index >> 1) })),
    );
  });

  it.each([1, 2, 3, 6, 7, 8, 200])('of %d show every entry once', async (limit) => {
    const ids = await walk(`${path}&limit=${limit}`);
    expect(ids).toHaveLength(7);
    expect(new Set(ids)).toEqual(new Set(stored.map(({ id }) => id)));
  });

  it('show every entry once while others are added', async () => {
    const ids = await walk(`${path}&limit=2`, () =>
      refused(refusal({ route: '/paged', at: app.clock.now() + 1 })),
    );
    for (const { id } of stored) expect(ids.filter((other) => other === id)).toHaveLength(1);
  });

  it('have 50 entries without a limit, and a next one only where there is more', async () => {
    const route = '/many';
    await refused(...Array.from({ length: 51 }, () => refusal({ route })));
    const first = await list(`refusals?route=${route}`);
    expect(first.items).toHaveLength(50);
    const last = await list(`refusals?route=${route}&cursor=${first.next}`);
    expect(last.items).toHaveLength(1);
    expect(last).not.toHaveProperty('next');
  });

  it.each(['0', '201', '-1', '', '1.5', '1e2', '0x10', '%201', '050', '9999999999'])(
    'limit=%s is refused',
    async (limit) => {
      const problem = expectProblem(
        await admin.get(token, `/admin/v1/${path}&limit=${limit}`),
        400,
        'bad-request',
      );
      expect(problem.errors).toEqual([{ parameter: 'limit', detail: 'not a whole number from 1 to 200' }]);
    },
  );
});

describe('a cursor', () => {
  const path = 'refusals?route=/cursor&limit=1';
  let cursor: string;

  beforeAll(async () => {
    await refused(...Array.from({ length: 3 }, () => refusal({ route: '/cursor' })));
    cursor = (await list(path)).next ?? '';
  });

  /** Expects it to be refused by the name of the parameter. */
  async function expectRefused(query: string, sent = token): Promise<void> {
    const problem = expectProblem(await admin.get(sent, `/admin/v1/${query}`), 400, 'bad-request');
    expect(problem.errors).toEqual([
      { parameter: 'cursor', detail: 'is not one of this list with these filters' },
    ]);
  }

  it('with any character changed is refused', async () => {
    for (let place = 0; place < cursor.length; place += 1) {
      const other = cursor[place] === 'A' ? 'B' : 'A';
      await expectRefused(`${path}&cursor=${cursor.slice(0, place)}${other}${cursor.slice(place + 1)}`);
    }
  });

  it('with any byte changed in any bit is refused', async () => {
    const bytes = Buffer.from(cursor, 'base64url');
    for (let place = 0; place < bytes.length; place += 1) {
      const altered = Buffer.from(bytes);
      altered[place] ^= 1 << (place % 8);
      await expectRefused(`${path}&cursor=${altered.toString('base64url')}`);
    }
  });

  it.each(['', 'x', 'A'.repeat(20), 'A'.repeat(22), 'A'.repeat(60), '%2B', '....', 'null'])(
    'that was never one is refused: %s',
    async (value) => expectRefused(`${path}&cursor=${value}`),
  );

  it('shortened, lengthened, or written in another way is refused', async () => {
    for (const other of [cursor.slice(0, -1), cursor.slice(1), `${cursor}A`, `${cursor}=`, `${cursor}%20`]) {
      await expectRefused(`${path}&cursor=${other}`);
    }
  });

  it('is good for the same list, filters and realm alone, and for any limit', async () => {
    await expectRefused(`refusals?limit=1&cursor=${cursor}`);
    await expectRefused(`${path}&reason=expired&cursor=${cursor}`);
    await expectRefused(`refusals?route=/other&limit=1&cursor=${cursor}`);
    await expectRefused(`audit?limit=1&cursor=${cursor}`);
    await expectRefused(`${path}&cursor=${cursor}`, await admin.token({ realm: '/alpha' }));
    expect((await list(`refusals?limit=2&route=/cursor&cursor=${cursor}`)).items).toHaveLength(2);
  });

  it('outlives the keys’ rotation', async () => {
    await app.nest.get(TokenKeyStore).rotate(app.clock.now(), tester);
    expect((await list(`${path}&cursor=${cursor}`)).items).toHaveLength(1);
    const { next } = await list(path);
    expect((await list(`${path}&cursor=${next}`)).items).toHaveLength(1);
  });
});

it('audit events: newest first, filtered, of the caller’s realms alone', async () => {
  const log = app.nest.get(AuditLog);
  const at = app.clock.now();
  await log.append({
    at,
    action: 'client.updated',
    actor: { kind: 'token', name: 'ops', correlationId: randomUUID(), address: '192.0.2.1' },
    realm: '/alpha',
    name: 'billing',
    changes: { enabled: { old: true, new: false } },
    epoch: 7,
  });
  await log.append({ at: at + 1, action: 'key.rotated', actor: { kind: 'cli', name: 'root' } });
  const alpha = await admin.token({ realm: '/alpha' });
  const { items } = await list('audit?actor=ops', alpha);
  expect(items).toEqual([
    {
      id: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
      at: new Date(at).toISOString(),
      actor_kind: 'token',
      actor: 'ops',
      action: 'client.updated',
      realm: '/alpha',
      name: 'billing',
      changes: { enabled: { old: true, new: false } },
      epoch: 7,
      correlation_id: expect.any(String) as string,
      address: '192.0.2.1',
    },
  ]);
  expect((await list('audit?action=key.rotated', alpha)).items).toEqual([]);
  const [rotated] = (await list('audit?action=key.rotated')).items;
  expect(rotated).toMatchObject({ actor_kind: 'cli', actor: 'root', changes: {} });
  expect(rotated).not.toHaveProperty('realm');
  expect((await list('audit?realm=/alpha&name=billing&action=client.updated&actor=ops')).items).toHaveLength(
    1,
  );
  expect((await list('audit?realm=/alpha&name=other')).items).toEqual([]);
  expect(new Set(await walk('audit?limit=1')).size).toBeGreaterThanOrEqual(2);
});

it('nodes: what each last reported', async () => {
  const id = randomUUID();
  const seen = app.clock.now();
  await app.nest.get(NodeRoster).report({
    id,
    host: 'b7',
    pid: 12,
    version: '1.2.3',
    started: seen - 60_000,
    seen,
    hears: true,
    cacheHits: 10,
    cacheMisses: 2,
    rss: 100_000_000,
    cpu: 1.2345,
  });
  const { items } = await list('nodes');
  expect(items.find((node) => node.id === id)).toEqual({
    id,
    host: 'b7',
    pid: 12,
    version: '1.2.3',
    started: new Date(seen - 60_000).toISOString(),
    seen: new Date(seen).toISOString(),
    hears: true,
    cache_hits: 10,
    cache_misses: 2,
    rss: 100_000_000,
    cpu: 1235,
  });
});
