import { configuration } from '../support/configuration.js';
import { fileSettings, ServerProcess } from '../support/server-process.js';

afterEach(() => ServerProcess.endAll());

it('a server on every address without an ISSUER warns, and calls itself localhost', async () => {
  const settings = { ...(await fileSettings(configuration({}))), HOST: '0.0.0.0', PORT: '0' };
  const server = await ServerProcess.start(settings);
  const issuer = 'http://localhost:0';
  const warning = `ISSUER: HOST is every address, so the issuer is ${issuer}: clients on other machines cannot use it; set ISSUER to the URL that they use`;
  expect(await server.logged(warning)).toMatchObject({ level: 40 });
  const metadata = await fetch(`${server.url}/.well-known/oauth-authorization-server`);
  expect(await metadata.json()).toMatchObject({ issuer, token_endpoint: `${issuer}/oauth2/access_token` });
});
