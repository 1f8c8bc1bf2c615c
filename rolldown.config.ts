// What is published: few files, with the libraries in them. To find, read and link some three hundred modules takes longer than
// many a folder of data does, and each thread does it anew.
import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {isBuiltin} from 'node:module';
import {basename, dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {defineConfig, type Plugin, type RolldownOptions} from 'rolldown';

export const howToBundle: RolldownOptions = {
	platform: 'node',
	tsconfig: 'tsconfig.json',
	// React chooses its build by the one; by the other Ink asks for developer tools that nobody has installed.
	transform: {
		define: {
			...{'process.env.NODE_ENV': '"production"', 'process.env.DEV': '"false"'},
			// Of a library that was written for the other kind of module.
			__dirname: 'import.meta.dirname',
		},
	},
	// Faster code for WebSockets would be in the others, which nobody has installed either.
	external: ['react-devtools-core', 'bufferutil', 'utf-8-validate', 'cpu-features', /\.node$/],
	plugins: [
		...[leaveOutTidying(), leaveOutCursor(), renderLinesOnce(), writeInAscii()],
		collectLicenses('LICENSES.txt', ['node_modules/assemblyscript']),
	],
};

export default defineConfig([
	{
		...howToBundle,
		input: {cli: 'source/cli.tsx', index: 'source/index.ts'},
		// One folder down, as in the sources: from there package.json and the entry of the threads are found.
		output: {
			dir: 'dist',
			// What has the kernel stands beside it.
			chunkFileNames: ({moduleIds}) =>
				moduleIds.some(id => id.endsWith('/kernel.ts')) ? 'chunks/worker/[name].js' : 'chunks/[name].js',
			cleanDir: true,
			plugins: [takeBuiltinsAsTheyAre()],
			// Each with what it imports, unless one in front of it has that: to find a module takes a third of a millisecond.
			codeSplitting: {
				groups: [
					{name: 'early', test: /[\\/](?:compile-cache|start-thread)\.ts$/, priority: 6},
					{name: 'processor-pool', test: /[\\/]pool[\\/]started-process\.ts$/, priority: 4},
					{name: 'library', test: /[\\/]source[\\/]process-files\.ts$/, priority: 5},
					{name: 'main', test: /[\\/]cli[\\/]main\.ts$/, priority: 1},
				],
			},
		},
	},
	{
		...howToBundle,
		input: {'worker-entry': 'source/engine/worker/worker-entry.ts'},
		// To load this takes a thread 3 ms less than modules of ECMAScript do.
		output: {dir: 'dist/chunks/worker', format: 'cjs', entryFileNames: '[name].cjs', chunkFileNames: '[name].cjs'},
	},
	{
		...howToBundle,
		plugins: [leaveOutTidying(), writeInAscii(), collectLicenses('processor-LICENSES.txt')],
		input: {'processor-process': 'source/pipeline/processors/worker/processor-process.ts'},
		// It reads files with a kernel of its own, which stands beside it.
		output: {
			dir: 'dist/chunks/worker',
			format: 'cjs',
			entryFileNames: '[name].cjs',
			chunkFileNames: 'processor-[name].cjs',
		},
	},
	{
		...howToBundle,
		input: {
			'password-thread': 'source/server/password-thread.ts',
			'table-thread': 'source/server/tables/table-thread.ts',
		},
		output: {dir: 'dist/chunks/server', format: 'cjs', entryFileNames: '[name].cjs', chunkFileNames: '[name].cjs'},
	},
	{
		...howToBundle,
		input: {
			'ledger-thread': 'source/ledger/ledger-thread.ts',
			'claims-thread': 'source/ledger/claims-thread.ts',
			'server-thread': 'source/ledger/server-thread.ts',
			'shared-thread': 'source/ledger/shared-thread.ts',
		},
		output: {dir: 'dist/chunks/ledger', format: 'cjs', entryFileNames: '[name].cjs', chunkFileNames: '[name].cjs'},
	},
]);

/**
meow can tidy up package.json, which nobody asks of it here. But it brings tables of licences and their misspellings for that, and
gets them ready while it is loaded, for a quarter of a start's time.
*/
function leaveOutTidying(): Plugin {
	const tidying =
		/^var normalizeExports = requireNormalize\(\);\nconst normalizePackageData = getDefaultExportFromCjs\(normalizeExports\);\npromisify\(execFile\);$/m;
	const none =
		"const normalizePackageData = () => { throw new Error('Left out when this was built: see rolldown.config.ts'); };";
	return {
		name: 'leave-out-tidying',
		transform: {
			filter: {id: /\/meow\/build\/dependencies\.js$/},
			handler(code) {
				if (!tidying.test(code)) throw new Error('meow has changed: expected it to call requireNormalize() on its own');
				return code.replace(tidying, none);
			},
		},
	};
}

/**
A library of Ink shows the cursor on standard error when the process ends, whatever that is: a log has this sequence in it then. Each dashboard restores its
own terminal, see `source/ui/terminal/terminal-session.ts`.
*/
function leaveOutCursor(): Plugin {
	return {
		name: 'leave-out-cursor',
		transform: {
			filter: {id: /\/restore-cursor\/index\.js$/},
			handler(code) {
				if (!code.includes('process.stderr.write(') || !code.includes('export default restoreCursor'))
					throw new Error('restore-cursor has changed: expected it to write to standard error');
				return 'export default () => {};';
			},
		},
	};
}

/** Puts `source/ui/terminal/render-lines-once.ts` between the parts of Ink. */
function renderLinesOnce(): Plugin {
	const module = JSON.stringify(fileURLToPath(new URL('source/ui/terminal/render-lines-once.ts', import.meta.url)));
	const between: Readonly<Record<string, readonly [name: string, from: string, wrapper: string]>> = {
		'ink.js': ['render', './renderer.js', 'renderLinesOnce'],
		'squash-text-nodes.js': ['sanitizeAnsi', './sanitize-ansi.js', 'sanitizeOnce'],
	};
	return {
		name: 'render-lines-once',
		transform: {
			filter: {id: /\/ink\/build\/(?:ink|squash-text-nodes)\.js$/},
			handler(code, id) {
				const [name, from, wrapper] = between[basename(id)] ?? [];
				const statement = `import ${name} from '${from}';`;
				if (!code.includes(statement)) throw new Error(`Ink has changed: expected ${statement}`);
				return code.replace(
					statement,
					`import inks from '${from}'; import {${wrapper}} from ${module}; const ${name} = ${wrapper}(inks);`,
				);
			},
		},
	};
}

/**
An `import` of one of Node's own modules looks at each of its exports, and so loads streams, promises and more that nobody asked
for: 4 ms of a start. Whoever asks for the module itself loads that alone.
*/
function takeBuiltinsAsTheyAre(): Plugin {
	const statement = /^import (?:([\w$]+)(?:, )?)?(?:\{ (.+) \})? from "(?:node:)?([\w/]+)";$/gm;
	return {
		name: 'take-builtins-as-they-are',
		renderChunk: code =>
			code.replace(statement, (whole, module: string | undefined, names: string | undefined, id: string) => {
				if (!isBuiltin(id) || names?.includes('default as')) return whole;
				const pattern = names?.replaceAll(' as ', ': ');
				const both = [module, pattern === undefined ? undefined : `{ ${pattern} }`].filter(part => part !== undefined);
				return both.map(part => `const ${part} = globalThis.process.getBuiltinModule("node:${id}");`).join(' ');
			}),
	};
}

/**
Escapes all other characters. With one of them, V8 keeps all of a file with two bytes for each character, and copies it as it collects
garbage: 20 ms of a start. Escapes in `String.raw` would mean something else, so it must have ASCII alone.
*/
function writeInAscii(): Plugin {
	const other = /[^\0-\x7f]/g;
	return {
		name: 'write-in-ascii',
		// When all else has been written.
		generateBundle(_, bundle) {
			for (const chunk of Object.values(bundle)) {
				if (chunk.type !== 'chunk') continue;
				if (/String\.raw`[^`]*[^\0-\x7f`]/.test(chunk.code)) throw new Error('Expected String.raw to have ASCII alone');
				chunk.code = chunk.code.replace(other, unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
			}
		},
	};
}

/**
Writes down under which terms each library may be passed on.

@param others - Folders of those that are within files which no bundler reads: the kernel has parts of the library of its language.
*/
export function collectLicenses(fileName: string, others: readonly string[] = []): Plugin {
	return {
		name: 'collect-licenses',
		generateBundle(_, bundle) {
			const modules = Object.values(bundle).flatMap(file => (file.type === 'chunk' ? file.moduleIds : []));
			const libraries = modules.filter(id => id.includes('/node_modules/'));
			const packages = new Map(libraries.map(module => [findPackage(module), dirname(module)]));
			for (const folder of others) packages.set(folder, folder);
			const texts = new Set(Array.from(packages, ([folder, used]) => describeLicense(folder, used)).sort());
			this.emitFile({type: 'asset', fileName, source: `${Array.from(texts).join(`\n\n${'-'.repeat(80)}\n\n`)}\n`});
		},
	};
}

function findPackage(module: string): string {
	let folder = dirname(module);
	// A package.json without a name says only how the files beside it are to be read.
	while (!existsSync(join(folder, 'package.json')) || readManifest(folder).name === undefined) folder = dirname(folder);
	return folder;
}

/** @param usedFolder - One of its folders that something is from: what was bundled into the library has its terms there. */
function describeLicense(folder: string, usedFolder: string): string {
	const {name, version, licenses, license = licenses?.map(({type}) => type).join(', ')} = readManifest(folder);
	if (license === undefined)
		throw new Error(`${name} does not say how it is licensed: expected it in ${folder}/package.json`);
	const texts = Array.from(new Set([folder, usedFolder]), readLicenses).flat();
	return [`${name} ${version} (${license})`, ...texts].join('\n\n');
}

const readLicenses = (folder: string): string[] =>
	readdirSync(folder)
		.filter(entry => /^licen[cs]es?(\.\w+)?$/i.test(entry))
		.map(entry => readFileSync(join(folder, entry), 'utf8').trim());

interface Manifest {
	readonly name?: string;
	readonly version?: string;
	readonly license?: string;
	/** As packages said it before. */
	readonly licenses?: readonly {readonly type: string}[];
}

const readManifest = (folder: string): Manifest => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
