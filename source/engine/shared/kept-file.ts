// What a file came to, as bytes that outlive the run: what its report needs, and a partial of each analysis.
//
//   [ length of the text: 4 bytes, little-endian │ JSON │ the partials, one behind the other ]
import {decodeState, encodeState} from './consolidation.ts';
import type {FoldedAnalysis, FoldedFile, NamedPartial} from './protocol.ts';

const LENGTH_BYTES = 4;

type TextOfFile = Omit<FoldedFile, 'folded' | 'spooled' | 'isKnown'>;

interface KeptText {
	readonly file: TextOfFile;
	readonly partials: readonly {readonly analysis: string; readonly length: number}[];
}

/** @param partials - See `partialsToKeep`. */
export function encodeKeptFile(
	{folded: _, spooled: __, ...file}: FoldedFile,
	partials: readonly NamedPartial[],
): Uint8Array<ArrayBuffer> {
	const text: KeptText = {
		file,
		partials: partials.map(({analysis, partial}) => ({analysis, length: partial.length})),
	};
	const json = JSON.stringify(text);
	const jsonBytes = Buffer.byteLength(json);
	const bytes = Buffer.from(
		new ArrayBuffer(partials.reduce((sum, {partial}) => sum + partial.length, LENGTH_BYTES + jsonBytes)),
	);
	bytes.writeUInt32LE(jsonBytes);
	let end = LENGTH_BYTES + bytes.write(json, LENGTH_BYTES);
	for (const {partial} of partials) {
		bytes.set(partial, end);
		end += partial.length;
	}
	return bytes;
}

/** @throws {PartialError} When a partial is damaged, or is of other analyses than there are now. */
export function decodeKeptFile(bytes: Uint8Array): FoldedFile {
	const {file, partials} = split(bytes);
	return {...file, folded: partials.map(decodeState)};
}

/** Its partials by themselves, in memory of their own. */
export const partialsOfKept = (bytes: Uint8Array): readonly NamedPartial[] => split(bytes).partials;

function split(bytes: Uint8Array): {readonly file: TextOfFile; readonly partials: readonly NamedPartial[]} {
	const {buffer, byteOffset, length} = bytes;
	const all = Buffer.from(buffer, byteOffset, length);
	let end = LENGTH_BYTES + all.readUInt32LE();
	const {file, partials} = JSON.parse(all.toString('utf8', LENGTH_BYTES, end)) as KeptText;
	return {
		file,
		partials: partials.map(({analysis, length: partialBytes}) => {
			const start = end;
			end += partialBytes;
			return {analysis, partial: new Uint8Array(bytes.slice(start, end))};
		}),
	};
}

/**
As they cross threads, which takes a fifth of the time that it takes to write them as they are stored: they are for this very version of the
program, and the ledger notices damage. `null` where groups are missing that other files may need.
*/
export function partialsToKeep(folded: readonly FoldedAnalysis[]): readonly NamedPartial[] | null {
	if (folded.some(({result}) => result !== undefined)) return null;
	return folded.map(each => ('partial' in each ? {analysis: each.analysis, partial: each.partial} : encodeState(each)));
}
