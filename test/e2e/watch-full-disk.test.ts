// A disk that becomes full under a real watch.
import {execFileSync} from 'node:child_process';
import {
	closeSync,
	existsSync,
	mkdirSync,
	openSync,
	readdirSync,
	readFileSync,
	renameSync,
	rmSync,
	statSync,
	truncateSync,
	writeFileSync,
	writeSync,
} from 'node:fs';
import {join} from 'node:path';
import {expect, test, vi} from 'vitest';
import type {WatchStatus} from '../../source/model/watch-status.ts';
import {runCommand, startCommand, transactions} from '../helpers/command.ts';
import {PATIENT} from '../helpers/patient.ts';
import {mountSmallDisk} from '../helpers/small-disk.ts';

const FLAGS = ['--settle', '0.1', '--poll', '0.2'];

const statusOf = async (inbox: string): Promise<WatchStatus> =>
	JSON.parse((await runCommand(['status', inbox, '--json'])).stdout) as WatchStatus;

/** Writes until nothing more goes in. */
function fill(path: string): void {
	for (const bytes of [1 << 20, 1 << 12, 1]) {
		const descriptor = openSync(path, 'a');
		try {
			while (writeSync(descriptor, Buffer.alloc(bytes)) === bytes);
		} catch (error) {
			expect(error).toMatchObject({code: 'ENOSPC'});
		} finally {
			closeSync(descriptor);
		}
	}
}

test('the intake stops, which is told once; when there is room it resumes by itself, and the log has every line', async ({
	skip,
}) => {
	const disk = mountSmallDisk(32 << 20);
	if (disk === null) return skip('no file system can be mounted here');
	const inbox = join(disk, 'in');
	const log = join(disk, 'watch.log');
	const flags = [...FLAGS, '--plain', '--log-file', log, '--trace'];
	const watch = startCommand(['watch', inbox, ...flags], {cwd: disk});
	const status = (): Promise<WatchStatus> => statusOf(inbox);
	const drop = (name: string): void => writeFileSync(join(inbox, 'unprocessed', name), transactions(5000));
	await vi.waitFor(() => expect(readdirSync(join(inbox, '.state'))).toContain('intake.json'), PATIENT);
	drop('a.csv');
	await vi.waitFor(async () => expect((await status()).files.completed).toBe(1), PATIENT);
	// Dropped and waiting when the disk is full: only then is there something to write.
	writeFileSync(join(inbox, 'unprocessed', 'b.csv.part'), transactions(5001));
	fill(join(disk, 'fill'));
	renameSync(join(inbox, 'unprocessed', 'b.csv.part'), join(inbox, 'unprocessed', 'b.csv'));
	// What was taken already ends in the room that was kept for it, and that is no room for others.
	await vi.waitFor(async () => {
		const {files, health} = await status();
		expect(health.reasons.map(({code}) => code)).toContain('DISK_FULL');
		expect(files.completed).toBe(2);
	}, PATIENT);
	drop('c.csv');
	await vi.waitFor(async () => expect((await status()).files.waiting).toBe(1), PATIENT);
	rmSync(join(disk, 'fill'));
	await vi.waitFor(async () => {
		const {files, health} = await status();
		expect(files.duplicate).toBe(1);
		expect(health.reasons.map(({code}) => code)).not.toContain('DISK_FULL');
	}, PATIENT);
	watch.kill('SIGTERM');
	const {code, stderr} = await watch.ended;
	expect(code).toBe(143);
	expect(stderr.match(/The disk is full/g)).toHaveLength(1);
	expect(stderr.match(/There is room on the disk again/g)).toHaveLength(1);
	const lines = readFileSync(log, 'utf8').trimEnd().split('\n');
	const seqs = lines.map(line => (JSON.parse(line) as {seq?: number}).seq).filter(seq => seq !== undefined);
	expect(seqs).toEqual(seqs.map((_, index) => index + 1));
});

