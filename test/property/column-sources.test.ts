// Sources whose columns are looked at: the bytes of what they come to are those of the reference, for files in any pieces, with looks at what has
// been read so far, gone on from a look, and in ranges that several threads read.

import {describe, expect, test} from 'vitest';
import {plainForms} from '../../source/analysis/forms/forms.ts';
import {findForms} from '../../source/analysis/forms/with-forms.ts';
import {encodePartial} from '../../source/analysis/partial/partial.ts';
import {absorbState, stateInUtf8} from '../../source/analysis/state.ts';
import {combineRanges} from '../../source/engine/pool/combine-ranges.ts';
import {inspectParts} from '../../source/engine/pool/inspect-parts.ts';
import {decodeState} from '../../source/engine/shared/consolidation.ts';
import type {PartSoFar, RangedPart, ReadSettings} from '../../source/engine/shared/protocol.ts';
import {RangeBoard} from '../../source/engine/shared/range-board.ts';
import {describePart} from '../../source/engine/worker/read/describe-part.ts';
import {foldByReference} from '../../source/engine/worker/read/fold-by-reference.ts';
import {foldRanges} from '../../source/engine/worker/read/fold-ranges.ts';
import {foldWithKernel} from '../../source/engine/worker/read/fold-with-kernel.ts';
import {KernelReading} from '../../source/engine/worker/read/kernel-reading.ts';
import {Kernel} from '../../source/kernel/kernel.ts';
import {columnTable} from '../helpers/large-column-tables.ts';
import {Dice} from '../helpers/large-tables.ts';
import {SeekableBytes} from '../helpers/parts.ts';
import {randomSeeds} from '../helpers/random-cases.ts';
import {readDefaults} from '../helpers/read-defaults.ts';
import {onlyOf, takeState, toState} from '../helpers/states.ts';

const kernels = [new Kernel(), new Kernel(), new Kernel()] as const;
const settingsOf = (analysis: string): ReadSettings => ({...readDefaults, analysis: [analysis]});
const noPulse = {report() {}, wait() {}};
const hexOf = (state: Parameters<typeof encodePartial>[0]): string => Buffer.from(encodePartial(state)).toString('hex');

/** @param records - If there are many, all columns have more values than are counted. */
function sourceOf(seed: number, records: number): Buffer {
	const dice = new Dice(seed);
	const {names, delimiter, records: rows} = columnTable(dice, records, records > 1000);
	const start = dice.pick(['', '', '\ufeff', '\n\n']);
	const header = Buffer.from(`${names.map(name => `"${name}"`).join(delimiter)}\n`);
	const again = dice.roll(rows.length);
	return Buffer.concat([Buffer.from(start), header, ...rows.slice(0, again), header, ...rows.slice(again)]);
}

async function byReference(bytes: Uint8Array, settings: ReadSettings, tellsUndecided = false): Promise<string> {
	const folded = await foldByReference(new SeekableBytes(bytes), settings, noPulse);
	// Ranges say of a column that its form is undecided when they are combined, one reader when its state is taken.
	const {undecidedCells} = tellsUndecided && folded.formsRead !== undefined ? findForms(folded.formsRead) : {};
	const named = onlyOf(folded.take(() => true, undecidedCells));
	return named === null ? '' : hexOf(named.state);
}

/** Each writes all that has been read so far. */
const MAX_LOOKS = 4;

const chunksOf = (dice: Dice): number => dice.pick([1 + dice.roll(60), 1000, 4096, 65_536]);

