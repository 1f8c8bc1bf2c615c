// What the built command says of a watched folder from outside, and what it removes there.
import {spawnSync} from 'node:child_process';
import {
	chmodSync,
	existsSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	renameSync,
	rmdirSync,
	symlinkSync,
	unlinkSync,
	writeFileSync,
} from 'node:fs';
import {join} from 'node:path';
import {expect, test, vi} from 'vitest';
import {readRecording} from '../../source/cli/replay/read-recording.ts';
import type {Claim} from '../../source/ledger/claims-reader.ts';
import type {WatchStatus} from '../../source/model/watch-status.ts';
import type {FolderCheck} from '../../source/watch/check-folder.ts';
import {addOwner, claimOf, createWatchedFolder, saveClaim, undecided, type WatchedFolder} from '../helpers/claims.ts';
import {CLI_PATH, createFolder, runCommand, startCommand, transactions} from '../helpers/command.ts';
import {PATIENT} from '../helpers/patient.ts';
import {Robot, whyNoTerminal} from '../helpers/pty.ts';
import {createTemporaryFolder} from '../helpers/temporary-folder.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** A claim that ended so many days ago, with its files. */
function addEnded({folders, ledger}: WatchedFolder, id: string, daysAgo: number, changes: Partial<Claim> = {}): Claim {
	const finishedAt = Date.now() - daysAgo * DAY_MS;
	const claim = saveClaim(
		ledger,
		claimOf(id, {startedAt: finishedAt - 2000, decidedAt: finishedAt - 1000, finishedAt, ...changes}),
	);
	const isFailed = claim.destination === 'failed';
	writeFileSync(join(isFailed ? folders.failed : folders.processed, claim.storedName), 'x'.repeat(100));
	const beside = isFailed
		? join(folders.failed, `${claim.storedName}.reason.json`)
		: join(folders.results, `${claim.storedName}.json`);
	writeFileSync(beside, '{}');
	return claim;
}

const statusOf = async (folder: string): Promise<WatchStatus> => {
	const {code, stdout, stderr} = await runCommand(['status', folder, '--json']);
	expect({code, stderr}).toEqual({code: 0, stderr: ''});
	return JSON.parse(stdout) as WatchStatus;
};

test('a folder that is none, or is not watched, is told in a sentence', async () => {
	const folder = createFolder();
	const missing = await runCommand(['status', join(folder, 'no')]);
	expect(missing).toMatchObject({code: 4, stdout: ''});
	expect(missing.stderr).toMatch(/^fileproc-tui: There is no folder .*\/no\.\n$/);
	for (const command of ['status', 'clean']) {
		const {code, stderr} = await runCommand([command, folder]);
		expect(code).toBe(4);
		expect(stderr).toContain('is not a watched folder: it has no .state/ledger.db');
	}
	expect(readdirSync(folder)).toEqual([]);
});

