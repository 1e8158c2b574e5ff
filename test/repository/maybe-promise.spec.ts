import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';
import { noMaybePromiseCondition } from '../../lint/no-maybe-promise-condition.js';

const rule = 'house/no-maybe-promise-condition';

const eslint = new ESLint({
  overrideConfigFile: true,
  overrideConfig: {
    files: ['**/*.ts'],
    plugins: { house: { rules: { 'no-maybe-promise-condition': noMaybePromiseCondition } } },
    rules: { [rule]: 'error' },
    languageOptions: {
      parser: tseslint.parser,
      parserOptions: { projectService: { allowDefaultProject: ['*.ts'] } },
    },
  },
});

const declarations = `
interface Realm { readonly enabled: boolean }
declare function find(): Realm | undefined | Promise<Realm | undefined>;
declare function promise(): Promise<Realm> | undefined;
declare function realm(): Realm | undefined;
`;

/** Whether the linter refuses the statement. */
async function refused(statement: string): Promise<boolean> {
  const [{ messages }] = await eslint.lintText(declarations + statement, { filePath: 'planted.ts' });
  expect(messages.filter(({ ruleId }) => ruleId !== rule)).toEqual([]);
  return messages.length > 0;
}

describe('a value that may be a promise', () => {
  it.each([
    'if (!find()) throw new Error();',
    'if (find()) throw new Error();',
    'if (find() === undefined) throw new Error();',
    'while (find() !== undefined) break;',
    'export const found = find() ? 1 : 2;',
    'export const found = find() && 1;',
    'export const found = find() ?? 1;',
    'const found = find(); if (!found) throw new Error();',
  ])('is not tested: %s', async (statement) => {
    expect(await refused(statement)).toBe(true);
  });

  it.each([
    'export async function first() { if (!(await find())) throw new Error(); }',
    'const found = find(); if (found instanceof Promise) throw new Error();',
    'if (promise() === undefined) throw new Error();',
    'if (!realm()) throw new Error();',
  ])('may be awaited or told apart: %s', async (statement) => {
    expect(await refused(statement)).toBe(false);
  });
});
