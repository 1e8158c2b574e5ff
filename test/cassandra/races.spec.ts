import { createKeyspace } from '../support/cassandra.js';
import { racesContract } from './races.contract.js';

const keyspace = createKeyspace();
afterAll(() => keyspace.drop(), 60_000);

describe('a race', () => racesContract(() => keyspace));
