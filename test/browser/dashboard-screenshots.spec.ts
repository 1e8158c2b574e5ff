import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { FastHasher } from '../provisioning/fast-hasher.js';
import type { AdminTestApp } from '../support/admin.js';
import { TestApp } from '../support/app.js';
import { canBrowse, startChromium } from '../support/chromium.js';
import { dashboardConfiguration, dashboardPages, fillDashboard } from '../support/dashboard.js';

const folder = fileURLToPath(new URL('../../docs/screenshots/dashboard/', import.meta.url));

/** Every page, and the first two in other windows. */
const shots = [
  ...dashboardPages.map((page) => ({ ...page, scheme: 'light', width: 1280 }) as const),
  { ...dashboardPages[0], scheme: 'dark', width: 1280 } as const,
  { ...dashboardPages[0], scheme: 'light', width: 360 } as const,
  { ...dashboardPages[1], scheme: 'dark', width: 360 } as const,
];

const nameOf = ({ title, scheme, width }: (typeof shots)[number]) =>
  `${title.toLowerCase().replaceAll(' ', '-')}-${scheme}-${width}.png`;

const update = canBrowse && process.env.UPDATE_SCREENSHOTS === 'on' ? describe : describe.skip;

update('npm run screenshots', () => {
  let app: TestApp;
  let admin: AdminTestApp;
  let browser: Browser;
  beforeAll(async () => {
    app = await TestApp.start({ configuration: dashboardConfiguration(), hasher: new FastHasher() });
    admin = await app.admin();
    await fillDashboard(app);
    browser = await startChromium();
  });
  afterAll(async () => {
    await browser.close();
    await app.stop();
  });

  it.each(shots)('$title, $scheme, $width px', async (shot) => {
    const { path, shows, scheme: colorScheme, width } = shot;
    const viewport = { width, height: width === 360 ? 720 : 800 };
    const context = await browser.newContext({ colorScheme, viewport, reducedMotion: 'reduce' });
    const page = await context.newPage();
    await page.clock.setFixedTime(app.clock.now());
    await page.goto(admin.url + path);
    await page.getByLabel('Admin token').fill(await admin.token());
    await page.keyboard.press('Enter');
    await page.getByText(shows).first().waitFor();
    await page.waitForLoadState('networkidle');
    await page.screenshot({ path: folder + nameOf(shot) });
    await context.close();
  });
});

it('docs/screenshots/dashboard has every page', () => {
  expect(readdirSync(folder).sort()).toEqual(shots.map(nameOf).sort());
});
