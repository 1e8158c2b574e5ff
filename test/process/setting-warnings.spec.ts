import { configuration } from '../support/configuration.js';
import { codeClient } from '../support/sign-in.js';
import { fileSettings, ServerProcess } from '../support/server-process.js';

afterEach(() => ServerProcess.endAll());

it('a server warns of being on every address without an ISSUER, and of codes that travel in clear', async () => {
  const insecure = { insecure_redirect_uris: true, redirect_uris: ['http://app.example.com/callback'] };
  const file = configuration({
    '/': { clients: [codeClient(insecure), codeClient({ client_id: 'secure' })] },
  });
  const settings = { ...(await fileSettings(file)), HOST: '0.0.0.0', PORT: '0' };
  const server = await ServerProcess.start(settings);
  const warning =
    'ISSUER: HOST is every address, so the issuer is http://localhost:PORT: clients on other machines cannot use it; set ISSUER to the URL that they use';
  expect(await server.logged(warning)).toMatchObject({ level: 40 });
  // The start names the clients whose codes others can read, too.
  const inClear = 'insecure_redirect_uris: the authorization codes of these clients travel in clear';
  expect(await server.logged(inClear)).toMatchObject({ level: 40, clients: 1, clientIds: ['app'] });
  const issuer = `http://localhost:${new URL(server.url).port}`;
  const metadata = await fetch(`${server.url}/.well-known/oauth-authorization-server`);
  expect(await metadata.json()).toMatchObject({ issuer, token_endpoint: `${issuer}/oauth2/access_token` });
});
