// A folder that is watched, by the built command: what is dropped in whatever way is taken once, and nothing else is.
import {execFileSync, spawnSync} from 'node:child_process';
import {
	appendFileSync,
	chmodSync,
	existsSync,
	linkSync,
	mkdirSync,
	mkdtempSync,
	readFileSync,
	renameSync,
	rmSync,
	symlinkSync,
	truncateSync,
	utimesSync,
	writeFileSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout as wait} from 'node:timers/promises';
import {expect, onTestFinished, test, vi} from 'vitest';
import {runCommand, transactions, WITHOUT_AMOUNT} from '../helpers/command.ts';
import {PATIENT} from '../helpers/patient.ts';
import {startWatching, type Watching} from '../helpers/watch-kills.ts';
import {WAYS_IN} from '../helpers/watched-drops.ts';
import {WatchedScene} from '../helpers/watched-scene.ts';

test('each way in: every file is taken once, whole, and under its name', async () => {
	const scene = new WatchedScene();
	const watching = scene.start();
	for (const [index, way] of WAYS_IN.entries()) await scene.drop(`${way}.csv`, transactions(10 + index), way);
	await scene.untilDone(WAYS_IN.length);
	await scene.stop(watching);
	scene.expectInOrder();
	expect(scene.count('file-completed')).toBe(WAYS_IN.length);
});

test('names of any bytes, up to 255 of them', async () => {
	const scene = new WatchedScene();
	const names = [
		Buffer.from('\xff\xfe.csv', 'latin1'),
		Buffer.from('a\nb\t.csv'),
		Buffer.from('-rf.csv'),
		Buffer.from('20200101-000000-00000000__x.csv'),
		Buffer.from('%s "quoted".csv'),
		Buffer.from(`${'é'.repeat(125)}z.csv`),
		Buffer.from(`${'x'.repeat(251)}.csv`),
		Buffer.concat([Buffer.alloc(251, 0xff), Buffer.from('.csv')]),
	];
	for (const [index, name] of names.entries()) await scene.drop(name, transactions(1 + index), 'move');
	expect((await scene.start('--once').ended).code).toBe(0);
	scene.expectInOrder();
	for (const name of scene.list('processed')) expect(name).toMatch(/^\d{8}-\d{6}-[0-9a-z]{8}__.*\.csv$/s);
});

test('a file that grows is taken when it has come to rest, with all that was written', async () => {
	for (let wasInTime = false; !wasInTime; ) {
		const scene = new WatchedScene();
		const watching = scene.start('--settle', '0.6');
		const [body, pieces] = [transactions(400), 15];
		const path = scene.write('unprocessed/slow.csv', '');
		wasInTime = true;
		for (let piece = 0; piece < pieces; piece++) {
			const [startedAtMs, end] = [performance.now(), (body.length * (piece + 1)) / pieces];
			await wait(80);
			appendFileSync(path, body.slice((body.length * piece) / pieces, end));
			// A busy machine may have stopped the test for so long that the file had come to rest.
			if (performance.now() - startedAtMs >= 600) wasInTime = false;
			if (wasInTime) expect(scene.count('file-started')).toBe(0);
		}
		scene.drops.push({name: Buffer.from('slow.csv'), body: Buffer.from(body)});
		if (wasInTime) await scene.untilDone(1);
		await scene.stop(watching);
		if (wasInTime) scene.expectInOrder();
	}
});

test('links, pipes, folders, and names that are left alone stay where they are', async () => {
	const scene = new WatchedScene();
	const inbox = join(scene.root, 'unprocessed');
	writeFileSync(join(scene.root, '../elsewhere.csv'), transactions(3));
	symlinkSync('../../elsewhere.csv', join(inbox, 'link.csv'));
	symlinkSync('nowhere', join(inbox, 'dangling.csv'));
	execFileSync('mkfifo', [join(inbox, 'pipe.csv')]);
	scene.write('unprocessed/folder.csv/inner.csv', transactions(2));
	scene.write('unprocessed/.hidden.csv', transactions(2));
	scene.write('unprocessed/unfinished.csv.part', transactions(2));
	await scene.drop('good.csv', transactions(5));
	expect((await scene.start('--once').ended).code).toBe(0);
	const left = ['.hidden.csv', 'dangling.csv', 'folder.csv/inner.csv', 'link.csv', 'pipe.csv', 'unfinished.csv.part'];
	scene.expectInOrder({left});
});

