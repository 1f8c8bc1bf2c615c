// Builds of the command that do not keep the order of a watched folder are found out: by what they ask of the system, as strace sees it, and by what a
// kill at the wrong moment leaves. The true one passes.
import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {type Breakage, breakBuild} from '../helpers/broken-build.ts';
import {createFolder, transactions, WITHOUT_AMOUNT} from '../helpers/command.ts';
import {faultsOfTrace} from '../helpers/traced-protocol.ts';
import {canInject} from '../helpers/watch-faults.ts';
import {startWatching} from '../helpers/watch-kills.ts';
import {type TracedCall, traceWatching} from '../helpers/watch-trace.ts';
import {accountFor, type Drop} from '../helpers/watched-account.ts';

if (!canInject) process.stderr.write('There is no strace here that works: broken builds of the watch are not tried.\n');

function dropInto(root: string, bodies: Readonly<Record<string, string>>): readonly Drop[] {
	mkdirSync(join(root, 'unprocessed'), {recursive: true});
	return Object.entries(bodies).map(([name, text]) => {
		writeFileSync(join(root, 'unprocessed', name), text);
		return {name: Buffer.from(name), body: Buffer.from(text)};
	});
}

const COMMITS_LATE: Breakage = {
	search: /(const at = context\.wallClock\(\);\s+)(await context\.commit\(\[\{\s+type: "decide")/g,
	replacement: '$1await publish({claim, decision, document: end.document}, context);\n$2',
};

/** What is wrong, and a part of what is said of it. */
const BREAKAGES: Readonly<Record<string, readonly [readonly Breakage[], readonly RegExp[]]>> = {
	'moves before it commits': [[COMMITS_LATE], [/processed\/ has it before its outcome is on the disk/]],
	'flushes no file and no folder': [
		[
			{search: /(var FolderSync = class \{.*?\n\tsync\(folder\) \{)/gs, replacement: '$1 return Promise.resolve();'},
			{search: 'await handle.datasync();', replacement: ''},
		],
		[
			...[/opened before unprocessed\/ is on the disk/, /moved before results\//, /ended before processed\//],
			...[/reported before its bytes are on the disk/, /results\/ has what is said of it before its bytes do/],
		],
	],
	'flushes no commit': [
		[{search: 'PRAGMA synchronous = FULL', replacement: 'PRAGMA synchronous = NORMAL'}],
		[/moved before the intent is on the disk/],
	],
};

test.skipIf(!canInject)('the true build keeps the order, whatever becomes of a file', async () => {
	const root = createFolder();
	dropInto(root, {'good.csv': transactions(30), 'bad.csv': WITHOUT_AMOUNT, 'same.csv': transactions(30)});
	const {calls, ending} = await traceWatching(root);
	expect(ending.code, ending.stderr).toBe(1);
	expect(faultsOfTrace(calls)).toEqual([]);
});

test.skipIf(!canInject)('a trace in which anything is missing, or comes too soon, is refused', async () => {
	const root = createFolder();
	dropInto(root, {'good.csv': transactions(30)});
	const {calls} = await traceWatching(root);
	expect(faultsOfTrace(calls)).toEqual([]);
	const taking = calls.find(({to}) => to.startsWith('underprocess/')) ?? expect.fail();
	const moving = calls.find(({to}) => to.startsWith('processed/')) ?? expect.fail();
	const isFlush = ({name}: TracedCall): boolean => name === 'fsync' || name === 'fdatasync';
	const isWithin = ({begins, ends}: TracedCall): boolean => begins > taking.ends && ends < moving.begins;
	const flushes = calls.filter(call => isFlush(call) && isWithin(call));
	const without = (...missing: readonly TracedCall[]): readonly string[] =>
		faultsOfTrace(calls.filter(call => !missing.includes(call)));
	// Folders are flushed by each claim that needs it, so more than once.
	const paths = new Set(flushes.map(({path}) => path));
	expect(Array.from(paths, path => path.replace(/\d{8}-\d{6}-[0-9a-z]+/, 'ID')).sort()).toEqual([
		...['.state/ledger.db-wal', '.state/work/ID.json', 'results', 'underprocess', 'underprocess/ID__good.csv'],
		'unprocessed',
	]);
	for (const path of paths) expect(without(...flushes.filter(call => call.path === path)), path).not.toEqual([]);
	for (const call of flushes.filter(({path}) => path.endsWith('-wal'))) expect(without(call)).not.toEqual([]);
	for (const path of ['processed', 'underprocess']) {
		const last = calls.filter(call => isFlush(call) && call.path === path && call.begins > moving.ends);
		expect(without(...last), path).not.toEqual([]);
	}
	// The move as early as the file is opened.
	const opening = calls.find(({name, path}) => name === 'openat' && path === moving.path) ?? expect.fail();
	const early = {...moving, begins: opening.begins, ends: opening.ends};
	expect(faultsOfTrace(calls.map(call => (call === moving ? early : call))).join('\n')).toMatch(
		/processed\/ has it before its outcome is on the disk/,
	);
});

test.skipIf(!canInject).each(Object.keys(BREAKAGES))('a build that %s is found out by its trace', async what => {
	const [breakages, expected] = BREAKAGES[what] ?? expect.fail();
	const root = createFolder();
	const drops = dropInto(root, {'good.csv': transactions(30)});
	const {calls, ending} = await traceWatching(root, breakBuild(...breakages));
	// Without a power cut nothing is to be seen of it.
	expect(ending.code, ending.stderr).toBe(0);
	expect(accountFor(root, drops).faults).toEqual([]);
	const faults = faultsOfTrace(calls).join('\n');
	for (const each of expected) expect(faults).toMatch(each);
});

test.skipIf(!canInject)('a build that moves before it commits is found out by a kill between the two', async () => {
	const killed = async (cli?: string): Promise<readonly string[]> => {
		const root = createFolder();
		const drops = dropInto(root, {'good.csv': transactions(30)});
		mkdirSync(join(root, 'processed'));
		const inject = ['-e', 'trace=fsync', '-e', 'inject=fsync:signal=KILL', '-P', join(root, 'processed')];
		const through = ['env', 'NODE_DISABLE_COMPILE_CACHE=1', 'strace', '-qq', '-f', '-o', '/dev/null', ...inject];
		const {code} = await startWatching(root, {through, flags: ['--once'], cli}).ended;
		expect(['SIGKILL', 137]).toContain(code);
		await startWatching(root, {flags: ['--once']}).ended;
		return accountFor(root, drops).faults;
	};
	expect(await killed()).toEqual([]);
	expect((await killed(breakBuild(COMMITS_LATE))).join('\n')).toMatch(/processed\/ has .*of which nobody knows/);
});
