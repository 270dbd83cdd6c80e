// Builds the page with each direct dependency, and what only it needs, in a file of its own. Node reads this from its
// standard input, in frontend/. Prints the gzipped bytes of each, and of "ours", as JSON.
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';

const direct = Object.keys(JSON.parse(readFileSync('package.json', 'utf8')).dependencies);
const groups = direct.map((name) => ({ name, test: (id) => id.includes(`/node_modules/${name}/`) }));
const { output } = await build({
  logLevel: 'silent',
  build: { write: false, rolldownOptions: { output: { codeSplitting: { groups } } } },
});
const sizes = {};
for (const { fileName, code, source, moduleIds = [] } of output) {
  const owner = groups.find(({ test }) => moduleIds.some(test))?.name ?? 'ours';
  if (/\.(js|css)$/.test(fileName)) sizes[owner] = (sizes[owner] ?? 0) + gzipSync(code ?? source).length;
}
console.log(JSON.stringify(sizes));
