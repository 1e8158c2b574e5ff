import { judgesTokens } from './resource-server.contract.js';
import { realmOf, secret, Servers } from './servers.js';
import { Stranger } from './stranger.js';

describe.each(['RestTemplate', 'RestClient'])("Spring's introspector on %s", (introspector) => {
  let servers: Servers;
  let stranger: Stranger;

  beforeAll(async () => {
    servers = await Servers.start();
    stranger = Stranger.start('spring');
  });
  afterAll(async () => {
    await stranger.stop();
    await servers.stop();
  });

  judgesTokens({
    servers: () => servers,
    check: (url, token) => stranger.ask('check', introspector, realmOf(url), secret, token),
    storeAway: 'failed AuthenticationServiceException',
    stopped: 'failed AuthenticationServiceException',
  });
});
