import type {ReadSettings} from '../../source/engine/shared/protocol.ts';
import {foldByReference} from '../../source/engine/worker/read/fold-by-reference.ts';
import {foldWithKernel} from '../../source/engine/worker/read/fold-with-kernel.ts';
import type {ByteSource} from '../../source/input/byte-source.ts';
import {InputError} from '../../source/input/input-error.ts';
import {Kernel} from '../../source/kernel/kernel.ts';
import type {OracleReading} from './oracle.ts';
import {readDefaults} from './read-defaults.ts';
import {resultOf, takeState} from './states.ts';

/** Gives out the bytes in pieces of the given sizes, over and over; the last rest is whatever is left. */
export function bytesInPieces(bytes: Uint8Array, sizes: readonly number[]): ByteSource {
	let offset = 0;
	let turn = 0;
	return {
		read(target) {
			const size = Math.min(target.length, sizes[turn++ % sizes.length] ?? target.length);
			const piece = bytes.subarray(offset, offset + size);
			target.set(piece);
			offset += piece.length;
			return piece.length;
		},
	};
}

const defaults: ReadSettings = {...readDefaults, chunkBytes: 0, reader: 'reference'};
const noPulse = {report() {}, wait() {}};

/** The two ways to read, which must not differ. */
export const folds = {reference: foldByReference, kernel: foldWithKernel(new Kernel())} as const;
export type FoldName = keyof typeof folds;

/** Reads bytes as the worker would and gives the same figures as the oracle does. */
export async function foldBytes(
	bytes: Uint8Array,
	{
		chunkBytes = 65_536,
		pieces = [chunkBytes],
		fold = 'reference',
		...settings
	}: Partial<ReadSettings> & {pieces?: readonly number[]; fold?: FoldName} = {},
): Promise<OracleReading> {
	try {
		const source = bytesInPieces(bytes, pieces);
		const folded = await folds[fold](source, {...defaults, ...settings, chunkBytes}, noPulse);
		return {
			rows: folded.rows,
			rejected_rows: folded.rejectedRows,
			rejects: folded.rejects,
			result: resultOf(takeState(folded)) as OracleReading['result'],
			error: null,
		};
	} catch (error) {
		if (!(error instanceof InputError)) throw error;
		const {code, at} = error;
		return {
			rows: 0,
			rejected_rows: 0,
			rejects: [],
			result: null,
			error: {code, line: at.line ?? -1, byte_offset: at.byteOffset ?? -1},
		};
	}
}
