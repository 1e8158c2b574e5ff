import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { AdminCode } from '../../src/domain/admin-code.js';
import { FastHasher } from '../provisioning/fast-hasher.js';
import type { AdminTestApp } from '../support/admin.js';
import { TestApp } from '../support/app.js';
import { canBrowse, startChromium } from '../support/chromium.js';
import { dashboardConfiguration, dashboardPages, fillDashboard } from '../support/dashboard.js';
import { logInAt, openDashboard, tabTo, violationsOf } from '../support/dashboard-window.js';

let app: TestApp;
let admin: AdminTestApp;
let browser: Browser;
let token: string;

/** Opens a window of the dashboard. */
const openWindow = (options?: BrowserContextOptions) => openDashboard({ app, admin, browser }, options);

/** Logs in by typing a token. */
const logIn = (page: Page, path = '/', value = token) => logInAt(admin, page, path, value);

const changer = () => admin.token({ clientId: 'write', scope: ['admin'] });

/** What a window of the browser has kept. */
async function keptIn(context: BrowserContext, page: Page): Promise<string> {
  const storage = await page.evaluate<string>('JSON.stringify([{ ...localStorage }, { ...sessionStorage }])');
  return storage + page.url() + JSON.stringify(await context.cookies());
}

const inBrowser = canBrowse ? describe : describe.skip;

