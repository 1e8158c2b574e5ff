import { getsTokens } from './client.contract.js';
import { judgesTokens } from './resource-server.contract.js';
import { callback } from '../support/sign-in.js';
import { Visitor } from '../support/visitor.js';
import { login, realmOf, secret, Servers } from './servers.js';
import { Stranger } from './stranger.js';

describe.each(['basic', 'post'])('authlib, authenticated by client_secret_%s', (authentication) => {
  let servers: Servers;
  let stranger: Stranger;

  beforeAll(async () => {
    servers = await Servers.start();
    stranger = Stranger.start('authlib');
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
      storeAway: 'failed 503',
    });
  });

  describe('as a client whose users sign in by browser', () => {
    const words = (...more: string[]) => [authentication, realmOf(servers.url), secret, callback, ...more];

    it('gets tokens for a code', async () => {
      const [address, state, verifier] = (await stranger.ask('begin', ...words())).split(' ');
      const { pathname, search } = new URL(address);
      const visitor = new Visitor(servers);
      const page = await visitor.signIn(pathname + search, ...login);
      const { location = '' } = await visitor.submit(page, { decision: 'allow' });
      const answer = await stranger.ask('finish', ...words(location, state, verifier));
      const [word, access, refresh] = answer.split(' ');
      expect([word, refresh]).toEqual(['token', expect.stringMatching(/^syr_/)]);
      expect(await stranger.ask('check', authentication, realmOf(servers.url), secret, access)).toBe(
        'passes app',
      );
    });
  });

  describe('as a resource server', () => {
    judgesTokens({
      servers: () => servers,
      check: (url, token) => stranger.ask('check', authentication, realmOf(url), secret, token),
      storeAway: 'failed 503',
      stopped: 'failed ConnectionError',
    });
  });
});
