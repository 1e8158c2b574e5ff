/** Parameters of a query or form that tokeninfo does not read. */
export const extras = [
  'x=1',
  'x',
  'x=',
  '=',
  '=x',
  '',
  '&',
  'x=1&x=2',
  'x[]=1',
  'Access_Token=x',
  'client_id=app',
];

/** Parameters that are not valid text: broken escapes, invalid UTF-8, NUL. */
export const unreadable = [
  '%zz=1',
  'x=%',
  'x=%ff',
  'x=%00',
  '%c3=1',
  'x=%C0%80',
  'x=%u0041',
  'access_token=%ff',
  'realm=%e4',
];

/** Parameters that present no token, or not in the place where it is read. */
export const tokenless = [
  'access_token=',
  'access_token',
  'access_token[]=x',
  'access_token[a][b]=x',
  'access_token=%20',
  'token=x',
];

/** Values of `realm`. */
export const realms = [
  '/',
  '',
  'alpha',
  '/alpha',
  '%2Falpha',
  '/alpha/',
  '/alpha/beta',
  'ALPHA',
  '/off',
  '/nowhere',
  '//',
  '.',
  '%00',
  'a+b',
];

/** Realms in the path. */
export const realmPaths = [
  '',
  '/realms/root',
  '/realms/root/realms/alpha',
  '/realms/alpha',
  '/alpha',
  '/alpha/beta',
  '/off',
  '/al%70ha',
];

/** Realms in the path that do not exist, or whose form is invalid. */
export const oddRealmPaths = [
  '/realms',
  '/realms/',
  '/realms/root/realms/root',
  '/realms/root/realms/nowhere',
  '/root',
  '/%',
  '/..',
  '//alpha',
  '/ALPHA',
];

/** Texts before the token in `Authorization`. */
export const schemes = [
  'bearer ',
  'BEARER ',
  'BeArEr ',
  'Bearer  ',
  'Bearer     ',
  'Bearer\t',
  'Bearer',
  '',
  'Basic ',
  'Token ',
  'Bearer: ',
  'Bearer Bearer ',
  'Bearer "',
];

/** Values of `Content-Type`. */
export const contentTypes = [
  'application/x-www-form-urlencoded; charset=utf-8',
  'application/x-www-form-urlencoded ;charset="UTF-8" ',
  'APPLICATION/X-WWW-Form-Urlencoded',
  'application/x-www-form-urlencoded;',
  'application/x-www-form-urlencoded; charset=iso-8859-1',
  'application/x-www-form-urlencoded, application/json',
  'application/json',
  'multipart/form-data; boundary=x',
  'text/plain;charset=utf-8',
  '',
];

/** Bodies that are not a form, or are a strange one. */
export const bodies = [
  'x=\0',
  '\0',
  'x=\xff',
  'x=\xc3\xa9',
  '\xef\xbb\xbfx=1',
  'x=%zz',
  'x=1\r\n',
  '\r\n',
  '{"access_token":"x"}',
  '&&&',
  '='.repeat(300),
];

/** Bytes that never become a request: Node's server answers them by itself, and closes the connection. */
export const broken: readonly string[] = [
  'GET /api/oauth/tokeninfo?access_token=x HTTP/1.1\r\n\r\n',
  'GET /api/oauth/tokeninfo?access_token=x y HTTP/1.1\r\nHost: x\r\n\r\n',
  'GET /api/oauth/tokeninfo?access_token=\xe9 HTTP/1.1\r\nHost: x\r\n\r\n',
  'GET oauth2/tokeninfo HTTP/1.1\r\nHost: x\r\n\r\n',
  'GET /oauth2/tokeninfo HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer a\0b\r\n\r\n',
  'GET /oauth2/tokeninfo HTTP/1.1\r\nHost: x\r\nAuthorization : Bearer ab\r\n\r\n',
  'GET /oauth2/tokeninfo HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ab\nX: y\r\n\r\n',
  'GET /oauth2/tokeninfo#x HTTP/1.1\r\nHost: x\r\n\r\n',
  'GET * HTTP/1.1\r\nHost: x\r\n\r\n',
  'GET http://user:x@y/oauth2/tokeninfo HTTP/1.1\r\nHost: x\r\n\r\n',
  'GET /oauth2/tokeninfo HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n',
  'get /oauth2/tokeninfo HTTP/1.1\r\nHost: x\r\n\r\n',
  'GET /oauth2/tokeninfo HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
  'POST /api/oauth/tokeninfo HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n',
  'POST /api/oauth/tokeninfo HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nx=1',
  'POST /api/oauth/tokeninfo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n',
];
