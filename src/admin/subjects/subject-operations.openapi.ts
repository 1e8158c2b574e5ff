import type { SubjectKind } from '../../domain/audit.js';
import { grantTypes } from '../../domain/grant-type.js';
import {
  type AnswerDescription,
  type Body,
  headerOf,
  jsonAnswer,
  type Operation,
  type Parameter,
  pathParameter,
  queryParameter,
} from '../../openapi/operation.js';
import { mapOf, oneOf, realmPath, type Schema, text } from '../../openapi/schema.js';
import { maxParameterLength } from '../admin-query.js';
import { filterText, pageAnswer, pageParametersOf } from '../list.openapi.js';
import { guarded, problems } from '../problem.openapi.js';
import {
  clientMembers,
  newSubjectSchemas,
  realmMembers,
  subjectExamples,
  subjectSchemas,
  userMembers,
} from './subject.openapi.js';

const tags = { realm: 'Realms', client: 'Clients', user: 'Users' } as const;

const etag = { ETag: headerOf(text('The version, as `If-Match` takes it.', { pattern: '^".+"$' })) };

/** A parameter that names a realm, by default the caller's. */
export function realmNamed(name: string, description: string): Parameter {
  const schema = { ...realmPath, maxLength: maxParameterLength, description };
  return queryParameter(name, schema, '/alpha');
}

const ofRealm = realmNamed('realm', 'The realm that it belongs to; the caller’s when left out.');

/** The header that names the version to change. */
export function ifMatch(required: boolean): Parameter {
  const description = 'The `ETag` of the version to change, or `*` for any.';
  return { name: 'If-Match', in: 'header', description, required, schema: text(), example: '*' };
}

const inPath: Readonly<Record<SubjectKind, Parameter>> = {
  realm: pathParameter('path', text('The path as one segment, percent-encoded: `%2Falpha`.'), '/alpha'),
  client: pathParameter('id', text('The identifier, percent-encoded.'), 'billing'),
  user: pathParameter('name', text('The name, percent-encoded.'), 'ann'),
};

/** The parameters of a route of one subject. */
export function named(kind: SubjectKind): readonly Parameter[] {
  return kind === 'realm' ? [inPath.realm] : [inPath[kind], ofRealm];
}

/** The answer that shows a subject, with its version. */
export function shown(kind: SubjectKind, description: string): AnswerDescription {
  const version = 'rrS7JZgM6Izo6zYkUiCiYA';
  const answer = jsonAnswer(description, subjectSchemas[kind], { ...subjectExamples[kind], version });
  return { ...answer, headers: etag };
}

/** What a body may be refused for, and a change. */
export const bodyProblems = problems('too-large', 'unsupported-media-type');
export const changeProblems = problems(
  'insufficient-scope',
  'not-allowed',
  'foreign-origin',
  'conflict',
  'stale',
);

export function listOperation(kind: SubjectKind): Operation {
  const filters = [
    queryParameter('prefix', filterText('How the names begin, case-sensitive.')),
    queryParameter('enabled', oneOf(['true', 'false'])),
    ...(kind === 'client' ? [queryParameter('grant_type', oneOf(grantTypes))] : []),
  ];
  const realm = kind === 'realm' ? realmNamed('under', 'This realm and those below it.') : ofRealm;
  return {
    tag: tags[kind],
    summary: `List ${kind}s by their names`,
    description:
      'In the order of bytes. A page may be short, and even empty, although `next` leads to another.',
    parameters: [...pageParametersOf, queryParameter('sort', oneOf(['name', '-name'])), realm, ...filters],
    security: ['adminToken'],
    answers: {
      200: pageAnswer(`A page of ${kind}s.`, subjectSchemas[kind], {
        ...subjectExamples[kind],
        version: 'rrS7JZgM6Izo6zYkUiCiYA',
      }),
      ...guarded,
    },
  };
}

export function createOperation(kind: SubjectKind): Operation {
  const { created_at: _created, updated_at: _updated, ...example } = subjectExamples[kind];
  const members = Object.fromEntries(Object.entries(example).filter(([member]) => member !== 'realm'));
  const created = shown(kind, `The ${kind}, and where it is shown.`);
  const location = headerOf(text('Where it is shown.', { pattern: '^/admin/v1/' }));
  return {
    tag: tags[kind],
    summary: `Add a ${kind}`,
    description:
      kind === 'client' ? 'A confidential client without a secret gets a generated one.' : undefined,
    parameters: kind === 'realm' ? [] : [ofRealm],
    body: bodyOf(['application/json'], newSubjectSchemas[kind], members),
    security: ['adminToken'],
    answers: {
      201: { ...created, headers: { ...etag, Location: location } },
      ...guarded,
      ...bodyProblems,
      ...changeProblems,
    },
  };
}

export function showOperation(kind: SubjectKind): Operation {
  return {
    tag: tags[kind],
    summary: `Show a ${kind}`,
    parameters: named(kind),
    security: ['adminToken'],
    answers: { 200: shown(kind, `The ${kind}.`), ...guarded },
  };
}

const members = { realm: realmMembers, client: clientMembers, user: userMembers };

export function patchOperation(kind: SubjectKind): Operation {
  return {
    tag: tags[kind],
    summary: `Change a ${kind}`,
    description:
      'A merge patch (RFC 7396): what is left out stays, `null` stands for the default, lists are replaced. It changes ' +
      'no name, password or secret.',
    parameters: [...named(kind), ifMatch(true)],
    body: bodyOf(['application/merge-patch+json', 'application/json'], patchOf(kind), { enabled: false }),
    security: ['adminToken'],
    answers: {
      200: shown(kind, `The ${kind} as it is now.`),
      ...guarded,
      ...bodyProblems,
      ...changeProblems,
      ...problems('precondition-required'),
    },
  };
}

/** Members that may be left out, or null. */
function patchOf(kind: SubjectKind): Schema {
  const names = Object.keys(members[kind]).map((member) => `\`${member}\``);
  return mapOf(true, `Some of ${names.join(', ')}.`);
}

export function removeOperation(kind: SubjectKind): Operation {
  const recursive = queryParameter('recursive', oneOf(['true', 'false'], 'With its clients and users.'));
  return {
    tag: tags[kind],
    summary: `Remove a ${kind}`,
    description: kind === 'realm' ? 'Realms below it stay. The root realm cannot be removed.' : undefined,
    parameters: [...named(kind), ifMatch(true), ...(kind === 'realm' ? [recursive] : [])],
    security: ['adminToken'],
    answers: {
      204: { description: 'It is removed, and its tokens have ended.' },
      ...guarded,
      ...changeProblems,
      ...problems('precondition-required'),
    },
  };
}

export function revokeOperation(kind: SubjectKind): Operation {
  return {
    tag: tags[kind],
    summary: `End all tokens of a ${kind}`,
    parameters: [...named(kind), ifMatch(false)],
    security: ['adminToken'],
    answers: {
      200: shown(kind, `The ${kind}, which is otherwise as it was.`),
      ...guarded,
      ...changeProblems,
    },
  };
}

/** A JSON body of one of some media types. */
export function bodyOf(types: readonly string[], schema: Schema, example: unknown): Body {
  const content = Object.fromEntries(types.map((type) => [type, { schema, examples: { example } }]));
  return { required: true, content };
}
