import { compileSelector, SelectorError } from '../../src/http/tokeninfo/axway/selectors/selector.js';
import {
  type AnsweredRequest,
  answerScope,
} from '../../src/http/tokeninfo/axway/selectors/selector-scope.js';
import { answeredRequest, requestView } from '../support/answered-request.js';

const env = new Map([
  ['REGION', 'eu-1'],
  ['COLOUR', 'green'],
]);

/** The value of an additional parameter with this text; undefined when a selector in it does not resolve. */
function answer(text: string, request: Partial<AnsweredRequest> = {}): string | undefined {
  const { text: value, resolved } = compileSelector(text).evaluate(
    answerScope(answeredRequest(request), env),
  );
  return resolved ? value : undefined;
}

describe('the form of selectors', () => {
  const view = requestView({ query: "a}b=brace&it's=quote&say%20%22hi%22=said&1=one", headers: ['X', 'y'] });

  it.each([
    ['', ''],
    ['plain text with } and $ and {', 'plain text with } and $ and {'],
    ['${env.REGION}', 'eu-1'],
    ['at ${env.REGION}!', 'at eu-1!'],
    ['${env.REGION}${env.COLOUR}', 'eu-1green'],
    ['${env.REGION} and ${env.COLOUR}.', 'eu-1 and green.'],
    ['${env["REGION"]}', 'eu-1'],
    ["${env['REGION']}", 'eu-1'],
    ['${ env . REGION }', 'eu-1'],
    ['${env[ "REGION" ]}', 'eu-1'],
    ["${http['headers'].X}", 'y'],
    ["${accesstoken['getTokenType']()}", 'Bearer'],
    ["${http.client.getCgiArgument( 'a}b' )}", 'brace'],
    ["${http.client.getCgiArgument('it\\'s')}", 'quote'],
    ['${http.client.getCgiArgument("it\'s")}', 'quote'],
    ['${http.client.getCgiArgument(\'say "hi"\')}', 'said'],
    ['${http.client.getCgiArgument(1)}', 'one'],
  ])('%s', (text, value) => {
    expect(answer(text, { view })).toBe(value);
  });

  it('keeps the rest of the text when one selector does not resolve', () => {
    const scope = answerScope(answeredRequest(), env);
    const selector = compileSelector('${env.REGION} (${env.NONE})');
    expect(selector.evaluate(scope)).toEqual({ text: 'eu-1 ()', resolved: false });
  });

  it.each([
    ['${}', 'a ${} is empty'],
    ['${  }', 'a ${} is empty'],
    ['${', 'a ${ or a quote behind it is not closed'],
    ['${env.REGION', 'a ${ or a quote behind it is not closed'],
    ["${env['REGION}", 'a ${ or a quote behind it is not closed'],
    ["${env['A} ${env.REGION}", 'a ${ or a quote behind it is not closed'],
    ['${a ${env.REGION}}', 'unexpected "{" at character 4 of a ${…}'],
    ['${a.}', 'a ${…} ends too early'],
    ['${env["A"}', 'a ${…} ends too early'],
    ['${a.b() + 1}', 'the operator + is not allowed'],
    ['${!a}', 'the operator ! is not allowed'],
    ['${a.b == a.c}', 'the operator == is not allowed'],
    ['${a || b}', 'the operator || is not allowed'],
    ['${a = b}', 'unexpected "=" at character 3 of a ${…}'],
    ['${this}', 'this is not allowed'],
    ['${this.a}', 'this is not allowed'],
    ['${[1]}', 'an array is not allowed'],
    ['${[].a}', 'an array is not allowed'],
    ['${a ? b : c}', 'a conditional is not allowed'],
    ['${a b}', 'more than one expression is not allowed'],
    ['${a, b}', 'more than one expression is not allowed'],
    ['${(a, b).c}', 'more than one expression is not allowed'],
    ["${'a'.length}", 'a text is not allowed'],
    ['${1}', '1 is not allowed'],
    ['${true}', 'true is not allowed'],
    ['${a[b]}', 'a name is not allowed where a quoted text or a number belongs'],
    ['${a[b.c()]}', 'another selector is not allowed where a quoted text or a number belongs'],
    ['${a.b(c.d)}', 'another selector is not allowed where a quoted text or a number belongs'],
    ['${a.b(null)}', 'null is not allowed where a quoted text or a number belongs'],
    ['${a.b(-1)}', 'the operator - is not allowed where a quoted text or a number belongs'],
    ["${a['b' + 'c']}", 'the operator + is not allowed where a quoted text or a number belongs'],
    ['${f()}', 'only a method of something can be called'],
    ['${a.b()()}', 'only a method of something can be called'],
    ['${(a).b}', "only names, .name, ['name'] and .method('text') are allowed"],
    ['${a.b;}', "only names, .name, ['name'] and .method('text') are allowed"],
    ['${,a.b}', "only names, .name, ['name'] and .method('text') are allowed"],
    ["${a.b('c' 'd')}", "only names, .name, ['name'] and .method('text') are allowed"],
    ['${a?.b}', "only names, .name, ['name'] and .method('text') are allowed"],
    ['${a?.b()}', "only names, .name, ['name'] and .method('text') are allowed"],
    ['${a\u00A0.b}', "only names, .name, ['name'] and .method('text') are allowed"],
    ['${`a`}', 'unexpected "`" at character 1 of a ${…}'],
    ['${#a}', 'unexpected "#" at character 1 of a ${…}'],
    ['${a.12345x}', 'unexpected 1 at character 3 of a ${…}'],
    ['${12345x}', 'variable names cannot start with a number at character 6 of a ${…}'],
    ['${a\n.b}', 'a ${…} holds a control character'],
  ])('refuses %j', (text, reason) => {
    expect(() => compileSelector(text)).toThrow(new SelectorError(reason));
  });
});