inBrowser('the dashboard, in Chromium', () => {
  beforeAll(async () => {
    app = await TestApp.start({ configuration: dashboardConfiguration(), hasher: new FastHasher() });
    admin = await app.admin();
    await fillDashboard(app);
    token = await admin.token();
    browser = await startChromium();
  });
  afterAll(async () => {
    await browser.close();
    await app.stop();
  });

  describe.each(['light', 'dark'] as const)('in the %s scheme', (colorScheme) => {
    it.each([360, 1280])('at %d px every page fits, and axe finds nothing wrong with it', async (width) => {
      const { context, page, faults } = await openWindow({ colorScheme, viewport: { width, height: 720 } });
      const found: Record<string, string[]> = {};
      await page.goto(admin.url);
      await page.getByLabel('Admin token').waitFor();
      found.login = await violationsOf(page);
      await logIn(page);
      for (const { title, shows } of dashboardPages) {
        await page.getByRole('navigation', { name: 'Pages' }).getByText(title, { exact: true }).click();
        await page.getByText(shows).first().waitFor();
        found[title] = await violationsOf(page);
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
      }
      await context.close();
      const names = ['login', ...dashboardPages.map(({ title }) => title)];
      expect(found).toEqual(Object.fromEntries(names.map((name) => [name, []])));
      expect(faults).toEqual([]);
    });
  });

  it('shows a refused token at its field, keeps what was typed, and keeps no token anywhere', async () => {
    const { context, page } = await openWindow();
    await page.goto(admin.url);
    await page.locator(':focus').waitFor();
    await page.keyboard.type('wrong');
    await page.keyboard.press('Enter');
    await page.getByText('The token is unknown, expired or revoked.').waitFor();
    expect(await page.getByLabel('Admin token').inputValue()).toBe('wrong');
    expect(await page.evaluate('document.activeElement.name')).toBe('token');
    await page.keyboard.press('Control+A');
    await page.keyboard.type(token);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Now' }).waitFor();
    expect(await keptIn(context, page)).not.toContain(token);
    await page.reload();
    await page.getByLabel('Admin token').waitFor();
    await context.close();
  });

  it('logs in by a code in the address, once, and removes it at once', async () => {
    const { context, page } = await openWindow();
    const code = app.nest.get(AdminCode).show();
    await page.goto(`${admin.url}/traffic?window=5d#code=${code}`);
    await page.getByRole('heading', { name: 'Traffic' }).waitFor();
    expect(page.url()).toBe(`${admin.url}/traffic?window=5d`);
    expect(await page.evaluate('history.length')).toBe(2);
    await page.goto(`${admin.url}/#code=${code}`);
    await page.getByText('This address was used before').waitFor();
    expect(page.url()).toBe(`${admin.url}/`);
    await context.close();
  });

  it('asks for another token when one has ended, and keeps the page', async () => {
    const { context, page } = await openWindow();
    const ended = await admin.token();
    await page.clock.install({ time: app.clock.now() });
    await logIn(page, '/refusals?reason=expired', ended);
    await page.getByText('Show more').waitFor();
    await page.route('**/admin/v1/refusals*', (route) => {
      const headers = { ...route.request().headers(), authorization: 'Bearer ended' };
      return route.continue({ headers });
    });
    await page.clock.runFor(10_000);
    await page.getByRole('dialog', { name: 'The token is not active any more' }).waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await page.unroute('**/admin/v1/refusals*');
    await page.getByLabel('Admin token').fill(token);
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(page.url()).toBe(`${admin.url}/refusals?reason=expired`);
    expect(await page.getByLabel('Reason').inputValue()).toBe('expired');
    await context.close();
  });

  it('is used by the keyboard alone: pages, rows, search and help', async () => {
    const { context, page } = await openWindow();
    await logIn(page);
    const { keyboard } = page;
    await page.getByText('expired').first().waitFor();
    await keyboard.press('g');
    await keyboard.press('r');
    await page.getByText('Show more').waitFor();
    await keyboard.press('j');
    await keyboard.press('j');
    await keyboard.press('k');
    await keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Why was it refused?' }).getByText('Correlation id').waitFor();
    const id = new URL(page.url()).searchParams.get('id') ?? '';
    await keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(page.url()).toBe(`${admin.url}/refusals`);
    await keyboard.press('g');
    await keyboard.press('s');
    await page.getByRole('heading', { name: 'System' }).waitFor();
    await keyboard.press('/');
    await keyboard.type(id);
    await page.getByRole('option', { name: id }).waitFor();
    await keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Why was it refused?' }).waitFor();
    await keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keys' }).waitFor();
    // WCAG 2.2, 2.1.4: keys of one character can be switched off.
    await page.getByLabel('Use these keys').focus();
    await keyboard.press('Space');
    await keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await keyboard.press('g');
    await keyboard.press('t');
    expect(page.url()).toContain('/refusals');
    await context.close();
  });

  it('follows rows from a service to its methods and their clients, in the URL', async () => {
    const { context, page } = await openWindow();
    await logIn(page, '/traffic');
    await page.getByRole('link', { name: '/oauth2/token', exact: true }).click();
    await page.getByRole('link', { name: 'password', exact: true }).click();
    await page.getByRole('link', { name: 'crm-import', exact: true }).waitFor();
    expect(page.url()).toBe(`${admin.url}/traffic?service=%2Foauth2%2Ftoken&by=client&method=password`);
    await page.getByRole('link', { name: /^method/ }).click();
    await page.getByRole('link', { name: 'orders-api', exact: true }).waitFor();
    await context.close();
  });

  it('reads a chart as a table, a list page by page, and says why what is empty is so', async () => {
    const { context, page } = await openWindow();
    await logIn(page);
    await page.getByRole('button', { name: 'as table' }).first().click();
    const chart = page.getByRole('region', { name: 'How much is asked?' });
    expect(await chart.getByRole('row').count()).toBeGreaterThan(50);
    await page.goto(`${admin.url}/refusals`);
    await logIn(page, '/refusals');
    await page.getByRole('button', { name: 'Show more' }).click();
    await page.getByText('100 shown').waitFor();
    await page.getByLabel('Reason').fill('code_reuse');
    await page.getByText('No refused request of the last 24 hours fits the filters.').waitFor();
    expect(page.url()).toBe(`${admin.url}/refusals?reason=code_reuse`);
    await context.close();
  });

  it('says what a token has no right to see, and shows its realm', async () => {
    const { context, page } = await openWindow();
    await logIn(page, '/', await admin.token({ realm: '/alpha' }));
    await page.getByText('only a token of the root realm may see it').waitFor();
    expect(await page.getByRole('combobox', { name: 'Realm' }).inputValue()).toBe('/alpha and below');
    await page.getByText('billing').waitFor();
    expect(await page.getByText('legacy-gateway').count()).toBe(0);
    await context.close();
  });

  it('says that the server does not answer, keeps what is shown, and tries again', async () => {
    const { context, page } = await openWindow();
    await page.clock.install({ time: app.clock.now() });
    await page.route('**/admin/v1/audit*', (route) => route.abort());
    await logIn(page, '/audit');
    await page.getByText('The server does not answer.').waitFor();
    await page.unroute('**/admin/v1/audit*');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('mobile-app').first().waitFor();
    await page.route('**/admin/v1/audit*', (route) => route.abort());
    await page.clock.runFor(11_000);
    await page.getByText('could not be renewed').waitFor();
    expect(await page.getByText('mobile-app').count()).toBeGreaterThan(0);
    await context.close();
  });

  it('changes a client by the keyboard alone, with the reasons of the server at their fields', async () => {
    const { context, page } = await openWindow();
    await logIn(page, '/', await changer());
    const { keyboard } = page;
    await keyboard.press('g');
    await keyboard.press('c');
    await page.getByRole('link', { name: 'legacy-gateway', exact: true }).waitFor();
    await keyboard.press('j');
    await keyboard.press('Enter');
    await page.getByRole('heading', { name: 'legacy-gateway' }).waitFor();
    await tabTo(page, 'Edit');
    await keyboard.press('Enter');
    await page.locator('input[name=client_name]:focus').waitFor();
    await keyboard.type('Old gateway');
    await tabTo(page, 'access_token_lifetime');
    await keyboard.press('Control+A');
    await keyboard.type('soon');
    await keyboard.press('Enter');
    const lifetime = page.getByLabel('Lifetime of access tokens');
    await page.locator('input[name=access_token_lifetime][aria-invalid=true]:focus').waitFor();
    expect(await lifetime.inputValue()).toBe('soon');
    expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('Old gateway');
    expect(await violationsOf(page)).toEqual([]);
    await keyboard.press('Control+A');
    await keyboard.type('600');
    await keyboard.press('Enter');
    await page.getByText('Old gateway').waitFor();
    const { json } = await admin.get(token, '/admin/v1/clients/legacy-gateway');
    expect(json).toMatchObject({ client_name: 'Old gateway', access_token_lifetime: 600 });
    await context.close();
  });

  it('shows both versions when somebody else was quicker, and goes on with the chosen one', async () => {
    const { context, page } = await openWindow();
    const { keyboard } = page;
    const by = await changer();
    await logIn(page, '/clients?name=warehouse&edit=yes', by);
    await page.locator('input[name=client_name]:focus').waitFor();
    await keyboard.type('Mine');
    const headers = { 'If-Match': '*', 'Content-Type': 'application/json', Authorization: `Bearer ${by}` };
    const body = JSON.stringify({ client_name: 'Theirs', description: 'Also theirs' });
    const path = `${admin.url}/admin/v1/clients/warehouse`;
    expect((await fetch(path, { method: 'PATCH', headers, body })).status).toBe(200);
    await keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Somebody else has changed it meanwhile' });
    await dialog.getByRole('row', { name: 'Name Mine Theirs' }).waitFor();
    expect(await violationsOf(page)).toEqual([]);
    await tabTo(page, 'Keep my changes');
    await keyboard.press('Enter');
    await dialog.waitFor({ state: 'detached' });
    await tabTo(page, 'Save');
    await keyboard.press('Enter');
    await page.getByText('Also theirs').waitFor();
    const { json } = await admin.get(token, '/admin/v1/clients/warehouse');
    expect(json).toMatchObject({ client_name: 'Mine', description: 'Also theirs' });
    await context.close();
  });

  it('rotates a secret by the keyboard alone, and shows the new one once', async () => {
    const { context, page, faults } = await openWindow();
    const { keyboard } = page;
    await logIn(page, '/clients?realm=/alpha&name=billing', await changer());
    await page.getByRole('button', { name: 'Rotate the secret' }).waitFor();
    await tabTo(page, 'Rotate the secret');
    await keyboard.press('Enter');
    await page.locator('dialog input:focus').waitFor();
    await keyboard.press('Enter');
    const secret = page.getByRole('dialog', { name: "The client's secret" });
    await secret.waitFor();
    const value = await secret.locator('code').innerText();
    expect(value.length).toBeGreaterThan(20);
    expect(await violationsOf(page)).toEqual([]);
    await keyboard.press('Escape');
    await page.getByRole('cell', { name: 'previous' }).waitFor();
    expect(await page.content()).not.toContain(value);
    await tabTo(page, 'End the previous secret');
    await keyboard.press('Enter');
    await page.getByRole('dialog').getByRole('button', { name: 'End the previous secret' }).focus();
    await keyboard.press('Enter');
    await page.getByRole('cell', { name: 'previous' }).waitFor({ state: 'detached' });
    expect(faults).toEqual([]);
    await context.close();
  });

  it('adds a client with a secret that is shown once, and deletes it when its name is typed', async () => {
    const { context, page } = await openWindow();
    const { keyboard } = page;
    await logIn(page, '/clients?realm=/alpha/partners&new=yes', await changer());
    await page.locator('input[name=client_id]:focus').waitFor();
    await keyboard.type('kiosk');
    await keyboard.press('Enter');
    await page.getByRole('dialog', { name: "The client's secret" }).waitFor();
    await keyboard.press('Escape');
    await page.getByRole('heading', { name: 'kiosk' }).waitFor();
    await page.getByRole('button', { name: 'Delete' }).click();
    await page.locator('dialog input:focus').waitFor();
    await keyboard.type('kios');
    expect(await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).isDisabled()).toBe(true);
    await keyboard.type('k');
    await keyboard.press('Enter');
    await page.getByRole('link', { name: 'partner-portal' }).waitFor();
    expect(await page.getByRole('link', { name: 'kiosk' }).count()).toBe(0);
    await context.close();
  });

  it('gives a user a password, and disables the user', async () => {
    const { context, page } = await openWindow();
    const { keyboard } = page;
    await logIn(page, '/users?realm=/alpha/partners&name=demo', await changer());
    await page.getByRole('button', { name: 'Set a password' }).click();
    await page.locator('dialog input:focus').waitFor();
    await keyboard.type('another-password');
    await keyboard.press('Enter');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Disable' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Disable' }).click();
    await page.getByRole('button', { name: 'Enable' }).waitFor();
    const { json } = await admin.get(token, '/admin/v1/users/demo?realm=/alpha/partners');
    expect(json).toMatchObject({ enabled: false });
    await context.close();
  });

  it('offers no change to a token that may only look, and finds a client by the search', async () => {
    const { context, page } = await openWindow();
    await logIn(page, '/realms');
    await page.getByRole('link', { name: '/alpha/partners' }).waitFor();
    expect(await page.getByRole('link', { name: 'New realm' }).count()).toBe(0);
    await page.keyboard.press('/');
    await page.keyboard.type('partner-p');
    await page.getByRole('option', { name: 'partner-portal' }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByText('This token may look, but change nothing.').waitFor();
    expect(page.url()).toBe(`${admin.url}/clients?realm=%2Falpha%2Fpartners&name=partner-portal`);
    await page.getByRole('cell', { name: 'current' }).waitFor();
    expect(await page.locator('main button').count()).toBe(0);
    await context.close();
  });

  it('explains a token and ends it by the keyboard alone, and keeps its value nowhere', async () => {
    const { context, page, faults } = await openWindow();
    const { keyboard } = page;
    const asked = await admin.token();
    await logIn(page, '/', await changer());
    await keyboard.press('g');
    await keyboard.press('k');
    await page.getByLabel('Token', { exact: true }).waitFor();
    await tabTo(page, 'token');
    await keyboard.type(asked);
    await keyboard.press('Enter');
    await page.getByRole('heading', { name: 'The token is active' }).waitFor();
    expect(await violationsOf(page)).toEqual([]);
    await tabTo(page, 'End this token');
    await keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'End this token' }).waitFor();
    await tabTo(page, 'End this token');
    await keyboard.press('Enter');
    await page.getByRole('heading', { name: 'The token is inactive: revoked' }).waitFor();
    expect((await admin.get(asked, '/admin/v1/caller')).status).toBe(401);
    expect(await keptIn(context, page)).not.toContain(asked);
    expect(faults).toEqual([]);
    await context.close();
  });

  it('forgets the token when its user logs out', async () => {
    const { context, page } = await openWindow();
    await logIn(page);
    await page.getByRole('button', { name: 'Log out' }).click();
    await page.getByLabel('Admin token').waitFor();
    expect(await page.getByLabel('Admin token').inputValue()).toBe('');
    await context.close();
  });
});
