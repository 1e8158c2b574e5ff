import { DataSource } from 'typeorm';
import { FastHasher } from '../provisioning/fast-hasher.js';
import { TestApp } from '../support/app.js';
import { client, configuration } from '../support/configuration.js';
import type { Answer } from '../support/exchange.js';
import { malformed, members, postForm, refusal } from '../support/token-endpoint.js';
import { ok, postAxway } from '../support/tokeninfo.js';

const path = '/api/oauth/token';
const rows = {
  refresh: '${accesstoken.hasRefresh()}',
  information: '${accesstoken.getAdditionalInformation()}',
  department: '${accesstoken.getAdditionalInformation().get("Department")}',
  tenant: "${accesstoken.getAdditionalInformation()['tenant']}",
  scope_asked: '${accesstoken.authn.getAuthorizationRequest().getScope()}',
  state: '${accesstoken.authn.getAuthorizationRequest().getState()}',
  redirect: '${accesstoken.authn.getAuthorizationRequest().getRedirectUri()}',
  parameters: '${accesstoken.authn.getAuthorizationRequest().getParameters()}',
};
const shown = (values: Readonly<Record<string, string>>) =>
  JSON.stringify(Object.entries(values).map(([name, value]) => ({ name, value })));

const information = new Map([
  ['12', 'twelve'],
  ['Department', 'Engineering'],
  ['cost center', '=, {12}'],
  ['__proto__', 'a text'],
]);
const informed = client({
  additional_information: information,
  additional_parameters: ['tenant', 'Department'],
});
const realms = (app = informed) =>
  configuration({
    '/': {
      clients: [
        app,
        client({ client_id: 'plain' }),
        client({ client_id: 'none', refresh: 'none' }),
        client({ client_id: 'preserve', refresh: 'preserve' }),
        client({ client_id: 'no-refresh', grant_types: ['password'] }),
      ],
      users: [{ username: 'ann', password: 'canary-of-a-password' }],
    },
  });

function start(values: Readonly<Record<string, string>>): Promise<TestApp> {
  const settings = { AXWAY_ADDITIONAL_PARAMETERS: shown(values) };
  return TestApp.start({ hasher: new FastHasher(), settings, configuration: realms() });
}

const login = { grant_type: 'password', username: 'ann', password: 'canary-of-a-password' };

