// A snapshot of a file that is being read, taken at any moment, can be gone on from: with what the rest of the file comes to, it is
// the file as it is read in one go.
import fc from 'fast-check';
import {expect, test} from 'vitest';
import {encodePartial} from '../../source/analysis/partial/partial.ts';
import {mergeState, stateInUtf8} from '../../source/analysis/state.ts';
import {decodeState} from '../../source/engine/shared/consolidation.ts';
import {withDefaults} from '../../source/engine/shared/limits.ts';
import type {PartSoFar, ReadSettings} from '../../source/engine/shared/protocol.ts';
import {rejectReport} from '../../source/engine/shared/reject-report.ts';
import {describePart} from '../../source/engine/worker/read/describe-part.ts';
import {foldWithKernel} from '../../source/engine/worker/read/fold-with-kernel.ts';
import {KernelReading} from '../../source/engine/worker/read/kernel-reading.ts';
import {InputError} from '../../source/input/input-error.ts';
import {Kernel} from '../../source/kernel/kernel.ts';
import type {RejectReport} from '../../source/model/report.ts';
import {largeTable} from '../helpers/large-tables.ts';
import {SeekableBytes} from '../helpers/parts.ts';
import {randomCases} from '../helpers/random-cases.ts';
import {soup, table, transactionHeader} from '../helpers/random-tables.ts';
import {readDefaults} from '../helpers/read-defaults.ts';
import {onlyOf, takeState, toState} from '../helpers/states.ts';

const kernels = {first: new Kernel(), second: new Kernel()};

/** All that a file comes to, or the error that ends its reading. */
type Outcome =
	| {readonly partial: string | null; readonly rows: number; readonly rejectedRows: number; readonly rejects: unknown}
	| {readonly error: string; readonly at: unknown};

async function outcomeOf(reading: () => Promise<Outcome>): Promise<Outcome> {
	try {
		return await reading();
	} catch (error) {
		if (!(error instanceof InputError)) throw error;
		return {error: error.code, at: error.at};
	}
}

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** @param onMoment - Called with each moment at which a snapshot could be taken. */
const readWhole = (
	bytes: Uint8Array,
	settings: ReadSettings,
	onMoment: (look: () => PartSoFar) => void,
): Promise<Outcome> =>
	outcomeOf(async () => {
		const folded = await foldWithKernel(kernels.first)(new SeekableBytes(bytes), settings, {
			report(_bytes, _rows, _rejected, look) {
				if (look !== undefined) onMoment(look);
			},
			wait() {},
		});
		const {rows, rejectedRows, rejects} = folded;
		const named = takeState(folded);
		return {partial: named === null ? null : hexOf(encodePartial(named.state)), rows, rejectedRows, rejects};
	});

/** Snapshots at these parts of all moments, and at the last one. */
async function takeSnapshots(
	bytes: Uint8Array,
	settings: ReadSettings,
	parts: readonly number[],
): Promise<readonly PartSoFar[]> {
	let count = 0;
	await readWhole(bytes, settings, () => count++);
	const wanted = new Set([...parts.map(part => Math.floor(part * count)), count - 1]);
	const snapshots: PartSoFar[] = [];
	let moment = 0;
	await readWhole(bytes, settings, look => {
		if (wanted.has(moment++)) snapshots.push(look());
	});
	return snapshots;
}

const {maxRejectsKept} = withDefaults({});

function rejectsOf(
	{rejects, headerLines}: Pick<PartSoFar, 'rejects' | 'headerLines'>,
	encoding: PartSoFar['encoding'],
) {
	return rejects.map(({reject}): RejectReport => {
		const report = rejectReport(reject, encoding);
		return {...report, line: headerLines + report.line + 1};
	});
}

/** What a snapshot and the rest of the file come to together. */
const goOn = (bytes: Uint8Array, settings: ReadSettings, snapshot: PartSoFar): Promise<Outcome> =>
	outcomeOf(async () => {
		const {position} = snapshot;
		const folded = onlyOf(snapshot.folded);
		if (position === null || folded === null) throw new Error('Expected a snapshot that can be gone on from');
		const source = new SeekableBytes(bytes);
		const reading = new KernelReading(kernels.second, settings, {report() {}, wait() {}});
		const heading = await reading.begin(source);
		reading.resume(source, position);
		await reading.readRecords(source);
		const rest = describePart(reading, heading, [{range: 0, byteOffset: 0, line: heading.header.nextLine}]);
		const encoding = snapshot.encoding === 'utf-8' ? rest.encoding : snapshot.encoding;
		const {state} = decodeState(folded);
		for (const each of rest.folded) mergeState(state, toState(each));
		return {
			partial: hexOf(encodePartial(encoding === 'utf-8' ? state : stateInUtf8(state, 'windows-1252'))),
			rows: snapshot.rows + rest.rows,
			rejectedRows: snapshot.rejectedRows + rest.rejectedRows,
			rejects: [...rejectsOf(snapshot, encoding), ...rejectsOf(rest, encoding)].slice(0, maxRejectsKept),
		};
	});

const files = fc.oneof(
	table,
	soup.map(text => Buffer.from(`${transactionHeader}\n${text}\n1,c,2.50,2024-01-01,g\n`)),
	fc.tuple(fc.nat(), fc.integer({min: 1, max: 300})).map(([seed, records]) => largeTable(seed, records).bytes),
);

const settingsOf = fc
	.record({
		chunkBytes: fc.oneof(fc.integer({min: 1, max: 100}), fc.constant(4096)),
		// Where waits are simulated, there are snapshots between records of one chunk.
		simulateIoMs: fc.constantFrom(0, 0, 1),
		analysis: fc.constantFrom(null, null, 'quality'),
		// Some files fail.
		maxFieldBytes: fc.constantFrom(1024 * 1024, 1024 * 1024, 30),
	})
	.map(
		({chunkBytes, simulateIoMs, analysis, maxFieldBytes}): ReadSettings => ({
			...readDefaults,
			...{chunkBytes, simulateIoMs, analysis, limits: withDefaults({maxFieldBytes})},
		}),
	);

const moments = fc.array(fc.double({min: 0, max: 1, maxExcluded: true, noNaN: true}), {minLength: 1, maxLength: 3});

test('a reading that goes on from a snapshot comes to what the file comes to in one go', async () => {
	let resumed = 0;
	await fc.assert(
		fc.asyncProperty(files, settingsOf, moments, async (bytes, settings, parts) => {
			const whole = await readWhole(bytes, settings, () => {});
			for (const snapshot of await takeSnapshots(bytes, settings, parts)) {
				if (snapshot.position === null) {
					// There are no records, or one of them ends the reading.
					expect(snapshot.folded.length === 0 || 'error' in whole).toBe(true);
					continue;
				}
				resumed++;
				expect(await goOn(bytes, settings, snapshot)).toEqual(whole);
			}
		}),
		{numRuns: randomCases(120)},
	);
	expect(resumed).toBeGreaterThan(randomCases(100));
});
