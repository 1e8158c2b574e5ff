import { apply, counts, directoryAfter } from './directories.js';
import { problemsOf } from './files.js';

/** A file with the realm `/alpha`, its rule for user names, and these users. */
function file(rule: string | undefined, ...users: string[]): string {
  const entries = users.map((user) => `      - {password: p, ${user}}\n`).join('');
  const usernames = rule === undefined ? '' : `    usernames: ${rule}\n`;
  return `realms:\n  - name: /alpha\n${usernames}    users:${entries === '' ? ' []' : ''}\n${entries}`;
}

describe('a realm that folds user names', () => {
  it.each([
    ['letter case', 'username: demo', 'username: Demo'],
    ['composition', 'username: "zo\\u00EB"', 'username: "zoe\\u0308"'],
  ])('refuses two users of its file whose names differ in %s alone, and names both', (_what, ...users) => {
    expect(problemsOf(file('fold', 'username: other', ...users))).toEqual([
      'symbolon.yaml:7: realms[0].users[2].username: is the same as realms[0].users[1].username where user names are folded',
    ]);
    expect(problemsOf(file('exact', ...users))).toEqual([]);
    expect(problemsOf(file(undefined, ...users))).toEqual([]);
  });

  it('says once that a name is there twice', () => {
    expect(problemsOf(file('fold', 'username: demo', 'username: demo'))).toEqual([
      'symbolon.yaml:6: realms[0].users[1].username: is the same as realms[0].users[0].username',
    ]);
  });

  it('is compared with no other realm', () => {
    const other = file('fold', 'username: Demo').replace('realms:\n', '').replace('/alpha', '/beta');
    expect(problemsOf(file('fold', 'username: demo') + other)).toEqual([]);
  });

  it('refuses a user whose name is that of a stored one, names both, and changes nothing', async () => {
    const directory = await directoryAfter(file('fold', 'username: demo'));
    const state = await directory.state();
    await expect(apply(directory, file('fold', 'username: other', 'username: Demo'))).rejects.toMatchObject({
      name: 'ConfigurationFileError',
      problems: [
        'symbolon.yaml:6: realms[0].users[1].username: "demo" and "Demo" are one user name where they are folded',
      ],
    });
    expect(await directory.state()).toEqual(state);
    expect(await directory.findResourceOwner('/alpha', 'other')).toBeUndefined();
  });

  it('is refused where two stored users have one name, and names both', async () => {
    const directory = await directoryAfter(file('exact', 'username: demo', 'username: Demo'));
    await expect(apply(directory, file('fold'))).rejects.toMatchObject({
      problems: [
        'symbolon.yaml:3: realms[0].usernames: "demo" and "Demo" are one user name where they are folded',
      ],
    });
    expect(await directory.findRealm('/alpha')).toMatchObject({ usernames: 'exact' });
  });

  it('may rename a user: the old name goes, and the new one comes', async () => {
    const directory = await directoryAfter(file('fold', 'username: demo'));
    const renamed = file('fold', 'username: Demo', 'username: demo, state: absent');
    expect(await apply(directory, renamed)).toEqual(counts({ added: 1, removed: 1, unchanged: 1 }));
    expect(await directory.findFoldedResourceOwner('/alpha', 'demo')).toMatchObject({ username: 'Demo' });
  });

  it('compares exactly again as soon as its file leaves the key out', async () => {
    const directory = await directoryAfter(file('fold', 'username: demo'));
    expect(await apply(directory, file(undefined, 'username: Demo'))).toEqual(
      counts({ added: 1, updated: 1 }),
    );
    expect(await directory.findFoldedResourceOwner('/alpha', 'demo')).toBeUndefined();
  });
});
