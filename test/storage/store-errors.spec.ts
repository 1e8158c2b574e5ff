import { errors } from 'cassandra-driver';
import { DatabaseError } from 'pg';
import { EntityNotFoundError, QueryFailedError, QueryRunnerAlreadyReleasedError } from 'typeorm';
import { UsernameCollision } from '../../src/domain/directory-writer.js';
import { ConflictingChanges, StoreUnavailable } from '../../src/domain/oauth-error.js';
import { ClusterUnavailable } from '../../src/storage/cassandra/cluster-errors.js';
import { TooMuchUnderWay, translated as ofCassandra } from '../../src/storage/cassandra/errors.js';
import { translated as ofPostgres } from '../../src/storage/postgres/errors.js';
import { StoreOverloaded } from '../../src/storage/postgres/waiting-list.js';

function withCode(code: string, message = ''): Error {
  return Object.assign(new Error(message), { code });
}

function sqlState(code: string): DatabaseError {
  return Object.assign(new DatabaseError('', 0, 'error'), { code });
}

/** Errors of JavaScript and of our own code: a mistake, whatever store it is near. */
const mistakes: readonly Error[] = [
  new TypeError("Cannot read properties of undefined (reading 'hash')"),
  new RangeError('Invalid time value'),
  new ReferenceError('x is not defined'),
  new SyntaxError('Unexpected token'),
  new Error('Something of ours is wrong.'),
  withCode('ERR_INVALID_ARG_TYPE'),
  new EntityNotFoundError('client', {}),
  new UsernameCollision('/', ['a', 'A']),
];

/** Errors of sockets, of name lookups and of TLS. */
const ofSocket = [
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ERR_STREAM_DESTROYED',
  'ERR_SSL_WRONG_VERSION_NUMBER',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
].map((code) => withCode(code));

describe('of PostgreSQL', () => {
  it.each(mistakes)('%p stays what it is', (error) => {
    expect(ofPostgres(error)).toBe(error);
  });

  it.each(['21000', '22021', '23505', '25P02', '42P01', '42703', '54011'])(
    'SQLSTATE %s is a mistake of ours',
    (code) => {
      const error = sqlState(code);
      expect(ofPostgres(error)).toBe(error);
      expect(ofPostgres(new QueryFailedError('', [], error))).toBe(error);
    },
  );

  it.each(['53300', '57P01', '57P03', '58030', '25006', '25P03', '55P03', 'XX000'])(
    'SQLSTATE %s is an outage',
    (code) => {
      const error = sqlState(code);
      expect(ofPostgres(error)).toEqual(new StoreUnavailable(error));
      expect(ofPostgres(new QueryFailedError('', [], error))).toEqual(new StoreUnavailable(error));
    },
  );

  it.each(['40001', '40P01'])('SQLSTATE %s is a conflict', (code) => {
    const error = new QueryFailedError('', [], sqlState(code));
    expect(ofPostgres(error)).toEqual(expect.any(ConflictingChanges));
  });

  it.each([
    ...ofSocket,
    Object.assign(new AggregateError([withCode('ECONNREFUSED')]), { code: 'ECONNREFUSED' }),
    new Error('Connection terminated unexpectedly'),
    new Error('Connection terminated due to connection timeout'),
    new Error('Query read timeout'),
    new Error('timeout exceeded when trying to connect'),
    new Error('Client has encountered a connection error and is not queryable'),
    new QueryRunnerAlreadyReleasedError(),
  ])('%p is an outage', (error) => {
    expect(ofPostgres(error)).toEqual(new StoreUnavailable(error));
  });

  it('what is translated already stays so', () => {
    const full = new StoreUnavailable(new StoreOverloaded('read'));
    expect(ofPostgres(full)).toBe(full);
  });
});

describe('of Cassandra', () => {
  it.each([
    ...mistakes,
    new errors.ArgumentError('Too many parameters'),
    new errors.NotSupportedError('no'),
    new errors.ResponseError(0x2200, 'invalid'),
  ])('%p stays what it is', (error) => {
    expect(ofCassandra(error)).toBe(error);
  });

  it.each([
    ...ofSocket,
    new errors.NoHostAvailableError({}),
    new errors.OperationTimedOutError('late'),
    new errors.BusyConnectionError('127.0.0.1', 2048, 1),
    new errors.ResponseError(0x1200, 'read timeout'),
    new Error('Connection closed'),
    new TooMuchUnderWay(),
  ])('%p is an outage', (error) => {
    expect(ofCassandra(error)).toEqual(new ClusterUnavailable(error));
  });
});
