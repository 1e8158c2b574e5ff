import axe from 'axe-core';
import type { AxeResults } from 'axe-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import type { AdminTestApp } from './admin.js';
import type { TestApp } from './app.js';

/** All rules of WCAG 2.2 A and AA, and what axe holds for good practice. */
const run = `axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })`;

/** What axe finds wrong with a page: each rule, and the element that breaks it. */
export async function violationsOf(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations, passes } = await page.evaluate<AxeResults>(run);
  expect(passes.length).toBeGreaterThan(10);
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}

/** A dashboard, and the browser that opens it. */
export interface Dashboard {
  readonly app: TestApp;
  readonly admin: AdminTestApp;
  readonly browser: Browser;
}

/** A window, and what went wrong in it: reports of its policy, errors, and requests to elsewhere. */
export async function openDashboard({ app, admin, browser }: Dashboard, options: BrowserContextOptions = {}) {
  const context = await browser.newContext({ reducedMotion: 'reduce', ...options });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('console', (message) => {
    // What the server refuses is an error there, too.
    if (message.text().includes('Content Security Policy')) faults.push(message.text());
  });
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('request', (request) => {
    if (!request.url().startsWith(`${admin.url}/`)) faults.push(`asks ${request.url()}`);
  });
  await page.clock.setFixedTime(app.clock.now());
  return { context, page, faults };
}

/** Logs in at a path by typing a token. */
export async function logInAt(admin: AdminTestApp, page: Page, path: string, token: string): Promise<void> {
  await page.goto(admin.url + path);
  await page.getByLabel('Admin token').fill(token);
  await page.keyboard.press('Enter');
  await page.locator('nav.pages').waitFor();
}

/** Presses Tab until something has the focus: a field by its name, anything else by its text. */
export async function tabTo(page: Page, wanted: string): Promise<void> {
  for (let presses = 0; presses < 60; presses += 1) {
    await page.keyboard.press('Tab');
    const reached = await page.evaluate<string>(
      'document.activeElement.name || document.activeElement.textContent',
    );
    if (reached === wanted) return;
  }
  throw new Error(`The key Tab does not lead to ${wanted}.`);
}
