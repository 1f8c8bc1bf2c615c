// Parts of a file that several threads read -> the file, as if one had read it.

import {setImmediate as nextTurn} from 'node:timers/promises';
import {finishState} from '../../analysis/finish.ts';
import {absorbStateInTurns, discardState, stateInUtf8} from '../../analysis/state.ts';
import type {TextEncoding} from '../../analysis/text-encoding.ts';
import type {RejectReport} from '../../model/report.ts';
import type {FileInspection} from '../../model/run-control.ts';
import {decodeState, decodeStateInTurns, type NamedState} from '../shared/consolidation.ts';
import {defaultLimits} from '../shared/limits.ts';
import type {FoldedFile, NamedPartial, RangedPart, RangesSoFar, ReadSettings} from '../shared/protocol.ts';
import type {RangeBoard} from '../shared/range-board.ts';
import {isShareExceeded, rejectReport} from '../shared/reject-report.ts';

/**
With turns for others. The parts are not to be looked at any more.

@returns `null` where the parts do not make up the file, or where one reader alone would have ended with an error: then one
must read it from its beginning, whose word counts.
*/
export async function combineRanges(
	board: RangeBoard,
	parts: readonly RangedPart[],
	settings: ReadSettings,
): Promise<Omit<FoldedFile, 'bytesRead'> | null> {
	const [first] = parts;
	if (first === undefined || !board.isComplete()) return null;
	if (parts.some(part => part.identity !== first.identity)) return null;
	const rejectedRows = parts.reduce((sum, part) => sum + part.rejectedRows, 0);
	if (settings.maxErrors !== null && rejectedRows >= settings.maxErrors) return null;
	const rows = parts.reduce((sum, part) => sum + part.rows, 0);
	if (isShareExceeded({rows, rejectedRows}, settings)) return null;
	const folded = await mergeParts(parts, decodeStateInTurns);
	if (folded === null) return null;
	const encoding = encodingOfAll(parts);
	const rejects = placeRejects(board, parts, first.headerLines, settings, encoding);
	const dialect = {...first.dialect, encoding};
	return {rows, rejectedRows, rejects, dialect, folded: inUtf8(folded, encoding), identity: first.identity};
}

/**
What parts came to of a file that is still being read: there may be gaps between them.

@param ended - Of threads that have left. They are left as they are, and not looked at after the first turn for others.
@param asked - Of threads that still read.
*/
export async function inspectRanges(
	board: RangeBoard,
	ended: readonly RangesSoFar[],
	asked: readonly RangesSoFar[],
	settings: ReadSettings,
): Promise<FileInspection | null> {
	const parts = [...ended, ...asked];
	const [first] = parts;
	const analysis = first?.folded?.analysis;
	if (first === undefined || analysis === undefined) return null;
	const encoding = encodingOfAll(parts);
	// On which line a record is, is known when all in front of it has been read.
	const rejects = placeRejects(board, parts, first.headerLines, settings, encoding, ({range}) =>
		board.isReadUpTo(range),
	);
	// Those that have ended are needed once more: their bytes stay.
	const merged = await mergeParts(parts, decodeState);
	const result = merged === null ? null : finishState(inUtf8(merged, encoding).state);
	if (merged !== null) discardState(merged.state);
	return {
		rows: parts.reduce((sum, part) => sum + part.rows, 0),
		rejectedRows: parts.reduce((sum, part) => sum + part.rejectedRows, 0),
		analysis,
		result,
		rejects,
		dialect: {...first.dialect, encoding},
	};
}

/** One part that is not in UTF-8 is enough. */
const encodingOfAll = (parts: readonly RangesSoFar[]): TextEncoding =>
	parts.every(({encoding}) => encoding === 'utf-8') ? 'utf-8' : 'windows-1252';

const inUtf8 = ({analysis, state}: NamedState, encoding: TextEncoding): NamedState => ({
	analysis,
	state: encoding === 'utf-8' ? state : stateInUtf8(state),
});

type RangedReject = RangesSoFar['rejects'][number];

function placeRejects(
	board: RangeBoard,
	parts: readonly RangesSoFar[],
	headerLines: number,
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
			const linesBefore = headerLines + board.linesBefore(range);
			const {line, byteOffset} = reject.position;
			return rejectReport({...reject, position: {byteOffset, line: linesBefore + line + 1}}, encoding);
		});
}

/** @returns `null` where the parts are not all of the same analysis. */
async function mergeParts(
	parts: readonly RangesSoFar[],
	decode: (partial: NamedPartial) => NamedState | Promise<NamedState>,
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
