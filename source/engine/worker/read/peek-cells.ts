// The first cells of a source for a reader that takes one record after the other.
import type {FirstCells} from '../../../analysis/first-cells.ts';
import {type ByteSource, withStart} from '../../../input/byte-source.ts';
import {readHeader} from '../../../input/header.ts';
import {InputError} from '../../../input/input-error.ts';
import type {ReadSettings} from '../../shared/protocol.ts';
import {createDialectSearch} from './dialect-search.ts';
import {findFirstCells} from './find-structure.ts';
import {candidatesOf, needsCells, noCells} from './match-header.ts';

/**
@param onRead - Called with the bytes so far where they are not enough.
@returns The cells, none where the names need none; and the source, which has still all of its bytes.
*/
export async function peekCells(
	source: ByteSource,
	settings: ReadSettings,
	onRead: (bytesRead: number) => void,
): Promise<{readonly cells: FirstCells; readonly source: ByteSource}> {
	const pieces: Uint8Array[] = [];
	for (;;) {
		const piece = new Uint8Array(settings.chunkBytes);
		const length = await source.read(piece);
		pieces.push(piece.subarray(0, length));
		const bytes = Buffer.concat(pieces);
		const cells = findCells(bytes, length === 0, settings);
		if (cells !== null) return {cells, source: withStart(bytes, source)};
		onRead(bytes.length);
	}
}

/** `null` where more bytes are needed. */
function findCells(bytes: Uint8Array, isAll: boolean, settings: ReadSettings): FirstCells | null {
	try {
		const finder = createDialectSearch(settings);
		const rest = bytes.subarray(finder.scan(bytes, isAll));
		const {dialect, blank} = finder;
		const header = dialect === null ? null : readHeader(rest, dialect, isAll, blank, settings.limits);
		if (dialect === null || header === null) return isAll ? noCells : null;
		const areNeeded = settings.tellsStructure === true || needsCells(header.names ?? [], candidatesOf(settings));
		if (header.names === null || !areNeeded) return noCells;
		return findFirstCells({dialect, header}, rest.subarray(header.length), isAll, settings.limits);
	} catch (error) {
		// Those who read the records will say what is wrong.
		if (error instanceof InputError) return noCells;
		throw error;
	}
}
