import { readFileSync, writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import { adminListener } from '../../src/admin/listener.openapi.js';
import { FastHasher } from '../provisioning/fast-hasher.js';
import { adminConfiguration } from '../support/admin.js';
import { TestApp } from '../support/app.js';
import { documentOf, type OpenApiDocument } from './document.js';

let app: TestApp;
let documents: Readonly<Record<string, OpenApiDocument>>;

beforeAll(async () => {
  app = await TestApp.start({ configuration: adminConfiguration(), hasher: new FastHasher() });
  const admin = await app.admin();
  documents = { admin: documentOf(admin.nest, adminListener) };
});
afterAll(() => app.stop());

describe.each(['admin'])('the document %s', (name) => {
  it('is committed as the code makes it: npm run docs', async () => {
    const path = new URL(`../../docs/openapi/${name}.json`, import.meta.url);
    const options = { ...(await resolveConfig(path)), parser: 'json' };
    const text = await format(JSON.stringify(documents[name]), options);
    if (process.env.UPDATE_DOCS === 'on') writeFileSync(path, text);
    expect(readFileSync(path, 'utf8')).toBe(text);
  });
});
