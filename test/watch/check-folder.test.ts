import {renameSync, rmSync, symlinkSync, utimesSync} from 'node:fs';
import {hostname} from 'node:os';
import {describe, expect, test} from 'vitest';
import {checkFolder, type FolderCheck} from '../../source/watch/check-folder.ts';
import {type IntakeRules, writeIntake} from '../../source/watch/intake-file.ts';
import {addOwner, claimOf, createWatchedFolder, saveClaim, undecided} from '../helpers/claims.ts';
import {createTemporaryFolder} from '../helpers/temporary-folder.ts';

const otherwise: IntakeRules = {isRecursive: false, needsMarker: false, settleMs: 2000};
const LATER_MS = 10_000;

/** As it is when all that was just written has come to rest. */
const checkLater = (root: string, said: Partial<IntakeRules> = {}, afterMs = LATER_MS): Promise<FolderCheck> =>
	checkFolder(root, {said, otherwise}, Date.now() + afterMs);

const reasonsOf = ({files}: FolderCheck): Record<string, string> =>
	Object.fromEntries(files.map(({folder, file, reason}) => [`${folder}/${file}`, reason]));

const adviceOf = ({findings}: FolderCheck): string[] =>
	findings.flatMap(({name, found, advice}) => (advice === null ? [] : [`${name}: ${found}: ${advice}`]));

function createWatched() {
	const temporary = createTemporaryFolder();
	const watched = createWatchedFolder(temporary);
	addOwner(watched.ledger);
	return {temporary, root: temporary.path, ...watched};
}

