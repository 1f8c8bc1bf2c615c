// A file that is read on from any of its checkpoints comes to what it comes to when it is read in one go, to the byte of its partials.
import {afterAll, beforeAll, expect, test} from 'vitest';
import {encodePartial} from '../../source/analysis/partial/partial.ts';
import {decodeState} from '../../source/engine/shared/consolidation.ts';
import type {ReadSettings} from '../../source/engine/shared/protocol.ts';
import {decodeCheckpoint, encodeCheckpoint, type SplitCheckpoint} from '../../source/engine/shared/split-checkpoint.ts';
import {Dice, largeTable} from '../helpers/large-tables.ts';
import {type OpenPool, openPool} from '../helpers/open-pool.ts';
import {randomCases} from '../helpers/random-cases.ts';
import {readDefaults} from '../helpers/read-defaults.ts';
import {createTemporaryFolder} from '../helpers/temporary-folder.ts';

const pools = new Map<number, OpenPool>();
beforeAll(() => {
	for (const threads of [1, 3]) pools.set(threads, openPool({threads, onLog: () => {}}));
});
afterAll(async () => {
	await Promise.all(Array.from(pools.values(), pool => pool.close()));
});

/** Blocks of the hash are whole ones. */
const BLOCK_BYTES = 64 * 1024;
const settings: ReadSettings = {
	...readDefaults,
	chunkBytes: 4096,
	splitBytes: 0,
	hash: 'xxh3',
	postsEachChunk: true,
};

/** With all checkpoints that were taken. */
async function read(
	pool: OpenPool,
	path: string,
	bytesTotal: number,
	own: Partial<ReadSettings>,
	from: SplitCheckpoint | null = null,
) {
	const checkpoints: Uint8Array[] = [];
	const onTaken = (checkpoint: SplitCheckpoint): void => {
		checkpoints.push(encodeCheckpoint(checkpoint, '1.0'));
	};
	const task = await pool.start(
		{source: {kind: 'file', path}, settings: {...settings, ...own}, bytesTotal, checkpoints: {from, onTaken}},
		new AbortController().signal,
	);
	const outcome = (await task?.outcome) ?? expect.fail('The file got no thread');
	const bytesRead = task?.countReads?.() ?? 0;
	if (outcome.type !== 'completed') return {outcome, bytesRead, checkpoints};
	const {folded, ...file} = outcome.file;
	return {
		outcome: {
			...file,
			partials: folded.map(each => encodePartial(('partial' in each ? decodeState(each) : each).state)),
		},
		bytesRead,
		checkpoints,
	};
}

test('reading goes on from any checkpoint, with any number of threads', async () => {
	const folder = createTemporaryFolder();
	const firstSeed = Math.floor(Math.random() * 2 ** 31);
	let resumed = 0;
	for (let seed = firstSeed; seed < firstSeed + randomCases(5); seed++) {
		const dice = new Dice(seed);
		const {bytes} = largeTable(seed, 4000);
		const path = folder.write('large.csv', bytes);
		const own = {rangeBytes: BLOCK_BYTES, analysis: dice.pick([null, 'profile', 'quality'])};
		const pick = (): OpenPool => pools.get(dice.pick([1, 3])) as OpenPool;
		const whole = await read(pick(), path, bytes.length, own);
		const again = dice.pick(whole.checkpoints.length === 0 ? [null] : whole.checkpoints);
		if (again === null) continue;
		const from = decodeCheckpoint(again, '1.0') ?? expect.fail('The checkpoint is of another version');
		const rest = await read(pick(), path, bytes.length, own, from);
		expect(rest.outcome, `seed ${seed}`).toEqual(whole.outcome);
		const bytesKnown = from.ranges.reduce((sum, {startOffset, endOffset}) => sum + endOffset - startOffset, 0);
		// All in front of the checkpoint counts as read, and nothing of it is read again but its header.
		if (rest.bytesRead < bytes.length + bytesKnown / 2) resumed++;
	}
	expect(resumed).toBeGreaterThan(0);
});

test('what is no checkpoint of this version is none', () => {
	expect(decodeCheckpoint(Buffer.from('no checkpoint'), '1.0')).toBeNull();
	const checkpoint = {identity: '', fileBytes: 1, rangeBytes: 1, ranges: [], parts: []};
	expect(decodeCheckpoint(encodeCheckpoint(checkpoint, '1.0'), '1.0')).toEqual(checkpoint);
	expect(decodeCheckpoint(encodeCheckpoint(checkpoint, '1.0'), '1.1')).toBeNull();
});
