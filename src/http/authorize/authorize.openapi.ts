import { responseModes } from '../../domain/authorization-request.js';
import {
  type AnswerDescription,
  headerOf,
  type Operation,
  type OperationsByMethod,
  optionalHeaders,
  queryParameter,
} from '../../openapi/operation.js';
import { objectOf, oneOf, type Schema, text } from '../../openapi/schema.js';
import { pageAnswer, setCookie } from '../pages/page.openapi.js';
import { formBody } from '../request/client-form.openapi.js';
import { realmInQuery } from '../request/realm.openapi.js';
import { elsewhere, inputRefusals, noStoreHeaders, retryAfter } from '../response/oauth.openapi.js';
import type { requestNames } from './authorization-form.js';

/** The parameters of an authorization request (RFC 6749 §4.1.1, and its extensions). */
const request: Readonly<Record<(typeof requestNames)[number], Schema>> = {
  client_id: text('The client’s identifier.'),
  response_type: text('`code`.'),
  redirect_uri: text('One that the client is registered with; may be left out if there is one alone.'),
  scope: text('Scope tokens, separated by spaces.'),
  state: text('Comes back with the answer.'),
  code_challenge: text('The S256 challenge of PKCE (RFC 7636 §4.2).'),
  code_challenge_method: text('`S256`.'),
  response_mode: text(`How the answer goes to the client: ${responseModes.join(', ')}.`),
  prompt: text('`login`, `consent`, `none`, or `login consent`.'),
  max_age: text('How many seconds ago the user may have signed in.'),
  login_hint: text('A user name that the login page begins with.'),
  ui_locales: text('Languages of the pages, the preferred one first: `de en`.'),
  locale: text('The same, as ForgeRock AM has it.'),
  request: text('Is refused.'),
  request_uri: text('Is refused.'),
};

const examples: Readonly<Record<string, string>> = {
  client_id: 'myClient',
  response_type: 'code',
  code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
  code_challenge_method: 'S256',
};

const parameters = [
  ...Object.entries(request).map(([name, schema]) => queryParameter(name, schema, examples[name])),
  realmInQuery,
];

const location = headerOf(text('Where the browser goes on.'));

function redirection(description: string): AnswerDescription {
  return { description, headers: { Location: location, 'Set-Cookie': setCookie, ...noStoreHeaders } };
}

const notFound = pageAnswer(
  'There is no such realm. What is not even the name of one is answered by no page.',
);
const badRequest = pageAnswer('The request, or the form, cannot be used.');

/** What both pages of users refuse. What is wrong before the endpoint sees the request is no page. */
export const pageRefusals: Readonly<Record<number, AnswerDescription>> = {
  400: {
    ...badRequest,
    headers: optionalHeaders(badRequest.headers),
    content: { ...badRequest.content, ...inputRefusals[400].content },
  },
  404: {
    ...notFound,
    headers: optionalHeaders(notFound.headers),
    content: { ...notFound.content, ...elsewhere[404].content },
  },
  500: pageAnswer('A fault of the server’s own.'),
  503: pageAnswer('The store does not answer.', { 'Retry-After': retryAfter }),
};

const answers: Operation['answers'] = {
  ...pageRefusals,
  200: pageAnswer('A page: login, consent, or a form that goes to the client.', { 'Set-Cookie': setCookie }),
  302: redirection('The answer to the client, with a code or an error, as its redirect URI.'),
  303: redirection('The request again, in the URL, or behind a sign-in.'),
  403: pageAnswer('The login page again: user name or password were wrong.', { 'Set-Cookie': setCookie }),
  429: pageAnswer('Too many passwords were wrong.', { 'Retry-After': retryAfter }),
};

const csrf = text('The value that the form of the page has.');

const form = objectOf(
  {},
  {
    username: text('Of the login form.'),
    password: text('Of the login form.', { format: 'password' }),
    decision: oneOf(['allow', 'deny'], 'Of the consent form.'),
    save_consent: text('Of the consent form: whether not to be asked again.'),
    csrf,
    ...request,
  },
  { title: 'AuthorizationForm', additionalProperties: true },
);

/** GET and POST of the authorization endpoint. */
export const authorize: OperationsByMethod = {
  get: {
    tag: 'Sign-in',
    summary: 'Ask a user to sign in and to agree',
    description:
      'RFC 6749 §3.1. The user’s browser is sent here, and goes back to the client with a code. Pages are at the same URL.',
    parameters,
    answers,
  },
  post: {
    tag: 'Sign-in',
    summary: 'Send the form of a page, or an authorization request',
    description: 'The forms of our pages, or an authorization request as a form, which becomes a GET.',
    parameters,
    body: formBody(form, {
      login: { username: 'demo', password: 'Ch4ng31t', csrf: '…' },
      consent: { decision: 'allow', csrf: '…' },
    }),
    answers,
  },
};

const logoutAnswers: Operation['answers'] = {
  ...pageRefusals,
  200: pageAnswer('A page: the question whether to sign out, or that it is done.', {
    'Set-Cookie': setCookie,
  }),
};

const logoutForm = formBody(objectOf({}, { csrf }, { title: 'LogoutForm', additionalProperties: true }), {
  example: { csrf: '…' },
});

/** GET and POST of the logout page. */
export const logout: OperationsByMethod = {
  get: {
    tag: 'Sign-in',
    summary: 'Ask a user whether to sign out',
    parameters: [realmInQuery],
    answers: logoutAnswers,
  },
  post: {
    tag: 'Sign-in',
    summary: 'Sign a user out',
    description: 'Where nobody is signed in, the form is not read.',
    parameters: [realmInQuery],
    body: { ...logoutForm, required: false },
    answers: logoutAnswers,
  },
};
