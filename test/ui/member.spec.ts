import { type Member, textsOf, typedChanges } from '../../ui/src/pages/subjects/member.js';

const members: readonly Member[] = [
  { name: 'title', label: 'Title', type: 'text' },
  { name: 'seconds', label: 'Seconds', type: 'number' },
  { name: 'scopes', label: 'Scopes', type: 'list' },
  { name: 'attributes', label: 'Attributes', type: 'mapping' },
  { name: 'enabled', label: 'Enabled', type: 'flag' },
];

const stored = {
  title: 'Till',
  seconds: 60,
  scopes: ['a', 'b'],
  attributes: { team: ['x'], floor: ['2'] },
  enabled: true,
};

const typed = (texts: Record<string, string>) =>
  typedChanges(members, stored, { ...textsOf(members, stored), ...texts });

it('a form that was not changed changes nothing', () => {
  expect(typed({})).toEqual({ patch: {}, flaws: {} });
});

it('a patch has the changed members alone, null for those that were emptied or taken from a mapping', () => {
  const texts = {
    title: '',
    seconds: '90',
    scopes: ' a\n\nc ',
    attributes: '{"team":["y"]}',
    enabled: 'false',
  };
  expect(typed(texts).patch).toEqual({
    title: null,
    seconds: 90,
    scopes: ['a', 'c'],
    attributes: { team: ['y'], floor: null },
    enabled: false,
  });
});

it('what is no number is left to the server to refuse, and what is no JSON is said at once', () => {
  expect(typed({ seconds: 'soon', attributes: '{' })).toEqual({
    patch: { seconds: 'soon' },
    flaws: { attributes: 'is no JSON' },
  });
});
