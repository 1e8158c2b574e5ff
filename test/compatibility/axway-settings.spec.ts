import { TestApp } from '../support/app.js';
import { client, configuration } from '../support/configuration.js';
import { ask } from '../support/exchange.js';
import { formType, jsonHeaders, refusal } from '../support/token-endpoint.js';
import {
  askAxway,
  axwayPath,
  axwayRefusals,
  ofClient,
  ok,
  postAxway,
  storeToken,
  twoRealms,
} from '../support/tokeninfo.js';

const { noToken, unknown, malformed } = axwayRefusals;
const live = ok('{"audience":"app","user_id":"ann","scope":"read","expires_in":3600}');

describe('AXWAY_ADDITIONAL_PARAMETERS', () => {
  const token = 'sya_canary-of-a-token';
  /** Names and values of the setting, and the value in the answer for `ann`'s token. */
  const rows: readonly (readonly [name: string, value: string, answer: string])[] = [
    ['Value', '${accesstoken.getValue()}', 'sya_cana…'],
    ['Expiry: as a date', '${accesstoken.getExpiration()}', 'Thu Jan 01 01:00:00 UTC 2026'],
    ['Seconds', '${accesstoken.getExpiresIn()}', '3600'],
    ['Expired', '${accesstoken.isExpired()}', 'false'],
    ['Type', '${accesstoken.getTokenType()}', 'Bearer'],
    ['Scope', '${accesstoken.getScope()}', 'read write'],
    ['User', '${accesstoken.authn.getUserAuthentication()}', 'ann'],
    ['Asked by', '${accesstoken.authn.getAuthorizationRequest().getClientId()}', 'app'],
    ['Asked for', '${accesstoken.authn.getAuthorizationRequest().getScope()}', 'read write'],
    ['Name', '${oauth.client.details.getName()}', 'The "App"'],
    ['Client', "${oauth.client.details['getClientID']()}", 'app'],
    ['Client type', '${oauth.client.details.getClientType()}', 'confidential'],
    ['Application', '${oauth.client.details.getApplication()}', 'Shop'],
    ['Description', '${oauth.client.details.getDescription()}', 'Sells'],
    ['Contact', '${oauth.client.details.getContactEmail()}', 'app@example.com'],
    ['Enabled', '${oauth.client.details.isEnabled()}', 'true'],
    ['Subject', '${authentication.subject.id}', 'ann'],
    ['Argument', "${http.client.getCgiArgument('x')}", 'ä'],
    ['Secret argument', "${http.client.getCgiArgument('password')}", 'xxxxxxxx'],
    ['Token argument', "${http.client.getCgiArgument('copy')}", 'xxxxxxxx'],
    ['Agent', '${http.headers["User-Agent"]}', 'test'],
    ['Authorization', '${http.headers["Authorization"]}', ''],
    ['Path', '${http.request.uri}', axwayPath],
    ['Region', '${env.REGION}', 'eu-1'],
    ['Not allowed', '${env.HIDDEN}', ''],
    ['Nowhere', '${no.such.thing}', ''],
    ['12', 'a ${authentication.subject.id} b ${accesstoken.getTokenType()} c', 'a ann b Bearer c'],
    ['__proto__', 'fixed', 'fixed'],
  ];
  const settings = {
    AXWAY_ADDITIONAL_PARAMETERS: JSON.stringify(rows.map(([name, value]) => ({ name, value }))),
    SELECTOR_ENV: 'REGION,UNSET',
    REGION: 'eu-1',
    HIDDEN: 'canary-of-the-environment',
  };
  const described = client({
    client_name: 'The "App"',
    application: 'Shop',
    description: 'Sells',
    contact_email: 'app@example.com',
  });
  const canaries = [token, settings.HIDDEN, 'canary-of-a-password', 'canary-of-a-header'];
  const parameters = `access_token=${token}&x=%C3%A4&password=canary-of-a-password&copy=${token}`;
  const headers = { 'user-agent': 'test', authorization: 'Bearer canary-of-a-header' };

  let app: TestApp;
  beforeAll(async () => {
    const users = [{ username: 'ann', password: 'ann-password' }];
    app = await TestApp.start({
      configuration: configuration({ '/': { clients: [described], users } }),
      settings,
    });
    await storeToken(app, token, { scope: ['read', 'write'] });
  });
  afterAll(() => app.stop());

  const pairs = rows.map(([name, , answer]) => `${JSON.stringify(name)}:${JSON.stringify(answer)}`).join(',');
  const expected = ok(`{"audience":"app","user_id":"ann","scope":"read write","expires_in":3600,${pairs}}`);

  it('follow the four standard members in the answer to a GET, each as a string', async () => {
    expect(await ask(app, { method: 'GET', path: `${axwayPath}?${parameters}`, headers })).toEqual(expected);
  });

  it('follow the four standard members in the answer to a POST, each as a string', async () => {
    const typed = { ...headers, 'content-type': formType };
    const request = { method: 'POST', path: `${axwayPath}?x=query`, headers: typed, body: parameters };
    expect(await ask(app, request)).toEqual(expected);
  });

  it('name the client as the user of its own token', async () => {
    await storeToken(app, 'of-client', ofClient);
    const { body } = await askAxway(app, 'access_token=of-client');
    expect(JSON.parse(body)).toMatchObject({ user_id: 'app', User: 'app', Subject: 'app' });
  });

  it('are not in a refusal', async () => {
    expect(await askAxway(app, 'access_token=bad')).toEqual(unknown);
    expect(await askAxway(app, '')).toEqual(noToken);
  });

  it('that read a parameter refuse a request that repeats it', async () => {
    expect(await askAxway(app, `${parameters}&x=2`)).toEqual(malformed);
  });

  it('that do not resolve are logged once, without anything that a caller sent', () => {
    const log = app.logged.join('');
    for (const name of ['Nowhere', 'Not allowed', 'Authorization']) {
      expect(log.split(`"parameter":"${name}"`)).toHaveLength(2);
    }
    for (const canary of canaries) expect(log).not.toContain(canary);
  });
});

