import { importedFamily } from '../../src/domain/imported-family.js';

it('RFC 9562 §5.8 is a UUID of version 8', () => {
  for (let id = 0; id < 100; id += 1) {
    const family = importedFamily('/alpha', 'app', String(id));
    expect(family).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  }
});

it('is the same for ever: a later version must find the families of an earlier one', () => {
  // printf %s '["/alpha","app","grant-1"]' | sha256sum
  expect(importedFamily('/alpha', 'app', 'grant-1')).toBe('1e6b0077-f8ae-876c-af5d-5af6c286261d');
});

it('is another for another realm, client or id, wherever the one ends and the next begins', () => {
  const names: [string, string, string][] = [
    ['/', 'app', 'x'],
    ['/a', 'app', 'x'],
    ['/', 'other', 'x'],
    ['/', 'app', 'X'],
    ['/', 'app', 'x '],
    ['/', 'ap', 'px'],
    ['/', 'app","x', ''],
    ['/', 'app', '","x'],
    ['/', 'app\\', 'x'],
    ['/', 'x', 'app'],
    ['/', 'app', 'é'],
    ['/', 'app', 'e\u0301'],
  ];
  expect(new Set(names.map((name) => importedFamily(...name))).size).toBe(names.length);
});
