import { TestApp } from '../support/app.js';
import { closedUrl } from './canned-server.js';
import { commandLine } from './command-line.js';

const sampleToken = 'BcYGjPOQSCrtbEc1F0ag8zf6OT9rCaMLiI1dYjFLT5zhxz3x5ScrdN';
const sampleScope = 'https://localhost:8090/auth/userinfo.email';

let app: TestApp;

beforeAll(async () => {
  app = await TestApp.start();
  const now = app.clock.now();
  await app.storeToken(sampleToken, {
    realm: '/',
    clientId: 'SampleConfidentialApp',
    username: 'admin',
    scope: [sampleScope],
    grantType: 'password',
    authLevel: 0,
    issuedAt: now,
    expiresAt: now + 3566_000,
  });
});

afterAll(() => app.stop());

const printed = [
  `Get token info for this token:${sampleToken}`,
  'Response from token info request is:200',
  '**********************TOKEN INFO RESPONSE***********************************',
  'Token audience received from authorization server:SampleConfidentialApp',
  `Scopes user consented to:${sampleScope}`,
  'Token expiry time:3566',
  'User id :admin',
  '******************************************************************************\n',
].join('\n');

it("prints the vendor's layout", async () => {
  const ended = await commandLine(['token-info', '--url', app.url, sampleToken]);
  expect(ended).toEqual({ status: 0, stdout: printed, stderr: '' });
});

it.each([`${sampleToken}\n`, `${sampleToken}\r\nmore\n`, sampleToken])(
  'reads the token from standard input where it is not given',
  async (input) => {
    const ended = await commandLine(['token-info', '--url', `${app.url}/`], { input });
    expect(ended).toEqual({ status: 0, stdout: printed, stderr: '' });
  },
);

it('exits with 1 when the token is refused, and says why', async () => {
  const ended = await commandLine(['token-info', '--url', app.url, 'unknown']);
  expect(ended).toEqual({
    status: 1,
    stdout: 'Get token info for this token:unknown\nResponse from token info request is:400\n',
    stderr: 'symbolon: Unable to find the access token in persistent storage.\n',
  });
});

it('exits with 2 when no token is given', async () => {
  const ended = await commandLine(['token-info', '--url', app.url]);
  expect(ended).toEqual({ status: 2, stdout: '', stderr: 'symbolon: Token: nothing was entered\n' });
});

it('exits with 3 when no server listens at the URL', async () => {
  const url = await closedUrl();
  const ended = await commandLine(['token-info', '--url', url, sampleToken]);
  const stderr = `symbolon: ${url} cannot be reached (connection refused)\n`;
  expect(ended).toEqual({ status: 3, stdout: '', stderr });
});