describe('hostile selectors', () => {
  const hostNames = [
    'constructor',
    '__proto__',
    'prototype',
    'toString',
    'valueOf',
    'hasOwnProperty',
    '__defineGetter__',
    '__lookupGetter__',
    'of',
    'call',
    'member',
    'members',
    'get',
  ];
  const nodes = [
    'env',
    'http',
    'http.headers',
    'http.client',
    'http.request',
    'accesstoken',
    'accesstoken.authn',
    'accesstoken.authn.getAuthorizationRequest()',
    'accesstoken.getValue()',
    'oauth',
    'oauth.client',
    'oauth.client.details',
    'authentication',
    'authentication.subject',
    'authentication.subject.id',
    'http.client.getCgiArgument("x")',
  ];
  const view = requestView({ query: 'x=1' });

  it.each(nodes)('%s has no name of the host language', (node) => {
    for (const name of hostNames) {
      for (const text of [`.${name}`, `['${name}']`, `.${name}()`, `["${name}"]('x')`, `.${name}.${name}`]) {
        expect(answer(`\${${node}${text}}`, { view })).toBeUndefined();
      }
    }
  });

  it.each([...hostNames, 'globalThis', 'process', 'Function', 'eval', 'require', 'scope'])(
    '%s resolves to nothing',
    (name) => {
      expect(answer(`\${${name}}`)).toBeUndefined();
      expect(answer(`\${${name}.env.PATH}`)).toBeUndefined();
    },
  );

  it('compiles no call of the result of a call', () => {
    expect(() => compileSelector("${accesstoken.getValue.constructor('return 1')()}")).toThrow(SelectorError);
    expect(answer("${accesstoken.getValue.constructor('return 1')}")).toBeUndefined();
  });

  it.each([
    '${env.PATH}',
    '${env}',
    '${env.REGION()}',
    '${env.REGION.length}',
    '${accesstoken}',
    '${accesstoken.getValue}',
    '${accesstoken.getValue(8)}',
    '${accesstoken.getValue()[0]}',
    '${accesstoken.authn}',
    '${http.headers}',
    '${http.client.getCgiArgument}',
    '${http.client.getCgiArgument()}',
    "${http.client.getCgiArgument('x', 'x')}",
    '${accesstoken.hash}',
    '${accesstoken.live.client.secretHash}',
    '${oauth.client.details.secretHash}',
    '${oauth.client.details.getClientSecret()}',
    '${authentication.subject.passwordHash}',
    '${presented}',
  ])('%s does not resolve', (text) => {
    expect(answer(text, { view })).toBeUndefined();
  });

  it.each([
    ['a long text', 'x'.repeat(4097)],
    ['a long selector', `\${env${'.a'.repeat(127)}}`],
    ['deep parentheses', `\${${'('.repeat(4000)}}`],
    ['deep brackets', `\${${'a['.repeat(2000)}}`],
    ['many operators', `\${${'-'.repeat(4000)}a}`],
    ['deep parentheses within the bounds', `\${${'('.repeat(127)}a${')'.repeat(127)}}`],
    ['deep arrays within the bounds', `\${${'['.repeat(256)}}`],
    ['deep indices within the bounds', `\${${'a['.repeat(128)}}`],
    ['deep operators within the bounds', `\${${'-'.repeat(255)}a}`],
    ['many beginnings', '${'.repeat(2048)],
    ['many quotes', `\${${"'".repeat(4093)}`],
  ])('refuses %s', (_, text) => {
    expect(() => compileSelector(text)).toThrow(SelectorError);
  });

  it('follows a path as long as the bounds allow', () => {
    expect(answer(`\${env${'.a'.repeat(126)}}`)).toBeUndefined();
    expect(answer('${env.REGION}'.repeat(315))).toBe('eu-1'.repeat(315));
  });
});
