import { malformed } from '../../src/domain/oauth-error.js';
import { FormParameters } from '../../src/http/request/parameters.js';
import { SelectorError } from '../../src/http/tokeninfo/axway/selectors/selector.js';
import { tokenSource } from '../../src/http/tokeninfo/axway/selectors/token-source.js';
import { requestView } from '../support/answered-request.js';

const get = (query: string, headers: string[] = []) => requestView({ query, headers });
const post = (query: string) => requestView({ method: 'POST', query });

describe.each([
  ['a parameter', tokenSource({ parameter: 'access_token' })],
  ['the default selector', tokenSource({ selector: "${http.client.getCgiArgument('access_token')}" })],
])('where to get access token from: %s', (_, source) => {
  it('reads the query of a GET', () => {
    expect(source.find(get('a=b&access_token=abc'), undefined)).toBe('abc');
    expect(source.find(requestView({ method: 'HEAD', query: 'access_token=abc' }), undefined)).toBe('abc');
  });

  it('reads the form of a POST and never its query', () => {
    expect(source.find(post('access_token=query'), new FormParameters('access_token=form'))).toBe('form');
    expect(source.find(post('access_token=query'), new FormParameters(''))).toBeUndefined();
  });

  it.each(['', 'access_token=', 'access_token', 'Access_Token=abc'])('finds none in "%s"', (query) => {
    expect(source.find(get(query), undefined)).toBeUndefined();
  });

  it.each(['access_token=a&access_token=b', 'access_token[]=a'])('refuses the repeated %s', (query) => {
    expect(() => source.find(get(query), undefined)).toThrow(malformed('').description);
    expect(() => source.find(post(''), new FormParameters(query))).toThrow(malformed('').description);
  });

  it.each(['access_token=%00', 'access_token=%ff', 'access_token=%'])(
    'refuses the unreadable %s',
    (query) => {
      expect(() => source.find(get(query), undefined)).toThrow(malformed('').description);
    },
  );
});

describe('where to get access token from', () => {
  it('takes another parameter by its name', () => {
    const source = tokenSource({ parameter: 'my token' });
    expect(source.find(get('access_token=abc&my+token=def'), undefined)).toBe('def');
  });

  it('takes a header by a selector, in any case and as it is', () => {
    expect(
      tokenSource({ selector: '${http.headers["X-Token"]}' }).find(get('', ['x-token', 'abc']), undefined),
    ).toBe('abc');
    const source = tokenSource({ selector: "${http.headers['Authorization']}" });
    expect(source.find(get('', ['Authorization', 'Bearer abc']), undefined)).toBe('Bearer abc');
  });

  it('finds none in a header that is missing or empty, and refuses two', () => {
    const source = tokenSource({ selector: '${http.headers["X-Token"]}' });
    expect(source.find(get(''), undefined)).toBeUndefined();
    expect(source.find(get('', ['X-Token', '']), undefined)).toBeUndefined();
    expect(() => source.find(get('', ['X-Token', 'a', 'x-token', 'b']), undefined)).toThrow(
      malformed('').description,
    );
  });

  it('takes a text of several parts, and finds none when one part is missing', () => {
    const setting = { selector: '${env.PREFIX}_${http.headers["X-Token"]}' };
    const source = tokenSource(setting, new Map([['PREFIX', 'sya']]));
    expect(source.find(get('', ['X-Token', 'abc']), undefined)).toBe('sya_abc');
    expect(source.find(get(''), undefined)).toBeUndefined();
    expect(tokenSource(setting).find(get('', ['X-Token', 'abc']), undefined)).toBeUndefined();
  });

  it.each([
    ['', 'it reads nothing of the request: no ${http.…}'],
    ['abc', 'it reads nothing of the request: no ${http.…}'],
    ['${env.TOKEN}', 'it reads nothing of the request: no ${http.…}'],
    ['${accesstoken.getValue()}', 'it reads nothing of the request: no ${http.…}'],
    ['${http.headers["X-Token"}', 'a ${…} ends too early'],
  ])('refuses the selector %j', (selector, reason) => {
    expect(() => tokenSource({ selector })).toThrow(new SelectorError(reason));
  });
});
