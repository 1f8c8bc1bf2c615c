// Reads ranges of a large file, as many as it gets, while other threads read others.
import type {SeekableSource} from '../../../input/byte-source.ts';
import type {Kernel} from '../../../kernel/kernel.ts';
import {encodeState, type NamedState} from '../../shared/consolidation.ts';
import type {NamedPartial, RangedPart, RangesSoFar, ReadSettings} from '../../shared/protocol.ts';
import type {RangeBoard} from '../../shared/range-board.ts';
import type {FoundReject} from '../../shared/reject-report.ts';
import {describeDialect} from './fold-with-kernel.ts';
import {type Heading, KernelReading} from './kernel-reading.ts';

interface RangeStart {
	readonly range: number;
	readonly byteOffset: number;
	/** The line there, as this thread counts. */
	readonly line: number;
}

/** As `FoldPulse`, but what there is so far is of ranges. */
export interface RangesPulse {
	readonly report: (bytesConsumed: number, rows: number, rejectedRows: number, look?: () => RangesSoFar) => void;
}

/**
@param isHelper - Whether it may be asked to leave.
@returns What the ranges came to that were read here; worth something only if all of them fit together.
@throws {InputError} When a bound is broken, or seems to be because a guess was wrong; whatever the pulse throws.
*/
export async function foldRanges(
	source: SeekableSource,
	kernel: Kernel,
	settings: ReadSettings,
	pulse: RangesPulse,
	board: RangeBoard,
	isHelper: boolean,
): Promise<RangesSoFar> {
	const starts: RangeStart[] = [];
	const describe = (heading: Heading): RangesSoFar => ({
		rows: kernel.rows,
		rejectedRows: kernel.rejectedRows,
		rejects: reading.takeRejects().map(reject => placeInRange(reject, starts)),
		dialect: describeDialect(heading, reading.encoding),
		encoding: reading.encoding,
		headerLines: heading.header.nextLine - 1,
		folded: encoded(reading.takeSourceState()),
	});
	/** There when the header has been read: before, there is nothing to look at. */
	let look: (() => RangesSoFar) | undefined;
	const reading = new KernelReading(kernel, settings, {
		report(bytesRead, rows, rejectedRows) {
			pulse.report(bytesRead, rows, rejectedRows, look);
		},
		wait() {},
	});
	const heading = await reading.begin(source);
	look = () => describe(heading);
	if (heading.columns === null || !source.isSeekable) board.breakOff();
	let last: number | null = null;
	while (!(isHelper && board.isToLeave())) {
		const range = board.take();
		if (range === null) break;
		if (range > 0 && range - 1 !== last) {
			// The byte in front may be the line end behind which the range's first record begins.
			source.seek(board.startOf(range) - 1);
			if (!(await reading.jump(source, board.startOf(range) - 1))) {
				board.breakOff();
				break;
			}
		}
		const start = {range, byteOffset: reading.offset, line: kernel.line};
		starts.push(start);
		board.noteStart(range, start.byteOffset);
		await reading.readRecords(source, board.stopOf(range));
		board.noteEnd(range, reading.offset, kernel.line - start.line);
		reading.reportProgress();
		last = range;
	}
	return describe(heading);
}

const encoded = (named: NamedState | null): NamedPartial | null => (named === null ? null : encodeState(named));

/** Says in which range a record is, and on which of its lines: how many lines are in front of it, nobody knows yet. */
function placeInRange(reject: FoundReject, starts: readonly RangeStart[]): RangedPart['rejects'][number] {
	const {line, byteOffset} = reject.position;
	const start = starts.findLast(range => range.byteOffset <= byteOffset);
	const position = {byteOffset, line: line - (start?.line ?? 1)};
	return {range: start?.range ?? 0, reject: {...reject, position}};
}
