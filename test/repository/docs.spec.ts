import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { differenceTables } from '../compatibility/openam/difference-tables.js';
import { configurationPage } from '../support/configuration-page.js';

const repository = fileURLToPath(new URL('../../', import.meta.url));

function read(path: string): string {
  return readFileSync(join(repository, path), 'utf8');
}

function foldersIn(path: string): string[] {
  const entries = readdirSync(join(repository, path), { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => `${path}/${name}`);
}

const pages = [
  ...['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md'],
  ...['docs', 'docs/adr'].flatMap((folder) =>
    readdirSync(join(repository, folder))
      .filter((name) => name.endsWith('.md'))
      .map((name) => `${folder}/${name}`),
  ),
];

it('docs/configuration.md is what the settings and the example file make it', async () => {
  const path = join(repository, 'docs/configuration.md');
  const options = { ...(await resolveConfig(path)), filepath: path };
  const page = await format(configurationPage(read('symbolon.example.yaml')), options);
  if (process.env.UPDATE_DOCS === 'on') writeFileSync(path, page);
  expect(read('docs/configuration.md')).toBe(page);
});

it('docs/moving-from-am.md has the tables of the differences from OpenAM', async () => {
  const path = join(repository, 'docs/moving-from-am.md');
  const options = { ...(await resolveConfig(path)), filepath: path };
  const begin = '<!-- Written by `npm run docs` from test/compatibility/openam. -->';
  const end = '<!-- End of what is written. -->';
  const [before, rest] = read('docs/moving-from-am.md').split(begin);
  const [, after] = rest.split(end);
  const page = await format(`${before}${begin}\n\n${differenceTables()}\n\n${end}${after}`, options);
  if (process.env.UPDATE_DOCS === 'on') writeFileSync(path, page);
  expect(read('docs/moving-from-am.md')).toBe(page);
});

it('the map of docs/architecture.md names the folders that there are', () => {
  const [, map] = /## The house.*?```text\n(.*?)```/s.exec(read('docs/architecture.md')) ?? ['', ''];
  const named = [...map.matchAll(/^(\S+) {2,}\S/gm)].map(([, folder]) => folder.replace(/\/$/, ''));
  const axway = 'src/http/tokeninfo/axway';
  const folders = [
    ...['ui', 'migrations', 'bench', 'test', 'docs', 'ops', 'lint'],
    ...foldersIn('ui/src'),
    ...foldersIn('src'),
    ...foldersIn('src/http'),
    ...foldersIn('src/storage'),
    ...[axway, `${axway}/selectors`, 'src/http/tokeninfo/forgerock'],
  ];
  expect(named.sort()).toEqual(folders.sort());
});

it.each(pages)('%s links to files that there are', (page) => {
  const links = [...read(page).matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map(([, link]) => link);
  const missing = links.filter((link) => !existsSync(join(repository, dirname(page), link)));
  expect(missing).toEqual([]);
});

it.each(pages)('%s never calls the command line by a bare npx', (page) => {
  expect(read(page).match(/npx symbolon/g) ?? []).toEqual([]);
});

it.each(pages)('%s names files that there are', (page) => {
  const named = [...read(page).matchAll(/`((?:src|test|bench|migrations|lint|docs)\/[^`\s…*<]+)`/g)];
  const missing = named.map(([, path]) => path).filter((path) => !existsSync(join(repository, path)));
  expect(missing).toEqual([]);
});
