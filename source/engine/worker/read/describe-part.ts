// What a reading with the kernel has come to, as others merge it with parts of their own.

import {mapLines} from '../../../analysis/quality/map-lines.ts';
import type {AnalysisState} from '../../../analysis/state.ts';
import type {TextEncoding} from '../../../analysis/text-encoding.ts';
import type {RecordPosition} from '../../../input/record-reader.ts';
import type {TextEvidence} from '../../../input/text-evidence.ts';
import {packState} from '../../shared/consolidation.ts';
import type {FilePart, FoldedFile, RangedReject} from '../../shared/protocol.ts';
import type {FoundReject} from '../../shared/reject-report.ts';
import {mapRejects} from './found-rejects.ts';
import type {Heading} from './heading.ts';
import type {KernelReading} from './kernel-reading.ts';
import {reportDialect} from './report-dialect.ts';

/** Where a range begins that is read. */
export interface RangeStart {
	readonly range: number;
	readonly byteOffset: number;
	/** The line there, as this thread counts. */
	readonly line: number;
}

/** @param starts - Of the ranges that have been read, in order. */
export const describePart = (reading: KernelReading, heading: Heading, starts: readonly RangeStart[]): FilePart =>
	describe(reading, heading, starts, state => state);

/** The same of ranges of a file that is split: lines count from 0 within the range, those of faults as well. */
export const describeRanges = (reading: KernelReading, heading: Heading, starts: readonly RangeStart[]): FilePart =>
	describe(reading, heading, starts, state => {
		const sources = Number(starts.some(({range}) => range === 0));
		const columns = mapLines(state.columns, sources, place => placeInRange(place, starts).line);
		return {...state, columns};
	});

const describe = (
	reading: KernelReading,
	heading: Heading,
	starts: readonly RangeStart[],
	place: (state: AnalysisState) => AnalysisState,
): FilePart => ({
	...reading.counts,
	...mapRejects(reading.takeRejects(), reject => placeReject(reject, starts)),
	dialect: describeDialect(heading, reading.encoding),
	...(heading.structure !== undefined && {structure: heading.structure}),
	encoding: reading.encoding,
	textEvidence: placeEvidence(reading.textEvidence, heading, starts),
	headerLines: heading.header.nextLine - 1,
	folded: Array.from(reading.takeSourceStates(starts.some(({range}) => range === 0)), ({analysis, state}) =>
		packState({analysis, state: place(state)}),
	),
});

function placeReject(reject: FoundReject, starts: readonly RangeStart[]): RangedReject {
	const {range, line} = placeInRange(reject.position, starts);
	return {range, reject: {...reject, position: {...reject.position, line}}};
}

/** The header is in front of all ranges. */
function placeEvidence(
	{notUtf8, hasUtf8}: TextEvidence,
	{header}: Heading,
	starts: readonly RangeStart[],
): FilePart['textEvidence'] {
	if (notUtf8 === null) return {notUtf8, hasUtf8};
	const start = starts.findLast(({byteOffset}) => byteOffset <= notUtf8.byteOffset) ?? {
		range: 0,
		line: header.nextLine,
	};
	return {notUtf8: {range: start.range, position: {...notUtf8, line: notUtf8.line - start.line}}, hasUtf8};
}

/** Says in which range a record is, and on which of its lines: how many lines are in front of it, nobody knows yet. */
function placeInRange(
	{line, byteOffset}: RecordPosition,
	starts: readonly RangeStart[],
): {readonly range: number; readonly line: number} {
	const start = starts.findLast(range => range.byteOffset <= byteOffset);
	return {range: start?.range ?? 0, line: line - (start?.line ?? 1)};
}

/** As the report has it; the one that opened the source adds what it was packed with. */
export const describeDialect = (
	{dialect, header, columns}: Heading,
	encoding: TextEncoding,
	evidence?: TextEvidence,
): FoldedFile['dialect'] => reportDialect(dialect, encoding, header.newline, columns !== null, evidence);
