// Simulated waits come after every 100 records, whatever reads them, and not when the last of them has failed the file.
import {expect, test} from 'vitest';
import type {Fold} from '../../source/engine/worker/read/fold.ts';
import {InputError} from '../../source/input/input-error.ts';
import {bytesInPieces, folds} from '../helpers/fold-bytes.ts';
import {largeTable} from '../helpers/large-tables.ts';
import {readDefaults} from '../helpers/read-defaults.ts';

/** The rows that were told before each wait, and where it ended. */
async function waitsOf(fold: Fold, bytes: Uint8Array, maxErrors: number | null): Promise<unknown> {
	const waits: number[] = [];
	let told = 0;
	const pulse = {
		report(_bytesConsumed: number, rows: number) {
			told = rows;
		},
		wait() {
			waits.push(told);
		},
	};
	const settings = {...readDefaults, maxErrors, simulateIoMs: 1, chunkBytes: 4096};
	try {
		const {rows} = await fold(bytesInPieces(bytes, [4096, 100]), settings, pulse);
		return {waits, rows};
	} catch (error) {
		if (error instanceof InputError) return {waits, code: error.code};
		throw error;
	}
}

test.each([null, 1, 100, 101, 300])('at most %s rejects', async maxErrors => {
	const header = 'customer_id,amount,date,category\n';
	const files = [
		Buffer.from(`${header}${'\n\nc,1,2024-01-01,"two\nlines"\r\n'.repeat(450)}`),
		Buffer.from(`${header}${'c,x,2024-01-01,g\n'.repeat(350)}`),
		...Array.from({length: 20}, (_, seed) => largeTable(seed, 500).bytes),
	];
	for (const bytes of files) {
		expect(await waitsOf(folds.kernel, bytes, maxErrors)).toEqual(await waitsOf(folds.reference, bytes, maxErrors));
	}
});
