import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { FastHasher } from '../provisioning/fast-hasher.js';
import { TestApp } from '../support/app.js';
import { canBrowse, startChromium } from '../support/chromium.js';
import { configuration } from '../support/configuration.js';
import { ann, authorize, callback, codeClient } from '../support/sign-in.js';
import { signInWalk, walkedPages } from '../support/sign-in-walk.js';

const folder = fileURLToPath(new URL('../../docs/screenshots/', import.meta.url));
const languages = ['en', 'de'] as const;
const schemes = ['light', 'dark'] as const;
const widths = [320, 1280] as const;

const variants = languages.flatMap((lang) =>
  schemes.flatMap((colorScheme) => widths.map((width) => [lang, colorScheme, width] as const)),
);

const nameOf = (page: string, lang: string, scheme: string, width: number) =>
  `${page.replaceAll(/\W+/g, '-')}-${lang}-${scheme}-${width}.png`;

const update = canBrowse && process.env.UPDATE_SCREENSHOTS === 'on' ? describe : describe.skip;

update('npm run screenshots', () => {
  let app: TestApp;
  let browser: Browser;
  beforeAll(async () => {
    app = await TestApp.start({
      hasher: new FastHasher(),
      configuration: configuration({
        '/': {
          clients: [
            codeClient({
              client_name: 'Travel planner',
              description: 'Plans journeys, and keeps them in your calendar.',
              scopes: ['profile', 'calendar', 'mail'],
              default_scopes: ['profile'],
            }),
          ],
          users: [ann],
          pages: {
            name: 'Example Bank',
            accent: '#0b6e4f',
            scopes: {
              profile: { en: 'Your name and your picture', de: 'Ihr Name und Ihr Bild' },
              calendar: { en: 'Read and change your calendar', de: 'Ihren Kalender lesen und ändern' },
              mail: { en: 'Your mail address', de: 'Ihre E-Mail-Adresse' },
            },
          },
        },
      }),
    });
    browser = await startChromium();
  });
  afterAll(async () => {
    await browser.close();
    await app.stop();
  });

  it.each(variants)('%s, %s, %d px', async (lang, colorScheme, width) => {
    const viewport = { width, height: width === 320 ? 640 : 800 };
    const context = await browser.newContext({ colorScheme, viewport });
    const request = (more = {}) =>
      app.url +
      authorize({ scope: 'profile calendar mail', redirect_uri: callback, ui_locales: lang, ...more });
    const page = await context.newPage();
    await signInWalk(
      page,
      { request, logout: `${app.url}/oauth2/logout?ui_locales=${lang}` },
      async (name) => {
        await page.screenshot({ path: folder + nameOf(name, lang, colorScheme, width), fullPage: true });
      },
    );
    await context.close();
  });
});

it('docs/screenshots has every page in both languages and schemes, at both widths', () => {
  const names = variants.flatMap((variant) => walkedPages.map((page) => nameOf(page, ...variant)));
  const found = readdirSync(folder).filter((name) => name.endsWith('.png'));
  expect(found.sort()).toEqual(names.sort());
  if (process.env.UPDATE_SCREENSHOTS === 'on') writeFileSync(`${folder}README.md`, index());
  expect(readFileSync(`${folder}README.md`, 'utf8')).toBe(index());
});

/** The page that shows all of them. */
function index(): string {
  const sections = walkedPages.map((page) => {
    const images = variants.map(
      (variant) => `![${page}, ${variant.join(', ')} px](${nameOf(page, ...variant)})`,
    );
    return `## ${page[0].toUpperCase()}${page.slice(1)}\n\n${images.join('\n')}\n`;
  });
  return `# Screenshots\n\nThe pages of [signing in](../sign-in.md), as \`npm run screenshots\` finds them.\n\n${sections.join('\n')}`;
}