test('the status is of the ledger and of the folder, while somebody watches and after', async () => {
	const temporary = createTemporaryFolder();
	const watched = createWatchedFolder(temporary);
	const {folders, ledger} = watched;
	const epoch = addOwner(ledger, {startedAt: Date.now() - 5000});
	addEnded(watched, 'a1', 0);
	addEnded(watched, 'a2', 0, {status: 'failed', destination: 'failed', code: 'BINARY', message: 'It is no text.'});
	saveClaim(ledger, claimOf('a3', {...undecided, name: 'now.csv'}));
	saveClaim(ledger, claimOf('a4', {...undecided, state: 'intended', name: 'taken.csv'}));
	for (const name of ['taken.csv', 'late.csv', 'early.csv', 'x.csv.part', '.hidden'])
		temporary.write(`unprocessed/${name}`, 'abc');
	temporary.awaitTick(temporary.at('unprocessed/.hidden'));
	temporary.write('unprocessed/last.csv', 'abc');
	temporary.writeBytesName(Buffer.from('unprocessed/\xff.csv', 'latin1'));
	temporary.link(temporary.at('unprocessed/late.csv'), 'unprocessed/link.csv');
	temporary.folder('unprocessed/sub');
	temporary.fifo('unprocessed/pipe');
	const status = await statusOf(temporary.path);
	expect(status).toMatchObject({
		health: {status: 'ok', reasons: []},
		owner: {pid: process.pid, epoch},
		files: {waiting: 4, skipped: 5, processing: 2, completed: 1, failed: 1, duplicate: 0},
		bytes: {waiting: 9, completed: 100},
		success_rate: 0.5,
		throughput: {since_start: {files: 2, bytes: 200}},
		last_error: {code: 'BINARY', file: 'a2.csv'},
	});
	expect(status.owner?.usage?.memory_bytes).toBeGreaterThan(1e6);
	expect(status.waiting.map(({file}) => file)).toContain('\\xff.csv');
	expect(Object.fromEntries(status.skipped.map(({file, reason}) => [file, reason]))).toEqual({
		...{'x.csv.part': 'part', '.hidden': 'dotfile', 'link.csv': 'link', sub: 'folder', pipe: 'special'},
	});
	ledger.prepare('UPDATE owners SET ended_at = ?').run(Date.now());
	const after = await statusOf(temporary.path);
	expect(after).toMatchObject({owner: null, health: {status: 'stopped', reasons: [{code: 'NOT_WATCHED'}]}});
	expect(after.last_watched?.pid).toBe(process.pid);
	const text = await runCommand(['status', folders.root]);
	expect(text.code).toBe(0);
	expect(text.stdout).toMatch(/^files +4 waiting, 2 in work, 1 completed, 1 failed, 0 duplicates, 5 not taken$/m);
});

test('an owner that was killed is told of as such', async () => {
	const {folders, ledger} = createWatchedFolder(createTemporaryFolder());
	addOwner(ledger, {process: `999999999 1 ${(await import('node:os')).hostname()}`});
	const status = await statusOf(folders.root);
	expect(status).toMatchObject({owner: null, last_watched: {until: null}, health: {reasons: [{code: 'OWNER_DIED'}]}});
});

test('clean removes what was finished long ago, and nothing else', async () => {
	const temporary = createTemporaryFolder();
	const watched = createWatchedFolder(temporary);
	const {folders, ledger} = watched;
	const old = addEnded(watched, 'old', 8, {name: 'a.csv'});
	addEnded(watched, 'bad', 8, {status: 'failed', destination: 'failed', code: 'BINARY', message: 'no'});
	const young = addEnded(watched, 'young', 6);
	const open = addEnded(watched, 'open', 8, {state: 'decided', finishedAt: null});
	const [output, sub] = ['old__a.csv.convert.parquet', 'deep/er/b.csv'];
	ledger.prepare('UPDATE claims SET outputs = ? WHERE id = ?').run(JSON.stringify([output, '../../escaped']), old.id);
	temporary.write(`results/${output}`, 'parquet');
	temporary.write('processed/stranger.csv', 'mine');
	temporary.write('processed/old__other.csv', 'mine');
	temporary.write('escaped', 'mine');
	mkdirSync(join(folders.processed, 'deep/er'), {recursive: true});
	const deep = saveClaim(ledger, {...old, id: 'deep', name: sub, storedName: 'deep__b.csv'});
	temporary.write(`processed/deep/er/${deep.storedName}`, 'deep');
	const secret = temporary.write('secret.csv', 'secret');
	const linked = saveClaim(ledger, {...old, id: 'linked', storedName: 'linked__a.csv'});
	symlinkSync(secret, join(folders.processed, linked.storedName));
	const before = listing(temporary.path);
	const dry = await runCommand(['clean', folders.root, '--dry-run', '--json']);
	expect(JSON.parse(dry.stdout)).toMatchObject({
		...{dry_run: true, older_than: 604_800, claims: 4},
		...{processed: {files: 2, bytes: 104}, failed: {files: 2, bytes: 102}, results: {files: 2, bytes: 9}},
		...{left: {younger: 4, unknown: 3}, removed: {files: 0, bytes: 0}},
	});
	expect(listing(temporary.path)).toEqual(before);
	const {code, stdout} = await runCommand(['clean', folders.root]);
	expect(code).toBe(0);
	expect(stdout).toMatch(/^ {2}processed\/ +2 files +104 B$/m);
	expect(stdout).toMatch(/Removed 6 files, 215 B\.\n$/);
	const removed = before.filter(path => !existsSync(temporary.at(path)));
	expect(removed.sort()).toEqual(
		[
			...['failed/bad__bad.csv', 'failed/bad__bad.csv.reason.json', 'processed/deep/er/deep__b.csv'],
			...['processed/old__a.csv', `results/${output}`, 'results/old__a.csv.json'],
		].sort(),
	);
	expect(existsSync(join(folders.processed, young.storedName))).toBe(true);
	expect(existsSync(join(folders.processed, open.storedName))).toBe(true);
	expect((await runCommand(['clean', folders.root])).stdout).toContain('There is nothing to remove.');
	expect((await statusOf(folders.root)).files.completed).toBe(5);
});

