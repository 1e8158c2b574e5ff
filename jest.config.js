import { availableParallelism } from 'node:os';

const { TEST_CASSANDRA, TEST_ROUNDS } = process.env;
// Tests of faults that take long start clusters of their own: `npm run test:reliability`.
const ignored = TEST_ROUNDS ? [] : ['<rootDir>/test/reliability/'];
if (!TEST_CASSANDRA && !TEST_ROUNDS) ignored.push('<rootDir>/test/cassandra/');

/** @type {import('jest').Config} */
export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.spec.ts'],
  // What needs an Apache Cassandra is left out where there is none; test/support/global-setup.js says so.
  testPathIgnorePatterns: ignored,
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': '@swc/jest' },
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  globalSetup: '<rootDir>/test/support/global-setup.js',
  globalTeardown: '<rootDir>/test/support/global-teardown.js',
  testTimeout: 30_000,
  // Each has an embedded database of its own, of some 200 MB.
  maxWorkers: Math.min(availableParallelism(), 8),
};
