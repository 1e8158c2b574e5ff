import type { Environment } from '../../src/config/setting-reader.js';
import { at, parse, problemsOf } from './files.js';

describe('${NAME} in a configuration file', () => {
  const user = (line: string, env: Environment) => parse(at.user(line), env)[0]?.users[0];

  it.each([
    ['password: ${PW}', { PW: '123456' }, '123456'],
    ['password: ${PW}', { PW: 'true' }, 'true'],
    ['password: ${PW}', { PW: 'a: [b] # c\\ "d" \'e\'' }, 'a: [b] # c\\ "d" \'e\''],
    ['password: ${PW}', { PW: '${PW}$&$1' }, '${PW}$&$1'],
    ['password: "${A}-${B}"', { A: 'x', B: 'y' }, 'x-y'],
    ['password: $${PW}', { PW: 'x' }, '${PW}'],
    ['password: pa$$word$', {}, 'pa$$word$'],
    ["password: '$${A}${A}'", { A: 'x' }, '${A}x'],
  ])('is text in %s with %j', (line, env, password) => {
    expect(user(line, env)?.password).toBe(password);
  });

  it.each([
    ['true', true],
    ['FALSE', false],
  ])('is a boolean where one is expected: %s', (text, enabled) => {
    expect(user('enabled: ${FLAG}', { FLAG: text })?.enabled).toBe(enabled);
  });

  it('is a number where one is expected', () => {
    const [realm] = parse(at.realm('auth_level: ${LEVEL}'), { LEVEL: '5' });

    expect(realm?.auth_level).toBe(5);
  });

  it('is always text in attributes, whatever their names', () => {
    const [realm] = parse(
      'realms:\n  - name: /\n    users:\n      - username: u\n        attributes:\n          enabled: ${FLAG}',
      {
        FLAG: 'true',
      },
    );

    expect(realm?.users[0]?.attributes.get('enabled')?.values).toEqual(['true']);
  });

  it.each([
    ['enabled: ${FLAG}', { FLAG: '' }, 'enabled: empty in the environment: FLAG'],
    ['enabled: ${FLAG}', { FLAG: 'yes' }, 'enabled: must be true or false'],
    ['enabled: "${FLAG}"', { FLAG: 'true' }, 'enabled: must be true or false'],
    ['enabled: t${FLAG}', { FLAG: 'rue' }, 'enabled: must be true or false'],
    ['password: ${PW}', { PW: '' }, 'password: empty in the environment: PW'],
    ['password: a${PW}', { PW: '' }, 'password: empty in the environment: PW'],
    ['password: ${PW}', { PW: 'x\n' }, 'password: must not contain control characters'],
    ['password: ${PW}', { pw: 'x' }, 'password: not set in the environment: PW'],
    ['password: ${A}${B}${A}', {}, 'password: not set in the environment: A, B'],
    ['password: ${toString}', {}, 'password: not set in the environment: toString'],
    [
      'password: ${PW-x}',
      { PW: 'y' },
      'password: a ${ must begin ${NAME} or ${file:PATH}; write $${ for the characters themselves',
    ],
    [
      'password: a${',
      {},
      'password: a ${ must begin ${NAME} or ${file:PATH}; write $${ for the characters themselves',
    ],
  ])('is refused in %s with %j', (line, env, problem) => {
    expect(problemsOf(at.user(line), env)).toEqual([`symbolon.yaml:5: realms[0].users[0].${problem}`]);
  });

  it('is not substituted in a key', () => {
    expect(problemsOf(at.user('"${KEY}": x'), { KEY: 'password' })).toEqual([
      'symbolon.yaml:5: realms[0].users[0]["${KEY}"]: unknown key',
    ]);
  });
});
