import { posix } from 'node:path';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

/**
 * The rooms of `src`, `migrations` and `bench`: what a file there may import besides its own room. `sees` names
 * folders, or files as an import writes them; `packages` are regular expressions. What is not listed sees its own
 * folder alone. `src/app.module.ts`, `src/serve.ts` and `src/main.ts` put the rooms together and stand under no
 * such rule.
 * @type {Record<string, {sees?: string[]; packages?: string[]}>}
 */
const rooms = {
  'src/domain': { packages: ['node:crypto'] },
  'src/http': {
    sees: ['src/domain'],
    packages: ['node:', '@nestjs/(common|core|platform-express)', 'express', 'jsep', 'pino'],
  },
  'src/provisioning': {
    sees: ['src/domain'],
    packages: ['node:', 'yaml', 'class-validator', 'class-transformer'],
  },
  'src/hashing': { sees: ['src/domain'], packages: ['node:', '@node-rs/argon2'] },
  'src/storage/memory': { sees: ['src/domain'], packages: ['node:'] },
  'src/storage/postgres': { sees: ['src/domain', 'migrations'], packages: ['node:', 'typeorm', 'pg'] },
  'src/storage/cached': { sees: ['src/domain'], packages: ['lru-cache'] },
  'src/storage/embedded': {
    sees: ['src/domain', 'src/storage/postgres/notification.js'],
    packages: ['node:', '@electric-sql/(pglite|pglite-socket)'],
  },
  'src/cli': {
    sees: [
      'src/domain',
      'src/provisioning',
      'src/hashing',
      'src/app.module.js',
      'src/config.js',
      'src/settings.js',
      'src/log.js',
      'src/start-error.js',
    ],
    packages: ['node:', 'cli-progress', 'commander', '@nestjs/core', 'reflect-metadata'],
  },
  'src/config.ts': {
    sees: ['src/domain', 'src/settings.js', 'src/token-info-config.js'],
    packages: ['node:'],
  },
  'src/token-info-config.ts': { sees: ['src/domain', 'src/settings.js'] },
  'src/settings.ts': { packages: ['node:'] },
  'src/log.ts': { packages: ['@nestjs/common', 'pino'] },
  'src/process.module.ts': {
    sees: ['src/config.js', 'src/domain', 'src/http', 'src/storage'],
    packages: ['@nestjs/(common|typeorm)', 'pino'],
  },
  'src/stores.ts': {
    sees: ['src/config.js', 'src/process.module.js', 'src/domain', 'src/hashing', 'src/storage'],
    packages: ['@nestjs/common', 'typeorm'],
  },
  'src/upkeep.module.ts': {
    sees: ['src/change-listening.js', 'src/token-key-reloader.js', 'src/token-purge-scheduler.js'],
    packages: ['@nestjs/common'],
  },
  'src/change-listening.ts': {
    sees: ['src/domain', 'src/http', 'src/process.module.js', 'src/storage'],
    packages: ['@nestjs/common', 'pino'],
  },
  'src/token-key-reloader.ts': {
    sees: ['src/domain', 'src/http'],
    packages: ['@nestjs/common', 'pino'],
  },
  'src/token-purge-scheduler.ts': {
    sees: ['src/config.js', 'src/process.module.js', 'src/domain', 'src/http'],
    packages: ['@nestjs/common', 'pino'],
  },
  'src/server.ts': {
    sees: ['src/http', 'src/config.js', 'src/log.js'],
    packages: ['@nestjs/common', 'pino'],
  },
  'src/start-error.ts': {
    sees: ['src/settings.js', 'src/domain', 'src/provisioning', 'src/storage/embedded'],
  },
  'src/welcome.ts': { sees: ['src/config.js'] },
  'src/workers.ts': { sees: ['src/start-error.js'], packages: ['node:', 'pino'] },
  migrations: { packages: ['node:', 'typeorm'] },
  bench: { packages: ['node:', 'pg', 'oidc-provider', '@nestjs/(common|core)', 'reflect-metadata'] },
};

/** Folders below a room; in deeper ones nothing may be imported but `./…`. */
const maxDepth = 2;

const everywhere = [
  { selector: 'ExportDefaultDeclaration', message: 'A default export has no name: export it by name.' },
  { selector: 'ExportSpecifier[exported.name="default"]', message: 'No default exports: export it by name.' },
  { selector: ':matches(ExportAllDeclaration, ExportNamedDeclaration[source])', message: 'No barrels.' },
];