test('clean goes through no link', async () => {
	const temporary = createTemporaryFolder();
	const watched = createWatchedFolder(temporary);
	const {folders, ledger} = watched;
	const claim = saveClaim(ledger, claimOf('old', {name: 'sub/a.csv', storedName: 'old__a.csv'}));
	temporary.write(`elsewhere/${claim.storedName}`, 'mine');
	symlinkSync(temporary.at('elsewhere'), join(folders.processed, 'sub'));
	const inner = await runCommand(['clean', folders.root, '--older-than', '0']);
	expect(inner.stdout).toContain('There is nothing to remove.');
	unlinkSync(join(folders.processed, 'sub'));
	rmdirSync(folders.processed);
	symlinkSync(temporary.at('elsewhere'), folders.processed);
	const {code, stderr} = await runCommand(['clean', folders.root, '--older-than', '0']);
	expect(code).toBe(3);
	expect(stderr).toContain('processed to be a folder, but it is a link');
	expect(existsSync(temporary.at(`elsewhere/${claim.storedName}`))).toBe(true);
});

test('what a real watch does is what status, doctor and clean tell of it', async () => {
	const cwd = createFolder();
	let isFirstStatusTold = false;
	const watch = startCommand(
		['watch', 'in', '--settle', '0.2', '--poll', '0.2', '--jsonl', '--status-file', 'status.json'],
		{
			cwd,
			onOutput(text) {
				isFirstStatusTold ||= text.includes('"folder-status"');
			},
		},
	);
	const inbox = join(cwd, 'in');
	const drop = (name: string, text: string): void => {
		writeFileSync(join(inbox, 'unprocessed', `${name}.part`), text);
		renameSync(join(inbox, 'unprocessed', `${name}.part`), join(inbox, 'unprocessed', name));
	};
	const endedFiles = async (): Promise<number> => {
		const {files} = await statusOf(inbox);
		return files.completed + files.failed + files.duplicate;
	};
	await vi.waitFor(() => expect(isFirstStatusTold).toBe(true), PATIENT);
	drop('good.csv', transactions(20));
	await vi.waitFor(async () => expect(await endedFiles()).toBe(1), PATIENT);
	drop('again.csv', transactions(20));
	drop('bad.csv', 'a\0b');
	await vi.waitFor(async () => expect(await endedFiles()).toBe(3), PATIENT);
	await vi.waitFor(() => expect(readdirSync(join(inbox, 'underprocess'))).toEqual([]), PATIENT);
	const kept = (): WatchStatus => JSON.parse(readFileSync(join(cwd, 'status.json'), 'utf8')) as WatchStatus;
	await vi.waitFor(() => expect(kept().files).toMatchObject({completed: 1, failed: 1, duplicate: 1}), PATIENT);
	// Counted as it happened, and read from the ledger, all of it is the same.
	expect(withoutClock(kept())).toEqual(withoutClock(await statusOf(inbox)));
	expect(await statusOf(inbox)).toMatchObject({
		health: {status: 'ok'},
		owner: {pid: watch.pid, epoch: 1},
		files: {waiting: 0, completed: 1, failed: 1, duplicate: 1},
		rows: {read: 20},
		throughput: {since_start: {files: 3}},
	});
	const well = await runCommand(['doctor', inbox]);
	expect(well.code, well.stdout).toBe(0);
	expect(well.stdout).toMatch(/^owner +process \d+, since /m);
	expect(well.stdout).toMatch(/^failed\/: \w+, 1 file$/m);
	const cleaned = await runCommand(['clean', inbox, '--older-than', '0', '--json']);
	expect(JSON.parse(cleaned.stdout)).toMatchObject({claims: 3, removed: {files: 6}, left: {younger: 0, unknown: 0}});
	for (const name of ['processed', 'failed', 'results']) expect(readdirSync(join(inbox, name))).toEqual([]);
	// What was removed is still known.
	drop('once-more.csv', transactions(20));
	await vi.waitFor(async () => expect((await statusOf(inbox)).files.duplicate).toBe(2), PATIENT);
	// And what it came to, where its first document has been removed.
	const [document = ''] = readdirSync(join(inbox, 'results')).filter(name => name.endsWith('__once-more.csv.json'));
	expect(JSON.parse(readFileSync(join(inbox, 'results', document), 'utf8'))).toMatchObject({
		...{status: 'duplicate', result: {status: 'completed', rows: 20, result: {total_transactions: 20}}},
	});
	// A failed one is tried again by the one who watches, and fails anew.
	drop('bad-again.csv', 'a\0c');
	await vi.waitFor(async () => expect((await statusOf(inbox)).files.failed).toBe(2), PATIENT);
	const claimOfFailed = async (): Promise<unknown> => (await statusOf(inbox)).failed[0]?.claim;
	const before = await claimOfFailed();
	const dry = await runCommand(['retry-failed', inbox, 'bad-again', '--dry-run', '--json']);
	expect(JSON.parse(dry.stdout)).toMatchObject({dry_run: true, watched_by: watch.pid, files: [{claim: before}]});
	expect(await claimOfFailed()).toBe(before);
	const retried = await runCommand(['retry-failed', inbox, 'bad-again']);
	expect(retried.code).toBe(0);
	expect(retried.stdout).toContain(`1 file to retry: process ${watch.pid}, which watches the folder, takes it up`);
	await vi.waitFor(async () => expect(await claimOfFailed()).not.toBe(before), PATIENT);
	await vi.waitFor(() => expect(readdirSync(join(inbox, '.state/retries'))).toEqual([]), PATIENT);
	expect((await statusOf(inbox)).files.failed).toBe(2);
	// Through a route of one's choice, which must be there.
	const wrong = await runCommand(['retry-failed', inbox, 'bad-again', '--route', 'nowhere']);
	expect(wrong.code).toBe(2);
	expect(wrong.stderr).toContain('There is no route “nowhere”. The routes of the folder are: “all”.');
	watch.kill('SIGTERM');
	const {stdout} = await watch.ended;
	// Figures are told among the events, too, which can be played all the same.
	const lines = stdout
		.trimEnd()
		.split('\n')
		.map(line => JSON.parse(line) as {type: string; seq: number});
	expect(lines.map(({seq}) => seq)).toEqual(lines.map((_, index) => index + 1));
	expect(lines[1]).toMatchObject({type: 'folder-status', files: {waiting: 0, completed: 0}, health: {status: 'ok'}});
	const {files, rows, tags, success_rate, processing_time} = await statusOf(inbox);
	expect(lines.at(-2)).toMatchObject({
		...{type: 'folder-status', files, rows, tags, success_rate, processing_time, owner: {pid: watch.pid}},
	});
	expect(lines.at(-1)).toMatchObject({type: 'run-completed'});
	writeFileSync(join(cwd, 'played.jsonl'), stdout);
	let played = 0;
	for await (const _ of readRecording(join(cwd, 'played.jsonl'))) played++;
	expect(played).toBe(lines.filter(({type}) => type !== 'folder-status').length);
	expect((await statusOf(inbox)).health.status).toBe('stopped');
	// Where nobody watches, the next one takes them up.
	expect((await runCommand(['retry-failed', inbox, '--all'])).stdout).toContain('the next watch takes it up');
	const third = await claimOfFailed();
	expect((await runCommand(['watch', inbox, '--once', '--settle', '0'])).code).toBe(1);
	expect(await claimOfFailed()).not.toBe(third);
	expect((await runCommand(['retry-failed', inbox, 'nowhere'])).code).toBe(4);
	for (const words of [[], ['--all', 'bad'], ['colour:red']]) {
		const {code, stderr} = await runCommand(['retry-failed', inbox, ...words]);
		expect(code, stderr).toBe(2);
	}
	const ill = await runCommand(['doctor', inbox]);
	expect(ill.code).toBe(3);
	expect(ill.stdout).toMatch(/^owner +nobody since .*\n +! Start the watch/m);
});