test('on a disk that is full it begins in the room that it has kept, and goes on by itself; without that it says so', async ({
	skip,
}) => {
	const disk = mountSmallDisk(16 << 20);
	if (disk === null) return skip('no file system can be mounted here');
	const inbox = join(disk, 'in');
	const once = await runCommand(['watch', inbox, '--once', ...FLAGS]);
	expect(once).toMatchObject({code: 4, stderr: expect.stringMatching(/^[^\n]*was not there: it was made[^\n]*\n$/)});
	writeFileSync(join(inbox, 'unprocessed/a.csv'), transactions(5000));
	fill(join(disk, 'fill'));
	const watch = startCommand(['watch', inbox, ...FLAGS], {cwd: disk});
	await vi.waitFor(async () => {
		const {files, health} = await statusOf(inbox);
		expect(health.reasons.map(({code}) => code)).toContain('DISK_FULL');
		expect(files).toMatchObject({waiting: 1, completed: 0});
	}, PATIENT);
	rmSync(join(disk, 'fill'));
	await vi.waitFor(async () => expect((await statusOf(inbox)).files.completed).toBe(1), PATIENT);
	watch.kill('SIGTERM');
	const {code, stderr} = await watch.ended;
	expect(code).toBe(143);
	expect(stderr.match(/^.*disk.*$/gm)).toEqual([
		'fileproc-tui: The disk is full: no further file is taken until there is room again.',
		'fileproc-tui: There is room on the disk again: files are taken as before.',
	]);
	rmSync(join(inbox, '.state/ballast'));
	fill(join(disk, 'fill'));
	for (const command of [
		['watch', inbox, ...FLAGS],
		['status', inbox],
	]) {
		const ended = await runCommand(command, {cwd: disk});
		expect(ended).toMatchObject({code: 3, stdout: ''});
		expect(ended.stderr).toMatch(/^fileproc-tui: The ledger .* cannot be used: its disk is full: make room.*\n$/);
	}
	// Too little to keep any free, and enough for this.
	truncateSync(join(disk, 'fill'), statSync(join(disk, 'fill')).size - (2 << 20));
	writeFileSync(join(inbox, 'unprocessed/b.csv'), transactions(5));
	expect(await runCommand(['watch', inbox, '--once', ...FLAGS])).toMatchObject({code: 0, stderr: ''});
	expect(existsSync(join(inbox, '.state/ballast'))).toBe(false);
});

test('with --once a disk that fills up midway ends it with the reason, every file is still there, and the next one goes on', async ({
	skip,
}) => {
	const disk = mountSmallDisk(12 << 20);
	if (disk === null) return skip('no file system can be mounted here');
	const inbox = join(disk, 'in');
	const routes = join(disk, 'routes.json');
	const step = {processor: 'convert', with: {to: 'jsonl'}};
	writeFileSync(routes, JSON.stringify({routes: [{tag: 'all', match: 'any', steps: [step]}]}));
	const COUNT = 12;
	mkdirSync(join(inbox, 'unprocessed'), {recursive: true});
	// What comes of them takes more than there is room for beside them.
	for (let index = 0; index < COUNT; index++)
		writeFileSync(join(inbox, `unprocessed/${index}.csv`), transactions(8000 + index));
	const watch = ['watch', inbox, '--once', '--routes', routes, ...FLAGS];
	const {code, stderr} = await runCommand(watch, {cwd: disk});
	expect(stderr).toContain('The disk is full, and no room has come in time. All files are still there');
	expect(code).toBe(3);
	const list = (name: string): string[] => readdirSync(join(inbox, name));
	const counts = ['unprocessed', 'underprocess', 'processed', 'failed'].map(name => list(name).length);
	expect(counts.reduce((sum, count) => sum + count)).toBe(COUNT);
	expect(list('processed').length).toBeLessThan(COUNT);
	execFileSync('mount', ['-o', `remount,size=${64 << 20}`, disk]);
	expect((await runCommand(watch, {cwd: disk})).code).toBe(0);
	expect(list('processed')).toHaveLength(COUNT);
	expect(list('results').filter(name => name.endsWith('.jsonl'))).toHaveLength(COUNT);
	expect([...list('unprocessed'), ...list('underprocess'), ...list('failed')]).toEqual([]);
});
