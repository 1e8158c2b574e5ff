import { chosen, sorted } from '../../ui/src/parts/sorting.js';

const rows = [
  { name: 'b', messages: 10 },
  { name: 'Ä', messages: 9 },
  { name: 'a', messages: 100 },
  { name: 'c', messages: 10 },
];

it('rows are sorted by numbers or by texts, and equal ones stay as they are', () => {
  const names = (sortedRows: typeof rows) => sortedRows.map(({ name }) => name).join(' ');
  expect(names(sorted(rows, ({ messages }) => messages, false))).toBe('Ä b c a');
  expect(names(sorted(rows, ({ messages }) => messages, true))).toBe('a b c Ä');
  expect(names(sorted(rows, ({ name }) => name, false))).toBe('a Ä b c');
  expect(names(rows)).toBe('b Ä a c');
});

it('a column of figures begins with the greatest, one of texts with the first, and each is turned round', () => {
  const figures = chosen(undefined, 'Messages', true);
  expect(figures).toEqual({ by: 'Messages', descending: true });
  expect(chosen(figures, 'Messages', true)).toEqual({ by: 'Messages', descending: false });
  expect(chosen(figures, 'Name', false)).toEqual({ by: 'Name', descending: false });
});