test.skipIf(whyNoTerminal !== null)('status and doctor know that somebody has paused the intake', async () => {
	const cwd = createFolder();
	const inbox = join(cwd, 'in');
	const robot = Robot.command(['watch', 'in', '--settle', '0.2', '--poll', '0.2'], {cwd});
	await vi.waitFor(() => expect(existsSync(join(inbox, '.state/intake.json'))).toBe(true), PATIENT);
	await robot.waitForScreen('q quit');
	robot.press('p');
	await vi.waitFor(async () => expect((await statusOf(inbox)).health.status).toBe('degraded'), PATIENT);
	writeFileSync(join(inbox, 'unprocessed', 'a.csv'), transactions(5));
	const {stdout} = await runCommand(['doctor', inbox, '--json', '--settle', '0']);
	expect((JSON.parse(stdout) as FolderCheck).files).toMatchObject([{file: 'a.csv', reason: 'paused'}]);
	robot.press('p');
	await vi.waitFor(async () => expect((await statusOf(inbox)).files.completed).toBe(1), PATIENT);
	expect((await statusOf(inbox)).health).toEqual({status: 'ok', reasons: []});
	robot.press('q');
	await robot.waitForScreen('Stop watching?');
	robot.press('y');
	await robot.exit;
});

test.skipIf(process.getuid?.() !== 0)('doctor says which folders are not yours to write', () => {
	const {folders} = createWatchedFolder(createTemporaryFolder());
	for (const path of [folders.root, folders.state]) chmodSync(path, 0o755);
	chmodSync(folders.ledger, 0o644);
	writeFileSync(join(folders.unprocessed, 'a.csv'), 'a');
	const nobody = 65_534;
	const {stdout, status} = spawnSync(process.execPath, [CLI_PATH, 'doctor', folders.root, '--json'], {
		...{uid: nobody, gid: nobody, encoding: 'utf8', env: {}, cwd: '/'},
	});
	const {findings, files} = JSON.parse(stdout) as FolderCheck;
	expect(status).toBe(3);
	const advised = findings.filter(({advice}) => advice?.includes(`for user ${nobody}`)).map(({name}) => name);
	expect(advised).toEqual(['unprocessed/', 'underprocess/', 'processed/', 'failed/', 'results/', '.state/']);
	expect(files).toMatchObject([{file: 'a.csv', reason: 'not-movable'}]);
	chmodSync(folders.state, 0o700);
	const forbidden = spawnSync(process.execPath, [CLI_PATH, 'status', folders.root], {
		...{uid: nobody, gid: nobody, encoding: 'utf8', env: {}, cwd: '/'},
	});
	expect(forbidden).toMatchObject({status: 3, stdout: ''});
	expect(forbidden.stderr).toContain('may not be looked into by this user');
});

