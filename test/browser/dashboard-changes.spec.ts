import type { Browser, Page } from 'playwright-core';
import { FastHasher } from '../provisioning/fast-hasher.js';
import type { AdminTestApp } from '../support/admin.js';
import { TestApp } from '../support/app.js';
import { canBrowse, startChromium } from '../support/chromium.js';
import { dashboardConfiguration, fillDashboard } from '../support/dashboard.js';
import { logInAt, openDashboard, violationsOf } from '../support/dashboard-window.js';

let app: TestApp;
let admin: AdminTestApp;
let browser: Browser;
let changer: string;

const openWindow = () => openDashboard({ app, admin, browser });
const logIn = (page: Page, path: string) => logInAt(admin, page, path, changer);

const inBrowser = canBrowse ? describe : describe.skip;

inBrowser('changes by the dashboard, in Chromium', () => {
  beforeAll(async () => {
    app = await TestApp.start({ configuration: dashboardConfiguration(), hasher: new FastHasher() });
    admin = await app.admin();
    await fillDashboard(app);
    changer = await admin.token({ clientId: 'write', scope: ['admin'] });
    browser = await startChromium();
  });
  afterAll(async () => {
    await browser.close();
    await app.stop();
  });

  describe.each(['light', 'dark'] as const)('in the %s scheme', (colorScheme) => {
    it.each([360, 1280])(
      'at %d px details, forms and explanations fit, and axe finds nothing wrong with them',
      async (width) => {
        const asked = await admin.token();
        const window = { colorScheme, viewport: { width, height: 720 } };
        const { context, page, faults } = await openDashboard({ app, admin, browser }, window);
        const found: Record<string, string[]> = {};
        const look = async (name: string) => {
          found[name] = await violationsOf(page);
          expect([name, await page.evaluate('document.documentElement.scrollWidth')]).toEqual([name, width]);
        };
        for (const [path, heading] of [
          ['/clients?realm=/alpha&name=billing', 'billing'],
          ['/users?realm=/alpha&name=demo', 'demo'],
          ['/realms?name=/alpha', '/alpha'],
          ['/clients?realm=/alpha&new=yes', 'New client'],
          ['/realms?new=yes', 'New realm'],
        ]) {
          await logIn(page, path);
          await page.getByRole('heading', { name: heading, exact: true }).waitFor();
          await look(path);
        }
        await logIn(page, '/tokens');
        await page.getByLabel('Token', { exact: true }).fill(asked);
        await page.keyboard.press('Enter');
        await page.getByRole('heading', { name: 'The token is active' }).waitFor();
        await look('explanation');
        await context.close();
        expect(found).toEqual(Object.fromEntries(Object.keys(found).map((name) => [name, []])));
        expect(faults).toEqual([]);
      },
    );
  });

  it('copies a new secret', async () => {
    const { context, page } = await openWindow();
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await logIn(page, '/clients?realm=/alpha/partners&new=yes');
    await page.locator('input[name=client_id]').fill('copied');
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: "The client's secret" });
    await dialog.getByRole('button', { name: 'Copy' }).click();
    await dialog.getByText('Copied').waitFor();
    const copied = await page.evaluate<string>('navigator.clipboard.readText()');
    expect(copied).toBe(await dialog.locator('code').innerText());
    await context.close();
  });

  it('ends all tokens of a user', async () => {
    const { context, page } = await openWindow();
    const ended = await admin.token({ realm: '/alpha', clientId: 'billing', username: 'demo' });
    const headers = { authorization: `Bearer ${ended}` };
    const status = async () => (await fetch(`${app.url}/oauth2/tokeninfo`, { headers })).status;
    expect(await status()).toBe(200);
    await logIn(page, '/users?realm=/alpha&name=demo');
    await page.getByRole('button', { name: 'End all tokens' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'End all tokens' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await status()).toBe(401);
    await context.close();
  });

  it('lists clients by their state and grant type', async () => {
    const { context, page } = await openWindow();
    const headers = { 'if-match': '*', 'content-type': 'application/json' };
    for (const [name, body] of [
      ['billing', { enabled: false }],
      ['mobile-app', { grant_types: ['password'] }],
    ] as const) {
      const path = `/admin/v1/clients/${name}?realm=/alpha`;
      const answer = await admin.ask(changer, { method: 'PATCH', path, headers, body: JSON.stringify(body) });
      expect(answer.status).toBe(200);
    }
    await logIn(page, '/clients?realm=/alpha');
    const rows = page.locator('tbody tr');
    await page.getByRole('link', { name: 'billing' }).waitFor();
    expect(await rows.count()).toBeGreaterThan(4);
    await page.getByLabel('State').selectOption('disabled');
    await page.getByText('1 shown, no more').waitFor();
    expect(await rows.allInnerTexts()).toEqual([expect.stringMatching(/^billing\b/)]);
    await page.getByLabel('State').selectOption('enabled');
    await page.getByRole('link', { name: 'billing' }).waitFor({ state: 'detached' });
    await page.getByLabel('State').selectOption('');
    await page.getByLabel('Grant type').selectOption('client_credentials');
    await page.getByRole('link', { name: 'mobile-app' }).waitFor({ state: 'detached' });
    await page.getByRole('link', { name: 'orders-api' }).waitFor();
    expect(page.url()).toContain('grant_type=client_credentials');
    await context.close();
  });

  it('takes the version of whoever was quicker, and stores nothing by that', async () => {
    const { context, page } = await openWindow();
    await logIn(page, '/clients?name=warehouse&edit=yes');
    await page.locator('input[name=client_name]:focus').waitFor();
    await page.keyboard.type('Mine');
    const headers = { 'if-match': '*', 'content-type': 'application/json' };
    const path = '/admin/v1/clients/warehouse';
    const body = JSON.stringify({ client_name: 'Theirs' });
    expect((await admin.ask(changer, { method: 'PATCH', path, headers, body })).status).toBe(200);
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Somebody else has changed it meanwhile' });
    await dialog.getByRole('button', { name: 'Take theirs' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('Theirs');
    expect((await admin.get(changer, path)).json).toMatchObject({ client_name: 'Theirs' });
    await context.close();
  });

  it('adds a realm and a user in it; deletes the user, and the realm only with all that it holds', async () => {
    const { context, page } = await openWindow();
    await logIn(page, '/realms?new=yes');
    await page.locator('input[name=name]').fill('/alpha/shop');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: '/alpha/shop' }).waitFor();
    await logIn(page, '/users?realm=/alpha/shop&new=yes');
    for (const [name, value] of [
      ['username', 'ann'],
      ['password', 'correct horse'],
    ]) {
      await page.locator(`input[name=${name}]`).fill(value);
    }
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'ann' }).waitFor();
    await logIn(page, '/realms?name=/alpha/shop');
    const remove = async (title: string, name: string) => {
      const dialog = page.getByRole('dialog', { name: title, exact: true });
      await dialog.locator('input').fill(name);
      await dialog.getByRole('button', { name: title, exact: true }).click();
    };
    await page.getByRole('button', { name: 'Delete' }).click();
    await remove('Delete', '/alpha/shop');
    await page.getByText('Nothing is deleted yet: the realm has clients or users.').waitFor();
    expect((await admin.get(changer, '/admin/v1/users/ann?realm=/alpha/shop')).status).toBe(200);
    expect(await page.getByRole('dialog').locator('input').inputValue()).toBe('');
    expect(await violationsOf(page)).toEqual([]);
    await remove('Delete with all that it holds', '/alpha/shop');
    await page.getByRole('link', { name: '/alpha/partners' }).waitFor();
    expect((await admin.get(changer, '/admin/v1/realms/%2Falpha%2Fshop')).status).toBe(404);
    await logIn(page, '/users?realm=/alpha/partners&name=demo');
    await page.getByRole('button', { name: 'Delete' }).click();
    await remove('Delete', 'demo');
    await page.getByText('No user of this realm fits the filters.').waitFor();
    expect((await admin.get(changer, '/admin/v1/users/demo?realm=/alpha/partners')).status).toBe(404);
    await context.close();
  });

  it('sorts a table by a column, by the keyboard too', async () => {
    const { context, page } = await openWindow();
    await logIn(page, '/traffic?by=client');
    const names = async () =>
      (await page.locator('tbody td:first-child').allInnerTexts()).map((name) => name.trim());
    await page.getByRole('link', { name: 'billing' }).waitFor();
    const busiest = await names();
    const heading = page.getByRole('columnheader', { name: 'Client' });
    await heading.getByRole('button').focus();
    await page.keyboard.press('Enter');
    expect(await heading.getAttribute('aria-sort')).toBe('ascending');
    expect(await names()).toEqual([...busiest].sort((one, other) => one.localeCompare(other)));
    await page.keyboard.press('Enter');
    expect(await heading.getAttribute('aria-sort')).toBe('descending');
    await page.getByRole('columnheader', { name: 'Messages' }).getByRole('button').click();
    expect(await names()).toEqual(busiest);
    await context.close();
  });
});
