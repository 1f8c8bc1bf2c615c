// Parts of one file, merged: their states, their rejected records and their encoding.
import {setImmediate as nextTurn} from 'node:timers/promises';
import {mapLines} from '../../analysis/quality/map-lines.ts';
import {absorbStateInTurns, stateInUtf8InTurns} from '../../analysis/state.ts';
import type {TextEncoding} from '../../analysis/text-encoding.ts';
import type {DialectReport, RejectReport} from '../../model/report.ts';
import type {NamedState} from '../shared/consolidation.ts';
import {isSameList} from '../shared/is-same-list.ts';
import type {FilePart, FoldedFile, NamedPartial, RangedReject, ReadSettings} from '../shared/protocol.ts';
import type {RangeBoard} from '../shared/range-board.ts';
import {rejectReport} from '../shared/reject-report.ts';
import {sumFiltered} from './sum-filtered.ts';

/** One part that is not in UTF-8 is enough. */
export const encodingOfAll = (parts: readonly FilePart[]): TextEncoding =>
	parts.find(({encoding}) => encoding !== 'utf-8')?.encoding ?? 'utf-8';

/** Of the dialect: what all parts together say of an encoding that is assumed. */
export function assumedEncoding(
	board: Pick<RangeBoard, 'linesBefore'>,
	parts: readonly FilePart[],
	isKnown: (range: number) => boolean = () => true,
): Pick<DialectReport, 'encoding_assumed'> {
	const places = parts.flatMap(({textEvidence: {notUtf8}}) => (notUtf8 === null ? [] : [notUtf8]));
	const [first] = places.toSorted((left, right) => left.position.byteOffset - right.position.byteOffset);
	if (first === undefined || !isKnown(first.range)) return {};
	const line = lineInFile(board, parts, first.range, first.position.line);
	const {byteOffset} = first.position;
	return {encoding_assumed: {line, byte_offset: byteOffset, mixed: parts.some(part => part.textEvidence.hasUtf8)}};
}

/** Lines of a range are counted from 0, those of a file from 1. */
const lineInFile = (
	board: Pick<RangeBoard, 'linesBefore'>,
	[first]: readonly FilePart[],
	range: number,
	line: number,
): number => (first?.headerLines ?? 0) + board.linesBefore(range) + line + 1;

/** With turns for others. */
export async function allInUtf8(all: readonly NamedState[], encoding: TextEncoding): Promise<readonly NamedState[]> {
	if (encoding === 'utf-8') return all;
	const decoded: NamedState[] = [];
	for (const {analysis, state} of all)
		decoded.push({analysis, state: await stateInUtf8InTurns(state, encoding, nextTurn)});
	return decoded;
}

/** The rejects of all parts, as those of one file; also those of each analysis, where several are combined. */
export function placeRejects(
	board: Pick<RangeBoard, 'linesBefore'>,
	parts: readonly FilePart[],
	{limits}: ReadSettings,
	encoding: TextEncoding,
	isKnown: (reject: RangedReject) => boolean = () => true,
): Pick<FoldedFile, 'rejects' | 'combined'> {
	const placeAll = (listOf: (part: FilePart) => readonly RangedReject[] | undefined): RejectReport[] =>
		parts
			.flatMap(part => (listOf(part) ?? []).filter(isKnown))
			.sort((left, right) => left.reject.position.byteOffset - right.reject.position.byteOffset)
			.slice(0, limits.maxRejectsKept)
			.map(({range, reject}) => {
				const {line, byteOffset} = reject.position;
				const position = {byteOffset, line: lineInFile(board, parts, range, line)};
				return rejectReport({...reject, position}, encoding);
			});
	const combined = parts[0]?.combined?.map((reading, place) => ({
		...reading,
		...sumFiltered(parts.map(part => part.combined?.[place] ?? {})),
		rejects: placeAll(part => part.combined?.[place]?.rejects),
	}));
	return {rejects: placeAll(part => part.rejects), ...(combined !== undefined && {combined})};
}

/**
The places of faults in parts that were merged, as those of one file.

@param isKnown - Whether the line of a place can be said that is in a range; others are left out.
*/
export function placeFaults(
	board: Pick<RangeBoard, 'linesBefore' | 'rangeOf'>,
	parts: readonly FilePart[],
	merged: readonly NamedState[],
	isKnown: (range: number) => boolean = () => true,
): readonly NamedState[] {
	return merged.map(({analysis, state}) => {
		const columns = mapLines(state.columns, 1, ({line, byteOffset}) => {
			const range = board.rangeOf(byteOffset);
			return isKnown(range) ? lineInFile(board, parts, range, line) : null;
		});
		return {analysis, state: {...state, columns}};
	});
}

/** With turns for others. @returns For each analysis; nothing where the parts are not all of the same analyses. */
export async function mergeParts(
	parts: readonly FilePart[],
	decode: (partial: NamedPartial) => Promise<NamedState>,
): Promise<readonly NamedState[]> {
	const [first, ...others] = parts;
	const merged = await Promise.all((first?.folded ?? []).map(decode));
	for (const {folded} of others) if (!(await absorbPart(merged, folded, decode))) return [];
	return merged;
}

/** With turns for others. @returns `false` where it is not of the same analyses. */
export async function absorbPart(
	merged: readonly NamedState[],
	folded: readonly NamedPartial[],
	decode: (partial: NamedPartial) => Promise<NamedState>,
): Promise<boolean> {
	const [own, others] = [merged, folded].map(list => list.map(({analysis}) => analysis));
	if (own === undefined || others === undefined || !isSameList(own, others)) return false;
	for (const [place, partial] of folded.entries()) {
		const target = merged[place];
		if (target !== undefined) await absorbStateInTurns(target.state, (await decode(partial)).state, nextTurn);
	}
	return true;
}