describe('AXWAY_TOKENINFO_METHODS=POST, AXWAY_TOKEN_PARAMETER=token id', () => {
  let app: TestApp;
  beforeAll(async () => {
    const settings = { AXWAY_TOKENINFO_METHODS: 'POST', AXWAY_TOKEN_PARAMETER: 'token id' };
    app = await TestApp.start({ configuration: twoRealms, settings });
    await storeToken(app, 'good');
  });
  afterAll(() => app.stop());

  it('reads the parameter of that name alone', async () => {
    expect(await postAxway(app, 'token+id=good')).toEqual(live);
    expect(await postAxway(app, 'token%20id=good&access_token=a&access_token=b')).toEqual(live);
    expect(await postAxway(app, 'access_token=good')).toEqual(noToken);
    expect(await postAxway(app, 'token+id=good&token+id=good')).toEqual(malformed);
  });

  it.each(['GET', 'HEAD', 'PUT'])('has no %s', async (method) => {
    const answer = refusal('invalid_request', 'The method is not allowed here.', {
      status: 405,
      headers: { ...jsonHeaders, allow: 'POST' },
    });
    const path = `${axwayPath}?token+id=good`;
    expect(await ask(app, { method, path })).toEqual(method === 'HEAD' ? { ...answer, body: '' } : answer);
  });
});

describe('AXWAY_TOKEN_SELECTOR=${http.headers["X-Token"]}', () => {
  let app: TestApp;
  beforeAll(async () => {
    const settings = { AXWAY_TOKEN_SELECTOR: '${http.headers["X-Token"]}' };
    app = await TestApp.start({ configuration: twoRealms, settings });
    await storeToken(app, 'good');
  });
  afterAll(() => app.stop());

  it.each(['GET', 'POST'])('finds the token of a %s there', async (method) => {
    const request = { method, path: `${axwayPath}?access_token=bad` };
    expect(await ask(app, { ...request, headers: { 'x-token': 'good' } })).toEqual(live);
    expect(await ask(app, { ...request, headers: { 'x-token': 'bad' } })).toEqual(unknown);
    expect(await ask(app, { ...request, headers: { 'x-token': '' } })).toEqual(noToken);
    expect(await ask(app, { ...request, headers: { 'x-token': ['good', 'good'] } })).toEqual(malformed);
    expect(await ask(app, request)).toEqual(noToken);
  });
});
