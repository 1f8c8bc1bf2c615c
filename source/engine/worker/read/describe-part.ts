// What a reading with the kernel has come to, as others merge it with parts of their own.

import {discardState} from '../../../analysis/state.ts';
import type {TextEncoding} from '../../../analysis/text-encoding.ts';
import {encodeState, type NamedState} from '../../shared/consolidation.ts';
import type {FilePart, FoldedFile, NamedPartial, RangedReject} from '../../shared/protocol.ts';
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
export const describePart = (reading: KernelReading, heading: Heading, starts: readonly RangeStart[]): FilePart => ({
	...reading.counts,
	...mapRejects(reading.takeRejects(), reject => placeInRange(reject, starts)),
	dialect: describeDialect(heading, reading.encoding),
	...(heading.structure !== undefined && {structure: heading.structure}),
	encoding: reading.encoding,
	headerLines: heading.header.nextLine - 1,
	folded: Array.from(reading.takeSourceStates(starts.some(({range}) => range === 0)), encode),
});

function encode(named: NamedState): NamedPartial {
	const partial = encodeState(named);
	discardState(named.state);
	return partial;
}

/** Says in which range a record is, and on which of its lines: how many lines are in front of it, nobody knows yet. */
function placeInRange(reject: FoundReject, starts: readonly RangeStart[]): RangedReject {
	const {line, byteOffset} = reject.position;
	const start = starts.findLast(range => range.byteOffset <= byteOffset);
	const position = {byteOffset, line: line - (start?.line ?? 1)};
	return {range: start?.range ?? 0, reject: {...reject, position}};
}

/** As the report has it; the one that opened the source adds what it was packed with. */
export const describeDialect = ({dialect, header, columns}: Heading, encoding: TextEncoding): FoldedFile['dialect'] =>
	reportDialect(dialect, encoding, header.newline, columns !== null);
