import { TestApp } from '../support/app.js';
import { client, type ClientFields, configuration, publicClient } from '../support/configuration.js';
import { CountingHasher } from '../support/counting-hasher.js';
import type { Answer } from '../support/exchange.js';
import { basic, failedClient, postForm, refusal, success } from '../support/token-endpoint.js';

const twoMethods = refusal(
  'invalid_request',
  'More than one method of client authentication was used: the Authorization header and the form.',
);
const failed = failedClient('/');
const chosen = (secret: string): ClientFields => ({ client_secret: secret, client_secret_hash: undefined });
const lenient = { lenient_authentication: true };

const hasher = new CountingHasher();
let app: TestApp;

beforeAll(async () => {
  app = await TestApp.start({
    hasher,
    configuration: configuration({
      '/': {
        clients: [
          client(),
          client({ client_id: 'chosen', ...chosen('a+b %41') }),
          client({ client_id: 'lenient', ...lenient }),
          client({ client_id: 'lenient-chosen', ...lenient, ...chosen('a+b %41') }),
          client({ client_id: 'lenient-disabled', ...lenient, enabled: false }),
          client({ client_id: 'not-lenient', lenient_authentication: false }),
          publicClient({ client_id: 'lenient-public', ...lenient }),
        ],
      },
    }),
  });
});
beforeEach(() => app.clock.advance(60_000));
afterAll(() => app.stop());

const endpoints: readonly [path: string, form: Readonly<Record<string, string>>][] = [
  ['/oauth2/access_token', { grant_type: 'client_credentials' }],
  ['/api/oauth/token', { grant_type: 'client_credentials' }],
  ['/oauth2/introspect', { token: 'x' }],
  ['/oauth2/revoke', { token: 'x' }],
  ['/api/oauth/revoke', { token: 'x' }],
];

/** Sends `id:secret` in the header, and these parameters in the form. */
function asked(
  pair: string,
  inForm: Readonly<Record<string, string>>,
  [path, form] = endpoints[0],
): Promise<Answer> {
  return postForm(app, path, { ...form, ...inForm }, basic(pair));
}

const twice = (id: string, secret: string) =>
  asked(`${id}:${secret}`, { client_id: id, client_secret: secret });

describe.each(endpoints)('the same credentials in header and form at %s', (path, form) => {
  const secrets = { client_id: 'app', client_secret: 'app-secret' };

  it('§2.3 are refused in words that name the cause', async () => {
    for (const id of ['app', 'not-lenient']) {
      const inForm = { ...secrets, client_id: id };
      expect(await asked(`${id}:app-secret`, inForm, [path, form])).toEqual(twoMethods);
    }
  });

  it('are accepted from a client that is registered with lenient_authentication', async () => {
    const inForm = { ...secrets, client_id: 'lenient' };
    expect((await asked('lenient:app-secret', inForm, [path, form])).status).toBe(200);
  });
});

describe('a client with lenient_authentication', () => {
  it('may also use one method, as any other', async () => {
    const inForm = { client_id: 'lenient', client_secret: 'app-secret' };
    expect(await asked('lenient:app-secret', {})).toEqual(success('read'));
    expect(await asked('lenient:app-secret', { client_id: 'lenient' })).toEqual(success('read'));
    expect(await postForm(app, endpoints[0][0], { ...endpoints[0][1], ...inForm })).toEqual(success('read'));
  });

  it.each([
    ['another secret', 'lenient:app-secret', { client_id: 'lenient', client_secret: 'x' }],
    ['another secret in the header', 'lenient:x', { client_id: 'lenient', client_secret: 'app-secret' }],
    ['another identifier', 'lenient:app-secret', { client_id: 'app', client_secret: 'app-secret' }],
    [
      'an identifier in another case',
      'lenient:app-secret',
      { client_id: 'Lenient', client_secret: 'app-secret' },
    ],
    ['no identifier in the form', 'lenient:app-secret', { client_secret: 'app-secret' }],
    ['no secret in the header', 'lenient:', { client_id: 'lenient', client_secret: 'app-secret' }],
  ])('§2.3 is refused where the two are not the same: %s', async (_what, pair, inForm) => {
    const work = await hasher.during(async () => expect(await asked(pair, inForm)).toEqual(twoMethods));
    expect(work).toBe(0);
  });

  it('may send the secret of its header form-encoded, or as it stands', async () => {
    for (const inHeader of ['a+b %41', 'a%2Bb+%2541', 'a%2Bb%20%2541']) {
      const inForm = { client_id: 'lenient-chosen', client_secret: 'a+b %41' };
      expect(await asked(`lenient-chosen:${inHeader}`, inForm)).toEqual(success('read'));
    }
    // What the form holds decides which reading is meant.
    expect(
      await asked('lenient-chosen:a+b %41', { client_id: 'lenient-chosen', client_secret: 'a b A' }),
    ).toEqual(failed);
  });

  it('becomes one, and no longer is one, without an end of its tokens', async () => {
    const change = (fields: ClientFields) => app.apply(configuration({ '/': { clients: [client(fields)] } }));
    const { body } = await asked('app:app-secret', {});
    const { access_token: token } = JSON.parse(body) as { access_token: string };
    const tokenIsActive = async () => (await asked('app:app-secret', { token }, endpoints[2])).body;
    await change(lenient);
    expect(await twice('app', 'app-secret')).toEqual(success('read'));
    expect(await tokenIsActive()).toContain('"active":true');
    await change({});
    expect(await twice('app', 'app-secret')).toEqual(twoMethods);
    expect(await tokenIsActive()).toContain('"active":true');
  });
});

describe('credentials that are sent twice and are wrong', () => {
  it.each([
    ['a wrong secret', 'app', 'x'],
    ['a wrong chosen secret', 'chosen', 'x'],
    ['a wrong secret of a lenient client', 'lenient', 'x'],
    ['a wrong chosen secret of a lenient client', 'lenient-chosen', 'x'],
    ['an unknown client', 'nobody', 'app-secret'],
    ['a disabled lenient client', 'lenient-disabled', 'app-secret'],
    ['a lenient public client, which has no secret', 'lenient-public', 'app-secret'],
  ])('§5.2 are answered alike, and after as much work, whoever is lenient: %s', async (_what, id, secret) => {
    const work = await hasher.during(async () => expect(await twice(id, secret)).toEqual(failed));
    expect(work).toBe(1);
  });

  it('§5.2 are told from right ones by who knows the secret alone, which its log says', async () => {
    expect(await twice('chosen', 'a+b %41')).toEqual(twoMethods);
    const last = JSON.parse(app.logged.at(-1) ?? '') as unknown;
    expect(last).toMatchObject({
      clientId: 'chosen',
      error: 'invalid_request',
      detail: 'the same credentials twice, and no lenient_authentication',
    });
  });
});
