// Parts of a file that several threads read -> the file, as if one had read it.
import type {AnalysisPartials} from '../analysis/analysis.ts';
import {analyses} from '../analysis/registry.ts';
import type {FileInspection} from '../store/control.ts';
import type {RejectReport} from '../store/report-types.ts';
import {Consolidation} from './consolidation.ts';
import {defaultLimits} from './limits.ts';
import type {FoldedFile, FoldedPartial, RangedPart, RangesSoFar, ReadSettings} from './worker/protocol.ts';
import type {RangeBoard} from './worker/range-board.ts';
import {isShareExceeded} from './worker/reject-report.ts';

/**
@returns `null` where the parts do not make up the file, or where one reader alone would have ended with an error: then one
must read it from its beginning, whose word counts.
*/
export function combineRanges(
	board: RangeBoard,
	parts: readonly RangedPart[],
	settings: ReadSettings,
): Omit<FoldedFile, 'bytesRead'> | null {
	const [first] = parts;
	if (first === undefined || !board.isComplete()) return null;
	if (parts.some(part => part.identity !== first.identity)) return null;
	const rejectedRows = parts.reduce((sum, part) => sum + part.rejectedRows, 0);
	if (settings.maxErrors !== null && rejectedRows >= settings.maxErrors) return null;
	const rows = parts.reduce((sum, part) => sum + part.rows, 0);
	if (isShareExceeded({rows, rejectedRows}, settings)) return null;
	const folded = mergeParts(parts);
	if (folded === null) return null;
	const rejects = placeRejects(board, parts, first.headerLines, settings);
	return {rows, rejectedRows, rejects, dialect: first.dialect, folded, identity: first.identity};
}

/** What parts came to of a file that is still being read: there may be gaps between them. The parts are left as they are. */
export function inspectRanges(
	board: RangeBoard,
	parts: readonly RangesSoFar[],
	settings: ReadSettings,
): FileInspection | null {
	const [first] = parts;
	const analysis = first?.folded?.analysis;
	if (first === undefined || analysis === undefined) return null;
	const merged = new Consolidation();
	for (const {folded} of parts) if (folded?.analysis === analysis) merged.add(folded);
	return {
		rows: parts.reduce((sum, part) => sum + part.rows, 0),
		rejectedRows: parts.reduce((sum, part) => sum + part.rejectedRows, 0),
		analysis,
		result: merged.finish()[analysis] ?? null,
		// On which line a record is, is known when all in front of it has been read.
		rejects: placeRejects(board, parts, first.headerLines, settings, ({range}) => board.isReadUpTo(range)),
		dialect: first.dialect,
	};
}

type RangedReject = RangesSoFar['rejects'][number];

function placeRejects(
	board: RangeBoard,
	parts: readonly RangesSoFar[],
	headerLines: number,
	{limits = defaultLimits}: ReadSettings,
	isKnown: (reject: RangedReject) => boolean = () => true,
): RejectReport[] {
	return parts
		.flatMap(part => part.rejects.filter(isKnown))
		.sort((left, right) => left.reject.byte_offset - right.reject.byte_offset)
		.slice(0, limits.maxRejectsKept)
		.map(({range, reject}) => {
			// Lines of a range are counted from 0, those of a file from 1.
			const linesBefore = headerLines + board.linesBefore(range);
			return {...reject, line: linesBefore + reject.line + 1};
		});
}

function mergeParts(parts: readonly RangedPart[]): FoldedPartial | null {
	const [first, ...others] = parts.map(part => part.folded);
	if (first === undefined || first === null) return null;
	const {analysis} = first;
	const partial: AnalysisPartials[typeof analysis] = first.partial;
	for (const other of others) {
		if (other?.analysis !== analysis) return null;
		analyses[analysis].absorb(partial, other.partial);
	}
	return {analysis, partial};
}
