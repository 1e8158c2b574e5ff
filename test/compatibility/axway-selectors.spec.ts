import { OAuthError } from '../../src/domain/oauth-error.js';
import { FormParameters } from '../../src/http/request/parameters.js';
import type { RequestView } from '../../src/http/request/request-view.js';
import { compileSelector } from '../../src/http/tokeninfo/axway/selectors/selector.js';
import {
  type AnsweredRequest,
  answerScope,
  requestScope,
} from '../../src/http/tokeninfo/axway/selectors/selector-scope.js';
import { answeredRequest, activeToken, presented, requestView } from '../support/answered-request.js';

const env = new Map([['REGION', 'eu-1']]);

/** The value of an additional parameter with this text; undefined when a selector in it does not resolve. */
function answer(text: string, request: Partial<AnsweredRequest> = {}): string | undefined {
  const { text: value, resolved } = compileSelector(text).evaluate(
    answerScope(answeredRequest(request), env),
  );
  return resolved ? value : undefined;
}

/** The value of this text when it selects the presented token; undefined when a selector does not resolve. */
function found(text: string, view: RequestView): string | undefined {
  const { text: value, resolved } = compileSelector(text).evaluate(requestScope({ view }, env));
  return resolved ? value : undefined;
}

describe('selectors of the attribute table', () => {
  it.each([
    ['${accesstoken.getValue()}', 'sya_BcYG…'],
    ['${accesstoken.getExpiration()}', 'Fri Oct 05 11:46:54 UTC 2012'],
    ['${accesstoken.getExpiresIn()}', '3599'],
    ['${accesstoken.isExpired()}', 'false'],
    ['${accesstoken.getTokenType()}', 'Bearer'],
    ['${accesstoken.getScope()}', 'https://localhost:8090/auth/userinfo.email'],
    ['${accesstoken.authn.getUserAuthentication()}', 'admin'],
    ['${accesstoken.authn.getAuthorizationRequest().getClientId()}', 'SampleConfidentialApp'],
    [
      '${accesstoken.authn.getAuthorizationRequest().getScope()}',
      'https://localhost:8090/auth/userinfo.email',
    ],
    ['${oauth.client.details.getName()}', 'Sample Application'],
    ['${oauth.client.details.getClientID()}', 'SampleConfidentialApp'],
    ['${oauth.client.details.getClientType()}', 'confidential'],
    ['${oauth.client.details.getApplication()}', 'Sample'],
    ['${oauth.client.details.getDescription()}', 'Reads the mail address'],
    ['${oauth.client.details.getContactEmail()}', 'owner@example.com'],
    ['${oauth.client.details.isEnabled()}', 'true'],
    ['${authentication.subject.id}', 'admin'],
    ['${env.REGION}', 'eu-1'],
  ])('%s', (text, value) => {
    expect(answer(text)).toBe(value);
  });

  it('pads the day of an expiry date', () => {
    const live = activeToken({ token: { expiresAt: Date.UTC(2031, 5, 1, 0, 0, 9, 999) } });
    expect(answer('${accesstoken.getExpiration()}', { active: live })).toBe('Sun Jun 01 00:00:09 UTC 2031');
  });

  it('shows the client as the user of its own token', () => {
    const live = activeToken({ token: { username: undefined, grantType: 'client_credentials' } });
    expect(answer('${accesstoken.authn.getUserAuthentication()}', { active: live })).toBe(
      'SampleConfidentialApp',
    );
    expect(answer('${authentication.subject.id}', { active: live })).toBe('SampleConfidentialApp');
  });

  it('shows the identifier of a client without a name, and the type of a public client', () => {
    const live = activeToken({ client: { name: undefined, type: 'public' } });
    expect(answer('${oauth.client.details.getName()}', { active: live })).toBe('SampleConfidentialApp');
    expect(answer('${oauth.client.details.getClientType()}', { active: live })).toBe('public');
  });

  it.each(['getApplication', 'getDescription', 'getContactEmail'])(
    '%s() of a client without one',
    (method) => {
      const live = activeToken({
        client: { application: undefined, description: undefined, contactEmail: undefined },
      });
      expect(answer(`\${oauth.client.details.${method}()}`, { active: live })).toBeUndefined();
    },
  );
});