const wallClock = [
  {
    selector: 'MemberExpression[object.name="Date"][property.name="now"]',
    message: 'Time in the domain comes from the Clock port.',
  },
  {
    selector:
      ':matches(NewExpression[callee.name="Date"][arguments.length=0], CallExpression[callee.name="Date"])',
    message: 'Time in the domain comes from the Clock port.',
  },
];

/**
 * Import rules for some files, static and lazy imports alike.
 * @param {string} files
 * @param {string} legal a regular expression for the beginning of a legal import path
 * @param {string} message
 * @param {typeof everywhere} syntax further rules for these files
 */
function importsOnly(files, legal, message, syntax = []) {
  // `..` within a path would lead out again; node:process would be a way around the rule for process.env.
  const illegal = `^(?!(?:${legal})(?!.*\\.\\.))|^(node:)?process$`;
  const inSelector = illegal.replaceAll('/', '\\u002F');
  return {
    files: [files],
    /** @type {import('eslint').Linter.RulesRecord} */
    rules: {
      'no-restricted-imports': ['error', { patterns: [{ regex: illegal, message }] }],
      'no-restricted-syntax': [
        'error',
        ...everywhere,
        ...syntax,
        { selector: `ImportExpression[source.value=/${inSelector}/]`, message },
        { selector: 'ImportExpression:not([source.type="Literal"])', message: 'Import a path, not a value.' },
      ],
    },
  };
}

/** For a folder one block for each depth, since the way out to another room depends on it. */
const importRules = Object.entries(rooms).flatMap(([room, { sees = [], packages = [] }]) => {
  const allowed = [...sees, ...packages].join(', ') || 'nothing else';
  const message = `${room} imports itself and: ${allowed}.`;
  const names = packages.map((name) => (name.endsWith(':') ? name : `${name}(/|$)`));
  const syntax = room === 'src/domain' ? wallClock : [];
  if (room.endsWith('.ts')) {
    const legal = [...pathsTo(sees, posix.dirname(room)), ...names].join('|');
    return importsOnly(room, legal || '(?!)', message);
  }
  return Array.from({ length: maxDepth + 1 }, (_, depth) => {
    const files = `${room}/${'*/'.repeat(depth)}*.{ts,js}`;
    const own = ['\\./', ...(depth > 0 ? [`(\\.\\./){1,${depth}}(?!\\.)`] : [])];
    const others = pathsTo(sees, posix.join(room, 'below/'.repeat(depth)));
    return importsOnly(files, [...own, ...others, ...names].join('|'), message, syntax);
  });
});

/**
 * Regular expressions for the ways that imports in a folder write these targets.
 * @param {string[]} targets
 * @param {string} folder
 */
function pathsTo(targets, folder) {
  return targets.map((target) => {
    const path = posix.relative(folder, target);
    const written = path.startsWith('.') ? path : `./${path}`;
    return written.replaceAll('.', '\\.') + (target.endsWith('.js') ? '$' : '/');
  });
}

export default defineConfig(
  { ignores: ['dist/', 'coverage/', '.symbolon/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  tseslint.configs.recommendedTypeChecked,
  { languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } } },
  {
    rules: {
      eqeqeq: 'error',
      'no-restricted-syntax': ['error', ...everywhere],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      // A port's method is async for the adapters that must wait.
      '@typescript-eslint/require-await': 'off',
    },
  },
  // Whatever no later block names sees its own folder alone.
  importsOnly(
    '{src,migrations,bench}/**/*.{ts,js}',
    '\\./[^/]+$',
    'This file is in no room of eslint.config.js.',
  ),
  importsOnly('src/{app.module,serve,main}.ts', '', 'Settings come from src/config.ts.'),
  importRules,
  { files: ['src/domain/clock.ts'], rules: { 'no-restricted-syntax': ['error', ...everywhere] } },
  {
    files: ['src/**', 'migrations/**'],
    ignores: ['src/config.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'Settings come from src/config.ts.' },
      ],
    },
  },
  { files: ['src/**'], ignores: ['src/cli/**', 'src/main.ts'], rules: { 'no-console': 'error' } },
  {
    files: ['test/**'],
    rules: {
      // What comes out of a parsed answer is `any` until an assertion looks at it.
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
  { files: ['*.config.js', 'test/support/global-*.js'], rules: { 'no-restricted-syntax': 'off' } },
);
