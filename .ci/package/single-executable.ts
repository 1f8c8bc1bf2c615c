// Makes build/fileproc-tui, a program for Linux on x64 that needs no Node: Node's own, with all files of the package in it. Run by Node 24, of which
// the project brings its own: `npm run build:single`.
import {execFileSync} from 'node:child_process';
import {createHash} from 'node:crypto';
import {chmodSync, copyFileSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';

const {platform, arch, versions, execPath} = process;
if (platform !== 'linux' || arch !== 'x64' || !versions.node.startsWith('24.')) {
	process.stderr.write(
		`Expected Node 24 on Linux, x64, because only that has been tried, but this is Node ${versions.node} on ${platform}, ${arch}. npm run build:single takes the one of the project.\n`,
	);
	process.exit(3);
}

const FOLDER = 'build';
const OUTPUT = join(FOLDER, 'fileproc-tui');
/** What Node looks for in itself. */
const FUSE = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';

mkdirSync(FOLDER, {recursive: true});
// Types are for those who import the library.
const built = readdirSync('dist', {recursive: true, encoding: 'utf8'})
	.map(name => join('dist', name))
	.filter(path => !path.endsWith('.d.ts') && statSync(path).isFile());
const files = ['package.json', 'LICENSE', ...built.sort()];
const hash = createHash('sha256');
for (const path of files) hash.update(`${path}\0`).update(readFileSync(path));
const list = join(FOLDER, 'files.json');
writeFileSync(list, JSON.stringify({hash: hash.digest('hex').slice(0, 16), files}));
const blob = join(FOLDER, 'program.blob');
const config = join(FOLDER, 'sea.json');
writeFileSync(
	config,
	JSON.stringify({
		...{main: '.ci/package/launch.cjs', output: blob, disableExperimentalSEAWarning: true, useCodeCache: false},
		// What stands in NODE_OPTIONS is of other programs.
		execArgvExtension: 'none',
		assets: Object.fromEntries([['files.json', list], ...files.map(path => [path, path])]),
	}),
);
execFileSync(execPath, ['--experimental-sea-config', config], {stdio: ['ignore', 'ignore', 'inherit']});
copyFileSync(execPath, OUTPUT);
chmodSync(OUTPUT, 0o755);
// Without symbols it is an eighth smaller; not every machine can take them out.
try {
	execFileSync('strip', [OUTPUT], {stdio: 'ignore'});
} catch {
	process.stderr.write('strip is not there (package binutils), so the program keeps its symbols.\n');
}
// It warns of a section without a name, which does no harm: what it says is shown where it fails.
const injector = ['node_modules/postject/dist/cli.js', OUTPUT, 'NODE_SEA_BLOB', blob, '--sentinel-fuse', FUSE];
execFileSync(execPath, injector, {stdio: ['ignore', 'pipe', 'pipe']});
const bytes = readFileSync(OUTPUT);
const sum = createHash('sha256').update(bytes).digest('hex');
writeFileSync(`${OUTPUT}.sha256`, `${sum}  fileproc-tui\n`);
process.stdout.write(`${OUTPUT}: ${Math.round(bytes.length / 1024 ** 2)} MiB, ${sum}\n`);
