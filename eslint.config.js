import boundaries from 'eslint-plugin-boundaries';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';
import { noMaybePromiseCondition } from './lint/no-maybe-promise-condition.js';

/**
 * The rooms of the house, from the ground up: what each may import besides itself. `sees` names other rooms, or one
 * file of a room; `packages` names modules from outside. A file that stands in no room is refused.
 * @type {Record<string, {sees?: string[]; packages?: string[]}>}
 */
const rooms = {
  'src/domain': { packages: ['node:crypto'] },
  'src/config': { sees: ['src/domain'], packages: ['node:**'] },
  'src/observability': { sees: ['src/domain'], packages: ['@nestjs/common', 'pino'] },
  'src/openapi': { sees: ['src/domain'], packages: ['@nestjs/common'] },
  'src/hashing': { sees: ['src/domain', 'src/observability'], packages: ['node:**', '@node-rs/*'] },
  'src/storage/memory': { sees: ['src/domain'] },
  'src/storage/cached': { sees: ['src/domain', 'src/observability'], packages: ['lru-cache'] },
  'src/storage/postgres': {
    sees: ['src/domain', 'src/observability', 'src/storage/cached/interner.ts', 'migrations'],
    packages: ['node:**', 'pg', 'typeorm'],
  },
  'src/storage/cassandra': {
    sees: [
      'src/domain',
      'src/config',
      'src/observability',
      'src/storage/cached/interner.ts',
      'migrations/cassandra/**',
    ],
    packages: ['node:**', 'cassandra-driver'],
  },
  'src/storage/embedded': {
    sees: [
      'src/domain',
      'src/storage/postgres/notification.ts',
      'src/storage/postgres/notifying-change-feed.ts',
    ],
    packages: ['node:**', '@electric-sql/*'],
  },
  'src/provisioning': {
    sees: ['src/domain', 'src/config', 'src/observability'],
    packages: ['node:**', 'class-validator', 'yaml'],
  },
  'src/http': {
    sees: ['src/domain', 'src/config', 'src/observability', 'src/openapi'],
    packages: ['node:**', '@nestjs/{common,core,platform-express}', 'jsep', 'pino'],
  },
  'src/monitoring': {
    sees: ['src/domain', 'src/config', 'src/observability'],
    packages: ['node:**', '@nestjs/common', 'pino', 'prom-client'],
  },
  'src/admin': {
    sees: [
      'src/domain',
      'src/config',
      'src/observability',
      'src/provisioning',
      'src/monitoring',
      'src/openapi',
      'src/http/request/**',
      'src/http/response/**',
      'src/http/health/**',
    ],
    packages: ['node:**', '@nestjs/{common,core,platform-express}', 'pino'],
  },
  'src/jobs': {
    sees: ['src/domain', 'src/config', 'src/observability'],
    packages: ['@nestjs/common', 'pino'],
  },
  'src/app': {
    sees: [
      'src/domain',
      'src/config',
      'src/observability',
      'src/hashing',
      'src/storage/*',
      'src/provisioning',
      'src/http',
      'src/monitoring',
      'src/admin',
      'src/jobs',
    ],
    packages: ['node:**', '@nestjs/*', 'pino', 'reflect-metadata', 'typeorm'],
  },
  'src/process': {
    sees: ['src/config', 'src/observability', 'src/provisioning', 'src/monitoring', 'src/app'],
    packages: ['node:**', '@nestjs/common', 'pino'],
  },
  'src/cli': {
    sees: [
      'src/domain',
      'src/config',
      'src/observability',
      'src/hashing',
      'src/provisioning',
      'src/app',
      'src/process',
      'src/admin/audit-view.ts',
      'src/admin/explanation-view.ts',
      'src/admin/ordered-json.ts',
      'src/admin/subjects/subject.view.ts',
      'src/admin/tokens/user-token.view.ts',
      'src/admin/secrets/secret.view.ts',
      'src/admin/key-view.ts',
      'src/admin/doctor-view.ts',
    ],
    packages: ['node:**', '@nestjs/core', 'cli-progress', 'commander', 'reflect-metadata'],
  },
  'src/main.ts': { sees: ['src/process'] },
  ui: { packages: ['preact', 'preact/**', 'preact-iso/**', 'uplot', 'uplot/**'] },
  migrations: { packages: ['node:**', 'typeorm'] },
  bench: {
    packages: ['node:**', '@nestjs/*', 'cassandra-driver', 'oidc-provider', 'pg', 'reflect-metadata'],
  },
};

