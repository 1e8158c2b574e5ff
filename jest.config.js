import { availableParallelism } from 'node:os';

const { TEST_CASSANDRA, TEST_ROUNDS, TEST_STRANGERS } = process.env;
// Tests of faults that take long start clusters of their own: `npm run test:reliability`.
const ignored = TEST_ROUNDS ? [] : ['<rootDir>/test/reliability/'];
if (!TEST_CASSANDRA && !TEST_ROUNDS) ignored.push('<rootDir>/test/cassandra/');
if (!TEST_STRANGERS) ignored.push('<rootDir>/test/strangers/');

/** @type {import('jest').Config} */
export default {
  // It holds answers against the OpenAPI documents.
  testEnvironment: '<rootDir>/test/support/global-environment.js',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.spec.ts'],
  // What needs an Apache Cassandra, or others' libraries, is left out where there are none; test/support/global-setup.js
  // says so.
  testPathIgnorePatterns: ignored,
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': '@swc/jest' },
  moduleNameMapper: {
    '^(\\.{1,2}/.*)\\.js$': '$1',
    // class-validator loads 185 modules for decorators that nobody uses here.
    '^(validator(/.+)?|libphonenumber-js/max)$': '<rootDir>/test/support/unused-validators.cjs',
  },
  globalSetup: '<rootDir>/test/support/global-setup.js',
  globalTeardown: '<rootDir>/test/support/global-teardown.js',
  // A test takes a second. On a busy machine it may take fifty times as long, and is none the worse for that.
  testTimeout: 120_000,
  // Each has two embedded databases of its own, of some 150 MB.
  maxWorkers: Math.min(availableParallelism(), 8),
};
