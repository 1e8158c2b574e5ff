import { ServerProcess } from '../support/server-process.js';
import { demoUrl, integrationTarget, type Target } from './target.js';

afterAll(() => ServerProcess.endAll());

/** Posts a form as a client. */
async function post(url: string, client: string, form: Record<string, string>) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { Authorization: `Basic ${btoa(client)}` },
    body: new URLSearchParams(form),
  });
  const text = await response.text();
  return { status: response.status, body: (text && JSON.parse(text)) as Record<string, unknown> };
}

async function tokenOf(url: string, client: string, form: Record<string, string>): Promise<string> {
  const { status, body } = await post(url, client, form);
  expect([status, body.error_description]).toEqual([200, undefined]);
  return body.access_token as string;
}

async function answerOf(response: Response) {
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

/** What the Axway flavour of a server says about a token. */
async function axwayInfo(url: string, token: string) {
  return answerOf(await fetch(`${url}/api/oauth/tokeninfo?access_token=${token}`));
}

/** What the ForgeRock flavour says about a token, below the path of a realm or of all. */
async function forgeRockInfo(path: string, token: string) {
  return answerOf(await fetch(`${path}/tokeninfo`, { headers: { Authorization: `Bearer ${token}` } }));
}

describe('the server for integration tests', () => {
  let target: Target;
  beforeAll(async () => (target = await integrationTarget()));

  const staff = () => `${target.url}/am/oauth2/realms/root/realms/staff`;

  it('issues a token to a client, and says to both flavours what it is worth', async () => {
    const client = `integration:${target.clientSecret}`;
    const token = await tokenOf(`${target.url}/api/oauth/token`, client, {
      grant_type: 'client_credentials',
    });
    expect(await axwayInfo(target.url, token)).toMatchObject({
      status: 200,
      body: { audience: 'integration', user_id: 'integration', scope: 'resource.READ' },
    });
    expect(await forgeRockInfo(`${target.url}/am/oauth2`, token)).toMatchObject({
      status: 200,
      body: { client_id: 'integration', realm: '/', grant_type: 'client_credentials' },
    });
  });

  it('issues a token for a user, until it is revoked', async () => {
    const client = `staff-integration:${target.clientSecret}`;
    const grant = {
      grant_type: 'password',
      username: 'tester',
      password: target.userPassword,
      scope: 'read',
    };
    const token = await tokenOf(`${staff()}/access_token`, client, grant);
    expect(await forgeRockInfo(staff(), token)).toMatchObject({
      status: 200,
      body: { client_id: 'staff-integration', realm: '/staff', scope: ['read'] },
    });
    expect(await axwayInfo(target.url, token)).toMatchObject({ status: 200, body: { user_id: 'tester' } });
    const active = { status: 200, body: { active: true, username: 'tester', realm: '/staff' } };
    expect(await post(`${staff()}/introspect`, client, { token })).toMatchObject(active);

    expect((await post(`${staff()}/token/revoke`, client, { token })).status).toBe(200);
    expect((await forgeRockInfo(staff(), token)).status).toBe(401);
    expect((await axwayInfo(target.url, token)).status).toBe(400);
    const inactive = { status: 200, body: { active: false } };
    expect(await post(`${staff()}/introspect`, client, { token })).toEqual(inactive);
  });

  it('refuses a wrong secret, and a wrong password', async () => {
    const wrong = await post(`${target.url}/api/oauth/token`, 'integration:wrong', {
      grant_type: 'client_credentials',
    });
    expect(wrong).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
    const client = `staff-integration:${target.clientSecret}`;
    const form = { grant_type: 'password', username: 'tester', password: 'wrong' };
    const refused = await post(`${staff()}/access_token`, client, form);
    expect(refused).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
  });

  it('is ready, and names itself by the URL that it is found at', async () => {
    expect((await fetch(`${target.url}/readyz`)).status).toBe(200);
    const metadata = await fetch(`${target.url}/.well-known/oauth-authorization-server`);
    const { issuer } = (await metadata.json()) as { issuer: string };
    const { port } = new URL(target.url);
    // A process whose port is chosen for it cannot name it.
    expect(issuer).toMatch(process.env.TEST_INTEGRATION_URL ? `http://localhost:${port}` : /^http:/);
    expect(await (await fetch(`${target.adminUrl}/metrics`)).text()).toContain('symbolon_build_info');
  });
});

describe('the server of the demo', () => {
  it('gives the tokens of both documentations', async () => {
    const url = await demoUrl();
    const alpha = `${url}/am/oauth2/realms/root/realms/alpha`;
    const demo = { grant_type: 'password', username: 'demo', password: 'Ch4ng31t', scope: 'write' };
    const token = await tokenOf(`${alpha}/access_token`, 'myClient:forgerock', demo);
    expect((await forgeRockInfo(`${url}/am/oauth2`, token)).body).toMatchObject({
      client_id: 'myClient',
    });
    const sample = 'SampleConfidentialApp:6808d4b6-ef09-4b0d-8f28-3b05da9c48ec';
    const admin = { grant_type: 'password', username: 'admin', password: 'changeme' };
    const other = await tokenOf(`${url}/api/oauth/token`, sample, admin);
    expect((await axwayInfo(url, other)).body).toMatchObject({ user_id: 'admin' });
  });
});
