import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { FastHasher } from '../provisioning/fast-hasher.js';
import { TestApp } from '../support/app.js';
import { canBrowse, startChromium } from '../support/chromium.js';
import { ClientApplication } from '../support/client-application.js';
import { configuration } from '../support/configuration.js';
import { ann, authorize, codeClient, requestParameters } from '../support/sign-in.js';

// Each trap is set once: the same steps fail with the header that a careful author would have sent.

const native = 'com.example.app:/callback';
const done = '<!doctype html><title>Done</title><h1>Done</h1>';

let app: TestApp;
let browser: Browser;
let application: ClientApplication;
let context: BrowserContext;
let page: Page;
const undo: (() => void)[] = [];

if (!canBrowse) it.skip('needs Chromium', () => {});
const inBrowser = canBrowse ? describe : describe.skip;

inBrowser('in Chromium', () => {
  beforeAll(async () => {
    application = await ClientApplication.start(({ url, method }) => {
      const next = url.searchParams.get('next');
      if (next !== null) return { location: next };
      if (url.pathname === '/poster') return { html: poster(url.searchParams.get('to') ?? '') };
      return { html: method === 'POST' ? done : `${done}<script>window.here = true</script>` };
    });
    app = await TestApp.start({
      hasher: new FastHasher(),
      configuration: configuration({
        '/': {
          clients: [
            codeClient({
              redirect_uris: [
                ...['127.0.0.1', 'localhost'].map((host) => `http://${host}/callback`),
                `http://127.0.0.1/callback?next=${encodeURIComponent(application.at('app.localhost', '/third'))}`,
                `http://127.0.0.1/callback?next=${encodeURIComponent(native)}`,
                native,
              ],
            }),
          ],
          users: [ann],
        },
      }),
    });
    browser = await startChromium();
  });
  afterAll(async () => {
    await browser.close();
    await app.stop();
    await application.stop();
  });
  beforeEach(async () => {
    context = await browser.newContext({ locale: 'en-GB' });
    page = await context.newPage();
  });
  afterEach(async () => {
    for (const restore of undo.splice(0)) restore();
    await context.close();
  });

  /** A page of the application that posts an authorization request as soon as it is loaded. */
  function poster(to: string): string {
    const fields = requestParameters({ redirect_uri: application.at('127.0.0.1') }).map(
      ([name, value]) => `<input type="hidden" name="${name}" value="${value}">`,
    );
    return `<form method="post" action="${to}">${fields.join('')}</form><script>document.forms[0].submit()</script>`;
  }

  /** The URL of a request that leads back to the application. */
  const request = (redirect_uri: string, more = {}) => app.url + authorize({ redirect_uri, ...more });

  async function signIn(url: string): Promise<void> {
    await page.goto(url);
    await page.getByLabel('User name').fill('ann');
    await page.getByLabel('Password').fill('ann-password');
    await page.getByRole('button', { name: 'Sign in' }).click();
  }

  const allow = () => page.getByRole('button', { name: 'Allow' }).click();

  /** From now on our pages have another header, as another author would have sent it; until the end of the test. */
  function withHeader(name: string, change: (value: string | undefined) => string | undefined): void {
    const patch = (_request: IncomingMessage, response: ServerResponse) => {
      const writeHead = response.writeHead.bind(response);
      response.writeHead = ((status: number, head: string[]) => {
        const at = head.findIndex((text, index) => index % 2 === 0 && text.toLowerCase() === name);
        const value = change(at < 0 ? undefined : head[at + 1]);
        const rest = at < 0 ? head : head.toSpliced(at, 2);
        return writeHead(status, value === undefined ? rest : [...rest, name, value]);
      }) as typeof response.writeHead;
    };
    app.server.prependListener('request', patch);
    undo.push(() => app.server.off('request', patch));
  }

  /** The console's complaints about a policy. */
  function violations(): string[] {
    const found: string[] = [];
    page.on('console', (message) => {
      if (/Content Security Policy|form-action/.test(message.text())) found.push(message.text());
    });
    return found;
  }

  describe('CSP: the callback goes on to a third origin after the consent form', () => {
    const url = () =>
      request(
        `${application.at('127.0.0.1')}?next=${encodeURIComponent(application.at('app.localhost', '/third'))}`,
      );

    it('with our policy', async () => {
      const found = violations();
      await signIn(url());
      await allow();
      await page.getByRole('heading', { name: 'Done' }).waitFor();
      expect(new URL(page.url()).hostname).toBe('app.localhost');
      expect(found).toEqual([]);
    });

    it('and not with form-action, even if that names the callback', async () => {
      withHeader(
        'content-security-policy',
        (value = '') => `${value}; form-action 'self' http://127.0.0.1:*`,
      );
      const found = violations();
      await signIn(url());
      await allow();
      await waitUntil(() => found.length > 0);
      expect(page.url().startsWith(app.url)).toBe(true);
    });
  });

  describe('CSP: the answer goes to an application of the device', () => {
    it.each([
      ['at once', () => native],
      ['by a callback', () => `${application.at('127.0.0.1')}?next=${encodeURIComponent(native)}`],
    ])('%s', async (_how, redirectUri) => {
      const found = violations();
      const opened = new Promise<string>((resolve) => {
        void context.newCDPSession(page).then(async (session) => {
          session.on('Network.requestWillBeSent', ({ request: { url } }) => {
            if (url.startsWith('com.example.app:')) resolve(url);
          });
          await session.send('Network.enable');
        });
        page.on('response', (response) => {
          const { location = '' } = response.headers();
          if (location.startsWith('com.example.app:')) resolve(location);
        });
      });
      await signIn(request(redirectUri()));
      await allow();
      expect(await opened).toMatch(/^com\.example\.app:\/callback/);
      expect(found).toEqual([]);
    });
  });

  describe('Referrer-Policy: the forms name their origin', () => {
    const originOfLogin = async () => {
      const sent = page.waitForRequest((request) => request.method() === 'POST');
      await signIn(request(application.at('127.0.0.1')));
      return (await sent).headerValue('origin');
    };

    it('with ours', async () => {
      expect(await originOfLogin()).toBe(app.url);
      await page.getByRole('button', { name: 'Allow' }).waitFor();
    });

    it('and not with no-referrer', async () => {
      withHeader('referrer-policy', () => 'no-referrer');
      expect(await originOfLogin()).toBe('null');
    });

    it('and the application learns nothing of our URL', async () => {
      await signIn(request(application.at('127.0.0.1')));
      const received = application.next();
      await allow();
      expect((await received).referer).toBeUndefined();
    });
  });

  describe('Cross-Origin-Opener-Policy: an application that has opened us in a window', () => {
    /** Whether the window that opened us still has the callback's window. */
    async function keepsItsWindow(): Promise<boolean> {
      const opener = page;
      await opener.goto(application.at('127.0.0.1', '/opener'));
      const opened = context.waitForEvent('page');
      await opener.evaluate(
        `window.popup = window.open(${JSON.stringify(request(application.at('127.0.0.1')))}); null`,
      );
      page = await opened;
      await page.waitForLoadState();
      await signIn(page.url());
      await allow();
      await page.getByRole('heading', { name: 'Done' }).waitFor();
      return opener.evaluate<boolean>('!window.popup.closed && window.popup.here === true');
    }

    it('keeps it with our headers', async () => {
      expect(await keepsItsWindow()).toBe(true);
    });

    it('and not with same-origin', async () => {
      withHeader('cross-origin-opener-policy', () => 'same-origin');
      expect(await keepsItsWindow()).toBe(false);
    });
  });

  describe('no sign-in loops', () => {
    it.each([
      { prompt: 'login' },
      { prompt: 'select_account' },
      { max_age: '0' },
      { prompt: 'login consent', max_age: '0' },
    ])('%j: one is enough', async (more) => {
      await signIn(request(application.at('127.0.0.1'), more));
      await allow();
      await page.getByRole('heading', { name: 'Done' }).waitFor();
      expect(new URL(page.url()).searchParams.get('code')).toMatch(/^syc_/);
    });

    it('without cookies the login form says so, and asks no second time', async () => {
      withHeader('set-cookie', () => undefined);
      await signIn(request(application.at('127.0.0.1')));
      expect(await page.getByRole('alert').textContent()).toMatch(/out of date/);
    });
  });

  describe('SameSite: a request that another site posts', () => {
    it('finds the session', async () => {
      await signIn(request(application.at('127.0.0.1')));
      await page.getByRole('button', { name: 'Allow' }).waitFor();
      await page.goto(
        `${application.at('localhost', '/poster')}?to=${encodeURIComponent(`${app.url}/oauth2/authorize`)}`,
      );
      await page.getByRole('button', { name: 'Allow' }).waitFor();
      expect(page.url()).toContain(`${app.url}/oauth2/authorize?response_type=code&client_id=app`);
    });
  });

  describe('form_post', () => {
    const state = '"<&>\r\n é😀';
    const url = () => request(application.at('localhost'), { response_mode: 'form_post', state });

    it('posts the answer by its script, to the byte', async () => {
      await signIn(url());
      const received = application.next();
      await allow();
      const { method, form, url: at } = await received;
      expect([method, at.pathname, at.search, form.get('state')]).toEqual(['POST', '/callback', '', state]);
      expect(form.get('code')).toMatch(/^syc_/);
    });

    it('posts it by its button where scripts are off', async () => {
      await context.close();
      context = await browser.newContext({ javaScriptEnabled: false, locale: 'en-GB' });
      page = await context.newPage();
      await signIn(url());
      await allow();
      const received = application.next();
      await page.getByRole('button', { name: 'Continue' }).click();
      expect((await received).form.get('state')).toBe(state);
    });
  });

  describe('no state is lost', () => {
    it('by a reload, by going back, or in a second tab', async () => {
      const url = request(application.at('127.0.0.1'));
      await signIn(url);
      await page.getByRole('button', { name: 'Allow' }).waitFor();
      await page.reload();
      await page.getByRole('button', { name: 'Allow' }).waitFor();
      const second = await context.newPage();
      await second.goto(`${url}&nonce=second`);
      await second.getByRole('button', { name: 'Deny' }).click();
      await second.getByRole('heading', { name: 'Done' }).waitFor();
      expect(new URL(second.url()).searchParams.get('error')).toBe('access_denied');
      await second.goBack();
      await second.getByRole('button', { name: 'Allow' }).click();
      await second.getByRole('heading', { name: 'Done' }).waitFor();
      await allow();
      await page.getByRole('heading', { name: 'Done' }).waitFor();
      expect(new URL(page.url()).searchParams.get('code')).toMatch(/^syc_/);
    });
  });
});

/** Waits for what no event tells. The test's own time limit ends it. */
async function waitUntil(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 20));
}
