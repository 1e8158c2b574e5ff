import { hashToken } from '../../src/domain/access-token.js';
import { AuditLog } from '../../src/domain/audit.js';
import { TokenRecords } from '../../src/domain/token-record.js';
import { TokenLife } from '../support/token-life.js';

let life: TokenLife;
beforeAll(async () => {
  life = await TokenLife.start();
});
afterAll(() => life.app.stop());

/** The newest events. */
const events = () => life.app.nest.get(AuditLog).list({ within: '/', limit: 200 });

const recordOf = (token: string) => life.app.nest.get(TokenRecords).findAccessToken(hashToken(token));

describe('RFC 9700 §4.14.2', () => {
  it('records the reuse of a refresh token once, with the request that presented it', async () => {
    const first = await life.login();
    const next = await life.refreshed(first.refresh);
    life.app.clock.advance(60_000);
    await life.refresh(first.refresh);
    await life.refresh(first.refresh);
    const family = (await recordOf(next.access))?.token.family;
    const reuses = (await events()).filter(({ action }) => action === 'family.reuse');
    expect(reuses).toEqual([
      {
        id: expect.any(String),
        at: life.app.clock.now(),
        actor: {
          kind: 'system',
          name: '',
          correlationId: expect.stringMatching(/^[0-9a-f-]{36}$/),
          address: expect.stringContaining('127.0.0.1'),
        },
        action: 'family.reuse',
        realm: '/',
        name: 'app',
        changes: {},
        tokenId: family,
      },
    ]);
    expect((await recordOf(next.access))?.revocation).toEqual({ at: life.app.clock.now(), by: 'family' });
  });

  it("a client's own revocation has no event: it stands on the token", async () => {
    const before = await events();
    const { access } = await life.login();
    await life.revoke(access);
    expect((await recordOf(access))?.revocation).toEqual({ at: life.app.clock.now(), by: 'client' });
    expect(await events()).toEqual(before);
  });
});
