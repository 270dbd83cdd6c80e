import assert from 'node:assert/strict';
import { test } from 'node:test';

/** Each room may import from itself and from those before it; views don't import each other. */
const ROOMS = ['api', 'lib', 'hooks', 'components', 'features/operations', 'features', ''];

const SOURCES = import.meta.glob<string>('../src/**/*.{ts,tsx}', { query: '?raw', import: 'default', eager: true });

/** A file's path below src. */
const within = (path: string): string => path.replace('../src/', '');

const roomOf = (path: string): number => ROOMS.findIndex((room) => room === '' || path.startsWith(`${room}/`));

const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/') + 1);

/** The files that a file imports, by their paths below src. */
function importsOf(path: string): string[] {
  const source = SOURCES[`../src/${path}`] ?? assert.fail(`no file ${path}`);
  return [...source.matchAll(/(?:from |import\()'(\.[^']+\.tsx?)'/g)].map(([, target = '']) =>
    new URL(target, `file:///${path}`).pathname.slice(1),
  );
}

const PATHS = Object.keys(SOURCES).map(within);

test('every import is of a file that is there', () => {
  const imported = PATHS.flatMap(importsOf);
  assert.ok(imported.length > 100);
  assert.deepEqual(imported.filter((path) => !PATHS.includes(path)), []);
});

test('no room imports from one after it', () => {
  const upward = PATHS.flatMap((path) =>
    importsOf(path)
      .filter((target) => roomOf(target) > roomOf(path))
      .map((target) => `${path} imports ${target}`),
  );
  assert.deepEqual(upward, []);
});

test('no view imports from another', () => {
  const sideways = PATHS.filter((path) => path.startsWith('features/')).flatMap((path) =>
    importsOf(path)
      .filter((target) => roomOf(target) === roomOf(path) && folderOf(target) !== folderOf(path))
      .map((target) => `${path} imports ${target}`),
  );
  assert.deepEqual(sideways, []);
});

test('no file imports itself by way of others', () => {
  const finished = new Set<string>();
  const visit = (path: string, way: readonly string[]): void => {
    assert.ok(!way.includes(path), [...way, path].join(' -> '));
    if (finished.has(path)) return;
    for (const target of importsOf(path)) visit(target, [...way, path]);
    finished.add(path);
  };
  for (const path of PATHS) visit(path, []);
});