describe.each([
	{analysis: 'profile', sources: 25, records: 200},
	{analysis: 'profile', sources: 1, records: 20_000},
	{analysis: 'quality', sources: 25, records: 200},
	{analysis: 'quality', sources: 1, records: 4000},
])('$analysis of $sources sources of up to $records records', ({analysis, sources, records}) => {
	// All in the plain forms: which other ones a reading begins in depends on its first chunk, and is mended by another reading.
	const found = {forms: plainForms, undecided: [], undecidedCells: []};
	const all = {...settingsOf(analysis), forms: {found}};
	const seeds = randomSeeds(sources);

	test('in pieces, and gone on from a look', async () => {
		for (const seed of seeds) {
			const bytes = sourceOf(seed, records);
			const dice = new Dice(seed);
			const expected = await byReference(bytes, all);
			const settings = {...all, chunkBytes: records > 1000 ? 65_536 : chunksOf(dice)};
			const looks: PartSoFar[] = [];
			const folded = await foldWithKernel(kernels[0])(new SeekableBytes(bytes), settings, {
				report(_bytes, _rows, _rejected, look) {
					if (look !== undefined && looks.length < MAX_LOOKS && dice.isOneIn(6)) looks.push(look());
				},
				wait() {},
			});
			const named = takeState(folded);
			expect(named === null ? '' : hexOf(named.state), `seed ${seed}`).toBe(expected);
			const look = looks.at(dice.roll(Math.max(1, looks.length)));
			if (look !== undefined && look.position !== null)
				expect(await goOn(bytes, look, all), `seed ${seed}`).toBe(expected);
		}
	});

	test('in ranges', async () => {
		let joined = 0;
		// The ranges may not fit together: then one reader reads it alone. That happens to every other source of many records.
		for (const [index, seed] of randomSeeds(sources + 40).entries()) {
			if (index >= seeds.length && joined > seeds.length / 4) break;
			const bytes = sourceOf(seed, records);
			const dice = new Dice(seed);
			const rangeBytes = 1 + dice.roll(bytes.length);
			const board = new RangeBoard(bytes.length, Math.max(rangeBytes, bytes.length >> 6));
			const parts: RangedPart[] = [];
			const read = async (kernel: Kernel, isHelper: boolean): Promise<void> => {
				const source = Object.assign(new SeekableBytes(bytes), {isSeekable: true});
				const settings = {...all, chunkBytes: chunksOf(dice)};
				parts.push({
					...(await foldRanges(source, kernel, settings, {report() {}, wait() {}}, board, isHelper)),
					identity: '',
				});
			};
			await Promise.all(kernels.map((kernel, place) => read(kernel, place > 0)));
			const combined = await combineRanges(board, parts, all);
			if (combined === null) continue;
			joined++;
			const expected = await byReference(bytes, all, true);
			const only = onlyOf(combined.folded);
			expect(only === null ? '' : hexOf(toState(only)), `seed ${seed}`).toBe(expected);
		}
		expect(joined).toBeGreaterThan(seeds.length / 4);
	});
});

/** A range of this source seems to begin inside a record: a look must not count lines across that. */
const WITH_FALSE_START = 1_305_896_732;

test('the lines of faults that are looked at while several threads read', async () => {
	let known = 0;
	const seeds = [WITH_FALSE_START, ...randomSeeds(8)];
	for (const seed of seeds) {
		const bytes = sourceOf(seed, 200);
		const dice = new Dice(seed);
		const settings = {...settingsOf('quality'), chunkBytes: Math.max(64, bytes.length >> 6)};
		const board = new RangeBoard(bytes.length, Math.max(100, bytes.length >> 3));
		const looks = new Map<Kernel, PartSoFar>();
		const inspections: Promise<unknown>[] = [];
		const read = async (kernel: Kernel, isHelper: boolean): Promise<void> => {
			const report = (_bytes: number, _rows: number, _rejected: number, look?: () => PartSoFar): void => {
				if (look === undefined || !dice.isOneIn(8)) return;
				looks.set(kernel, look());
				inspections.push(inspectParts(Array.from(looks.values()), [], settings, board));
			};
			const source = Object.assign(new SeekableBytes(bytes), {isSeekable: true});
			await foldRanges(source, kernel, settings, {report, wait() {}}, board, isHelper);
		};
		await Promise.all(kernels.map((kernel, place) => read(kernel, place > 0)));
		for (const example of (await Promise.all(inspections)).flatMap(examplesOf)) {
			const before = bytes.toString('latin1', 0, example.byte_offset);
			expect(example.line, `seed ${seed}`).toBe(1 + (before.match(/\r\n|\r|\n/g) ?? []).length);
			known++;
		}
	}
	expect(known).toBeGreaterThan(0);
});

interface Example {
	readonly line: number;
	readonly byte_offset: number;
}

function examplesOf(inspection: unknown): readonly Example[] {
	const {result} = inspection as {result: {findings: readonly {examples: readonly Example[]}[]} | null};
	return result === null ? [] : result.findings.flatMap(({examples}) => examples);
}

/** What a look and the rest of the source come to together. */
async function goOn(
	bytes: Uint8Array,
	{position, folded, encoding}: PartSoFar,
	settings: ReadSettings,
): Promise<string> {
	const [before] = folded;
	if (position === null || before === undefined) throw new Error('Expected a look that can be gone on from');
	const source = new SeekableBytes(bytes);
	const reading = new KernelReading(kernels[1], settings, noPulse);
	const heading = await reading.begin(source);
	reading.resume(source, position);
	await reading.readRecords(source);
	const rest = describePart(reading, heading, [{range: 0, byteOffset: 0, line: heading.header.nextLine}]);
	const {state} = decodeState(before);
	for (const each of rest.folded) absorbState(state, toState(each));
	return hexOf(encoding === 'utf-8' && rest.encoding === 'utf-8' ? state : stateInUtf8(state, 'windows-1252'));
}
