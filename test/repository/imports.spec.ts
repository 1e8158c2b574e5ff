import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';
import config from '../../eslint.config.js';

// The planted files do not exist, so rules that ask the type checker have nothing to say about them.
const eslint = new ESLint({
  overrideConfigFile: true,
  overrideConfig: [...config, tseslint.configs.disableTypeChecked],
  ruleFilter: ({ ruleId }) => /^(no-restricted-|boundaries\/)/.test(ruleId),
});

/** Rules that the text breaks when it stands in that file. */
async function broken(filePath: string, text: string): Promise<string[]> {
  const [result] = await eslint.lintText(text, { filePath });
  return result.messages.map((message) => message.ruleId ?? message.message);
}

function importing(path: string): string {
  return `import { planted } from '${path}';\nplanted();\n`;
}

describe('a room may not import', () => {
  it.each([
    ['src/domain/planted.ts', '@nestjs/common'],
    ['src/domain/planted.ts', 'typeorm'],
    ['src/domain/planted.ts', 'node:fs'],
    ['src/domain/planted.ts', 'fs'],
    ['src/domain/planted.ts', '../http/response/reply.js'],
    ['src/domain/planted.ts', '../config/config.js'],
    ['src/domain/planted.ts', '../observability/fault.js'],
    ['src/domain/grants/planted.ts', '../../storage/memory/directory.js'],
    ['src/config/planted.ts', '../http/response/reply.js'],
    ['src/config/planted.ts', 'pg'],
    ['src/observability/planted.ts', '../config/config.js'],
    ['src/observability/planted.ts', '../http/response/reply.js'],
    ['src/http/planted.ts', 'pg'],
    ['src/http/planted.ts', 'typeorm'],
    ['src/http/planted.ts', '@nestjs/typeorm'],
    ['src/http/planted.ts', '../storage/memory/directory.js'],
    ['src/http/planted.ts', './../storage/memory/directory.js'],
    ['src/http/planted.ts', '../jobs/jobs.module.js'],
    ['src/http/token/planted.ts', '../../provisioning/apply.js'],
    ['src/http/token/planted.ts', '../../app/server.module.js'],
    ['src/http/a/b/c/planted.ts', '../../../../storage/memory/directory.js'],
    ['src/provisioning/planted.ts', '../http/response/reply.js'],
    ['src/provisioning/planted.ts', '../storage/postgres/directory-writer.js'],
    ['src/provisioning/planted.ts', 'typeorm'],
    ['src/hashing/planted.ts', '../storage/memory/directory.js'],
    ['src/hashing/planted.ts', 'pg'],
    ['src/storage/memory/planted.ts', '../postgres/directory.js'],
    ['src/storage/memory/planted.ts', 'typeorm'],
    ['src/storage/postgres/planted.ts', '../embedded/folder.js'],
    ['src/storage/postgres/planted.ts', '../../http/response/reply.js'],
    ['src/storage/postgres/planted.ts', '@electric-sql/pglite'],
    ['src/storage/embedded/planted.ts', '../postgres/database.js'],
    ['src/storage/embedded/worker.js', '../postgres/database.js'],
    ['src/storage/embedded/planted.ts', 'pg'],
    ['src/jobs/planted.ts', '../app/core.module.js'],
    ['src/jobs/planted.ts', '../http/response/reply.js'],
    ['src/jobs/planted.ts', '../storage/postgres/database.js'],
    ['src/app/planted.ts', '../process/serve.js'],
    ['src/app/planted.ts', '../cli/terminal.js'],
    ['src/app/planted.ts', 'pg'],
    ['src/process/planted.ts', '../http/response/reply.js'],
    ['src/process/planted.ts', '../storage/postgres/database.js'],
    ['src/process/planted.ts', '../cli/terminal.js'],
    ['src/cli/planted.ts', '../storage/postgres/directory-writer.js'],
    ['src/cli/planted.ts', '../http/response/reply.js'],
    ['src/cli/planted.ts', 'pg'],
    ['src/main.ts', './http/response/reply.js'],
    ['src/main.ts', './app/server.js'],
    ['src/main.ts', 'pg'],
    ['src/main.ts', 'node:process'],
    ['src/config/planted.ts', 'node:process'],
    ['migrations/planted.ts', '../src/storage/postgres/entities/all.js'],
    ['migrations/planted.ts', 'pg'],
    ['ui/src/planted.ts', '../../src/domain/realm.js'],
    ['ui/src/pages/planted.tsx', 'node:fs'],
    ['bench/planted.ts', '../src/domain/realm.js'],
    ['bench/scenarios/planted.ts', '../../src/domain/realm.js'],
  ])('%s: %s', async (file, path) => {
    expect(await broken(file, importing(path))).toEqual(['boundaries/dependencies']);
  });

  it.each([
    ['src/http/token/planted.ts', '../../../test/support/app.js'],
    ['src/domain/planted.ts', './no-such-file.js'],
  ])('what is in no room: %s: %s', async (file, path) => {
    expect(await broken(file, importing(path))).toEqual(['boundaries/no-unknown-dependencies']);
  });
});

describe('a file in no room is refused', () => {
  it.each(['src/planted.ts', 'src/newroom/planted.ts', 'src/storage/newroom/planted.ts'])(
    '%s',
    async (file) => {
      expect(await broken(file, 'export const planted = 1;\n')).toEqual(['boundaries/no-unknown-files']);
    },
  );
});

