import { readDocument } from '../../src/provisioning/document.js';
import type { Members } from '../../src/domain/members.js';
import { FileProblems } from '../../src/provisioning/problems.js';
import { listItem, memberLines } from '../../src/provisioning/written-members.js';

/** What a configuration file with this text holds. */
const read = (text: string) =>
  readDocument(text, { env: { A: 'from the environment' }, folder: '/' }, new FileProblems('file'));

const texts = [
  '12',
  '0x1f',
  '1e3',
  '-.inf',
  'true',
  'No',
  '~',
  'null',
  '',
  ' ',
  ' a ',
  'a: b',
  'a #b',
  '#',
  '- a',
  '? a',
  '[a',
  '{a}',
  '*a',
  '&a',
  '!a',
  '@a',
  '`a',
  '%a',
  "'",
  '"',
  '\\',
  'a\nb',
  'a\r\nb',
  '\r',
  '\n',
  'a\n',
  '\ta',
  'a\u0085b',
  'a\u2028b',
  '\ufeffa',
  'ä',
  '\u202e',
  '😀',
  '\u0001',
  '\u007f',
  '---',
  '...',
  '--- a',
  '<<',
  '=',
  '${A}',
  '$${A}',
  '$$${',
  '${',
  '$',
  'x'.repeat(3000),
  `${'long '.repeat(60)}end`,
  '2026-01-01',
  '0b1',
  '1_000',
  '|',
  '>',
  'a:',
  ': a',
];

it.each(texts)('writes the text %j so that a file has the same', (text) => {
  const members: Members = new Map<string, unknown>([
    ['one', text],
    ['list', [text, text]],
    ['mapping', new Map([[`a${text}`, [text]]])],
  ]);
  expect(read(memberLines(members))).toEqual(members);
  expect(read(`- []\n${listItem(members, 0)}`)).toEqual([[], members]);
  expect(read(`deep:\n${listItem(members, 6)}`)).toEqual(new Map([['deep', [members]]]));
});

it.each(texts.filter((text) => text !== ''))('writes the name %j so that a file has the same', (name) => {
  const members = new Map([['attributes', new Map([[name, ['x']]])]]);
  expect(read(memberLines(members))).toEqual(members);
});

it('writes names in their order, numbers and truth as such, and lists of texts in one line', () => {
  const members: Members = new Map<string, unknown>([
    ['client_id', '12'],
    ['grant_types', ['password', 'client_credentials']],
    ['scopes', []],
    ['access_token_lifetime', 600],
    [
      'additional_information',
      new Map([
        ['z', 'last'],
        ['12', 'twelve'],
        ['__proto__', 'text'],
      ]),
    ],
    ['attributes', new Map()],
    ['enabled', true],
  ]);
  expect(listItem(members, 2)).toBe(`  - client_id: "12"
    grant_types: [password, client_credentials]
    scopes: []
    access_token_lifetime: 600
    additional_information:
      z: last
      "12": twelve
      __proto__: text
    attributes: {}
    enabled: true
`);
});
