// A watched folder while the clock on the wall jumps.
import {readFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {expect, onTestFinished, test, vi} from 'vitest';
import {runCommand, transactions, WITHOUT_AMOUNT} from '../helpers/command.ts';
import {PATIENT} from '../helpers/patient.ts';
import {startWatching} from '../helpers/watch-kills.ts';
import {WAYS_IN} from '../helpers/watched-drops.ts';
import {readLedgerRows} from '../helpers/watched-ledger.ts';
import {WatchedScene} from '../helpers/watched-scene.ts';

const NODE_OPTIONS = `--require ${fileURLToPath(new URL('../helpers/jump-clock.cjs', import.meta.url))}`;

interface Timed {
	readonly seq: number;
	/** Not there in lines that are no events. */
	readonly elapsedMs?: number;
	readonly at: string;
}

/** All numbers in it, however deep. */
const numbersIn = (value: unknown): number[] =>
	typeof value === 'number'
		? [value]
		: typeof value === 'object' && value !== null
			? Object.values(value).flatMap(numbersIn)
			: [];

test('while the clock jumps by days, back and forth, each file is taken once, also after a kill, and no time is negative', async () => {
	const scene = new WatchedScene();
	const status = `${scene.root}.status.json`;
	const begin = () => {
		const events: Timed[] = [];
		const watching = startWatching(scene.root, {
			through: ['env', `NODE_OPTIONS=${NODE_OPTIONS}`],
			flags: ['--jsonl', '--status-file', status],
			onLine: line => void events.push(JSON.parse(line) as Timed),
		});
		onTestFinished(() => watching.kill());
		return {watching, events};
	};
	const first = begin();
	for (const [number, way] of WAYS_IN.entries()) await scene.drop(`${way}.csv`, transactions(10 + number), way);
	await scene.drop('bad.csv', WITHOUT_AMOUNT);
	await scene.untilDone(scene.drops.length);
	await scene.drop('same.csv', transactions(10));
	await vi.waitFor(() => expect(scene.list('underprocess').length + scene.list('unprocessed').length).toBe(0), PATIENT);
	first.watching.kill();
	await first.watching.ended;
	const second = begin();
	for (const [number, way] of WAYS_IN.entries()) await scene.drop(`${way}.csv`, transactions(20 + number), way);
	await scene.untilDone(scene.drops.length);
	const asked = await runCommand(['status', scene.root, '--json'], {env: {NODE_OPTIONS}});
	expect(asked.code, asked.stderr).toBe(0);
	await scene.stop(second.watching);
	scene.expectInOrder();
	for (const {events} of [first, second]) {
		expect(events.length).toBeGreaterThan(20);
		const ordered = (values: readonly number[]): boolean =>
			values.every((value, place) => value >= (values[place - 1] ?? 0));
		expect(ordered(events.map(({seq}) => seq))).toBe(true);
		expect(ordered(events.flatMap(({elapsedMs}) => elapsedMs ?? []))).toBe(true);
		// Or it was not the clock that jumped.
		expect(ordered(events.map(({at}) => Date.parse(at)))).toBe(false);
	}
	for (const text of [asked.stdout, readFileSync(status, 'utf8')])
		for (const number of numbersIn(JSON.parse(text))) expect(number).toBeGreaterThanOrEqual(0);
	const ids = readLedgerRows(scene.root).claims.map(({id}) => id);
	expect(new Set(ids).size).toBe(scene.drops.length);
});
