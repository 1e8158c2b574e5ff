import { AuditLog } from '../../src/domain/audit.js';
import type { AuthorizationOutcome } from '../../src/domain/authorization-outcome.js';
import { TooManyAttempts } from '../../src/domain/oauth-error.js';
import { TokenCodec } from '../../src/domain/token-codec.js';
import {
  Authorizing,
  callback,
  type Parameters,
  type Sent,
  signInConfiguration,
} from '../support/authorizing.js';

let browser: Authorizing;
beforeAll(async () => {
  browser = await Authorizing.start();
});
afterAll(() => browser.app.stop());

/** What matters of an outcome: its kind, and the code of an error. */
function summary(outcome: AuthorizationOutcome): string {
  return 'error' in outcome ? `${outcome.kind} ${outcome.error.code}` : outcome.kind;
}

const summaryOf = async (parameters: Parameters = {}, sent: Sent = {}) =>
  summary(await browser.attempt(parameters, sent));

const allow = { form: 'consent', decision: 'allow' } as const;
const save = { ...allow, saveConsent: 'on' } as const;

describe('a request that must not be answered by redirection', () => {
  it.each([
    [{ client_id: undefined }, 'page_error invalid_client'],
    [{ client_id: 'nobody' }, 'page_error invalid_client'],
    [{ client_id: 'off' }, 'page_error invalid_client'],
    [{ redirect_uri: 'https://evil.example/' }, 'page_error redirect_uri_mismatch'],
    [{ redirect_uri: `${callback}/` }, 'page_error redirect_uri_mismatch'],
    [{ client_id: 'asking', redirect_uri: undefined }, 'page_error redirect_uri_mismatch'],
    [{ client_id: 'off', redirect_uri: 'https://evil.example/' }, 'page_error invalid_client'],
    [{ redirect_uri: 'https://evil.example/', response_type: 'token' }, 'page_error redirect_uri_mismatch'],
  ])('RFC 6749 §4.1.2.1 %j → %s', async (parameters, expected) => {
    expect(await summaryOf(parameters)).toBe(expected);
  });

  it('looks the same for a client that is missing, unknown and disabled', async () => {
    const outcomes = [undefined, 'nobody', 'off'].map((client_id) => browser.attempt({ client_id }));
    const [missing, unknown, disabled] = await Promise.all(outcomes);
    expect(unknown).toEqual(missing);
    expect(disabled).toEqual(missing);
  });

  it('is one of a disabled realm', async () => {
    const off = await Authorizing.start({
      configuration: signInConfiguration().replace('"name":"/alpha"', '"name":"/alpha","enabled":false'),
    });
    expect(summary(await off.attempt({}, { realm: '/alpha' }))).toBe('page_error invalid_client');
    await off.app.stop();
  });
});

