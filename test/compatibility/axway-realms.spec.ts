import { DirectoryWriter } from '../../src/domain/directory-writer.js';
import { warnOfSharedNames } from '../../src/http/tokeninfo/axway/shared-names.js';
import { createLog } from '../../src/observability/log.js';
import { TestApp } from '../support/app.js';
import { client, configuration, type RealmFields } from '../support/configuration.js';
import { askAxway, axwayRefusals, storeToken } from '../support/tokeninfo.js';

const realmOf = (clients: string[], users: string[]): RealmFields => ({
  clients: clients.map((client_id) => client({ client_id })),
  users: users.map((username) => ({ username, password: 'secret' })),
});

const realms = {
  '/': realmOf(['app', 'root-only', '12'], ['ann']),
  '/alpha': realmOf(['app', '12'], ['ann', 'bob']),
  '/beta': { ...realmOf(['app', 'APP'], ['bob', 'Ann']), enabled: false },
  '/gamma': realmOf(['gamma-only'], ['eve']),
  '/delta': realmOf(['zoe', 'max', 'delta-only'], ['zoe']),
  '/epsilon': realmOf(['epsilon-only'], ['max']),
};

describe('AXWAY_REALMS', () => {
  let app: TestApp;
  beforeAll(async () => {
    const settings = { AXWAY_REALMS: '/, /gamma' };
    app = await TestApp.start({ configuration: configuration(realms), settings });
  });
  afterAll(() => app.stop());

  it('are the realms whose tokens are known', async () => {
    await storeToken(app, 'of-root');
    await storeToken(app, 'of-gamma', { realm: '/gamma', clientId: 'gamma-only', username: 'eve' });
    await storeToken(app, 'of-alpha', { realm: '/alpha' });
    expect((await askAxway(app, 'access_token=of-root')).status).toBe(200);
    expect((await askAxway(app, 'access_token=of-gamma')).status).toBe(200);
    expect(await askAxway(app, 'access_token=of-alpha')).toEqual(axwayRefusals.unknown);
    app.clock.advance(3_600_000);
    expect(await askAxway(app, 'access_token=of-alpha')).toEqual(axwayRefusals.unknown);
    expect(await askAxway(app, 'access_token=of-root')).toEqual(axwayRefusals.expired);
  });

  describe('at start', () => {
    const namedLikeUsers = (clientIds: string[]) => ({
      level: 40,
      time: expect.any(String) as unknown,
      clientsNamedLikeUsers: clientIds.length,
      clientIds,
      msg: 'clients are named like users, and /api/oauth/tokeninfo answers the same user_id for both',
    });
    const warnings = async (among?: string[]) => {
      const lines: string[] = [];
      const log = createLog('info', { write: (line) => lines.push(line) });
      await warnOfSharedNames(app.nest.get(DirectoryWriter), among, log);
      return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    };

    it('cause a warning with the clients and the number of users that they share', async () => {
      const msg = 'AXWAY_REALMS: realms hold the same names, which /api/oauth/tokeninfo cannot tell apart';
      const names = { sharedClients: 2, clientIds: ['12', 'app'], sharedUsers: 2 };
      const time: unknown = expect.any(String);
      const shared = { level: 40, time, ...names, msg };
      expect(await warnings()).toEqual([namedLikeUsers(['max', 'zoe']), shared]);
    });

    it('cause a warning with the clients that are named like users: user_id is the same for both', async () => {
      expect(await warnings(['/delta'])).toEqual([namedLikeUsers(['zoe'])]);
      expect(await warnings(['/delta', '/epsilon'])).toEqual([namedLikeUsers(['max', 'zoe'])]);
      expect(await warnings(['/gamma', '/epsilon'])).toEqual([]);
    });

    it('cause no warning when they share none', async () => {
      expect(await warnings(['/', '/gamma'])).toEqual([]);
      expect(await warnings([])).toEqual([]);
    });
  });
});
