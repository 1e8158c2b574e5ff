import type { Browser, Page } from 'playwright-core';
import { FastHasher } from '../provisioning/fast-hasher.js';
import { TestApp } from '../support/app.js';
import { canBrowse, startChromium } from '../support/chromium.js';
import { ClientApplication } from '../support/client-application.js';
import { client, configuration } from '../support/configuration.js';

const inBrowser = canBrowse ? describe : describe.skip;

inBrowser('a page of another origin, in Chromium', () => {
  let app: TestApp;
  let browser: Browser;
  let application: ClientApplication;
  let page: Page;

  beforeAll(async () => {
    application = await ClientApplication.start(() => ({ html: '<!doctype html><title>A page</title>' }));
    app = await TestApp.start({
      hasher: new FastHasher(),
      configuration: configuration({
        '/': {
          clients: [client({ origins: [application.at('localhost', '')] }), client({ client_id: 'other' })],
        },
      }),
    });
    browser = await startChromium();
    page = await browser.newPage();
  });
  afterAll(async () => {
    await browser.close();
    await app.stop();
    await application.stop();
  });

  /** What a script of the page learns of an answer. The header makes the browser ask first. */
  function read(path: string, clientId = 'app', options = ''): Promise<unknown> {
    const authorization = `Basic ${Buffer.from(`${clientId}:app-secret`).toString('base64')}`;
    return page.evaluate(`(async () => {
      const body = new URLSearchParams({ grant_type: 'client_credentials', token: 'x' });
      const headers = { authorization: '${authorization}' };
      const request = '${path}'.includes('.well-known') ? {} : { method: 'POST', body, headers };
      try {
        return (await fetch('${app.url}${path}', { ...request${options} })).status;
      } catch (error) {
        return error.name;
      }
    })()`);
  }

  it('reads the answers of the token endpoint, of revocation and of the metadata, where its client lists it', async () => {
    await page.goto(application.at('localhost', '/'));
    for (const path of ['/oauth2/token', '/oauth2/revoke', '/.well-known/oauth-authorization-server']) {
      expect(await read(path)).toBe(200);
    }
  });

  it('reads no other endpoint, no answer to another client, and none with cookies', async () => {
    await page.goto(application.at('localhost', '/'));
    expect(await read('/oauth2/introspect')).toBe('TypeError');
    expect(await read('/oauth2/token', 'other')).toBe('TypeError');
    expect(await read('/oauth2/token', 'app', ", credentials: 'include'")).toBe('TypeError');
  });

  it('reads nothing where no client lists it', async () => {
    await page.goto(application.at('127.0.0.1', '/'));
    expect(await read('/oauth2/token')).toBe('TypeError');
    expect(await read('/.well-known/oauth-authorization-server')).toBe('TypeError');
  });
});