describe('a mistake that the client is told', () => {
  const order: readonly [Parameters, string][] = [
    [{ client_id: 'password' }, 'unauthorized_client'],
    [{ response_type: 'token' }, 'unsupported_response_type'],
    [{ request: 'x' }, 'request_not_supported'],
    [{ request_uri: 'x' }, 'request_uri_not_supported'],
    [{ response_mode: 'x' }, 'invalid_request'],
    [{ scope: 'x' }, 'invalid_scope'],
    [{ prompt: 'none' }, 'login_required'],
  ];

  it.each(order)('RFC 6749 §4.1.2.1 %j → %s', async (parameters, code) => {
    expect(await summaryOf(parameters)).toBe(`error ${code}`);
  });

  it('is the first of several', async () => {
    let all: Parameters = {};
    for (const [parameters, code] of [...order].reverse()) {
      all = { ...all, ...parameters };
      expect(await summaryOf(all)).toBe(`error ${code}`);
    }
  });

  it.each<[Parameters]>([
    [{ response_type: undefined }],
    [{ response_mode: 'web_message' }],
    [{ code_challenge: undefined, code_challenge_method: undefined }],
    [{ code_challenge: undefined }],
    [{ code_challenge_method: undefined }],
    [{ code_challenge_method: 'plain' }],
    [{ code_challenge_method: 's256' }],
    [{ code_challenge: 'a'.repeat(42) }],
    [{ code_challenge: 'a'.repeat(44) }],
    [{ code_challenge: `${'a'.repeat(42)}=` }],
    [{ client_id: 'optional', code_challenge: undefined }],
    [{ client_id: 'optional', code_challenge_method: 'plain' }],
    [{ client_id: 'public', code_challenge: undefined, code_challenge_method: undefined }],
    [{ prompt: 'create' }],
    [{ prompt: 'none login' }],
    [{ prompt: 'login,consent' }],
    [{ max_age: '-1' }],
    [{ max_age: '1.5' }],
    [{ max_age: 'x' }],
    [{ max_age: '12345678901' }],
  ])('%j → invalid_request', async (parameters) => {
    expect(await summaryOf(parameters)).toBe('error invalid_request');
  });

  it('goes to the redirect URI, in the mode and with the state of the request', async () => {
    const state = '&#<">\r\n😀';
    const asked = { response_type: 'token', state, response_mode: 'form_post' };
    expect(await browser.attempt(asked)).toMatchObject({
      to: { redirectUri: callback, responseMode: 'form_post', state },
      error: { client: { clientId: 'app' } },
    });
    expect(await browser.attempt({ ...asked, response_mode: 'x', redirect_uri: undefined })).toMatchObject({
      to: { redirectUri: callback, responseMode: 'query', state },
    });
  });

  it('RFC 8252 §7.3 goes to the port of the request', async () => {
    const redirect_uri = 'http://127.0.0.1:49152/callback';
    expect(await browser.attempt({ client_id: 'public', redirect_uri, scope: 'x' })).toMatchObject({
      kind: 'error',
      to: { redirectUri: redirect_uri },
    });
  });
});

describe('signing in', () => {
  it('comes first, whatever is posted, and takes the hint', async () => {
    expect(await browser.attempt({ login_hint: 'ann' })).toMatchObject({ kind: 'login', username: 'ann' });
    expect(await summaryOf({}, { posted: allow })).toBe('login');
    expect(await summaryOf({}, { session: 'sys_unknown', posted: allow })).toBe('login');
  });

  it('leads back to the request, of which login, select_account and max_age are done', async () => {
    const posted = { form: 'login', username: 'ann', password: 'ann-password' } as const;
    for (const [prompt, left] of [
      [undefined, undefined],
      ['login', undefined],
      ['login select_account', undefined],
      ['login consent', 'consent'],
      ['consent', 'consent'],
    ]) {
      expect(await browser.attempt({ prompt, max_age: '0' }, { posted })).toEqual({
        kind: 'signed_in',
        session: expect.stringMatching(/^sys_[A-Za-z0-9_-]{54}$/),
        prompt: left,
      });
    }
  });

  it.each([
    ['a wrong password', 'ann', 'wrong', 'wrong_credentials'],
    ['an unknown user', 'nobody', 'ann-password', 'wrong_credentials'],
    ['a password that is too long to be hashed', 'ann', 'x'.repeat(2000), 'wrong_credentials'],
    ['no password', 'ann', undefined, 'incomplete'],
    ['no user name', undefined, 'ann-password', 'incomplete'],
  ])('is refused for %s', async (_, username, password, problem) => {
    expect(await browser.attempt({}, { posted: { form: 'login', username, password } })).toMatchObject({
      kind: 'login',
      client: { clientId: 'app' },
      username,
      problem,
    });
  });

  it('begins another session: the one before has ended, and a forged one is none', async () => {
    const before = await browser.signIn();
    expect(await summaryOf({}, { session: before })).toBe('code');
    const after = await browser.signIn({ session: before });
    expect(await summaryOf({}, { session: before })).toBe('login');
    expect(await summaryOf({}, { session: after })).toBe('code');
    const forged = browser.app.nest.get(TokenCodec).mint('sys_');
    expect(await summaryOf({}, { session: forged })).toBe('login');
  });

  it('counts in its own realm', async () => {
    const session = await browser.signIn({ realm: '/alpha' });
    expect(await summaryOf({}, { session, realm: '/alpha' })).toBe('code');
    expect(await summaryOf({}, { session })).toBe('login');
  });
});

