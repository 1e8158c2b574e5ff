import { hashGeneratedSecret } from '../../src/domain/secret.js';
import { TestApp } from '../support/app.js';
import { client, configuration, publicClient } from '../support/configuration.js';
import { CountingHasher } from '../support/counting-hasher.js';
import { basic, failedClient, postForm, success } from '../support/token-endpoint.js';

const path = '/oauth2/access_token';
const form = { grant_type: 'client_credentials' };
const failed = failedClient('/');

/** Secrets that form-decoding changes, or cannot read. */
const secrets = [
  'plus+sign',
  '+',
  '%',
  '50%',
  '50%off',
  '%4',
  '100%41',
  'a%2Bb',
  '%2525',
  '%0Adam',
  'nul%00',
  '%ED%A0%80',
  '%FF',
  'a+b c%20d',
  'with:colon+',
  'wörd+€😀%',
];

const hasher = new CountingHasher();
let app: TestApp;

beforeAll(async () => {
  const chosen = secrets.map((secret, index) =>
    client({ client_id: `chosen-${index}`, client_secret: secret, client_secret_hash: undefined }),
  );
  const generated = secrets.map((secret, index) =>
    client({ client_id: `generated-${index}`, client_secret_hash: hashGeneratedSecret(secret) }),
  );
  app = await TestApp.start({
    hasher,
    configuration: configuration({
      '/': {
        clients: [
          ...chosen,
          ...generated,
          client({ client_id: 'spaced', client_secret: 'a b', client_secret_hash: undefined }),
          client({ client_id: 'plus', client_secret: 'a+b', client_secret_hash: undefined }),
          client({
            client_id: 'disabled',
            client_secret: 'a+b',
            client_secret_hash: undefined,
            enabled: false,
          }),
          publicClient({ client_id: 'public' }),
          client({ client_id: 'plus+id' }),
        ],
      },
    }),
  });
});
// What an earlier test has had remembered is forgotten.
beforeEach(() => app.clock.advance(60_000));
afterAll(() => app.stop());

function formEncoded(text: string): string {
  return new URLSearchParams({ text }).toString().slice('text='.length);
}

/** Asks for a token with `id:secret` in the header, as the bytes of this text. */
function asked(pair: string) {
  return postForm(app, path, form, basic(pair));
}

describe.each(secrets.map((secret, index) => [secret, index] as const))('the secret %s', (secret, index) => {
  it.each(['chosen', 'generated'])('§2.3.1 is taken as it stands, and form-encoded: %s', async (kind) => {
    const id = `${kind}-${index}`;
    expect(await asked(`${id}:${secret}`)).toEqual(success('read'));
    expect(await asked(`${id}:${formEncoded(secret)}`)).toEqual(success('read'));
    const inForm = { ...form, client_id: id, client_secret: secret };
    expect(await postForm(app, path, inForm)).toEqual(success('read'));
  });

  it('§2.3.1 is taken as it stands by introspection and revocation, too', async () => {
    for (const endpoint of ['/oauth2/introspect', '/oauth2/revoke', '/api/oauth/revoke']) {
      const { status } = await postForm(app, endpoint, { token: 'x' }, basic(`chosen-${index}:${secret}`));
      expect([endpoint, status]).toEqual([endpoint, 200]);
    }
  });

  it('§5.2 is refused where a part of it is wrong', async () => {
    for (const wrong of [`${secret}x`, `x${secret}`, secret.replaceAll(/[+%]/g, '')]) {
      expect(await asked(`chosen-${index}:${wrong}`)).toEqual(failed);
      expect(await asked(`generated-${index}:${wrong}`)).toEqual(failed);
    }
  });
});

describe('the two readings of a secret', () => {
  it('§2.3.1 are decoded first: each client gets its token with what the other one sends', async () => {
    expect(await asked('spaced:a+b')).toEqual(success('read'));
    expect(await asked('plus:a+b')).toEqual(success('read'));
    expect(await asked('plus:a%2Bb')).toEqual(success('read'));
    expect(await asked('spaced:a%2Bb')).toEqual(failed);
  });

  it('§2.3.1 belong to HTTP Basic alone: a form has one', async () => {
    const inForm = (client_id: string, client_secret: string) =>
      postForm(app, path, { ...form, client_id, client_secret });
    expect(await inForm('plus', 'a+b')).toEqual(success('read'));
    expect(await inForm('plus', 'a b')).toEqual(failed);
    expect(await inForm('spaced', 'a+b')).toEqual(failed);
    expect(await inForm('plus', 'a%2Bb')).toEqual(failed);
  });

  it('§2.3.1 are of the secret: an identifier is decoded alone', async () => {
    expect(await asked('plus%2Bid:app-secret')).toEqual(success('read'));
    expect(await asked('plus+id:app-secret')).toEqual(failed);
  });

  const work = (pair: string, answer: unknown) =>
    hasher.during(async () => expect(await asked(pair)).toEqual(answer));

  it('§5.2 cost one check each until one is right, and none while that is remembered', async () => {
    expect(await work('spaced:a+b', success('read'))).toBe(1);
    expect(await work('plus:a+b', success('read'))).toBe(2);
    expect(await work('plus:a+b', success('read'))).toBe(0);
    expect(await work('plus:a%2Bb', success('read'))).toBe(1);
    app.clock.advance(60_000);
    expect(await work('plus:a+b', success('read'))).toBe(2);
  });

  it('§5.2 are remembered together: the wrong one alone stays wrong', async () => {
    expect(await work('plus:a+b', success('read'))).toBe(2);
    const decoded = { ...form, client_id: 'plus', client_secret: 'a b' };
    expect(await postForm(app, path, decoded)).toEqual(failed);
    expect(await asked('plus:a%20b')).toEqual(failed);
  });

  it.each([
    ['a wrong secret', 'plus'],
    ['a wrong generated secret', 'generated-0'],
    ['an unknown client', 'nobody'],
    ['a disabled client', 'disabled'],
    ['a public client', 'public'],
  ])('§5.2 are refused alike, and after as much work: %s', async (_what, id) => {
    expect(await work(`${id}:x%2By`, failed)).toBe(2);
    expect(await work(`${id}:x+y`, failed)).toBe(2);
    expect(await work(`${id}:50%`, failed)).toBe(1);
    expect(await work(`${id}:xy`, failed)).toBe(1);
    expect(await work(`${id}:${'%78'.repeat(1025)}`, failed)).toBe(2);
    expect(await work(`${id}:${'%78'.repeat(1024)}`, failed)).toBe(2);
  });
});
