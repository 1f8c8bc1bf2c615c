// What may take long on a thread that serves others is done in turns, and comes to the same as at once, whatever the others do meanwhile.
import {expect, test} from 'vitest';
import {decodePartialInTurns, encodePartial} from '../../source/analysis/partial/partial.ts';
import {
	type AnalysisState,
	absorbState,
	absorbStateInTurns,
	stateInUtf8,
	stateInUtf8InTurns,
} from '../../source/analysis/state.ts';
import type {ReadSettings} from '../../source/engine/shared/protocol.ts';
import {foldWithKernel} from '../../source/engine/worker/read/fold-with-kernel.ts';
import {Kernel} from '../../source/kernel/kernel.ts';
import {bytesInPieces} from '../helpers/fold-bytes.ts';
import {readDefaults} from '../helpers/read-defaults.ts';
import {copyOf, takeState} from '../helpers/states.ts';

const settings: ReadSettings = {
	...readDefaults,
};
const kernel = new Kernel();

/** One record for each number: with a category and a customer of its own. */
async function stateOf(from: number, count: number): Promise<AnalysisState> {
	const records = Array.from(
		{length: count},
		(_, index) => `${(from + index).toString(36)}\xe9,1.5,2024-01-02,n\xe9${from + index}\n`,
	);
	// The bytes of the state are those of the file.
	const bytes = Buffer.from(`customer_id,amount,date,category\n${records.join('')}`, 'latin1');
	const folded = await foldWithKernel(kernel)(bytesInPieces(bytes, [65_536]), settings, {report() {}, wait() {}});
	const named = takeState(folded);
	if (named === null) throw new Error('Expected a state');
	return named.state;
}

const bytesOf = (state: AnalysisState): string => Buffer.from(encodePartial(state)).toString('hex');

const count = 33_000;
/** Of 16,384 groups or values each. */
const turnsOfTable = Math.floor(count / 16_384);

/** Counts the turns; in each one `meanwhile` is done. */
function turnTaker(meanwhile: (turn: number) => void = () => {}) {
	const taker = {
		turns: 0,
		nextTurn: async (): Promise<void> => meanwhile(taker.turns++),
	};
	return taker;
}

test('partials are decoded, and texts transcoded, in turns', async () => {
	const state = await stateOf(0, count);
	const decoding = turnTaker();
	const decoded = await decodePartialInTurns(encodePartial(state), state.layout, decoding.nextTurn);
	expect(bytesOf(decoded)).toBe(bytesOf(state));
	expect(decoding.turns).toBe(turnsOfTable);

	const transcoding = turnTaker();
	expect(bytesOf(await stateInUtf8InTurns(state, 'windows-1252', transcoding.nextTurn))).toBe(
		bytesOf(stateInUtf8(state, 'windows-1252')),
	);
	// The table and the values.
	expect(transcoding.turns).toBe(2 * turnsOfTable);
});

test('a table is merged in turns, its index too, while others are merged into it', async () => {
	const [one, other] = [await stateOf(0, count), await stateOf(count / 2, count)];
	const further = [await stateOf(5 * count, 10), await stateOf(count - 5, 17_000), await stateOf(0, 10)];
	const expected = copyOf(one);
	for (const state of [other, ...further]) absorbState(expected, copyOf(state));
	for (const first of [0, turnsOfTable - 1, turnsOfTable]) {
		const target = copyOf(one);
		// As if it came from another thread: without an index.
		for (const table of target.tables) table.index = null;
		const merging = turnTaker(turn => {
			const state = further[turn - first];
			if (state !== undefined) absorbState(target, copyOf(state));
		});
		await absorbStateInTurns(target, copyOf(other), merging.nextTurn);
		// As many for the index as for the groups; more where the others have made the table larger.
		expect(merging.turns).toBeGreaterThanOrEqual(2 * turnsOfTable);
		for (const state of further.slice(merging.turns - first)) absorbState(target, copyOf(state));
		expect(bytesOf(target) === bytesOf(expected), `others from turn ${first} on`).toBe(true);
	}
});
