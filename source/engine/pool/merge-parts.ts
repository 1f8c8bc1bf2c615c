// Parts of one file, merged: their states, their rejected records and their encoding.
import {setImmediate as nextTurn} from 'node:timers/promises';
import {absorbStateInTurns, stateInUtf8InTurns} from '../../analysis/state.ts';
import type {TextEncoding} from '../../analysis/text-encoding.ts';
import type {RejectReport} from '../../model/report.ts';
import type {NamedState} from '../shared/consolidation.ts';
import {defaultLimits} from '../shared/limits.ts';
import type {FilePart, NamedPartial, ReadSettings} from '../shared/protocol.ts';
import type {RangeBoard} from '../shared/range-board.ts';
import {rejectReport} from '../shared/reject-report.ts';

/** One part that is not in UTF-8 is enough. */
export const encodingOfAll = (parts: readonly FilePart[]): TextEncoding =>
	parts.every(({encoding}) => encoding === 'utf-8') ? 'utf-8' : 'windows-1252';

export const inUtf8 = async ({analysis, state}: NamedState, encoding: TextEncoding): Promise<NamedState> => ({
	analysis,
	state: encoding === 'utf-8' ? state : await stateInUtf8InTurns(state, nextTurn),
});

type RangedReject = FilePart['rejects'][number];

export function placeRejects(
	board: Pick<RangeBoard, 'linesBefore'>,
	parts: readonly FilePart[],
	{limits = defaultLimits}: ReadSettings,
	encoding: TextEncoding,
	isKnown: (reject: RangedReject) => boolean = () => true,
): RejectReport[] {
	return parts
		.flatMap(part => part.rejects.filter(isKnown))
		.sort((left, right) => left.reject.position.byteOffset - right.reject.position.byteOffset)
		.slice(0, limits.maxRejectsKept)
		.map(({range, reject}) => {
			// Lines of a range are counted from 0, those of a file from 1.
			const linesBefore = (parts[0]?.headerLines ?? 0) + board.linesBefore(range);
			const {line, byteOffset} = reject.position;
			return rejectReport({...reject, position: {byteOffset, line: linesBefore + line + 1}}, encoding);
		});
}

/** With turns for others. @returns `null` where the parts are not all of the same analysis. */
export async function mergeParts(
	parts: readonly FilePart[],
	decode: (partial: NamedPartial) => Promise<NamedState>,
): Promise<NamedState | null> {
	let merged: NamedState | null = null;
	for (const {folded} of parts) {
		if (folded === null || (merged !== null && merged.analysis !== folded.analysis)) return null;
		const next = await decode(folded);
		if (merged === null) merged = next;
		else await absorbStateInTurns(merged.state, next.state, nextTurn);
	}
	return merged;
}
