import { readFile } from 'node:fs/promises';

interface Manifest {
  readonly dependencies?: Record<string, string>;
  readonly devDependencies?: Record<string, string>;
  readonly overrides?: Record<string, string>;
  readonly engines?: { readonly node?: string };
}

interface LockedPackage extends Manifest {
  readonly resolved?: string;
  readonly integrity?: string;
  readonly hasInstallScript?: boolean;
  readonly dev?: boolean;
}

async function readJson<Content>(path: string): Promise<Content> {
  return JSON.parse(await readFile(new URL(`../../${path}`, import.meta.url), 'utf8')) as Content;
}

const manifest = await readJson<Manifest>('package.json');
const lock = await readJson<{ packages: Record<string, LockedPackage> }>('package-lock.json');
const direct = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies });

/** Whether a range of Node versions has 20.19.0 in it; knows `>=`, `^` and plain versions, joined by `||`. */
function allowsNode2019(range: string): boolean {
  return range.split('||').some((alternative) => {
    const parts = /^\s*(>=|\^)?\s*(\d+)(?:\.(\d+))?(?:\.(\d+))?\s*$/.exec(alternative);
    if (!parts) throw new Error(`This test cannot read the range ${range}.`);
    const [, operator, major, minor = '0', patch = '0'] = parts;
    if (operator !== '>=' && major !== '20') return false;
    if (major !== '20') return Number(major) < 20;
    return Number(minor) < 19 || (Number(minor) === 19 && Number(patch) === 0);
  });
}

describe('package.json', () => {
  it('names exact versions', () => {
    const named = [...direct, ...Object.entries(manifest.overrides ?? {})];
    expect(named.filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
  });

  it.each(direct)('names %s, which runs on Node 20.19', async (name) => {
    const { engines } = await readJson<Manifest>(`node_modules/${name}/package.json`);
    expect(allowsNode2019(engines?.node ?? '>=0')).toBe(true);
  });

  it.each([
    ['>=20.19', true],
    ['>= 20.16.0', true],
    ['20 || >=22', true],
    ['^18.18.0 || ^20.9.0 || >=21.1.0', true],
    ['^20.20.0 || >=22', false],
    ['^18.18.0 || >=22', false],
    ['>=22', false],
  ])('%s allows Node 20.19: %s', (range, allowed) => {
    expect(allowsNode2019(range)).toBe(allowed);
  });
});

describe('package-lock.json', () => {
  const installed = Object.entries(lock.packages).filter(([path]) => path !== '');

  it('holds no download addresses, but a digest of every package', () => {
    expect(installed.filter(([, { resolved, integrity }]) => resolved || !integrity)).toEqual([]);
  });

  it('agrees with package.json', () => {
    const { dependencies, devDependencies } = lock.packages[''];
    expect({ dependencies, devDependencies }).toEqual({
      dependencies: manifest.dependencies,
      devDependencies: manifest.devDependencies,
    });
  });

  it('has no package with an install script that the server needs', () => {
    expect(installed.filter(([, { hasInstallScript, dev }]) => hasInstallScript && !dev)).toEqual([]);
  });
});
