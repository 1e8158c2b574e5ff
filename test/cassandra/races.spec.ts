import { sharedKeyspace } from '../support/cassandra.js';
import { racesContract } from './races.contract.js';

const keyspace = sharedKeyspace();

describe('a race', () => racesContract(() => keyspace));
