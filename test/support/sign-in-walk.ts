import type { Page } from 'playwright-core';

/** The pages that a walk shows, in its order. */
export const walkedPages = ['error', 'login', 'login refused', 'consent', 'logout', 'signed out'] as const;

/** Where a walk goes. */
export interface WalkAddresses {
  /** The URL of an authorization request with these parameters besides its own. */
  readonly request: (more?: Readonly<Record<string, string>>) => string;
  readonly logout: string;
}

/**
 * Shows every page of a sign-in of the user `ann`, from an error to the sign-out.
 * @param look is called for each page while it is shown
 */
export async function signInWalk(
  page: Page,
  { request, logout }: WalkAddresses,
  look: (name: (typeof walkedPages)[number]) => Promise<void>,
): Promise<void> {
  await page.goto(request({ client_id: 'unknown' }));
  await look('error');
  await page.goto(request());
  await look('login');
  await page.locator('#username').fill('ann');
  await page.locator('#password').fill('wrong');
  await page.locator('button').click();
  await page.getByRole('alert').waitFor();
  await look('login refused');
  await page.locator('#password').fill('ann-password');
  await page.locator('button').click();
  await page.locator('[value=allow]').waitFor();
  await look('consent');
  await page.goto(logout);
  await look('logout');
  await page.locator('button').click();
  await page.locator('form').waitFor({ state: 'detached' });
  await look('signed out');
}
