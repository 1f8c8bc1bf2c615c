// Reads ranges of a large file, as many as it gets, while other threads read others.
import type {SeekableSource} from '../../../input/byte-source.ts';
import type {Kernel} from '../../../kernel/kernel.ts';
import {monotonicMs} from '../../shared/monotonic.ts';
import type {PartSoFar, RangedPart, ReadSettings} from '../../shared/protocol.ts';
import type {RangeBoard} from '../../shared/range-board.ts';
import type {RangedSpool} from '../../shared/spooled-rejects.ts';
import {hasherFor} from '../source/hash-source.ts';
import {describeRanges, type RangeStart} from './describe-part.ts';
import type {FoldPulse} from './fold.ts';
import {KernelReading} from './kernel-reading.ts';
import {describeHeading} from './kernel-spool.ts';

/** Which file it was, the one that opened it knows. */
export type ReadPart = Omit<RangedPart, 'identity'>;

/** What makes `tellPart` due: after a time, or so many bytes. */
const PART_INTERVAL_MS = 500;
const PART_BYTES = 128 * 1024 * 1024;

/**
@param isHelper - Whether it may be asked to leave.
@param tellPart - Called from time to time with what the ranges came to that have been read so far.
@returns What the ranges came to that were read here; worth something only if all of them fit together.
@throws {InputError} When a bound is broken, or seems to be because a guess was wrong; whatever the pulse throws.
*/
export async function foldRanges(
	source: SeekableSource,
	kernel: Kernel,
	settings: ReadSettings,
	pulse: Pick<FoldPulse, 'report' | 'wait'>,
	board: RangeBoard,
	isHelper: boolean,
	tellPart: ((part: ReadPart) => void) | null = null,
): Promise<ReadPart> {
	const starts: RangeStart[] = [];
	const hasher = hasherFor(kernel, settings);
	const spooled: RangedSpool['ranges'][number][] = [];
	/** There when the header has been read: before, there is nothing to look at. */
	let look: (() => PartSoFar) | undefined;
	const reading = new KernelReading(kernel, settings, {
		report(bytesRead, rows, rejectedRows) {
			pulse.report(bytesRead, rows, rejectedRows, look);
		},
		wait: pulse.wait,
	});
	const heading = await reading.begin(source);
	look = () => ({...describeRanges(reading, heading, starts), position: null});
	if (heading.columns === null || !source.isSeekable) board.breakOff();
	let last: number | null = null;
	const describeRead = (): ReadPart => ({
		...describeRanges(reading, heading, starts),
		ranges: starts.map(({range}) => range),
		formsRead: reading.formsRead(false),
		...(hasher !== null && {contentHash: hasher.soFar}),
	});
	let toldAtMs = monotonicMs();
	let rangesTold = 0;
	/** The last range ends with the file: the reply follows at once. */
	const isPartDue = (): boolean =>
		tellPart !== null &&
		last !== board.rangeCount - 1 &&
		(settings.postsEachChunk === true ||
			(starts.length - rangesTold) * board.rangeBytes >= PART_BYTES ||
			monotonicMs() - toldAtMs >= PART_INTERVAL_MS);
	while (!(isHelper && board.isToLeave())) {
		const range = board.take();
		if (range === null) break;
		const stop = board.stopOf(range);
		if (range > 0 && range - 1 !== last) {
			hasher?.forgetAhead();
			// The byte in front may be the line end behind which the range's first record begins.
			source.seek(board.startOf(range) - 1);
			source.expect?.(stop);
			if (!(await reading.jump(source, board.startOf(range) - 1))) {
				board.breakOff();
				break;
			}
		}
		source.expect?.(stop);
		const start = {range, byteOffset: reading.offset, line: kernel.line};
		starts.push(start);
		board.noteStart(range, start.byteOffset);
		hasher?.claim(board.startOf(range), stop);
		reading.spool.beginPart();
		await reading.readRecords(source, stop);
		const part = reading.spool.takePart(start.line);
		if (part !== null) spooled.push({range, part});
		board.noteEnd(range, reading.offset, kernel.line - start.line);
		reading.reportProgress();
		last = range;
		if (!isPartDue()) continue;
		tellPart?.(describeRead());
		rangesTold = starts.length;
		toldAtMs = monotonicMs();
	}
	hasher?.end();
	const part = describeRead();
	return spooled.length === 0 ? part : {...part, spooled: {...describeHeading(heading), ranges: spooled}};
}
