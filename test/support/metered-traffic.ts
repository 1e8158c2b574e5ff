import type { TestApp } from './app.js';
import { ask } from './exchange.js';
import { TokenLife } from './token-life.js';
import { askAxway, askForgeRock, postAxway } from './tokeninfo.js';

/** How many requests `meteredTraffic` sends. */
export const meteredRequests = 19;

/** Known requests to every endpoint of an application with `lifeConfiguration`; some are refused. */
export async function meteredTraffic(app: TestApp): Promise<void> {
  const life = new TokenLife(app);
  const { access, refresh } = await life.login();
  await askAxway(app, `access_token=${access}`);
  await postAxway(app, `access_token=${access}`);
  await askForgeRock(app, access);
  await askForgeRock(app, `sya_${'A'.repeat(54)}`);
  await askAxway(app, 'access_token=foreign');
  await askAxway(app, '');
  await ask(app, { method: 'DELETE', path: '/oauth2/tokeninfo' });
  await life.post('/oauth2/introspect', { token: access, client_id: 'app', client_secret: 'app-secret' });
  await life.post('/oauth2/introspect', { token: access, client_id: 'app', client_secret: 'wrong' });
  await life.post('/oauth2/token', { grant_type: 'client_credentials', client_id: 'app' });
  await life.post('/api/oauth/token', {
    grant_type: 'made-up',
    client_id: 'app',
    client_secret: 'app-secret',
  });
  await life.refreshed(refresh);
  app.clock.advance(60_000); // Beyond the time in which reuse counts as a retry.
  await life.refresh(refresh);
  const second = await life.login();
  await life.revoke(second.access);
  await life.revoke('unknown');
  await ask(app, { method: 'GET', path: '/nowhere' });
  await ask(app, { method: 'PURGE', path: '/nowhere' });
}