test('a span of time that is none is refused', async () => {
	const {code, stderr} = await runCommand(['clean', '.', '--older-than', '7']);
	expect(code).toBe(2);
	expect(stderr).toContain('a span of time is like 90s, 30m, 12h, 7d or 2w');
});

test.skipIf(whyNoTerminal !== null)('on a terminal clean asks first', async () => {
	const watched = createWatchedFolder(createTemporaryFolder());
	const claim = addEnded(watched, 'old', 8);
	const {root, processed} = watched.folders;
	for (const [key, remains] of [
		['n\r', true],
		['\u0003', true],
		['y\r', false],
	] as const) {
		const robot = Robot.command(['clean', root], {cwd: root});
		await robot.waitForScreen('[y/N]');
		robot.press(key);
		expect(await robot.exit).toBe(0);
		expect(existsSync(join(processed, claim.storedName))).toBe(remains);
	}
});

/** What the clock and the system change all the time. */
const withoutClock = ({at: _, owner, throughput, ...status}: WatchStatus): object => ({
	...status,
	owner: {pid: owner?.pid, since: owner?.since, epoch: owner?.epoch, host: owner?.host},
	since_start: throughput.since_start,
});

const listing = (folder: string): string[] =>
	readdirSync(folder, {recursive: true, encoding: 'utf8'}).filter(name => !name.startsWith('.state'));