describe('selectors of the token request and the additional information', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await start(rows);
  });
  afterEach(() => app.apply(realms()));
  afterAll(() => app.stop());

  function asked(form: Readonly<Record<string, string>>, clientId = 'app'): Promise<Answer> {
    return postForm(app, path, { client_id: clientId, client_secret: 'app-secret', ...form });
  }

  async function granted(form: Readonly<Record<string, string>>, clientId = 'app') {
    return members(await asked(form, clientId));
  }

  /** The members of a token's information beyond the four that every answer has. */
  async function said({ access_token: token }: Readonly<Record<string, string>>) {
    const { audience, user_id, scope, expires_in, ...additional } = members(
      await postAxway(app, `access_token=${token}`),
    );
    expect([audience, user_id, scope, expires_in].every((value) => value !== undefined)).toBe(true);
    return additional;
  }

  const registered = '12=twelve, Department=Engineering, cost center==, {12}, __proto__=a text';

  it('show them in the order of the rows', async () => {
    const more = { scope: 'write,read', state: 's 1', redirect_uri: 'https://app.example.com/ä' };
    const { access_token: token } = await granted({ ...login, ...more, tenant: 'blue', other: 'x' });
    const sent =
      'grant_type=password, client_id=app, username=ann, password=xxxxxxxx, scope=write read, state=s 1, ' +
      'redirect_uri=https://app.example.com/ä, tenant=blue';
    const expected = JSON.stringify({
      audience: 'app',
      user_id: 'ann',
      scope: 'write read',
      expires_in: 3600,
      refresh: 'true',
      information: `{${registered}, tenant=blue}`,
      department: 'Engineering',
      tenant: 'blue',
      scope_asked: 'write read',
      state: 's 1',
      redirect: 'https://app.example.com/ä',
      parameters: `{${sent}}`,
    });
    expect(await postAxway(app, `access_token=${token}`)).toEqual(ok(expected));
  });

  it('are empty when nothing is registered, sent or listed', async () => {
    const form = { grant_type: 'client_credentials', tenant: 'blue', Department: 'Sales' };
    expect(await said(await granted(form, 'plain'))).toEqual({
      refresh: 'false',
      information: '{}',
      department: '',
      tenant: '',
      scope_asked: 'read',
      state: '',
      redirect: '',
      parameters: '{grant_type=client_credentials, client_id=plain}',
    });
  });

  it('show the registered value, whatever a client sends under its name', async () => {
    const answer = await said(await granted({ ...login, Department: 'Sales' }));
    expect(answer).toMatchObject({ information: `{${registered}}`, department: 'Engineering' });
  });

  it('show the same information after a refresh, which cannot change it', async () => {
    const first = await granted({ ...login, tenant: 'blue', state: 's1' });
    await app.apply(
      realms(client({ ...informed, additional_information: new Map([['Department', 'Sales']]) })),
    );
    const refresh = { grant_type: 'refresh_token', tenant: 'red', Department: 'Sales' };
    const second = await granted({ ...refresh, refresh_token: first.refresh_token });
    const third = await granted({ ...refresh, refresh_token: second.refresh_token });
    for (const tokens of [second, third]) {
      expect(await said(tokens)).toMatchObject({
        refresh: 'true',
        information: `{${registered}, tenant=blue}`,
        department: 'Engineering',
        tenant: 'blue',
        state: '',
        parameters:
          '{grant_type=refresh_token, client_id=app, refresh_token=xxxxxxxx, tenant=red, Department=Sales}',
      });
    }
    expect(await said(await granted(login))).toMatchObject({ information: '{Department=Sales}' });
  });

  it.each([
    ['app', 'true', 'true'],
    ['none', 'true', 'false'],
    ['preserve', 'true', 'true'],
  ])('show whether there is a refresh token, for the client %s', async (clientId, first, second) => {
    const pair = await granted(login, clientId);
    expect(await said(pair)).toMatchObject({ refresh: first });
    const form = { grant_type: 'refresh_token', refresh_token: pair.refresh_token };
    expect(await said(await granted(form, clientId))).toMatchObject({ refresh: second });
  });

  it('show that there is no refresh token when the client may not use one', async () => {
    const tokens = await granted(login, 'no-refresh');
    expect(tokens).not.toHaveProperty('refresh_token');
    expect(await said(tokens)).toMatchObject({ refresh: 'false' });
  });

  it('put no secret into a table or the log', async () => {
    const first = await granted({ ...login, tenant: 'blue' });
    const second = await granted({ grant_type: 'refresh_token', refresh_token: first.refresh_token });
    await said(second);
    const tables = ['access_token', 'refresh_token', 'client', 'resource_owner'];
    const kept = await Promise.all(
      tables.map((table) => app.nest.get(DataSource).query(`SELECT ${table}::text AS row FROM ${table}`)),
    );
    const text = JSON.stringify(kept) + app.logged.join('');
    expect(text).toContain('xxxxxxxx');
    const secrets = [first, second].flatMap((tokens) => [tokens.access_token, tokens.refresh_token]);
    for (const secret of [...secrets, login.password, 'app-secret']) expect(text).not.toContain(secret);
  });

  it('refuse a listed parameter that is repeated or too long, and use no refresh token up', async () => {
    const tooLong = refusal('invalid_request', 'An additional parameter is longer than 1024 characters.');
    const longest = { tenant: 'ä'.repeat(1024) };
    expect(await said(await granted({ ...login, ...longest }))).toMatchObject(longest);
    expect(await asked({ ...login, tenant: 'x'.repeat(1025) })).toEqual(tooLong);
    const text = new URLSearchParams({ ...login, client_id: 'app', client_secret: 'app-secret' }).toString();
    expect(await postForm(app, path, `${text}&tenant=a&tenant=b`)).toEqual(malformed);
    expect(await postForm(app, path, `${text}&tenant[]=a`)).toEqual(malformed);
    expect((await postForm(app, path, `${text}&other=a&other=b`)).status).toBe(200);
    const { refresh_token } = await granted(login);
    const refresh = { grant_type: 'refresh_token', refresh_token };
    expect(await asked({ ...refresh, tenant: 'x'.repeat(1025) })).toEqual(tooLong);
    expect((await asked(refresh)).status).toBe(200);
  });
});

it('the token request is stored only when a row shows it', async () => {
  const kept = async (app: TestApp) => {
    await postForm(app, path, { ...login, client_id: 'app', client_secret: 'app-secret', tenant: 'blue' });
    const sql = 'SELECT request, additional_information FROM access_token';
    return (await app.nest.get(DataSource).query(sql)) as unknown;
  };
  const app = await start({ information: rows.information });
  try {
    const pairs = [...information, ['tenant', 'blue']];
    expect(await kept(app)).toEqual([{ request: null, additional_information: pairs }]);
  } finally {
    await app.stop();
  }
});
