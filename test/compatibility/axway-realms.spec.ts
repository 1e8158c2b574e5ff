import { TestApp } from '../support/app.js';
import { client, configuration, type RealmFields } from '../support/configuration.js';
import { askAxway, axwayRefusals, storeToken } from '../support/tokeninfo.js';

const realmOf = (clients: string[], users: string[]): RealmFields => ({
  clients: clients.map((client_id) => client({ client_id })),
  users: users.map((username) => ({ username, password: 'secret' })),
});

const realms = {
  '/': realmOf(['app'], ['ann']),
  '/alpha': realmOf(['app'], ['ann']),
  '/gamma': realmOf(['gamma-only'], ['eve']),
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
});