describe('prompt and max_age', () => {
  let session: string;
  beforeAll(async () => {
    session = await browser.signIn();
    browser.app.clock.advance(60_000);
  });

  it.each<[Parameters, string]>([
    [{}, 'code'],
    [{ prompt: 'none' }, 'code'],
    [{ prompt: 'login' }, 'login'],
    [{ prompt: 'select_account' }, 'login'],
    [{ prompt: 'consent' }, 'consent'],
    [{ prompt: 'consent login' }, 'login'],
    [{ max_age: '60' }, 'code'],
    [{ max_age: '59' }, 'login'],
    [{ max_age: '0' }, 'login'],
    [{ prompt: 'none', max_age: '60' }, 'code'],
    [{ prompt: 'none', max_age: '59' }, 'error login_required'],
    [{ prompt: 'consent', max_age: '59' }, 'login'],
    [{ client_id: 'asking' }, 'consent'],
    [{ client_id: 'asking', prompt: 'none' }, 'error consent_required'],
    [{ client_id: 'public', redirect_uri: callback, prompt: 'none' }, 'error consent_required'],
  ])('OpenID Connect Core §3.1.2.1: %j → %s', async (parameters, expected) => {
    expect(await summaryOf(parameters, { session })).toBe(expected);
  });

  it('none takes no form', async () => {
    const posted = { form: 'login', username: 'ann', password: 'ann-password' } as const;
    expect(await summaryOf({ prompt: 'none' }, { posted })).toBe('error login_required');
    const asked = { client_id: 'asking', prompt: 'none' };
    expect(await summaryOf(asked, { session, posted: allow })).toBe('error consent_required');
  });
});

describe('consent', () => {
  const asking = { client_id: 'asking' };

  it('is asked for, with what the client wants and where the answer goes', async () => {
    const session = await browser.signIn();
    expect(await browser.attempt({ ...asking, scope: 'write read' }, { session })).toMatchObject({
      kind: 'consent',
      client: { clientId: 'asking' },
      username: 'ann',
      scope: ['write', 'read'],
      destination: 'client.example',
      maySave: true,
    });
  });

  it.each(['allow', 'Allow', 'ALLOW'])('is given by %s', async (decision) => {
    const session = await browser.signIn();
    expect(await summaryOf(asking, { session, posted: { form: 'consent', decision } })).toBe('code');
    expect(await summaryOf(asking, { session })).toBe('consent');
  });

  it.each(['deny', 'allow ', 'yes', undefined])(
    'is refused by %s, even where it is implied',
    async (decision) => {
      const session = await browser.signIn();
      const posted = { form: 'consent', decision } as const;
      expect(await summaryOf(asking, { session, posted })).toBe('error access_denied');
      expect(await summaryOf({}, { session, posted })).toBe('error access_denied');
    },
  );

  it('is remembered for its scopes, and asked for again by prompt=consent', async () => {
    const session = await browser.signIn({ username: 'bob' });
    await browser.attempt({ ...asking, scope: 'read' }, { session, posted: save });
    expect(await summaryOf({ ...asking, scope: 'read' }, { session })).toBe('code');
    expect(await summaryOf({ ...asking, scope: 'read write' }, { session })).toBe('consent');
    expect(await summaryOf({ ...asking, scope: 'read', prompt: 'none' }, { session })).toBe('code');
    const again = { ...asking, scope: 'read', prompt: 'consent' };
    expect(await summaryOf(again, { session })).toBe('consent');
    expect(await summaryOf(again, { session, posted: allow })).toBe('code');
    const others = await browser.signIn();
    expect(await summaryOf({ ...asking, scope: 'read' }, { session: others })).toBe('consent');
    const later = { ...asking, scope: 'write' };
    await browser.attempt(later, { session, posted: save });
    expect(await summaryOf({ ...asking, scope: 'write read' }, { session })).toBe('code');
  });

  it('RFC 8252 §8.6 is not remembered where another application could pretend to be the client', async () => {
    const session = await browser.signIn({ username: 'bob' });
    const local = { client_id: 'public', redirect_uri: 'http://127.0.0.1:3000/callback' };
    expect(await browser.attempt(local, { session })).toMatchObject({
      kind: 'consent',
      destination: '127.0.0.1:3000',
      maySave: false,
    });
    expect(await summaryOf(local, { session, posted: save })).toBe('code');
    expect(await summaryOf(local, { session })).toBe('consent');
    const web = { client_id: 'public', redirect_uri: callback };
    expect(await summaryOf(web, { session })).toBe('consent');
    await browser.attempt(web, { session, posted: save });
    expect(await summaryOf(web, { session })).toBe('code');
    expect(await summaryOf(local, { session })).toBe('consent');
  });
});