test('with --recursive the folders of files are kept', async () => {
	const scene = new WatchedScene();
	for (const name of ['a.csv', 'north/a.csv', 'north/deep/er/a.csv', 'südén/bad.csv']) {
		const body = name.endsWith('bad.csv') ? WITHOUT_AMOUNT : transactions(name.length);
		scene.write(`unprocessed/${name}`, body);
		scene.drops.push({name: Buffer.from(name), body: Buffer.from(body)});
	}
	expect((await scene.start('--once', '--recursive').ended).code).toBe(1);
	scene.expectInOrder();
	expect(scene.list('processed/north/deep/er')).toEqual([expect.stringMatching(/__a\.csv$/)]);
});

test('with --done-marker a file waits for its marker, which is taken with it', async () => {
	const scene = new WatchedScene();
	const watching = scene.start('--done-marker');
	const path = scene.write('unprocessed/a.csv', transactions(5));
	scene.write('unprocessed/b.csv', transactions(6));
	scene.write('unprocessed/b.csv.done', '');
	scene.drops.push({name: Buffer.from('b.csv'), body: Buffer.from(transactions(6))});
	await scene.untilDone(1);
	expect(scene.list('unprocessed')).toEqual(['a.csv']);
	writeFileSync(`${path}.done`, '');
	scene.drops.push({name: Buffer.from('a.csv'), body: Buffer.from(transactions(5))});
	await scene.untilDone(2);
	scene.write('unprocessed/a.csv', transactions(7));
	await scene.drop('c.csv', transactions(8));
	scene.write('unprocessed/c.csv.done', '');
	await scene.untilDone(3);
	await scene.stop(watching);
	scene.expectInOrder({left: ['a.csv']});
});

test('a name, a content, and a failure that come again', async () => {
	const scene = new WatchedScene();
	const watching = scene.start();
	await scene.drop('day.csv', transactions(5));
	await scene.drop('bad.csv', WITHOUT_AMOUNT);
	await scene.untilDone(2);
	await scene.drop('day.csv', transactions(6));
	await scene.drop('again.csv', transactions(5));
	await scene.drop('bad again.csv', WITHOUT_AMOUNT);
	await scene.untilDone(5);
	await scene.stop(watching);
	scene.expectInOrder();
	expect(scene.list('failed').filter(name => name.endsWith('.reason.json'))).toHaveLength(2);
	expect([scene.count('file-completed'), scene.count('file-failed'), scene.count('file-skipped')]).toEqual([2, 1, 2]);
});

test('the same content many times at one moment is computed once', async () => {
	const scene = new WatchedScene();
	for (let number = 0; number < 40; number++)
		await scene.drop(`${number}.csv`, transactions(number % 2 === 0 ? 50 : 51));
	expect((await scene.start('--once').ended).code).toBe(0);
	scene.expectInOrder();
	expect([scene.count('file-completed'), scene.count('file-skipped')]).toEqual([2, 38]);
});

test('two links of one file are two files, also while one of them is worked on', async () => {
	const scene = new WatchedScene();
	await scene.drop('one.csv', transactions(30), 'link');
	linkSync(join(scene.root, 'unprocessed/one.csv'), join(scene.root, 'unprocessed/two.csv'));
	scene.drops.push({name: Buffer.from('two.csv'), body: Buffer.from(transactions(30))});
	expect((await scene.start('--once').ended).code).toBe(0);
	scene.expectInOrder();
});

test('a second one is refused, with the process that watches', async () => {
	const scene = new WatchedScene();
	const watching = scene.start();
	await scene.drop('a.csv', transactions(5));
	await scene.untilDone(1);
	const {code, stderr} = await runCommand(['watch', scene.root, '--once']);
	expect(code).toBe(3);
	expect(stderr).toContain(`is being watched already, by process ${watching.pid} `);
	await scene.stop(watching);
	expect((await runCommand(['watch', scene.root, '--once'])).code).toBe(0);
	scene.expectInOrder();
});

test('SIGTERM: running files are finished, and what is in the inbox stays there', async () => {
	const scene = new WatchedScene();
	await scene.drop('large.csv', transactions(60));
	const watching = scene.start(...scene.untilRelease());
	await scene.untilStarted(watching);
	watching.kill('SIGTERM');
	await scene.drop('late.csv', transactions(5));
	scene.release();
	expect(await watching.ended).toMatchObject({code: expect.toSatisfy(code => code === 0 || code === 143)});
	expect(scene.count('file-completed')).toBe(1);
	expect(scene.list('unprocessed')).toEqual(['late.csv']);
	await scene.start('--once').ended;
	scene.expectInOrder();
});

