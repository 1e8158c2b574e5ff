import { foldUsername } from '../../src/domain/username.js';

describe('the key of a user name', () => {
  it.each([
    ['Demo', 'demo'],
    ['DEMO', 'demo'],
    ['ZOË', 'zoë'],
    ['zoe\u0308', 'zoë'],
    ['ZOE\u0308', 'zoë'],
    ['H\u0331', '\u1E96'],
    ['ПАРОЛЬ', 'пароль'],
    ['ΑΝΝΑ', 'αννα'],
    ['\u212Aelvin', 'kelvin'],
    ['𐐀', '𐐨'],
  ])('of %j is %j', (name, key) => {
    expect(foldUsername(name)).toBe(key);
  });

  it.each([
    ['demo ', 'demo'],
    ['STRASSE', 'straße'],
    ['ﬁne', 'fine'],
    ['ａnn', 'ann'],
    ['a\u200Bnn', 'ann'],
    ['élan', 'elan'],
    ['аnn', 'ann'],
    ['I', 'ı'],
  ])('tells %j from %j', (one, other) => {
    expect(foldUsername(one)).not.toBe(foldUsername(other));
  });

  it('is its own key, and that of every spelling of the name, whatever its characters', () => {
    const marks = Array.from({ length: 0x70 }, (_, mark) => String.fromCodePoint(0x300 + mark));
    const wrong: string[] = [];
    const check = (name: string) => {
      const key = foldUsername(name);
      const others = [key, name.normalize('NFD'), name.normalize('NFC'), name.toLowerCase()];
      if (others.some((other) => foldUsername(other) !== key)) wrong.push(name);
    };
    for (let point = 1; point <= 0x10ffff; point += 1) {
      if (point >= 0xd800 && point <= 0xdfff) continue;
      check(`a${String.fromCodePoint(point)}b`);
      if (point < 0x2200) for (const mark of marks) check(String.fromCodePoint(point) + mark);
    }
    expect(wrong).toEqual([]);
  });
});