/** `src/main.ts` is a room of one file. */
const isFile = (/** @type {string} */ name) => name.endsWith('.ts');

/** The plugin's selector of a room, or of one file in a room. */
const selector = (/** @type {string} */ name) => {
  const holder = Object.keys(rooms).find((known) => name.startsWith(`${known}/`));
  if (holder) return { element: { type: holder, fileInternalPath: name.slice(holder.length + 1) } };
  return isFile(name) ? { file: { categories: name } } : { element: { type: name } };
};

const policies = Object.entries(rooms).map(([name, { sees = [], packages = [] }]) => ({
  from: selector(name),
  allow: [
    ...[name, ...sees].map((seen) => ({ to: selector(seen) })),
    { to: { module: { origin: ['external', 'core'], source: packages } } },
  ],
  message: `${name} imports itself and: ${[...sees, ...packages].join(', ') || 'nothing else'}.`,
}));

/** The module node:process would be a way around the rule for process.env. */
const noProcess = {
  disallow: { to: { module: { source: ['process', 'node:process'] } } },
  message: 'Settings come from src/config.',
};

const everywhere = [
  { selector: 'ExportDefaultDeclaration', message: 'A default export has no name: export it by name.' },
  { selector: 'ExportSpecifier[exported.name="default"]', message: 'No default exports: export it by name.' },
  { selector: ':matches(ExportAllDeclaration, ExportNamedDeclaration[source])', message: 'No barrels.' },
];

const computedImport = [
  { selector: 'ImportExpression:not([source.type="Literal"])', message: 'Import a path, not a value.' },
];

const wallClock = [
  'MemberExpression[object.name="Date"][property.name="now"]',
  ':matches(NewExpression[callee.name="Date"][arguments.length=0], CallExpression[callee.name="Date"])',
].map((selector) => ({ selector, message: 'Time in the domain comes from the Clock port.' }));

export default defineConfig(
  { ignores: ['dist/', 'bench/build/', 'coverage/', '.symbolon/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  tseslint.configs.recommendedTypeChecked,
  { plugins: { house: { rules: { 'no-maybe-promise-condition': noMaybePromiseCondition } } } },
  { languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } } },
  {
    rules: {
      eqeqeq: 'error',
      'house/no-maybe-promise-condition': 'error',
      'no-restricted-syntax': ['error', ...everywhere],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      // A port's method is async for the adapters that must wait.
      '@typescript-eslint/require-await': 'off',
    },
  },
  {
    files: ['{src,ui,migrations,bench}/**/*.{ts,tsx,js}'],
    // Its types describe a default export of a default export, which it has not.
    plugins: {
      boundaries: /** @type {import('eslint').ESLint.Plugin} */ (/** @type {unknown} */ (boundaries)),
    },
    settings: {
      'import/resolver': { typescript: true },
      'boundaries/dependency-nodes': ['import', 'dynamic-import'],
      'boundaries/elements': Object.keys(rooms).flatMap((name) =>
        isFile(name) ? [] : [{ type: name, pattern: name }],
      ),
      'boundaries/files': Object.keys(rooms).flatMap((name) =>
        isFile(name) ? [{ category: name, pattern: name }] : [],
      ),
    },
    rules: {
      'boundaries/dependencies': [
        'error',
        { default: 'disallow', policies: [...policies, noProcess], checkAllOrigins: true },
      ],
      'boundaries/no-unknown-dependencies': 'error',
      'boundaries/no-unknown-files': 'error',
      'no-restricted-syntax': ['error', ...everywhere, ...computedImport],
    },
  },
  {
    files: ['src/domain/**'],
    ignores: ['src/domain/clock.ts'],
    rules: { 'no-restricted-syntax': ['error', ...everywhere, ...computedImport, ...wallClock] },
  },
  {
    files: ['src/**', 'migrations/**'],
    ignores: ['src/config/**'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'Settings come from src/config.' },
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
  // To ESLint, what its parser offers is `any`.
  { files: ['lint/**'], rules: { '@typescript-eslint/no-unsafe-assignment': 'off' } },
  { files: ['*.config.js', 'test/support/global-*.js'], rules: { 'no-restricted-syntax': 'off' } },
);