test('SIGTERM without time: running files are given back, and are there for the next one', async () => {
	const scene = new WatchedScene();
	for (const name of ['a.csv', 'b.csv']) await scene.drop(name, transactions(name.charCodeAt(0)));
	const watching = startWatching(scene.root, {flags: ['--plain', '--grace', '0', ...scene.untilRelease()]});
	onTestFinished(() => watching.kill());
	await vi.waitFor(() => expect(scene.list('underprocess')).toHaveLength(2), PATIENT);
	await scene.untilWorking();
	watching.kill('SIGTERM');
	const {code, stdout, stderr} = await watching.ended;
	expect([0, 143], stderr).toContain(code);
	expect(stdout).toMatch(/^Watching .*\nStatus: 2 waiting, 0 in work/);
	expect(stdout).toMatch(/\nIn the folder: 2 waiting, 0 in work, 0 completed, 0 failed\n$/);
	expect(scene.list('unprocessed')).toEqual(['a.csv', 'b.csv']);
	expect(scene.list('underprocess')).toEqual([]);
	expect((await scene.start('--once').ended).code).toBe(0);
	scene.expectInOrder();
});

test('a second signal leaves at once, and nothing is lost', async () => {
	const scene = new WatchedScene();
	await scene.drop('a.csv', transactions(60));
	// Only a second signal ends it in this hour: one that comes while the first one is not known yet is one with it.
	const watching = scene.start('--grace', '3600', ...scene.untilRelease());
	await scene.untilStarted(watching);
	await vi.waitFor(() => {
		watching.kill('SIGTERM');
		expect(watching.isOver()).toBe(true);
	}, PATIENT);
	// One that comes while it is leaving may end it as well.
	expect(['SIGTERM', 143]).toContain((await watching.ended).code);
	expect((await scene.start('--once').ended).code).toBe(0);
	scene.expectInOrder();
});

test('SIGTERM in the middle of many files: it leaves, those that were taken are where they belong, and a second one at once loses none', async () => {
	const scene = new WatchedScene();
	const COUNT = 1200;
	for (let index = 0; index < COUNT; index++) await scene.drop(`${index}.csv`, transactions(1 + index));
	const ends = [
		async (watching: Watching) => {
			watching.kill('SIGTERM');
			expect((await watching.ended).code).toBe(143);
			expect(scene.list('underprocess')).toEqual([]);
		},
		async (watching: Watching) => {
			await vi.waitFor(() => {
				watching.kill('SIGTERM');
				expect(watching.isOver()).toBe(true);
			}, PATIENT);
		},
	];
	let processed = 0;
	for (const end of ends) {
		const watching = scene.start();
		await vi.waitFor(() => expect(scene.list('processed').length).toBeGreaterThan(processed), PATIENT);
		await end(watching);
		processed = scene.list('processed').length;
		expect(processed).toBeLessThan(COUNT);
		const left = scene.list('unprocessed').length + scene.list('underprocess').length;
		expect(processed + left).toBe(COUNT);
	}
	expect((await scene.start('--once').ended).code).toBe(0);
	scene.expectInOrder();
});

test('folders that are removed are made again, and what comes then is taken', async () => {
	const scene = new WatchedScene();
	const watching = scene.start();
	await scene.drop('a.csv', transactions(5));
	await scene.untilDone(1);
	for (const name of ['unprocessed', 'underprocess']) rmSync(join(scene.root, name), {recursive: true});
	await vi.waitFor(() => expect(existsSync(join(scene.root, 'underprocess'))).toBe(true), PATIENT);
	await scene.drop('b.csv', transactions(6));
	await scene.untilDone(2);
	await scene.stop(watching);
	scene.expectInOrder();
});

test('a watched folder that is away for a while is gone on with when it comes back', async () => {
	const scene = new WatchedScene();
	const watching = scene.start(...scene.keepStatus());
	await scene.drop('a.csv', transactions(5));
	await scene.untilDone(1);
	renameSync(scene.root, `${scene.root} away`);
	await vi.waitFor(() => expect(watching.stderr()).toContain('The inbox cannot be read'), PATIENT);
	// It is looked for again, several times in each of these.
	for (let count = 0; count < 2; count++) await scene.untilStatusIs(() => true);
	expect(watching.isOver()).toBe(false);
	expect(existsSync(scene.root)).toBe(false);
	renameSync(`${scene.root} away`, scene.root);
	await scene.drop('b.csv', transactions(6));
	await scene.untilDone(2);
	const stderr = await scene.stop(watching);
	expect(stderr.match(/The inbox cannot be read/g)).toHaveLength(1);
	scene.expectInOrder();
});

