// What a file came to, as bytes that outlive the run: what its report needs, and a partial of each analysis.
//
//   [ length of the text: 4 bytes, little-endian │ JSON │ the partials, one behind the other ]
import {decodePartial, encodePartial} from '../../analysis/partial/partial.ts';
import {layoutOf} from '../../analysis/registry.ts';
import {decodeState} from './consolidation.ts';
import type {FoldedAnalysis, FoldedFile, NamedPartial} from './protocol.ts';

const LENGTH_BYTES = 4;

type TextOfFile = Omit<FoldedFile, 'folded' | 'spooled' | 'isKnown'>;

interface KeptText {
	readonly file: TextOfFile;
	readonly partials: readonly {readonly analysis: string; readonly length: number}[];
}

/** @param partials - Of each analysis, as they are stored. */
export function encodeKeptFile(
	{folded: _, spooled: __, ...file}: FoldedFile,
	partials: readonly NamedPartial[],
): Uint8Array<ArrayBuffer> {
	const text: KeptText = {
		file,
		partials: partials.map(({analysis, partial}) => ({analysis, length: partial.length})),
	};
	const json = Buffer.from(JSON.stringify(text));
	const length = Buffer.alloc(LENGTH_BYTES);
	length.writeUInt32LE(json.length);
	return new Uint8Array(Buffer.concat([length, json, ...partials.map(({partial}) => partial)]));
}

/** @throws {PartialError} When a partial is damaged, or is of other analyses than there are now. */
export function decodeKeptFile(bytes: Uint8Array): FoldedFile {
	const {buffer, byteOffset, length} = bytes;
	const all = Buffer.from(buffer, byteOffset, length);
	let end = LENGTH_BYTES + all.readUInt32LE();
	const {file, partials} = JSON.parse(all.toString('utf8', LENGTH_BYTES, end)) as KeptText;
	const folded = partials.map(({analysis, length: partialBytes}) => {
		const state = decodePartial(bytes.subarray(end, end + partialBytes), layoutOf(analysis));
		end += partialBytes;
		return {analysis, state};
	});
	return {...file, folded};
}

/** As they are stored; `null` where groups are missing that other files may need. */
export function partialsToKeep(folded: readonly FoldedAnalysis[]): readonly NamedPartial[] | null {
	if (folded.some(({result}) => result !== undefined)) return null;
	return folded.map(each => {
		const {analysis, state} = 'partial' in each ? decodeState(each) : each;
		return {analysis, partial: encodePartial(state)};
	});
}
