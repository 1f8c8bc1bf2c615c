// The inbox as a folder is scanned: what comes to rest, and what is kept of each file meanwhile.
import {mkdirSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {setFlagsFromString} from 'node:v8';
import {runInNewContext} from 'node:vm';
import fc from 'fast-check';
import {expect, test, vi} from 'vitest';
import {Inbox, type InboxOptions} from '../../source/watch/inbox.ts';
import {type Look, SeenFiles} from '../../source/watch/seen-files.ts';
import {PATIENT} from '../helpers/patient.ts';
import {createTemporaryFolder} from '../helpers/temporary-folder.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

function openInbox(options: Partial<InboxOptions> = {}) {
	const folder = createTemporaryFolder().path;
	const clock = {nowMs: 0};
	const inbox = new Inbox({
		...{folder, settleMs: 100, isRecursive: false, needsMarker: false, mustWait: () => false},
		...{now: () => clock.nowMs, wallClock: () => 1_000_000 + clock.nowMs},
		...options,
	});
	const take = (): string[] => {
		const names: string[] = [];
		for (let file = inbox.next(); file !== undefined; file = inbox.next()) names.push(file.name);
		return names;
	};
	return {folder, inbox, clock, take};
}

test('a file is given out once it has been the same for long enough, those that were seen together by name', async () => {
	const {folder, inbox, clock, take} = openInbox();
	for (const name of ['b', 'a', 'c']) writeFileSync(join(folder, name), '1');
	expect(await inbox.scan()).toBe(3);
	clock.nowMs = 100;
	writeFileSync(join(folder, 'c'), '22');
	writeFileSync(join(folder, 'A'), '1');
	expect(await inbox.scan()).toBe(2);
	expect(take()).toEqual(['a', 'b']);
	clock.nowMs = 200;
	expect(await inbox.scan()).toBe(0);
	// First come, first served.
	expect(take()).toEqual(['c', 'A']);
	clock.nowMs = 300;
	expect(await inbox.scan()).toBe(0);
	expect(take()).toEqual([]);
	expect(inbox.inspected().waitingSum).toEqual({files: 4, bytes: 5});
});

test('a file that is gone, or another one under its name, is not given out', async () => {
	const {folder, inbox, clock, take} = openInbox();
	for (const name of ['gone', 'other', 'same']) writeFileSync(join(folder, name), name);
	await inbox.scan();
	clock.nowMs = 50;
	rmSync(join(folder, 'gone'));
	rmSync(join(folder, 'other'));
	writeFileSync(join(folder, 'other'), 'other');
	await inbox.scan();
	clock.nowMs = 100;
	expect(await inbox.scan()).toBe(1);
	expect(take()).toEqual(['same']);
	expect(inbox.has('gone')).toBe(false);
	expect(inbox.waitsFor('other')).toBe('rest');
});

test('markers and subfolders are looked for where they are wanted', async () => {
	const {folder, inbox, clock, take} = openInbox({isRecursive: true, needsMarker: true});
	mkdirSync(join(folder, 'north/deep'), {recursive: true});
	for (const name of ['a', 'a.done', 'north/b', 'north/deep/c', 'north/deep/c.done', 'x.PART', '.hidden'])
		writeFileSync(join(folder, name), '');
	await inbox.scan();
	clock.nowMs = 100;
	expect(await inbox.scan()).toBe(0);
	expect(inbox.waitsFor('north/b')).toBe('marker');
	expect(take()).toEqual(['a', 'north/deep/c']);
	expect(
		inbox
			.inspected()
			.skipped.map(({file, reason}) => [file, reason])
			.sort(),
	).toEqual([
		['.hidden', 'dotfile'],
		['x.PART', 'part'],
	]);
});

const NAMES = ['a', 'b', 'c', 'd'];
const look: fc.Arbitrary<Look> = fc.record({
	state: fc.record({
		dev: fc.bigInt({min: 0n, max: 2n ** 64n - 1n}),
		ino: fc.bigInt({min: 0n, max: 2n ** 64n - 1n}),
		size: fc.bigInt({min: 0n, max: 2n ** 53n - 1n}),
		mtimeNs: fc.bigInt({min: -(2n ** 62n), max: 2n ** 62n}),
		ctimeNs: fc.bigInt({min: -(2n ** 62n), max: 2n ** 62n}),
	}),
	changedAt: fc.double({noNaN: true}),
	sinceMs: fc.double({noNaN: true}),
	arrivedAt: fc.double({noNaN: true}),
	isMarked: fc.boolean(),
	turn: fc.constantFrom('growing', 'in-line', 'taken'),
});

test('packed files are what was put there, whatever comes and goes between', () => {
	const step = fc.oneof(
		fc.record({type: fc.constant('put' as const), name: fc.constantFrom(...NAMES), look}),
		fc.record({type: fc.constant('forget' as const), name: fc.constantFrom(...NAMES)}),
		fc.record({type: fc.constant('take' as const), name: fc.constantFrom(...NAMES)}),
		fc.record({type: fc.constant('scan' as const), kept: fc.subarray(NAMES)}),
	);
	fc.assert(
		fc.property(fc.array(step, {maxLength: 40}), steps => {
			const [files, expected] = [new SeenFiles(), new Map<string, Look>()];
			for (const each of steps) {
				if (each.type === 'put') {
					files.put(each.name, each.look);
					expected.set(each.name, each.look);
				} else if (each.type === 'forget') {
					files.forget(each.name);
					expected.delete(each.name);
				} else if (each.type === 'take') {
					const known = expected.get(each.name);
					const taken = files.take(each.name);
					expect(taken !== null).toBe(known?.turn === 'in-line');
					if (known === undefined || taken === null) continue;
					const {dev, ino, size, mtimeNs, ctimeNs} = known.state;
					const state = [dev, ino, size, mtimeNs, ctimeNs].join(':');
					expect(taken).toEqual({bytes: Number(size), state, arrivedAt: known.arrivedAt});
					expected.set(each.name, {...known, turn: 'taken'});
				} else {
					files.beginScan();
					for (const name of each.kept) files.keep(name);
					files.endScan();
					for (const name of NAMES) if (!each.kept.includes(name)) expected.delete(name);
				}
				expect(files.size).toBe(expected.size);
				for (const name of NAMES) {
					const known = expected.get(name);
					expect(files.turnOf(name)).toBe(known?.turn ?? null);
					expect(files.isMarked(name)).toBe(known?.isMarked ?? true);
					if (known === undefined) continue;
					expect(files.times(name)).toEqual({sinceMs: known.sinceMs, arrivedAt: known.arrivedAt});
					expect(files.isSame(name, known.state)).toBe(true);
					for (const part of Object.keys(known.state) as (keyof Look['state'])[])
						expect(files.isSame(name, {...known.state, [part]: known.state[part] ^ 1n}), part).toBe(false);
				}
			}
		}),
	);
});

test('of a file that waits there are few bytes in memory, and none when it is gone', async () => {
	const COUNT = 20_000;
	const state = {dev: 1n, ino: 1n, size: 1n, mtimeNs: 1n, ctimeNs: 1n};
	const times = {changedAt: 1, sinceMs: 1, arrivedAt: 1};
	const bytesUsed = (): number => {
		collectGarbage();
		const {heapUsed, arrayBuffers} = process.memoryUsage();
		return heapUsed + arrayBuffers;
	};
	const files = new SeenFiles();
	const before = bytesUsed();
	files.beginScan();
	for (let index = 0; index < COUNT; index++)
		files.put(`file-${index}.csv`, {state, ...times, isMarked: true, turn: 'growing'});
	expect((bytesUsed() - before) / COUNT).toBeLessThan(200);
	files.beginScan();
	files.endScan();
	expect(files.size).toBe(0);
	// V8 gives buffers back a while after they are garbage.
	await vi.waitFor(() => expect((bytesUsed() - before) / COUNT).toBeLessThan(20), PATIENT);
});