test('another folder in the place of the watched one is not taken for it', async () => {
	const scene = new WatchedScene();
	const watching = scene.start();
	await scene.drop('a.csv', transactions(5));
	await scene.untilDone(1);
	renameSync(scene.root, `${scene.root} old`);
	mkdirSync(scene.root);
	scene.write('unprocessed/b.csv', transactions(6));
	const {code, stderr} = await watching.ended;
	expect({code, stderr}).toEqual({code: 3, stderr: expect.stringContaining('was replaced by another folder')});
	expect(scene.list('unprocessed')).toEqual(['b.csv']);
});

test('files that are removed, renamed or changed while they wait', async () => {
	for (let wasInTime = false; !wasInTime; ) {
		const scene = new WatchedScene();
		const inbox = join(scene.root, 'unprocessed');
		const watching = scene.start('--settle', '3', ...scene.keepStatus());
		await scene.untilStatusIs(() => true);
		const startedAtMs = performance.now();
		for (const name of ['gone.csv', 'old name.csv', 'other.csv']) scene.write(`unprocessed/${name}`, transactions(5));
		await scene.untilStatusIs(({files}) => files.waiting === 3 || performance.now() - startedAtMs > 3000);
		rmSync(join(inbox, 'gone.csv'), {force: true});
		if (existsSync(join(inbox, 'old name.csv'))) renameSync(join(inbox, 'old name.csv'), join(inbox, 'new name.csv'));
		appendFileSync(join(inbox, 'other.csv'), 'T9,C1,2.50,2024-01-01,rent\n');
		// A busy machine may have stopped the test for so long that they had come to rest.
		wasInTime = performance.now() - startedAtMs < 3000;
		if (wasInTime) {
			scene.drops.push(
				{name: Buffer.from('new name.csv'), body: Buffer.from(transactions(5))},
				{name: Buffer.from('other.csv'), body: Buffer.from(`${transactions(5)}T9,C1,2.50,2024-01-01,rent\n`)},
			);
			await scene.untilDone(2);
		}
		await scene.stop(watching);
		if (wasInTime) scene.expectInOrder();
	}
});

test('times of files may be anything', async () => {
	const scene = new WatchedScene();
	for (const [name, year] of [
		['past.csv', 1980],
		['future.csv', 2080],
	] as const) {
		await scene.drop(name, transactions(year - 1970));
		const time = new Date(Date.UTC(year, 0));
		utimesSync(join(scene.root, 'unprocessed', name), time, time);
	}
	expect((await scene.start('--once').ended).code).toBe(0);
	scene.expectInOrder();
});

const canMakeImmutable = ((): boolean => {
	const folder = mkdtempSync(join(tmpdir(), 'fileproc-immutable-'));
	const file = join(folder, 'file');
	writeFileSync(file, '');
	const isDone = spawnSync('chattr', ['+i', file]).status === 0;
	spawnSync('chattr', ['-i', file]);
	rmSync(folder, {recursive: true});
	return isDone;
})();

test.skipIf(!canMakeImmutable)('a file that may not be moved is told of and left, the others are taken', async () => {
	const scene = new WatchedScene();
	const stuck = scene.write('unprocessed/stuck.csv', transactions(4));
	execFileSync('chattr', ['+i', stuck]);
	try {
		await scene.drop('good.csv', transactions(5));
		const {code, stderr} = await scene.start('--once').ended;
		expect(code).toBe(3);
		expect(stderr).toMatch(
			/stuck\.csv cannot be taken: EPERM: operation not permitted.*\n.*1 file could not be moved: see above\.\n$/,
		);
		scene.expectInOrder({left: ['stuck.csv']});
	} finally {
		execFileSync('chattr', ['-i', stuck]);
	}
	scene.drops.push({name: Buffer.from('stuck.csv'), body: Buffer.from(transactions(4))});
	expect((await scene.start('--once').ended).code).toBe(0);
	scene.expectInOrder();
});

test.skipIf(process.getuid?.() === 0)('a file that may not be read fails, and says why', async () => {
	const scene = new WatchedScene();
	const path = scene.write('unprocessed/secret.csv', transactions(4));
	chmodSync(path, 0);
	expect((await scene.start('--once').ended).code).toBe(1);
	const reason = scene.list('failed').find(name => name.endsWith('.reason.json')) ?? expect.fail();
	expect(JSON.parse(readFileSync(join(scene.root, 'failed', reason), 'utf8'))).toMatchObject({code: 'EACCES'});
});

