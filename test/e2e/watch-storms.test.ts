// What comes all at once to a watched folder: several that want to watch it, one name again and again, and files that are being written under names of their
// own. `npm run test:kills watch-storm` drops thirty thousand files.
import {appendFileSync, existsSync, mkdirSync, renameSync} from 'node:fs';
import {join} from 'node:path';
import {DatabaseSync} from 'node:sqlite';
import {expect, onTestFinished, test, vi} from 'vitest';
import {transactions} from '../helpers/command.ts';
import {PATIENT} from '../helpers/patient.ts';
import {startWatching} from '../helpers/watch-kills.ts';
import {WatchedScene} from '../helpers/watched-scene.ts';

test('of several that begin at one moment one watches, and the others say so', async () => {
	const scene = new WatchedScene();
	const all = Array.from({length: 5}, () => startWatching(scene.root, {flags: ['--plain']}));
	onTestFinished(() => {
		for (const watching of all) watching.kill();
	});
	await vi.waitFor(() => expect(all.filter(({isOver}) => isOver())).toHaveLength(4), PATIENT);
	for (const {ended, isOver} of all) {
		if (!isOver()) continue;
		const {code, stderr} = await ended;
		expect({code, stderr}).toEqual({code: 3, stderr: expect.stringContaining('is being watched already')});
	}
	for (let number = 1; number <= 8; number++) await scene.drop(`${number}.csv`, transactions(number));
	await scene.untilDone(8);
	const owner = all.find(({isOver}) => !isOver()) ?? expect.fail();
	await scene.stop(owner);
	scene.expectInOrder();
	const ledger = new DatabaseSync(join(scene.root, '.state/ledger.db'), {readOnly: true});
	const owners = ledger.prepare('SELECT process FROM owners').all();
	ledger.close();
	expect(owners.map(({process}) => String(process).split(' ')[0])).toEqual([String(owner.pid)]);
});

test('one name again and again, in several folders at a time: each is a file of its own', async () => {
	const scene = new WatchedScene();
	const names = Array.from({length: 6}, (_, folder) => `${folder}/day.csv`);
	for (const name of names) mkdirSync(join(scene.root, 'unprocessed', name, '..'), {recursive: true});
	const watching = scene.start('--recursive');
	const VERSIONS = 6;
	for (let version = 0; version < VERSIONS; version++) {
		for (const [folder, name] of names.entries()) {
			await vi.waitUntil(() => !existsSync(join(scene.root, 'unprocessed', name)), PATIENT);
			// In every other version the folders have the same content.
			await scene.drop(name, transactions(1 + version * 10 + (version % 2 === 0 ? folder : 0)));
		}
	}
	const all = names.length * VERSIONS;
	const ended = () => scene.count('file-completed') + scene.count('file-skipped');
	await vi.waitFor(() => expect(ended()).toBe(all), PATIENT);
	await vi.waitFor(() => expect(scene.list('underprocess')).toEqual([]), PATIENT);
	await scene.stop(watching);
	scene.expectInOrder();
	expect(scene.count('file-completed')).toBe((VERSIONS / 2) * names.length + VERSIONS / 2);
	for (const folder of names.keys()) expect(scene.list(`processed/${folder}`)).toHaveLength(VERSIONS);
});

test('what rsync and the like are writing is left alone, however long it rests, until it has its name', async () => {
	const scene = new WatchedScene();
	const watching = scene.start(...scene.keepStatus());
	const body = transactions(300);
	const hidden = ['.day.csv.Ab12Cd', 'upload.csv.part', 'UPLOAD2.CSV.PART', '.~tmp~.csv'];
	const names = ['day.csv', 'upload.csv', 'UPLOAD2.CSV', 'tmp.csv'];
	const halves = [body.slice(0, 5000), body.slice(5000)];
	const inbox = join(scene.root, 'unprocessed');
	for (const [index, half] of halves.entries()) {
		for (const [number, name] of hidden.entries())
			appendFileSync(join(inbox, name), index === 0 ? `${half}` : `${half}T${number},C1,1.25,2024-01-01,food\n`);
		// It has looked several times since, and they have rested for longer than files must.
		for (let looks = 0; looks < 3; looks++) await scene.untilStatusIs(({files}) => files.skipped === hidden.length);
		expect(scene.count('file-started')).toBe(0);
	}
	for (const [number, name] of names.entries()) {
		renameSync(join(inbox, hidden[number] ?? ''), join(inbox, name));
		scene.drops.push({name: Buffer.from(name), body: Buffer.from(`${body}T${number},C1,1.25,2024-01-01,food\n`)});
	}
	await scene.untilDone(names.length);
	await scene.stop(watching);
	scene.expectInOrder();
});
