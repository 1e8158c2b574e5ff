import { fileURLToPath } from 'node:url';
import { FastHasher } from '../provisioning/fast-hasher.js';
import { adminConfiguration, type AdminTestApp } from '../support/admin.js';
import { TestApp } from '../support/app.js';
import { Stranger } from './stranger.js';

/** How long each listener is asked: both together take less than a minute. */
const seconds = 20;

let app: TestApp;
let admin: AdminTestApp;
let stranger: Stranger;

beforeAll(async () => {
  app = await TestApp.start({
    configuration: adminConfiguration(),
    hasher: new FastHasher(),
    settings: { OPENID_CONFIGURATION: 'on' },
  });
  admin = await app.admin();
  stranger = Stranger.start('schemathesis');
});
afterAll(async () => {
  await stranger.stop();
  await app.stop();
});

interface Verdict {
  readonly passed: boolean;
  readonly report: string;
}

/** What schemathesis says about the server at this URL. */
async function verdict(document: string, url: string, token: string): Promise<Verdict> {
  const file = fileURLToPath(new URL(`../../docs/openapi/${document}.json`, import.meta.url));
  return JSON.parse(await stranger.ask(file, url, String(seconds), token)) as Verdict;
}

describe('schemathesis', () => {
  it('finds nothing wrong with the operator’s listener', async () => {
    const { passed, report } = await verdict('admin', admin.url, await admin.token());
    expect(report).toMatch(/Test cases:\s+\d+ generated/);
    expect(passed ? '' : report).toBe('');
  }, 90_000);

  it('finds nothing wrong with the public listener', async () => {
    const { passed, report } = await verdict('public', app.url, '-');
    expect(report).toMatch(/Test cases:\s+\d+ generated/);
    expect(passed ? '' : report).toBe('');
  }, 90_000);
});