describe('a room may import', () => {
  it.each([
    ['src/domain/planted.ts', 'node:crypto'],
    ['src/domain/planted.ts', './grants/grant.js'],
    ['src/domain/grants/planted.ts', '../scope.js'],
    ['src/config/planted.ts', '../domain/realm.js'],
    ['src/config/planted.ts', 'node:path'],
    ['src/http/planted.ts', '@nestjs/common'],
    ['src/http/planted.ts', '../domain/realm.js'],
    ['src/http/planted.ts', '../observability/fault.js'],
    ['src/http/token/planted.ts', '../../domain/grants/grant.js'],
    ['src/http/token/planted.ts', '../response/reply.js'],
    ['src/provisioning/planted.ts', 'class-validator'],
    ['src/hashing/planted.ts', '@node-rs/argon2'],
    ['src/storage/memory/planted.ts', '../../domain/directory.js'],
    ['src/storage/postgres/planted.ts', '../../../migrations/index.js'],
    ['src/storage/postgres/planted.ts', 'typeorm'],
    ['src/storage/postgres/planted.ts', 'node:timers/promises'],
    ['src/storage/embedded/planted.ts', '@electric-sql/pglite-socket'],
    ['src/storage/embedded/planted.ts', '../postgres/notification.js'],
    ['src/jobs/planted.ts', '../config/config.js'],
    ['src/app/planted.ts', '../storage/postgres/database.js'],
    ['src/app/planted.ts', '../http/response/reply.js'],
    ['src/process/planted.ts', '../app/server.js'],
    ['src/cli/planted.ts', '../app/command.module.js'],
    ['src/cli/planted.ts', '../provisioning/apply.js'],
    ['src/main.ts', './process/run.js'],
    ['src/cli/planted.ts', '../process/run.js'],
    ['migrations/planted.ts', 'typeorm'],
    ['ui/src/planted.tsx', 'preact/hooks'],
    ['ui/src/pages/planted.tsx', '../parts/table.js'],
    ['bench/planted.ts', 'pg'],
    ['bench/scenarios/planted.ts', '../connection.js'],
    ['test/storage/planted.ts', '../../src/storage/postgres/database.js'],
  ])('%s: %s', async (file, path) => {
    expect(await broken(file, importing(path))).toEqual([]);
  });
});

describe('a lazy import', () => {
  it.each([
    [
      'a path that is illegal',
      `await import('../../storage/memory/directory.js');`,
      'boundaries/dependencies',
    ],
    ['a package that is illegal', `await import('@nestjs/typeorm');`, 'boundaries/dependencies'],
    [
      'what is not written out',
      `await import(new URL('../reply.js', import.meta.url).href);`,
      'no-restricted-syntax',
    ],
  ])('may not name %s', async (_, text, rule) => {
    expect(await broken('src/http/token/planted.ts', text)).toEqual([rule]);
  });

  it('may name what an import may', async () => {
    expect(await broken('src/http/token/planted.ts', `await import('../../domain/realm.js');`)).toEqual([]);
  });
});

describe('process.env', () => {
  it.each(['src/main.ts', 'src/app/planted.ts', 'src/cli/planted.ts', 'src/storage/postgres/planted.ts'])(
    'may not be read in %s',
    async (file) => {
      const texts = ['process.env.PORT;', `process['env'].PORT;`, 'const { env } = process; env.PORT;'];
      const results = await Promise.all(texts.map((text) => broken(file, text)));
      expect(results).toEqual(texts.map(() => ['no-restricted-properties']));
    },
  );

  it('is read in src/config', async () => {
    expect(await broken('src/config/config.ts', 'process.env.PORT;')).toEqual([]);
  });
});

describe('the wall clock', () => {
  it.each(['Date.now();', 'new Date();', 'Date();', 'const now = Date.now; now();'])(
    'may not be asked in the domain: %s',
    async (text) => {
      const files = ['src/domain/planted.ts', 'src/domain/grants/planted.ts'];
      const results = await Promise.all(files.map((file) => broken(file, text)));
      expect(results).toEqual(files.map(() => ['no-restricted-syntax']));
    },
  );

  it('is asked in clock.ts, and outside the domain', async () => {
    expect(await broken('src/domain/clock.ts', 'Date.now();')).toEqual([]);
    expect(await broken('src/http/planted.ts', 'new Date();')).toEqual([]);
  });

  it('is not what a given time asks', async () => {
    expect(await broken('src/domain/planted.ts', 'new Date(0);')).toEqual([]);
  });
});

describe('an export', () => {
  it.each([
    'export default 1;',
    'const a = 1; export { a as default };',
    `export * from '../house/a.js';`,
    `export { a } from '../house/a.js';`,
  ])('may be no default and no barrel: %s', async (text) => {
    expect(await broken('src/http/planted.ts', text)).toEqual(['no-restricted-syntax']);
    expect(await broken('test/support/planted.ts', text)).toEqual(['no-restricted-syntax']);
  });

  it('may be a default in the files that tools read', async () => {
    expect(await broken('jest.config.js', 'export default {};')).toEqual([]);
    expect(await broken('test/support/global-setup.js', 'export default () => {};')).toEqual([]);
  });
});
