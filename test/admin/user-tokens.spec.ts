import { randomUUID } from 'node:crypto';
import { tokenId } from '../../src/domain/access-token.js';
import { AuditLog } from '../../src/domain/audit.js';
import { FastHasher } from '../provisioning/fast-hasher.js';
import { adminConfiguration, type AdminTestApp, expectProblem } from '../support/admin.js';
import { TestApp } from '../support/app.js';
import { credentials, TokenLife } from '../support/token-life.js';

let app: TestApp;
let admin: AdminTestApp;
let writer: string;
let alphaWriter: string;

beforeAll(async () => {
  app = await TestApp.start({ configuration: adminConfiguration(), hasher: new FastHasher() });
  admin = await app.admin();
  writer = await admin.token({ clientId: 'write', scope: ['admin'] });
  alphaWriter = await admin.token({ realm: '/alpha', clientId: 'write', scope: ['admin'] });
});
afterAll(() => app.stop());

const revoke = (body: object, token = writer) => admin.post(token, '/admin/v1/tokens/revoke', body);

/** Signs ann in, in this realm. */
function login(realm = '/alpha') {
  app.clock.advance(1);
  return new TokenLife(app).login('read', { realm, scope: 'other' });
}

async function isActive(token: string): Promise<boolean> {
  const path = `/oauth2/tokeninfo?access_token=${token}`;
  const answer = await fetch(`${app.url}${path}`);
  return answer.status === 200;
}

/** The newest audit event with this token or family. */
async function eventOf(id: string) {
  const events = await app.nest.get(AuditLog).list({ within: '/', limit: 50 });
  return events.find(({ tokenId: of }) => of === id);
}

describe('the tokens of a user', () => {
  it('are listed newest first, without their values, with their state', async () => {
    const first = await login();
    const second = await login();
    expect((await revoke({ token: first.access })).status).toBe(200);
    const answer = await admin.get(writer, '/admin/v1/tokens?realm=/alpha&username=ann');
    const issued = (access: string) => ({
      id: tokenId(access),
      realm: '/alpha',
      client_id: 'read',
      username: 'ann',
      scope: ['other'],
      grant_type: 'password',
      issued_at: expect.any(String) as string,
      expires_at: expect.any(String) as string,
      family: expect.any(String) as string,
    });
    expect(answer.json).toEqual({
      items: [
        { ...issued(second.access), state: 'active' },
        {
          ...issued(first.access),
          state: 'revoked',
          revoked_at: new Date(app.clock.now()).toISOString(),
          revoked_by: 'admin',
        },
      ],
    });
    expect(answer.body).not.toContain('sya_');
  });

  it('are walked page by page, each byte of a cursor being checked', async () => {
    const path = '/admin/v1/tokens?realm=/alpha&username=ann&limit=1';
    const { json } = await admin.get(writer, path);
    const next = await admin.get(writer, `${path}&cursor=${String(json.next)}`);
    expect(next.json.items).not.toEqual(json.items);
    expect(next.json).not.toHaveProperty('next');
    const bytes = Buffer.from(String(json.next), 'base64url');
    for (let place = 0; place < bytes.length; place++) {
      const flipped = Buffer.from(bytes);
      flipped[place] ^= 1 << (place % 8);
      const answer = await admin.get(writer, `${path}&cursor=${flipped.toString('base64url')}`);
      expectProblem(answer, 400, 'bad-request');
    }
  });

  it('are listed by name alone, in the caller’s realms alone', async () => {
    for (const query of ['', '?username=', '?realm=/alpha', '?username=ann&client=read', '?username=%00']) {
      expectProblem(await admin.get(writer, `/admin/v1/tokens${query}`), 400, 'bad-request');
    }
    for (const realm of ['/', '/alphabet']) {
      const path = `/admin/v1/tokens?username=ann&realm=${realm}`;
      expectProblem(await admin.get(alphaWriter, path), 404, 'not-found');
    }
    expect((await admin.get(alphaWriter, '/admin/v1/tokens?username=nobody')).json).toEqual({ items: [] });
  });
});

describe('revoking', () => {
  it.each(['token', 'id'])('an access token by its %s ends it alone', async (by) => {
    const { access, refresh } = await login();
    const id = tokenId(access);
    const answer = await revoke(by === 'token' ? { token: access } : { id });
    expect([answer.status, answer.json]).toEqual([
      200,
      { id, family: expect.any(String) as string, realm: '/alpha', client_id: 'read', username: 'ann' },
    ]);
    expect(await isActive(access)).toBe(false);
    expect(await eventOf(id)).toMatchObject({
      action: 'token.revoked',
      realm: '/alpha',
      name: 'read',
      actor: { kind: 'token', name: 'write', correlationId: expect.any(String) as string },
    });
    const form = { grant_type: 'refresh_token', refresh_token: refresh, ...credentials('read') };
    expect((await new TokenLife(app).post('/oauth2/alpha/access_token', form)).status).toBe(200);
  });

  it.each(['token', 'family'])('a family by its %s ends all of its tokens', async (by) => {
    const { access, refresh } = await login();
    const listed = await admin.get(writer, '/admin/v1/tokens?realm=/alpha&username=ann&limit=1');
    const [{ family }] = listed.json.items as { family: string }[];
    const answer = await revoke(by === 'token' ? { token: refresh } : { family });
    expect(answer.json).toEqual({ family, realm: '/alpha', client_id: 'read', username: 'ann' });
    expect(await isActive(access)).toBe(false);
    expect(await eventOf(family)).toMatchObject({ action: 'family.revoked', realm: '/alpha', name: 'read' });
  });

  it('again answers the same, and leaves no second event', async () => {
    const { access, refresh } = await login();
    const count = async () => (await app.nest.get(AuditLog).list({ within: '/', limit: 200 })).length;
    const tokens = [access, refresh];
    const first = await Promise.all(tokens.map((token) => revoke({ token })));
    const events = await count();
    const again = await Promise.all(tokens.map((token) => revoke({ token })));
    expect(again.map(({ json }) => json)).toEqual(first.map(({ json }) => json));
    expect(await count()).toBe(events);
  });

  it('what is not there, or in another realm, is 404, and revokes nothing', async () => {
    const { access, refresh } = await login('/alphabet');
    const [{ family }] = (await admin.get(writer, '/admin/v1/tokens?realm=/alphabet&username=ann')).json
      .items as { family: string }[];
    for (const body of [{ token: access }, { id: tokenId(access) }, { token: refresh }, { family }]) {
      expectProblem(await revoke(body, alphaWriter), 404, 'not-found');
    }
    expect(await isActive(access)).toBe(true);
    for (const body of [{ token: 'sya_unknown' }, { id: 'A'.repeat(43) }, { family: randomUUID() }]) {
      expectProblem(await revoke(body), 404, 'not-found');
    }
  });

  it.each<[object, string, string]>([
    [{}, '', 'has not exactly one of token, id, family'],
    [{ token: 'a', id: 'b' }, '', 'has not exactly one of token, id, family'],
    [{ token: '' }, '/token', 'is empty'],
    [{ id: 'a' }, '/id', 'is not the SHA-256 of a token in base64url'],
    [{ family: 'a' }, '/family', 'is not a UUID'],
    [{ token: 1 }, '/token', 'is not a text'],
    [{ tokens: 'a' }, '', 'a member is unknown; the known ones are token, id, family'],
  ])('by %j is refused', async (body, pointer, detail) => {
    const { errors } = expectProblem(await revoke(body), 400, 'bad-request');
    expect(errors).toEqual([{ pointer, detail }]);
  });
});
