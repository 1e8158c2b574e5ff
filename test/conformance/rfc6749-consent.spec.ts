import { FastHasher } from '../provisioning/fast-hasher.js';
import { TestApp } from '../support/app.js';
import { type ClientFields, configuration } from '../support/configuration.js';
import { ann, authorize, callback, codeClient, publicCodeClient, redeem } from '../support/sign-in.js';
import { members } from '../support/token-endpoint.js';
import { parametersOf, type Visit, Visitor } from '../support/visitor.js';

const loopback = 'http://127.0.0.1:3000/callback';

const clients: ClientFields[] = [
  codeClient({
    client_name: '<b>The & "application"</b>',
    description: 'Shows <i>mail</i>',
    scopes: ['read', 'write', 'mail'],
  }),
  codeClient({ client_id: 'trusted', consent: 'implied' }),
  publicCodeClient({ client_id: 'native', redirect_uris: [callback, loopback, 'com.example.app:/cb'] }),
  codeClient({ client_id: 'local', redirect_uris: [loopback] }),
];

let app: TestApp;
beforeAll(async () => {
  app = await TestApp.start({ hasher: new FastHasher(), configuration: realms(clients) });
});
afterAll(() => app.stop());

function realms(list: readonly ClientFields[], users: readonly object[] = [ann]): string {
  const pages = {
    name: 'Example <Bank>',
    accent: '#ffd700',
    scopes: {
      mail: { en: 'Your mail <address>', de: 'Ihre E-Mail-Adresse' },
      write: { en: 'Change things' },
    },
  };
  return configuration({ '/': { clients: list, users, pages } });
}

const isConsent = ({ body }: Visit) => body.includes('name="decision"');

async function signedIn(): Promise<Visitor> {
  const visitor = new Visitor(app);
  await visitor.signIn(authorize({ prompt: 'consent' }));
  return visitor;
}

describe('the consent page', () => {
  it('shows who asks for what, where the answer goes, and who is signed in', async () => {
    const page = await (await signedIn()).get(authorize({ scope: 'read mail write', prompt: 'consent' }));
    const text = page.body.replaceAll(/\s+/g, ' ');
    for (const part of [
      '<p class="brand">Example &#60;Bank&#62;</p>',
      '<h1>&#60;b&#62;The &#38; &#34;application&#34;&#60;/b&#62; asks for access</h1>',
      '<p>Shows &#60;i&#62;mail&#60;/i&#62;</p>',
      '<li>read</li> <li>Your mail &#60;address&#62;</li> <li>Change things</li>'.replaceAll('> <', '><'),
      '<strong>app.example.com</strong>',
      '<strong>ann</strong>',
      '--accent:#ffd700;--on-accent:#000000',
    ]) {
      expect(text).toContain(part);
    }
  });

  it('describes scopes in its language, else in English, else by their names', async () => {
    const page = await (
      await signedIn()
    ).get(authorize({ scope: 'read mail write', ui_locales: 'de', prompt: 'consent' }));
    for (const text of ['read', 'Ihre E-Mail-Adresse', 'Change things'])
      expect(page.body).toContain(`<li>${text}</li>`);
  });

  it.each([
    [loopback, 'a program on this device (127.0.0.1:3000)'],
    ['com.example.app:/cb', 'com.example.app'],
  ])('says that the answer goes to %s', async (redirect_uri, told) => {
    const page = await (await signedIn()).get(authorize({ client_id: 'native', redirect_uri }));
    expect(page.body).toContain(`<strong>${told}</strong>`);
  });
});

describe('a consent', () => {
  it('is asked for each time, unless it is to be remembered', async () => {
    const visitor = await signedIn();
    const page = await visitor.get(authorize());
    expect(parametersOf(await visitor.submit(page, { decision: 'allow' }))).toHaveProperty('code');
    expect(isConsent(await visitor.get(authorize()))).toBe(true);
  });

  it('is remembered for its scopes, and adds to those before', async () => {
    const visitor = await signedIn();
    const remember = { decision: 'allow', save_consent: 'on' };
    const asks = async (scope: string) => isConsent(await visitor.get(authorize({ scope })));
    await visitor.submit(await visitor.get(authorize({ scope: 'read write' })), remember);
    expect(await Promise.all(['read', 'write', 'write read', 'read mail', 'mail'].map(asks))).toEqual([
      false,
      false,
      false,
      true,
      true,
    ]);
    await visitor.submit(await visitor.get(authorize({ scope: 'mail' })), remember);
    expect(await Promise.all(['mail', 'read write mail'].map(asks))).toEqual([false, false]);
    // Another browser, and prompt=none.
    const other = await signedIn();
    expect(parametersOf(await other.get(authorize({ prompt: 'none', scope: 'mail read' })))).toHaveProperty(
      'code',
    );
    expect(isConsent(await other.get(authorize({ prompt: 'consent' })))).toBe(true);
  });

  it('that is refused is not remembered', async () => {
    const visitor = await signedIn();
    const page = await visitor.get(authorize({ client_id: 'local', redirect_uri: loopback }));
    await visitor.submit(page, { decision: 'deny', save_consent: 'on' });
    expect(isConsent(await visitor.get(authorize({ client_id: 'local', redirect_uri: loopback })))).toBe(
      true,
    );
  });

  it('is not asked for where it is implied', async () => {
    const visit = await (await signedIn()).get(authorize({ client_id: 'trusted' }));
    expect(parametersOf(visit)).toHaveProperty('code');
  });

  it.each([
    [callback, true],
    [loopback, false],
    ['com.example.app:/cb', false],
  ])('RFC 8252 §8.6: a public client’s is remembered for %s: %s', async (redirect_uri, remembered) => {
    const visitor = await signedIn();
    const path = authorize({ client_id: 'native', redirect_uri, scope: 'read' });
    const page = await visitor.get(path);
    expect(page.body.includes('name="save_consent"')).toBe(remembered);
    await visitor.submit(page, { decision: 'allow', save_consent: 'on' });
    expect(isConsent(await visitor.get(path))).toBe(!remembered);
  });

  it('ends with its user and with its client, whoever is made under the same name', async () => {
    const path = authorize({ client_id: 'app', scope: 'read' });
    const isRemembered = async () => !isConsent(await (await signedIn()).get(path));
    const remember = async () => {
      const visitor = await signedIn();
      const page = await visitor.get(authorize({ scope: 'read', prompt: 'consent' }));
      await visitor.submit(page, { decision: 'allow', save_consent: 'on' });
      expect(await isRemembered()).toBe(true);
    };
    await remember();
    await app.apply(realms(clients, [{ username: 'ann', state: 'absent' }]));
    await app.apply(realms(clients));
    expect(await isRemembered()).toBe(false);
    await remember();
    await app.apply(realms([{ client_id: 'app', state: 'absent' }, ...clients.slice(1)]));
    await app.apply(realms(clients));
    expect(await isRemembered()).toBe(false);
  });
});

it('what is asked for is what the tokens have', async () => {
  const visitor = await signedIn();
  const page = await visitor.get(authorize({ scope: 'mail read', prompt: 'consent' }));
  const { code, scope } = parametersOf(await visitor.submit(page, { decision: 'allow' }));
  expect(scope).toBe('mail read');
  expect(members(await redeem(app, code)).scope).toBe('mail read');
});
