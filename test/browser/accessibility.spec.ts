import axe from 'axe-core';
import type { AxeResults } from 'axe-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { FastHasher } from '../provisioning/fast-hasher.js';
import { TestApp } from '../support/app.js';
import { canBrowse, startChromium } from '../support/chromium.js';
import { ClientApplication } from '../support/client-application.js';
import { configuration } from '../support/configuration.js';
import { ann, authorize, codeClient } from '../support/sign-in.js';
import { signInWalk, walkedPages } from '../support/sign-in-walk.js';

let app: TestApp;
let browser: Browser;
let application: ClientApplication;

const longName = 'An application with a name that is longer than what fits into one line of a telephone';

/** Accents that are hard to read on one of the schemes. */
const accents = { '/': '#1d4f91', '/light': '#ffe9a8', '/dark': '#0b0b2b' };

/** All rules of WCAG 2.2 A and AA, and what axe holds for good practice. */
const run = `axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })`;

/** What is wrong with the page that is shown. */
async function violationsOf(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations, passes } = await page.evaluate<AxeResults>(run);
  expect(passes.length).toBeGreaterThan(10);
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}

/** The widest that the page is, in CSS pixels. */
const widthOf = (page: Page) => page.evaluate<number>('document.documentElement.scrollWidth');

const inBrowser = canBrowse ? describe : describe.skip;

inBrowser('WCAG 2.2 AA, in Chromium', () => {
  beforeAll(async () => {
    application = await ClientApplication.start(() => ({ html: '<!doctype html><title>Done</title>' }));
    const realms = Object.entries(accents).map(([realm, accent]) => [
      realm,
      {
        clients: [
          codeClient({
            client_name: longName,
            description: 'Shows what you have, and changes what you want.',
            redirect_uris: ['http://127.0.0.1/callback'],
            scopes: [
              'read',
              'https://www.example.com/auth/a-scope-that-is-one-very-long-word-without-a-break',
            ],
          }),
        ],
        users: [ann],
        pages: {
          name: 'Example Bank',
          accent,
          scopes: { read: { en: 'Read your data', de: 'Ihre Daten lesen' } },
        },
      },
    ]);
    app = await TestApp.start({
      hasher: new FastHasher(),
      configuration: configuration(Object.fromEntries(realms) as never),
    });
    browser = await startChromium();
  });
  afterAll(async () => {
    await browser.close();
    await app.stop();
    await application.stop();
  });

  const request = (realm: string, more = {}) => {
    const redirect_uri = application.at('127.0.0.1');
    const scope = 'read https://www.example.com/auth/a-scope-that-is-one-very-long-word-without-a-break';
    return app.url + authorize({ redirect_uri, scope, realm, ...more });
  };

  /** Walks over every page in a window of its own; `look` sees each. */
  async function walk(
    options: BrowserContextOptions,
    realm: string,
    lang: string,
    look: (page: Page, name: string) => Promise<void>,
  ): Promise<void> {
    const context = await browser.newContext(options);
    const page = await context.newPage();
    const addresses = {
      request: (more = {}) => request(realm, { ui_locales: lang, ...more }),
      logout: `${app.url}/oauth2/logout?realm=${realm}&ui_locales=${lang}`,
    };
    await signInWalk(page, addresses, (name) => look(page, name));
    await context.close();
  }

  describe.each(['light', 'dark'] as const)('in the %s scheme', (colorScheme) => {
    it.each([
      ['en', '/'],
      ['de', '/'],
      ['en', '/light'],
      ['en', '/dark'],
    ])('axe finds nothing wrong with any page (%s, realm %s)', async (lang, realm) => {
      const found: Record<string, string[]> = {};
      await walk({ colorScheme }, realm, lang, async (page, name) => {
        expect(await page.locator('html').getAttribute('lang')).toBe(lang);
        found[name] = await violationsOf(page);
      });
      expect(found).toEqual(Object.fromEntries(walkedPages.map((name) => [name, []])));
    });
  });

  it('axe would find what is wrong', async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(request('/'));
    await page.evaluate(`document.querySelector('label').remove(); document.documentElement.lang = ''; null`);
    expect((await violationsOf(page)).map((text) => text.split(':')[0])).toEqual(['html-has-lang', 'label']);
    await context.close();
  });

  it.each([320, 640])(
    'no page is wider than a window of %d px (1.4.10; 640 px at 200 %% are 320)',
    async (width) => {
      const context = await browser.newContext({ viewport: { width, height: 256 } });
      const widths: Record<string, number> = {};
      await walk({ viewport: { width, height: 256 } }, '/', 'de', async (page, name) => {
        widths[name] = await widthOf(page);
        // 1.4.4: text alone, twice as large.
        await page.evaluate(`document.documentElement.style.fontSize = '200%'; null`);
        widths[`${name}, large text`] = await widthOf(page);
        await page.evaluate(`document.documentElement.style.fontSize = ''; null`);
      });
      await context.close();
      expect(Object.values(widths).filter((found) => found > width)).toEqual([]);
      expect(Object.keys(widths)).toHaveLength(12);
    },
  );

  it('every control is 24 px or more in both directions (2.5.8)', async () => {
    const small: string[] = [];
    await walk({ viewport: { width: 320, height: 640 } }, '/', 'en', async (page) => {
      for (const control of await page.locator('button, input:not([type=hidden])').all()) {
        const { width = 0, height = 0 } = (await control.boundingBox()) ?? {};
        if (width < 24 || height < 24)
          small.push(await control.evaluate<string, unknown>('(element) => element.outerHTML'));
      }
    });
    expect(small).toEqual([]);
  });

  it('the keyboard alone is enough, and what has the focus can be seen', async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(request('/'));
    const { keyboard } = page;
    const outline = () => page.evaluate<string>('getComputedStyle(document.activeElement).outlineStyle');
    await page.locator('#username:focus').waitFor();
    await keyboard.type('ann');
    await keyboard.press('Tab');
    await keyboard.type('wrong');
    await keyboard.press('Enter');
    await page.getByRole('alert').waitFor();
    // The first empty field.
    await page.locator('#password:focus').waitFor();
    expect(await outline()).toBe('solid');
    await keyboard.type('ann-password');
    await keyboard.press('Tab');
    expect(await outline()).toBe('solid');
    await keyboard.press('Enter');
    await page.locator('[value=allow]').waitFor();
    const order = [];
    for (let step = 0; step < 4; step++) {
      await keyboard.press('Tab');
      expect(await outline()).toBe('solid');
      order.push(
        await page.evaluate<string>('document.activeElement.name ?? document.activeElement.tagName'),
      );
    }
    expect(order).toEqual(['', 'save_consent', 'decision', 'decision']);
    await keyboard.press('Shift+Tab');
    const received = application.next();
    await keyboard.press('Enter');
    expect((await received).url.searchParams.get('code')).toMatch(/^syc_/);
    await context.close();
  });

  it('a password can be pasted (3.3.8)', async () => {
    const context = await browser.newContext({ permissions: ['clipboard-read', 'clipboard-write'] });
    const page = await context.newPage();
    await page.goto(request('/'));
    await page.evaluate(`navigator.clipboard.writeText('ann-password')`);
    await page.locator('#password').focus();
    await page.keyboard.press('Control+V');
    expect(await page.locator('#password').inputValue()).toBe('ann-password');
    await context.close();
  });
});