describe('selectors of the request', () => {
  const view = requestView({
    query: 'x=from+query&empty=&twice=1&twice=2&bad=%ff',
    headers: ['User-Agent', 'curl/8.5', 'X-Forwarded-For', '10.0.0.1', 'X-Forwarded-For', '10.0.0.2'],
  });
  const posted = requestView({ method: 'POST', query: 'x=from+query' });

  it.each([
    ["${http.client.getCgiArgument('x')}", 'from query'],
    ["${http.client.getCgiArgument('empty')}", undefined],
    ["${http.client.getCgiArgument('none')}", undefined],
    ['${http.headers["User-Agent"]}', 'curl/8.5'],
    ["${http.headers['user-agent']}", 'curl/8.5'],
    ['${http.headers["X-Forwarded-For"]}', '10.0.0.1, 10.0.0.2'],
    ['${http.headers["X-None"]}', undefined],
    ['${http.request.verb}', 'GET'],
    ['${http.request.uri}', '/api/oauth/tokeninfo'],
  ])('%s', (text, value) => {
    expect(answer(text, { view })).toBe(value);
  });

  it('reads the form of a POST and never its query', () => {
    const form = new FormParameters('x=from+form');
    expect(answer("${http.client.getCgiArgument('x')}", { view: posted, form })).toBe('from form');
    expect(
      answer("${http.client.getCgiArgument('x')}", { view: posted, form: new FormParameters('') }),
    ).toBeUndefined();
    expect(answer("${http.client.getCgiArgument('x')}", { view: posted })).toBeUndefined();
  });

  it.each(['twice', 'bad'])('refuses the request for a parameter that is %s', (name) => {
    expect(() => answer(`\${http.client.getCgiArgument('${name}')}`, { view })).toThrow(OAuthError);
  });
});

describe('credentials in the request', () => {
  const secrets = 'password=p&client_secret=s&access_token=a&refresh_token=r&token=t&Password=P';
  const view = requestView({
    query: `${secrets}&my_token=${presented}`,
    headers: [
      'Authorization',
      'Basic YTpi',
      'Proxy-Authorization',
      'x',
      'Cookie',
      'sid=1',
      'X-Token',
      presented,
    ],
  });

  it.each(['password', 'client_secret', 'access_token', 'refresh_token', 'token', 'Password', 'my_token'])(
    'masks the parameter %s in an answer',
    (name) => {
      expect(answer(`\${http.client.getCgiArgument('${name}')}`, { view })).toBe('xxxxxxxx');
    },
  );

  it.each(['Authorization', 'authorization', 'Proxy-Authorization', 'Cookie'])(
    'shows no %s in an answer',
    (name) => {
      expect(answer(`\${http.headers["${name}"]}`, { view })).toBeUndefined();
    },
  );

  it('masks the presented token in any header or path', () => {
    expect(answer('${http.headers["X-Token"]}', { view })).toBe('xxxxxxxx');
    expect(answer('${http.request.uri}', { view: { ...view, path: `/x/${presented}` } })).toBe('xxxxxxxx');
  });

  it('reads them as they are to find the token', () => {
    expect(found('${http.headers["X-Token"]}', view)).toBe(presented);
    expect(found("${http.headers['Authorization']}", view)).toBe('Basic YTpi');
    expect(found("${http.client.getCgiArgument('access_token')}", view)).toBe('a');
  });

  it('resolves nothing about a token while the token is being found', () => {
    expect(found('${env.REGION}', view)).toBe('eu-1');
    for (const text of [
      'accesstoken.getValue()',
      'oauth.client.details.getName()',
      'authentication.subject.id',
    ]) {
      expect(found(`\${${text}}`, view)).toBeUndefined();
    }
  });
});
