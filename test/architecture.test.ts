// The rules of the house that a machine can check: who may import whom, no circles, and how long a file may be.
import {readdirSync, readFileSync} from 'node:fs';
import {dirname, join, normalize, relative} from 'node:path';
import {expect, test} from 'vitest';

const root = 'source';
const files = readdirSync(root, {recursive: true, encoding: 'utf8'})
	.filter(name => /\.tsx?$/.test(name))
	.map(name => join(root, name));

interface Import {
	readonly from: string;
	/** A file of ours, or the name of a package. */
	readonly to: string;
	readonly isTypeOnly: boolean;
	/** Loaded when it is needed. */
	readonly isDynamic: boolean;
}

const pattern = /^(import|export)\s+(type\s)?[^'"]*?from\s+'([^']+)';|import\(\s*'([^']+)'\s*\)/gm;
const imports: Import[] = files.flatMap(from =>
	Array.from(readFileSync(from, 'utf8').matchAll(pattern), ([, , type, staticTarget, dynamicTarget]) => {
		const target = staticTarget ?? dynamicTarget ?? '';
		const to = target.startsWith('.') ? normalize(join(dirname(from), target)) : target;
		return {from, to, isTypeOnly: type !== undefined, isDynamic: staticTarget === undefined};
	}),
);
const roomOf = (file: string): string => {
	const [room = '', ...rest] = relative(root, file).split('/');
	return rest.length === 0 ? '(top)' : room;
};
/** The folder within a room, where it has any: `engine/pool`. */
const innerRoomOf = (file: string): string => dirname(relative(root, file));
const isOurs = ({to}: Import): boolean => to.startsWith(`${root}/`);

/** What each room may import of ours; `types of` a room means its types only. */
const allowed: Readonly<Record<string, readonly string[]>> = {
	model: [],
	text: [],
	input: [],
	remote: ['input'],
	kernel: ['analysis'],
	analysis: ['types of model'],
	store: ['model', 'text'],
	engine: ['model', 'input', 'remote', 'kernel', 'analysis', 'text'],
	report: ['model', 'store', 'text'],
	ui: ['model', 'store', 'text'],
	ledger: ['model', 'report', 'store', 'text'],
	share: ['model', 'store', 'text'],
	pipeline: ['model', 'engine', 'report', 'analysis', 'input', 'kernel', 'text'],
	watch: ['model', 'pipeline', 'engine', 'kernel', 'ledger', 'report', 'store', 'text'],
	server: ['model', 'pipeline', 'engine', 'ledger', 'report', 'store', 'analysis', 'text'],
	client: ['model', 'text'],
	web: ['model', 'store', 'text', 'client'],
	ssh: ['text'],
	cluster: ['model', 'engine', 'text'],
	cli: [
		'model',
		'server',
		'client',
		'engine',
		'kernel',
		'report',
		'store',
		'ui',
		'analysis',
		'text',
		'input',
		'ledger',
		'pipeline',
		'watch',
		'share',
		'ssh',
		'cluster',
		'remote',
	],
	'(top)': ['model', 'cli', 'engine', 'report', 'store', 'analysis', 'ledger', 'pipeline', 'text'],
};

test('every room imports only the rooms it may', () => {
	const offences = imports.filter(isOurs).filter(({from, to, isTypeOnly}) => {
		const [room, target] = [roomOf(from), roomOf(to)];
		const rules = allowed[room] ?? [];
		return room !== target && !rules.includes(target) && !(isTypeOnly && rules.includes(`types of ${target}`));
	});
	expect(offences.map(({from, to}) => `${from} imports ${to}`)).toEqual([]);
	expect(new Set(files.map(roomOf))).toEqual(new Set(Object.keys(allowed)));
});

test('no two folders of the engine import each other, and both sides of a thread share only what is in two of them', () => {
	const edges = new Set(
		imports
			.filter(isOurs)
			.filter(
				({from, to}) => roomOf(from) === 'engine' && roomOf(to) === 'engine' && innerRoomOf(from) !== innerRoomOf(to),
			)
			.map(({from, to}) => `${innerRoomOf(from)} -> ${innerRoomOf(to)}`),
	);
	const mutual = [...edges].filter(edge => edges.has(edge.split(' -> ').reverse().join(' -> ')));
	expect(mutual).toEqual([]);
	const isWorker = (folder = ''): boolean => folder.startsWith('engine/worker');
	const crossing = [...edges].map(edge => edge.split(' -> ')).filter(([from, to]) => isWorker(from) !== isWorker(to));
	expect(new Set(crossing.map(([, to]) => to))).toEqual(new Set(['engine/shared', 'engine/unpacking']));
});

test('the engine, the analyses and the reader know no terminal', () => {
	const terminal = imports.filter(
		({from, to}) =>
			['model', 'engine', 'analysis', 'input', 'kernel', 'store', 'client'].includes(roomOf(from)) &&
			/^(ink|react|chalk|meow|ink-spinner)(\/|$)/.test(to),
	);
	expect(terminal).toEqual([]);
	const words = files
		.filter(file =>
			['model', 'engine', 'analysis', 'input', 'kernel', 'store', 'text', 'client'].includes(roomOf(file)),
		)
		.filter(file => /process\.(stdout|stderr|stdin)\b/.test(readFileSync(file, 'utf8')));
	expect(words).toEqual([]);
});

test('no import leads in a circle', () => {
	const edges = new Map<string, string[]>();
	for (const {from, to, isTypeOnly} of imports.filter(isOurs)) {
		if (!isTypeOnly) edges.set(from, [...(edges.get(from) ?? []), to]);
	}
	const circles: string[] = [];
	const finished = new Set<string>();
	const visit = (file: string, path: readonly string[]): void => {
		if (path.includes(file)) circles.push([...path.slice(path.indexOf(file)), file].join(' -> '));
		if (path.includes(file) || finished.has(file)) return;
		for (const next of edges.get(file) ?? []) visit(next, [...path, file]);
		finished.add(file);
	};
	for (const file of files) visit(file, []);
	expect(circles).toEqual([]);
});

test('what a worker thread reaches is plain .ts, which Node runs without a build', () => {
	const reached = new Set<string>();
	const visit = (file: string): void => {
		if (reached.has(file)) return;
		reached.add(file);
		for (const {from, to} of imports.filter(isOurs)) if (from === file) visit(to);
	};
	visit('source/engine/worker/worker-entry.ts');
	expect(reached.size).toBeGreaterThan(10);
	expect([...reached].filter(file => file.endsWith('.tsx'))).toEqual([]);
});

test('a start loads nothing that measures text or draws screens', () => {
	const reached = new Set(['source/cli/main.ts']);
	// A set is iterated over what is added meanwhile, too.
	for (const file of reached) {
		for (const {from, to, isTypeOnly, isDynamic} of imports)
			if (from === file && !isTypeOnly && !isDynamic) reached.add(to);
	}
	expect(reached).toContain('meow');
	for (const late of ['string-width', 'react', 'ink', 'source/text/width.ts']) expect(reached).not.toContain(late);
});

test('a run without a ledger loads nothing of one', () => {
	const reached = new Set(['source/cli/main.ts', 'source/cli/commands/run-command.ts', 'source/process-files.ts']);
	for (const file of reached) {
		for (const {from, to, isTypeOnly, isDynamic} of imports)
			if (from === file && !isTypeOnly && !isDynamic) reached.add(to);
	}
	expect([...reached].filter(file => roomOf(file) === 'ledger')).toEqual(['source/ledger/ledger-error.ts']);
	// What the command loads is bundled by this name: see rolldown.config.ts.
	expect(readFileSync('rolldown.config.ts', 'utf8')).toContain('process-files');
});

test('what speaks to servers is loaded by the commands for it alone', () => {
	const reached = new Set(['source/cli/main.ts', 'source/cli/commands/run-command.ts', 'source/process-files.ts']);
	for (const file of reached) {
		for (const {from, to, isTypeOnly, isDynamic} of imports)
			if (from === file && !isTypeOnly && !isDynamic) reached.add(to);
	}
	expect([...reached].filter(file => roomOf(file) === 'client')).toEqual([]);
});

test('what a browser loads needs nothing of Node, and nothing of the server', () => {
	const reached = new Set(['source/web/main.tsx']);
	for (const file of reached)
		for (const {from, to, isTypeOnly} of imports) if (from === file && !isTypeOnly) reached.add(to);
	expect(reached.size).toBeGreaterThan(50);
	expect([...reached].filter(name => name.startsWith('node:') || name.startsWith('source/server/'))).toEqual([]);
	const words = [...reached].filter(file => file.startsWith('source/') && file.endsWith('.ts'));
	expect(
		words.filter(file =>
			/\b(?:process|Buffer)\./.test(readFileSync(file, 'utf8').replaceAll(/\/\/.*|\/\*[\s\S]*?\*\//g, '')),
		),
	).toEqual([]);
	// All other rooms are checked without the types of a browser.
	const {compilerOptions} = JSON.parse(readFileSync('tsconfig.json', 'utf8')) as {compilerOptions: {lib: string[]}};
	expect(compilerOptions.lib.filter(name => name.startsWith('dom'))).toEqual([]);
});

test('no file is longer than a reader takes in', () => {
	// A table (flags, keys) may be long; what is longer than this is two things. All texts of the page stand in one file, for who translates them.
	const others = files.filter(file => file !== 'source/web/texts.ts');
	const long = others.filter(file => readFileSync(file, 'utf8').split('\n').length > 460);
	expect(long).toEqual([]);
});
