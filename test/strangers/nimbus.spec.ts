import { getsTokens } from './client.contract.js';
import { judgesTokens } from './resource-server.contract.js';
import { realmOf, secret, Servers } from './servers.js';
import { Stranger } from './stranger.js';

describe.each(['basic', 'post'])("Nimbus's SDK, authenticated by client_secret_%s", (authentication) => {
  let servers: Servers;
  let stranger: Stranger;

  beforeAll(async () => {
    servers = await Servers.start();
    stranger = Stranger.start('nimbus');
  });
  afterAll(async () => {
    await stranger.stop();
    await servers.stop();
  });

  describe('as a client', () => {
    getsTokens({
      servers: () => servers,
      stranger: () => stranger,
      authentication,
      revokes: true,
      storeAway: 'refused temporarily_unavailable',
    });
  });

  describe('as a resource server', () => {
    judgesTokens({
      servers: () => servers,
      check: (url, token) => stranger.ask('check', authentication, realmOf(url), secret, token),
      storeAway: 'refused temporarily_unavailable',
      stopped: 'failed ConnectException',
    });
  });
});