it('answers with a code for the scope that is granted', async () => {
  const session = await browser.signIn();
  expect(await browser.attempt({ response_mode: 'fragment' }, { session })).toMatchObject({
    kind: 'code',
    to: { redirectUri: callback, responseMode: 'fragment', state: 'state-1' },
    client: { clientId: 'app' },
    code: expect.stringMatching(/^syc_[A-Za-z0-9_-]{54}$/),
    scope: ['read'],
  });
});

it('records who signs in, who is refused and what is agreed to, without passwords and unknown names', async () => {
  const before = new Set(
    (await browser.app.nest.get(AuditLog).list({ within: '/', limit: 500 })).map(({ id }) => id),
  );
  browser.app.clock.advance(60_000);
  const events = async () => {
    const all = await browser.app.nest.get(AuditLog).list({ within: '/', limit: 500 });
    return all.filter(({ id, actor }) => actor.kind === 'user' && !before.has(id)).reverse();
  };
  const session = await browser.signIn();
  /** Each at a time of its own, because events are listed by time. */
  const attempt = (parameters: Parameters, sent: Sent) => {
    browser.app.clock.advance(1);
    return browser.attempt(parameters, sent);
  };
  const refuse = (username: string) =>
    attempt({}, { posted: { form: 'login', username, password: 'wrong' } });
  await refuse('ann');
  await refuse('ann-password');
  await attempt({ client_id: 'asking' }, { session, posted: allow });
  await attempt({ client_id: 'asking' }, { session, posted: save });
  const actor = (name: string) => ({
    kind: 'user',
    name,
    address: '192.0.2.1',
    correlationId: '00000000-0000-4000-8000-000000000000',
  });
  const consent = { actor: actor('ann'), action: 'consent.granted', realm: '/', name: 'asking' };
  expect(await events()).toEqual(
    [
      { actor: actor('ann'), action: 'user.signed_in', realm: '/', name: 'ann', changes: {} },
      { actor: actor('ann'), action: 'user.sign_in_refused', realm: '/', name: 'ann', changes: {} },
      { actor: actor(''), action: 'user.sign_in_refused', realm: '/', name: undefined, changes: {} },
      { ...consent, changes: { scope: ['read'], saved: false } },
      { ...consent, changes: { scope: ['read'], saved: true } },
    ].map((event): unknown => expect.objectContaining(event)),
  );
  for (let count = 0; count < 20; count += 1) await refuse('ann');
  const refused = async () =>
    (await events()).filter(({ action }) => action === 'user.sign_in_refused').length;
  expect(await refused()).toBe(10);
  browser.app.clock.advance(60_000);
  await refuse('ann');
  expect(await refused()).toBe(11);
});

it('asks the throttle: an address is told to wait, a user is refused as by a wrong password', async () => {
  const settings = { LOGIN_ATTEMPTS: '2', LOGIN_ATTEMPTS_USER: '3' };
  const throttled = await Authorizing.start({ settings });
  const login = (address: string, password: string, username = 'ann') =>
    throttled.attempt({}, { origin: { address }, posted: { form: 'login', username, password } });
  const refused = { kind: 'login', problem: 'wrong_credentials' };
  for (let attempt = 0; attempt < 2; attempt += 1) {
    expect(await login('192.0.2.1', 'wrong')).toMatchObject(refused);
  }
  await expect(login('192.0.2.1', 'ann-password')).rejects.toThrow(TooManyAttempts);
  expect(await login('192.0.2.2', 'wrong')).toMatchObject(refused);
  expect(await login('192.0.2.3', 'ann-password')).toMatchObject(refused);
  expect(await login('192.0.2.1', 'bob-password', 'bob')).toMatchObject({ kind: 'signed_in' });
  await throttled.app.stop();
});
