// Loaded before jest, and in each of its workers (package.json). Jest loads every module anew for every test file, more
// than a thousand for an application, and V8 would compile each of them anew. Here it reads what it has compiled before.
import vm from 'node:vm';

/**
 * What has been compiled in this process, by file. V8 itself compares the lengths of sources only.
 * @type {Map<string, { readonly source: string, readonly cachedData: Buffer }>}
 */
const compiled = new Map();

const { compileFunction } = vm;

/** @type {typeof compileFunction} */
function compileOnce(source, parameters, options = {}) {
  const { filename = '' } = options;
  const known = compiled.get(filename);
  const cachedData = known?.source === source ? known.cachedData : undefined;
  const all = { ...options, cachedData, produceCachedData: cachedData === undefined };
  const result = compileFunction(source, parameters, all);
  if (result.cachedData) compiled.set(filename, { source, cachedData: result.cachedData });
  return result;
}

Object.assign(vm, { compileFunction: compileOnce });
