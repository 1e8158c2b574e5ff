import { readFile } from 'node:fs/promises';
import { satisfies } from 'semver';

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

describe('package.json', () => {
  it('names exact versions', () => {
    const named = [...direct, ...Object.entries(manifest.overrides ?? {})];
    expect(named.filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
  });

  it.each(direct)('names %s, which runs on Node 20.19', async (name) => {
    const { engines } = await readJson<Manifest>(`node_modules/${name}/package.json`);
    expect(satisfies('20.19.0', engines?.node ?? '*')).toBe(true);
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
