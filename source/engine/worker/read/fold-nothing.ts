import {plainDialect} from '../../../input/dialect.ts';
import type {Fold} from './fold.ts';
import {reportDialect} from './report-dialect.ts';

/** Reads a source to its end, for the hash of its bytes alone. */
export const foldNothing: Fold = async (source, {chunkBytes}, pulse) => {
	const space = new Uint8Array(chunkBytes);
	let bytesRead = 0;
	for (let length = await source.read(space); length > 0; length = await source.read(space)) {
		bytesRead += length;
		pulse.report(bytesRead, 0, 0);
	}
	const dialect = reportDialect(plainDialect, 'utf-8', '\n', false);
	return {rows: 0, rejectedRows: 0, rejects: [], dialect, take: () => []};
};