describe('the folder', () => {
	test('that is not there, or is a file, is the only finding', async () => {
		const temporary = createTemporaryFolder();
		temporary.write('file');
		for (const [name, what] of [
			['missing', 'not there'],
			['file', 'not a folder'],
		] as const) {
			const {findings, files} = await checkLater(temporary.at(name));
			expect(findings).toHaveLength(1);
			expect(findings[0]?.found).toContain(what);
			expect(files).toEqual([]);
		}
	});

	test('that nobody has watched yet only needs a watch', async () => {
		const {path} = createTemporaryFolder();
		const check = await checkLater(path);
		expect(adviceOf(check)).toEqual(['owner: nobody has watched it yet: Start it: fileproc-tui watch and the folder.']);
		expect(check.findings.find(({name}) => name === 'folders')?.found).toMatch(/^not there yet, .*: unprocessed\//);
	});

	test('that is watched and empty is well', async () => {
		const check = await checkLater(createWatched().root);
		expect(adviceOf(check)).toEqual([]);
		expect(check.files).toEqual([]);
		expect(check.findings.map(({name}) => name)).toEqual([
			...['folder', 'folders', 'file system', 'ledger', 'owner', 'free disk'],
			...(check.findings.some(({name}) => name === 'free inodes') ? ['free inodes'] : []),
			...['inbox', 'underprocess'],
		]);
	});

	test('whose parts are gone or links is told of', async () => {
		const {temporary, root, folders} = createWatched();
		rmSync(folders.results, {recursive: true});
		renameSync(folders.failed, temporary.at('moved'));
		symlinkSync(temporary.at('moved'), folders.failed);
		expect(adviceOf(await checkLater(root))).toEqual([
			expect.stringMatching(/^folders: not there: results\/: Put them back/),
			expect.stringMatching(/^failed\/: a link: Put the folder itself there/),
		]);
	});

	test('whose ledger is damaged is told of, and its files are still accounted for', async () => {
		const {temporary, root} = createWatched();
		for (const name of ['-wal', '-shm']) rmSync(temporary.at(`.state/ledger.db${name}`), {force: true});
		temporary.write('.state/ledger.db', 'no database');
		temporary.write('unprocessed/a.csv');
		const check = await checkLater(root);
		expect(adviceOf(check)[0]).toMatch(/^ledger: .*: The ledger .* cannot be used: it is something else/);
		expect(reasonsOf(check)).toEqual({'unprocessed/a.csv': 'not-watched'});
	});
});

test.each([
	['has died', {process: `999999999 1 ${hostname()}`}, /^owner: process 999999999 has died/],
	['has ended', {endedAt: 1000}, /^owner: nobody since 1970-01-01 00:00:01 UTC: Start the watch/],
	['is on another machine', {process: '1 1 elsewhere'}, /^owner: process 1 on elsewhere, .*cannot be seen/],
])('an owner that %s is told of', async (_, owner, pattern) => {
	const temporary = createTemporaryFolder();
	addOwner(createWatchedFolder(temporary).ledger, owner);
	expect(adviceOf(await checkLater(temporary.path))).toEqual([expect.stringMatching(pattern)]);
});

test('a clock that was wrong is told of', async () => {
	const {temporary, root, ledger} = createWatched();
	const future = Date.now() + 3_600_000;
	saveClaim(ledger, claimOf('c1', {decidedAt: future, finishedAt: future}));
	temporary.write('unprocessed/a.csv');
	utimesSync(temporary.at('unprocessed/a.csv'), new Date(future), new Date(future));
	expect(adviceOf(await checkLater(root))).toEqual([
		expect.stringMatching(/^clock: 1 claim of the ledger ended in the future/),
		expect.stringMatching(/^times of files: 1 file of the inbox is from the future/),
	]);
});

describe('files of the inbox', () => {
	test('have the reason why each is not taken', async () => {
		const {temporary, root, ledger} = createWatched();
		saveClaim(ledger, claimOf('c1', {...undecided, state: 'intended', name: 'being-taken.csv'}));
		for (const name of ['being-taken.csv', 'a.csv', 'b.csv.part', '.c.csv']) temporary.write(`unprocessed/${name}`);
		temporary.fifo('unprocessed/pipe');
		temporary.link(temporary.at('unprocessed/a.csv'), 'unprocessed/link');
		temporary.write('unprocessed/sub/d.csv');
		const rest = {'b.csv.part': 'part', '.c.csv': 'dotfile', pipe: 'special', link: 'link'};
		const inUnprocessed = (files: object): object =>
			Object.fromEntries(Object.entries(files).map(([name, reason]) => [`unprocessed/${name}`, reason]));
		expect(reasonsOf(await checkLater(root, {settleMs: 60_000}, 0))).toEqual(
			inUnprocessed({...rest, 'a.csv': 'growing', sub: 'folder'}),
		);
		expect(reasonsOf(await checkLater(root, {isRecursive: true}))).toEqual(
			inUnprocessed({...rest, 'a.csv': 'waiting', 'sub/d.csv': 'waiting'}),
		);
		expect(reasonsOf(await checkLater(root, {needsMarker: true}))).toMatchObject({'unprocessed/a.csv': 'no-marker'});
		temporary.write('unprocessed/a.csv.done');
		const marked = reasonsOf(await checkLater(root, {needsMarker: true}));
		expect(marked).toMatchObject({'unprocessed/a.csv': 'waiting'});
		expect(marked).not.toHaveProperty('unprocessed/a.csv.done');
	});

	test('that have been at rest for long are told of, and those behind the first wait for their turn', async () => {
		const {temporary, root} = createWatched();
		temporary.write('unprocessed/a.csv');
		temporary.awaitTick(temporary.at('unprocessed/a.csv'));
		temporary.write('unprocessed/b.csv');
		const check = await checkLater(root, {}, 3_600_000);
		expect(reasonsOf(check)).toEqual({'unprocessed/a.csv': 'overdue', 'unprocessed/b.csv': 'in-turn'});
		expect(adviceOf(check)).toEqual([
			expect.stringMatching(/^inbox: 2 files waiting, 0 not taken: It has been at rest for 1:00:00/),
		]);
	});
});

describe('what the process that watches has said', () => {
	const rules = {settleMs: 500, isRecursive: true, needsMarker: true};
	const state = {isPaused: false, isFull: false, blocked: [], refused: [], tags: []};

	test('decides which files are taken, unless flags say otherwise', async () => {
		const {temporary, root, folders} = createWatched();
		writeIntake(folders, rules, state);
		temporary.write('unprocessed/sub/a.csv');
		const check = await checkLater(root);
		expect(reasonsOf(check)).toEqual({'unprocessed/sub/a.csv': 'no-marker'});
		expect(check.findings.find(({name}) => name === 'intake')?.found).toBe(
			'files that have been at rest for 0.500 s, also in subfolders, with a .done marker',
		);
		expect(reasonsOf(await checkLater(root, {isRecursive: false}))).toEqual({
			'unprocessed/sub': 'folder',
		});
	});

	test.each([
		['paused', {isPaused: true}, /^intake: stopped: No file is taken, because somebody has paused it/],
		['disk-full', {isFull: true}, /^intake: stopped: The disk is full, or a quota is used up/],
		[
			'not-movable',
			{blocked: [['a.csv', 'EPERM: not permitted']]},
			/^inbox: .* could not be moved: EPERM: not permitted/,
		],
	] as const)('tells that files are left: %s', async (reason, changes, advice) => {
		const {temporary, root, folders} = createWatched();
		temporary.write('unprocessed/a.csv');
		writeIntake(folders, {...rules, needsMarker: false}, {...state, ...changes});
		const check = await checkLater(root);
		expect(reasonsOf(check)).toEqual({'unprocessed/a.csv': reason});
		expect(adviceOf(check)[0]).toMatch(advice);
	});

	test('tells that a claim could not be gone on with', async () => {
		const {temporary, root, folders, ledger} = createWatched();
		const claim = saveClaim(ledger, claimOf('c1', undecided));
		temporary.write(`underprocess/${claim.storedName}`);
		expect(reasonsOf(await checkLater(root))).toEqual({});
		writeIntake(folders, rules, {...state, refused: [[claim.storedName, 'EACCES: permission denied']]});
		const check = await checkLater(root);
		expect(reasonsOf(check)).toEqual({[`underprocess/${claim.storedName}`]: 'refused'});
		expect(adviceOf(check)).toEqual([expect.stringMatching(/^underprocess: .*could not be gone on with: EACCES/)]);
	});

	test('is not believed of another process, or when it is damaged', async () => {
		const {temporary, root, folders, ledger} = createWatched();
		temporary.write('unprocessed/a.csv');
		writeIntake(folders, rules, {...state, isPaused: true});
		addOwner(ledger, {process: '1 1 elsewhere'});
		expect(reasonsOf(await checkLater(root))).toEqual({'unprocessed/a.csv': 'waiting'});
		addOwner(ledger);
		expect(reasonsOf(await checkLater(root))).toEqual({'unprocessed/a.csv': 'no-marker'});
		temporary.write('.state/intake.json', '{"process": 1');
		expect(reasonsOf(await checkLater(root))).toEqual({'unprocessed/a.csv': 'waiting'});
	});
});

describe('files in underprocess/', () => {
	test('that are worked on are not told of; the others are, with what becomes of them', async () => {
		const {temporary, root, ledger} = createWatched();
		const [working, finished] = ['20261130-025308-4kq09xz1', '20261130-025308-4kq09xz2'];
		saveClaim(ledger, claimOf(working, undecided));
		saveClaim(ledger, claimOf(finished));
		saveClaim(ledger, claimOf('gone', undecided));
		for (const name of [`${working}__${working}.csv`, `${finished}__${finished}.csv`, 'stranger.csv'])
			temporary.write(`underprocess/${name}`);
		expect(reasonsOf(await checkLater(root))).toEqual({
			[`underprocess/${finished}__${finished}.csv`]: 'finished',
			'underprocess/stranger.csv': 'unknown',
			'underprocess/gone__gone.csv': 'gone',
		});
		ledger.exec('UPDATE owners SET ended_at = 1');
		expect(reasonsOf(await checkLater(root))).toMatchObject({
			[`underprocess/${working}__${working}.csv`]: 'interrupted',
		});
	});
});

test('failed files that are still there are listed with their reasons', async () => {
	const {temporary, root, ledger} = createWatched();
	const failed = {status: 'failed', destination: 'failed', code: 'BINARY', message: 'It is no text.'} as const;
	for (const id of ['c1', 'c2']) saveClaim(ledger, claimOf(id, failed));
	saveClaim(ledger, claimOf('c3', {...failed, status: 'duplicate', duplicateOf: 'c1'}));
	for (const id of ['c1', 'c3']) temporary.write(`failed/${id}__${id}.csv`);
	const check = await checkLater(root);
	expect(check.files).toEqual([
		...['c1', 'c3'].map(id => ({
			folder: 'failed',
			file: `${id}__${id}.csv`,
			reason: 'BINARY',
			message: 'It is no text.',
		})),
	]);
	expect(adviceOf(check)).toEqual([]);
});
