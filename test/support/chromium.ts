import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/** Where Debian and others install it; `CHROMIUM` names another place. */
const program = [
  process.env.CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
].find((path) => path !== undefined && existsSync(path));

/** Whether tests can start a browser. */
export const canBrowse = program !== undefined;
if (!canBrowse) {
  if (process.env.TEST_BROWSER === 'required')
    throw new Error('Chromium is not installed: set CHROMIUM to its path');
  console.warn('SKIPPED: tests in a browser, because Chromium is not installed');
}

/** As root it runs without its sandbox. None of its own requests leave the machine. */
const args = [
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  ...['--disable-gpu', '--disable-background-networking', '--no-first-run', '--disable-dev-shm-usage'],
];

/** Starts a browser without a screen. It has a new profile, and each context of it its own cookies. */
export function startChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: program, args });
}
