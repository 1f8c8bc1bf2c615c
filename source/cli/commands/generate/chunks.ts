// The bytes of one file, a megabyte at a time.
import type {GenerateOptions} from './generate.ts';
import {MAX_ROW_BYTES} from './kind.ts';
import {KINDS} from './kinds.ts';
import {createSelector} from './malformed.ts';
import {Random} from './random.ts';
import {NEWLINE, RowBuffer} from './row-buffer.ts';

/** Large enough that the cost of a write is negligible, small enough to stay in the processor's cache. */
const CHUNK_BYTES = 1024 * 1024;

export interface FilePlan extends Pick<GenerateOptions, 'rowsPerFile' | 'seed' | 'kind' | 'malformedFraction'> {
	/** 0-based. */
	readonly index: number;
	readonly onMalformed?: () => void;
}

/**
Makes the bytes of one file. All chunks are views of the same memory: each is valid only until the next one is requested.
*/
export function* generateChunks(plan: FilePlan): Generator<Uint8Array, void> {
	const {rowsPerFile, seed, index, malformedFraction} = plan;
	const kind = KINDS[plan.kind];
	const buffer = new RowBuffer(CHUNK_BYTES);
	const writeRow = kind.createRowWriter(new Random(seed, index, 0), index, rowsPerFile);
	// A separate random sequence selects the malformed records, so the good records are the same for any fraction.
	const breaking = new Random(seed, index, 1);
	const isNextMalformed = createSelector(breaking, rowsPerFile, malformedFraction);
	if (kind.columns !== null) buffer.writeBytes(Buffer.from(`${kind.columns.join(',')}\n`));
	for (let row = 0; row < rowsPerFile; row++) {
		const start = buffer.position;
		writeRow(buffer);
		if (malformedFraction > 0 && isNextMalformed()) {
			const record = kind.breakRecord(buffer.readText(start, buffer.position - 1), breaking);
			buffer.position = start;
			buffer.writeText(record);
			buffer.writeByte(NEWLINE);
			plan.onMalformed?.();
		}
		if (buffer.position > CHUNK_BYTES - MAX_ROW_BYTES) {
			yield buffer.bytes.subarray(0, buffer.position);
			buffer.position = 0;
		}
	}
	if (buffer.position > 0) yield buffer.bytes.subarray(0, buffer.position);
}