test('a file that is not there any more when it is recovered has failed, and is told', async () => {
	const scene = new WatchedScene();
	await scene.drop('a.csv', transactions(60));
	const watching = scene.start(...scene.untilRelease());
	await scene.untilStarted(watching);
	watching.kill();
	await watching.ended;
	for (const name of scene.list('underprocess')) rmSync(join(scene.root, 'underprocess', name));
	expect((await scene.start('--once').ended).code).toBe(1);
	const reason = scene.list('failed').find(name => name.endsWith('.reason.json')) ?? expect.fail();
	expect(JSON.parse(readFileSync(join(scene.root, 'failed', reason), 'utf8'))).toMatchObject({code: 'VANISHED'});
});

test('a file that nobody knows in underprocess/ is adopted', async () => {
	const scene = new WatchedScene();
	const body = transactions(9);
	scene.write('underprocess/stray.csv', body);
	scene.drops.push({name: Buffer.from('stray.csv'), body: Buffer.from(body)});
	const {code, stderr} = await scene.start('--once').ended;
	expect({code, stderr}).toEqual({
		code: 0,
		stderr: expect.stringContaining('1 file in underprocess/ that no ledger knew of is taken'),
	});
	scene.expectInOrder();
});

test('three processes that die over a file give it up, and the others are worked on', async () => {
	const scene = new WatchedScene();
	await scene.drop('deadly.csv', transactions(60));
	for (let death = 0; death < 3; death++) {
		const watching = scene.start(...scene.untilRelease());
		await scene.untilStarted(watching);
		watching.kill();
		await watching.ended;
	}
	await scene.drop('good.csv', transactions(5));
	expect((await scene.start('--once').ended).code).toBe(1);
	const reason = scene.list('failed').find(name => name.endsWith('.reason.json')) ?? expect.fail();
	expect(JSON.parse(readFileSync(join(scene.root, 'failed', reason), 'utf8'))).toMatchObject({code: 'CRASH_LOOP'});
	expect(scene.list('processed')).toEqual([expect.stringMatching(/good\.csv$/)]);
});

test('a file that is changed while it is worked on is begun again', async () => {
	const scene = new WatchedScene();
	const body = transactions(60);
	await scene.drop('a.csv', body);
	const watching = scene.start(...scene.untilRelease());
	await scene.untilWorking();
	const [name = ''] = scene.list('underprocess');
	const path = join(scene.root, 'underprocess', name);
	truncateSync(path, body.lastIndexOf('\n', body.length / 2) + 1);
	scene.drops[0] = {name: Buffer.from('a.csv'), body: readFileSync(path)};
	scene.release();
	await scene.untilDone(1);
	await scene.stop(watching);
	expect(scene.count('file-retrying')).toBe(1);
	scene.expectInOrder();
});

test('a file that is changed while the same content is worked on for another one is no duplicate', async () => {
	const scene = new WatchedScene();
	const body = transactions(60);
	await scene.drop('a.csv', body);
	await scene.drop('b.csv', body);
	const watching = scene.start(...scene.untilRelease());
	await scene.untilStarted(watching, 2);
	// Long enough for it to be hashed; where it is not, it has merely changed before.
	await wait(500);
	const name = scene.list('underprocess').find(each => each.endsWith('__b.csv')) ?? expect.fail();
	appendFileSync(join(scene.root, 'underprocess', name), 'T99,C1,2.50,2024-01-01,rent\n');
	scene.drops[1] = {name: Buffer.from('b.csv'), body: Buffer.from(`${body}T99,C1,2.50,2024-01-01,rent\n`)};
	scene.release();
	await scene.untilDone(2);
	await scene.stop(watching);
	expect(scene.count('file-skipped')).toBe(0);
	scene.expectInOrder();
});

test('a folder that was not there is made, and with --once it is told by the exit code that there was nothing', async () => {
	const root = join(mkdtempSync(join(tmpdir(), 'fileproc-once-')), 'inbox');
	const first = await runCommand(['watch', root, '--once']);
	expect(first).toMatchObject({code: 4, stderr: expect.stringContaining(`${root} was not there: it was made`)});
	expect(await runCommand(['watch', root, '--once'])).toMatchObject({code: 0, stderr: ''});
	rmSync(join(root, '..'), {recursive: true});
});
