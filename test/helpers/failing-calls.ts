// A watch in which single calls fail by which files are changed, or in which it is killed there: all of its own but those of SQLite, whose faults are
// made by strace (watch-faults.ts). See fail-calls.cjs.
import {mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {DatabaseSync} from 'node:sqlite';
import {fileURLToPath} from 'node:url';
import {type Ending, transactions, WITHOUT_AMOUNT} from './command.ts';
import {startWatching} from './watch-kills.ts';
import {type Account, accountFor, type Drop} from './watched-account.ts';

export interface FailingCalls {
	readonly fault: 'EIO' | 'ENOSPC' | 'KILL';
	/** Which ones fail, over all threads and processes, from 1. */
	readonly numbers: readonly number[];
	/** Moves that fail, too: so many of those to a path that ends like this. */
	readonly moves?: {readonly to: string; readonly times: number};
	/** Another build of the command. */
	readonly cli?: string | undefined;
}

const PRELOAD = fileURLToPath(new URL('fail-calls.cjs', import.meta.url));

const OWN = `import {defineProcessor} from 'fileproc-tui';
export default defineProcessor({name: 'upper', version: 1, create: () => ({async process(file) {
	return {output: (await file.text()).toUpperCase()};
}})});
`;

/** @param moved - A folder that is no part of the watched one. */
const routesTo = (moved: string): readonly object[] => [
	{
		tag: 'table',
		match: {name: '*.csv'},
		steps: [
			{processor: 'convert'},
			{processor: 'command', with: {run: ['cat'], output: 'csv'}},
			{processor: 'analyze', with: {analysis: 'transactions'}},
		],
	},
	{
		tag: 'text',
		match: {name: '*.txt'},
		steps: [{processor: './upper.mjs'}, {processor: 'move', with: {to: moved}}, {processor: 'stateful'}],
	},
];

const BODIES: Readonly<Record<string, string>> = {
	'one.csv': transactions(1),
	'some.csv': transactions(30),
	'same.csv': transactions(30),
	'many.csv': transactions(2000),
	'bad.csv': WITHOUT_AMOUNT,
	'first.txt': 'a\nb\nc\n',
	'second.txt': 'd\ne\n',
	'without a route': 'f\n',
};

/** @returns What was dropped into `watched/` of the folder. */
export function prepareKinds(folder: string): readonly Drop[] {
	mkdirSync(join(folder, 'watched/unprocessed'), {recursive: true});
	mkdirSync(join(folder, 'moved'));
	writeFileSync(join(folder, 'upper.mjs'), OWN);
	writeFileSync(join(folder, 'routes.json'), JSON.stringify({routes: routesTo(join(folder, 'moved'))}));
	return Object.entries(BODIES).map(([name, text]) => {
		writeFileSync(join(folder, 'watched/unprocessed', name), text);
		return {name: Buffer.from(name), body: Buffer.from(text)};
	});
}

/** Works off what is there. @returns How many calls there were, besides. */
export async function watchWithFaults(
	folder: string,
	{fault, numbers, moves, cli}: FailingCalls,
): Promise<Ending & {readonly calls: number}> {
	// A folder of this run alone: processes of processors may outlive a watch that was killed, by some milliseconds.
	const counts = mkdtempSync(join(folder, 'counts-'));
	const flags = ['--once', '--routes', join(folder, 'routes.json'), '--status-file', join(folder, 'status.json')];
	const failing = JSON.stringify({folder, counts, fault, numbers, moves});
	const through = ['env', `NODE_OPTIONS=--require ${PRELOAD}`, `FAILING_CALLS=${failing}`];
	const ended = await startWatching(join(folder, 'watched'), {through, flags, cli}).ended;
	return {...ended, calls: readdirSync(counts).length};
}

export const accountOf = (folder: string, drops: readonly Drop[]): Account =>
	accountFor(join(folder, 'watched'), drops, {isAnalyzed: name => name.endsWith('.csv')});

/** What the files came to, without what another run would have otherwise: ids, times, who was first of the same. */
export function outcomeOf(folder: string): object {
	const root = join(folder, 'watched');
	const files: Record<string, string[]> = {};
	for (const name of ['processed', 'failed', 'results', '../moved']) {
		for (const file of readdirSync(join(root, name)).sort()) {
			const text = readFileSync(join(root, name, file), 'utf8');
			const known = `${name}/${file.replace(/^\d{8}-\d{6}-[0-9a-z]{8}__/, '').replace(/same\.csv/, 'some.csv')}`;
			const content = /\.json$/.test(file) ? JSON.stringify(withoutIds(text)) : text;
			files[known] = [...(files[known] ?? []), content].sort();
		}
	}
	const database = new DatabaseSync(join(root, '.state/ledger.db'), {readOnly: true});
	try {
		const states = database.prepare('SELECT processor, state FROM processor_states').all();
		return {
			files,
			states: states.map(({processor, state}) => [processor, Buffer.from(state as Uint8Array).toString()]),
		};
	} finally {
		database.close();
	}
}

function withoutIds(json: string): unknown {
	const keep = (name: string, value: unknown): unknown =>
		/^(?:claim|elapsed|processing_time|attempts|file|duplicate_of|totals|move)$/.test(name) ? undefined : value;
	return JSON.parse(json.replaceAll(/\d{8}-\d{6}-[0-9a-z]{8}/g, 'ID').replaceAll(/same\.csv/g, 'some.csv'), keep);
}
