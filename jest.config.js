import { availableParallelism } from 'node:os';

/** @type {import('jest').Config} */
export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.spec.ts'],
  // What needs an Apache Cassandra is left out where there is none; test/support/global-setup.js says so.
  testPathIgnorePatterns: process.env.TEST_CASSANDRA ? [] : ['<rootDir>/test/cassandra/'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': '@swc/jest' },
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  globalSetup: '<rootDir>/test/support/global-setup.js',
  globalTeardown: '<rootDir>/test/support/global-teardown.js',
  testTimeout: 30_000,
  // Each has an embedded database of its own, of some 200 MB.
  maxWorkers: Math.min(availableParallelism(), 8),
};
