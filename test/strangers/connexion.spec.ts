import { judgesTokens } from './resource-server.contract.js';
import { Servers } from './servers.js';
import { Stranger } from './stranger.js';

describe.each(['axway', 'forgerock'])('connexion with the tokeninfo of %s', (flavour) => {
  let servers: Servers;
  let stranger: Stranger;

  beforeAll(async () => {
    servers = await Servers.start();
    stranger = Stranger.start('connexion');
  });
  afterAll(async () => {
    await stranger.stop();
    await servers.stop();
  });

  judgesTokens({
    servers: () => servers,
    check: (url, token) => stranger.ask('check', flavour, url, token),
    // It takes every status but 200 for an invalid token: there is no answer that would tell it otherwise.
    storeAway: 'invalid_token',
    stopped: 'failed 500',
  });
});
