import { challengeOf } from '../../src/domain/pkce.js';
import { Authorizing, callback, type Parameters } from '../support/authorizing.js';
import type { Answer } from '../support/exchange.js';
import { credentials } from '../support/token-life.js';
import { members, postForm, refusal } from '../support/token-endpoint.js';

let browser: Authorizing;
beforeAll(async () => {
  browser = await Authorizing.start();
});
afterAll(() => browser.app.stop());

const invalidCode = refusal('invalid_grant', 'The authorization code is invalid.');
const none: Parameters = { code_challenge: undefined, code_challenge_method: undefined };

/** A request with the S256 challenge of a verifier. */
const challenged = (verifier: string): Parameters => ({
  code_challenge: challengeOf(verifier),
  code_challenge_method: 'S256',
});

function redeem(code: string, client: string, code_verifier?: string): Promise<Answer> {
  const form = { grant_type: 'authorization_code', code, redirect_uri: callback, ...credentials(client) };
  return postForm(
    browser.app,
    '/oauth2/access_token',
    code_verifier === undefined ? form : { ...form, code_verifier },
  );
}

describe('RFC 7636 §4.6', () => {
  it.each([43, 44, 100, 127, 128])('redeems a code with its verifier of %i characters', async (length) => {
    const verifier = '-._~aZ09'.repeat(20).slice(0, length);
    members(await redeem(await browser.code(challenged(verifier)), 'app', verifier));
  });

  it.each([1, 42, 129, 200])(
    'refuses a verifier of %i characters, though its challenge fits',
    async (length) => {
      const verifier = 'a'.repeat(length);
      const code = await browser.code(challenged(verifier));
      expect(await redeem(code, 'app', verifier)).toEqual(invalidCode);
    },
  );

  it.each(['+', '/', '=', ' ', 'ä', '%', '"'])(
    'refuses a verifier with %j, though its challenge fits',
    async (odd) => {
      const verifier = 'a'.repeat(50) + odd;
      const code = await browser.code(challenged(verifier));
      expect(await redeem(code, 'app', verifier)).toEqual(invalidCode);
    },
  );

  it('refuses the verifier of another request, one in another letter case, and none', async () => {
    const verifier = 'a'.repeat(43);
    const code = await browser.code(challenged(verifier));
    for (const other of ['b'.repeat(43), 'A'.repeat(43), challengeOf(verifier), '', undefined]) {
      expect(await redeem(code, 'app', other)).toEqual(invalidCode);
    }
    members(await redeem(code, 'app', verifier));
  });
});

describe('RFC 9700 §2.1.1', () => {
  const verifier = 'a'.repeat(43);

  it.each<[string, string, Parameters, string]>([
    ['no challenge of a client that needs one', 'app', none, 'error'],
    ['no challenge of a client that need not send one', 'optional', none, 'code'],
    ['S256 of a client that need not send one', 'optional', challenged(verifier), 'code'],
    ['plain', 'app', { code_challenge: verifier, code_challenge_method: 'plain' }, 'error'],
    [
      'plain of a client that need not send one',
      'optional',
      { code_challenge: verifier, code_challenge_method: 'plain' },
      'error',
    ],
    [
      'no method, which means plain',
      'optional',
      { code_challenge: verifier, code_challenge_method: undefined },
      'error',
    ],
    ['a method alone', 'optional', { code_challenge: undefined, code_challenge_method: 'S256' }, 'error'],
    ['a challenge of 42 characters', 'optional', { code_challenge: 'a'.repeat(42) }, 'error'],
    ['a challenge of 44 characters', 'optional', { code_challenge: 'a'.repeat(44) }, 'error'],
  ])('%s → %s', async (_, client_id, parameters, kind) => {
    const session = await browser.signIn();
    expect((await browser.attempt({ client_id, ...parameters }, { session })).kind).toBe(kind);
  });

  it('§4.8.2 refuses the downgrade: a verifier for a code without challenge, and a challenge left out', async () => {
    const bare = await browser.code({ client_id: 'optional', ...none });
    expect(await redeem(bare, 'optional', verifier)).toEqual(invalidCode);
    members(await redeem(bare, 'optional'));
    const proven = await browser.code({ client_id: 'optional', ...challenged(verifier) });
    expect(await redeem(proven, 'optional')).toEqual(invalidCode);
    members(await redeem(proven, 'optional', verifier));
  });
});
