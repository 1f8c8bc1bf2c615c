// The thread that reads: one file at a time, from open to verified end. It answers every `process-file` with exactly one
// reply. Between chunks it looks at the shared memory: hold, abort, go on.
import {parentPort, threadId, workerData} from 'node:worker_threads';
import {InputError} from '../../input/input-error.ts';
import {isKernelUnsupported, Kernel} from '../../kernel/kernel.ts';
import type {FileInspection} from '../../model/run-control.ts';
import {OWN_OUTPUT_START_BYTES, recognizeOwnOutput} from '../../text/own-output.ts';
import {BatchBoard} from '../shared/batch-board.ts';
import {buffersOfPartial, discardPartial, finishPartial, giveUpGroupsOf} from '../shared/consolidation.ts';
import {ReadError, toErrorReport} from '../shared/errors.ts';
import {GroupRoom} from '../shared/group-room.ts';
import {MergeBoard} from '../shared/merge-board.ts';
import {monotonicMs} from '../shared/monotonic.ts';
import type {FileWithRow} from '../shared/packed-outcomes.ts';
import type {
	FilesRequest,
	FoldedFile,
	FromWorker,
	MonthsReply,
	MonthsRequest,
	RangesRequest,
	ReadSettings,
	SnapshotReply,
	SourceLocation,
	ToWorker,
	WorkerData,
} from '../shared/protocol.ts';
import {RangeBoard} from '../shared/range-board.ts';
import {AbortedError, SharedProgress} from '../shared/shared-progress.ts';
import type {Fold, Folded, SoFar} from './read/fold.ts';
import {foldRanges, type RangesPulse} from './read/fold-ranges.ts';
import {foldWithKernel} from './read/fold-with-kernel.ts';
import {explainTrap} from './read/kernel-trap.ts';
import {sumByMonth} from './read/sum-by-month.ts';
import {BufferedFiles, buffersOf, REPLY_INTERVAL_MS} from './small/buffered-files.ts';
import {SmallFileReader} from './small/small-file.ts';
import {closeAfterFault, type OpenSource, openSource} from './source/open-source.ts';
import {readStart} from './source/stream-source.ts';

if (parentPort === null) throw new Error('This file is the entry of a worker thread');
const port = parentPort;
const {shared, groupRoom: groupRoomBuffer} = workerData as WorkerData;
const progress = new SharedProgress(shared);

let warning: string | null = null;
/** The kernel of this thread; `null` where processor or engine have no vectors of 128 bits. */
const kernel = loadKernel();

const groupRoom = new GroupRoom(groupRoomBuffer);
/** What is read now is a part of a file that can as well be read by one thread alone. */
let isReadingRanges = false;

const ROOM_LOOK_MS = 20;

/** Waits until no other thread needs the memory. Of those that read a file together none does: one of them reads it alone then. */
function makeRoomForGroups(groups: number): void {
	const take = (): boolean => groupRoom.take(threadId, groups);
	if (isReadingRanges && !take()) throw new NoRoomError('Another thread has many groups');
	progress.waitForOthers(take, ROOM_LOOK_MS, tellNothing);
}

class NoRoomError extends Error {
	override readonly name = 'NoRoomError';
}

const smallFileReader = kernel === null ? null : new SmallFileReader(kernel);

function loadKernel(): Kernel | null {
	try {
		return new Kernel(makeRoomForGroups);
	} catch (error) {
		if (!isKernelUnsupported(error)) throw error;
		warning = `The SIMD kernel cannot be used here, so files are read slowly: ${error.message}`;
		return null;
	}
}

async function chooseFold({reader}: ReadSettings): Promise<Fold> {
	if (kernel !== null && reader === 'kernel') return foldWithKernel(kernel);
	// csv-parse is not loaded unless it is needed.
	return (await import('./read/fold-by-reference.ts')).foldByReference;
}

/** Between two pieces of work: holds, ends with an error, or answers whoever asks. */
type Checkpoint = (answer?: () => void) => void;

const lookUp: Checkpoint = answer => progress.checkpoint(answer);

const tellSnapshot = (reply: SnapshotReply): void => post(reply);
/** Nothing has been read yet. */
const tellNothing = (): void => tellSnapshot({type: 'file-so-far', file: null});

function inspect({folded, dialect, ...rest}: SoFar, {compression}: OpenSource): FileInspection {
	const result = folded === null ? null : finishPartial(folded);
	if (folded !== null) discardPartial(folded);
	return {...rest, dialect: {...dialect, compression}, analysis: folded?.analysis ?? null, result};
}

type Folding = Pick<Folded, 'takeFolded' | 'takeListed'>;
type Taken = Pick<FoldedFile, 'folded' | 'result'>;

/** Of a file of a group, which is merged with the others of it here. */
const takeForGroup = ({takeFolded}: Folding): Taken => ({folded: takeFolded()});

/** Of a file by itself: with its groups for as long as they can be merged with those of other files. */
const takeFor =
	(mergeBoard: SharedArrayBuffer | undefined) =>
	({takeFolded, takeListed}: Folding): Taken => {
		if (mergeBoard === undefined || new MergeBoard(mergeBoard).takesGroups) return {folded: takeFolded()};
		const folded = takeListed();
		if (folded === null) return {folded};
		const result = finishPartial(folded);
		giveUpGroupsOf(folded);
		return {folded, result};
	};

type FileReply = Extract<FromWorker, {type: 'completed' | 'failed' | 'aborted'}>;

async function processFile(
	location: SourceLocation,
	settings: ReadSettings,
	checkpoint: Checkpoint,
	take: (folding: Folding) => Taken,
): Promise<FileReply> {
	let source: OpenSource | null = null;
	/** A file may be held while it waits: the last look is still true then. */
	let answer = tellNothing;
	try {
		checkpoint(answer);
		let records = {rows: 0, rejectedRows: 0};
		const open = openSource(location, settings.limits, () => progress.write({bytesRead: open.bytesRead, ...records}));
		source = open;
		const fold = await chooseFold(settings);
		const {takeFolded, takeListed, ...folded} = await fold(open, settings, {
			report(bytesConsumed, rows, rejectedRows, look) {
				// How far the records are, where that is a place in the file; else how much of the packed file is read.
				const bytesRead = open.compression === null ? bytesConsumed : open.bytesRead;
				records = {rows, rejectedRows};
				progress.write({bytesRead, ...records});
				answer = () => {
					tellSnapshot({type: 'file-so-far', file: look === undefined ? null : inspect(look(), open)});
				};
				checkpoint(answer);
			},
			wait(durationMs) {
				progress.sleep(durationMs, answer);
			},
		});
		open.verify(true);
		const {bytesRead, identity, compression} = open;
		open.close();
		const dialect = {...folded.dialect, compression};
		return {type: 'completed', ...folded, ...take({takeFolded, takeListed}), dialect, bytesRead, identity};
	} catch (error) {
		endIfTrapped(error);
		if (error instanceof AbortedError) return {type: 'aborted'};
		const bytesRead = source === null ? 0 : bytesUntil(error, source);
		const fault = await explainOwnOutput(explainByChange(error, source), location);
		return {type: 'failed', error: toErrorReport(fault), bytesRead};
	} finally {
		closeAfterFault(source);
	}
}

/** The thread ends with its kernel. */
function endIfTrapped(error: unknown): void {
	const cause = explainTrap(error);
	if (cause !== null) throw new Error(cause, {cause: error});
}

/** What a failed file says of its length is told in steps of this. */
const FAULT_STEP_BYTES = 64 * 1024;

/**
How much of a file was read until a fault: by where the fault is, in steps, because how much was read ahead depends on the
size of the chunks, and the report shall not.
*/
function bytesUntil(error: unknown, {bytesRead, size, compression}: OpenSource): number {
	if (error instanceof ReadError) return error.byteOffset;
	if (!(error instanceof InputError) || size === null || compression !== null) return bytesRead;
	if (error.isFoundAtEnd) return size;
	const {byteOffset} = error.at;
	if (byteOffset === null) return bytesRead;
	return Math.min(size, (Math.floor(byteOffset / FAULT_STEP_BYTES) + 1) * FAULT_STEP_BYTES);
}

/** A fault found in a file that somebody was writing to is a fault of that moment: what is told is the change. */
function explainByChange(error: unknown, source: OpenSource | null): unknown {
	if (source === null || !(error instanceof InputError)) return error;
	try {
		source.verify(false);
		return error;
	} catch (change) {
		// Where the check for a change fails as well, the first fault counts.
		return change instanceof InputError ? change : error;
	}
}

/**
A file that this program has written is not data, and the error says what it is. Only files that fail are looked at once more, so
data costs nothing.
*/
async function explainOwnOutput(error: unknown, location: SourceLocation): Promise<unknown> {
	if (!(error instanceof InputError) || error.code === 'CHANGED_WHILE_READING') return error;
	if (location.kind !== 'file') return error;
	let source: OpenSource | null = null;
	try {
		source = openSource(location);
		const own = recognizeOwnOutput(await readStart(source, OWN_OUTPUT_START_BYTES));
		if (own === null) return error;
		return new InputError(
			'OWN_OUTPUT',
			`Expected data, but this is a ${own} that fileproc-tui has written. Leave it out`,
		);
	} catch {
		return error;
	} finally {
		closeAfterFault(source);
	}
}

/** Reads some of a large file's ranges. What is wrong with the file shall be said by one who reads it alone. */
async function readRanges({source: location, settings, isHelper, ...request}: RangesRequest): Promise<FromWorker> {
	const board = new RangeBoard(request.fileBytes, request.rangeBytes, request.board);
	let source: OpenSource | null = null;
	try {
		progress.checkpoint(tellNothing);
		const open = openSource(location, settings.limits);
		source = open;
		if (kernel === null || open.size !== request.fileBytes) {
			board.breakOff();
			return {type: 'read-ranges', part: null};
		}
		const pulse: RangesPulse = {
			report(bytesRead, rows, rejectedRows, look) {
				progress.write({bytesRead, rows, rejectedRows});
				progress.checkpoint(() => {
					if (look === undefined) tellNothing();
					else tellSnapshot({type: 'ranges-so-far', part: look()});
				});
			},
		};
		isReadingRanges = true;
		const part = await foldRanges(open, kernel, settings, pulse, board, isHelper);
		open.verify(false);
		open.close();
		return {type: 'read-ranges', part: {...part, identity: open.identity}};
	} catch (error) {
		board.breakOff();
		endIfTrapped(error);
		if (error instanceof AbortedError) return {type: 'aborted'};
		if (error instanceof InputError || error instanceof NoRoomError) return {type: 'read-ranges', part: null};
		// As of one that reads it alone, to its end or until a read failed, however much of it was read here.
		const bytesRead = error instanceof ReadError ? error.byteOffset : source === null ? 0 : request.fileBytes;
		return {type: 'failed', error: toErrorReport(error), bytesRead};
	} finally {
		isReadingRanges = false;
		closeAfterFault(source);
	}
}

/**
Whatever keeps it from being summed, nobody needs to know why: the file's own reading tells what is wrong with it. Whoever
has asked ends the thread when the answer is no longer wanted.
*/
async function sumMonths({source: location, settings, identity: wanted}: MonthsRequest): Promise<MonthsReply> {
	let source: OpenSource | null = null;
	try {
		const open = openSource(location, settings.limits);
		source = open;
		const {identity, size} = open;
		if (kernel === null || (wanted !== null && wanted !== identity)) throw new Error('There is nothing to sum');
		const months = await sumByMonth(open, kernel, settings, (soFar, bytesConsumed) => {
			const bytesRead = open.compression === null ? bytesConsumed : open.bytesRead;
			const reply = {type: 'months-so-far', identity, months: soFar, bytesRead, bytesTotal: size || null} as const;
			port.postMessage(reply satisfies MonthsReply);
		});
		open.verify(true);
		return {type: 'summed-by-month', identity, months};
	} catch {
		return {type: 'summed-by-month', identity: null, months: null};
	} finally {
		closeAfterFault(source);
	}
}

/** Reads the files of a group. All replies but the last are posted from here. */
async function processFiles({sources, settings, board: buffer}: FilesRequest): Promise<FromWorker> {
	const board = new BatchBoard(sources.length, buffer);
	const buffered = new BufferedFiles();
	const takeRows = (): void => buffered.addRows(smallFileReader?.takeRows() ?? []);
	let repliedAtMs = monotonicMs();
	for (const [file, source] of sources.entries()) {
		const startedAtMs = monotonicMs();
		// Somebody who aborts a file waits for the reply, and the next file may be held.
		if ((buffered.isAwaited || startedAtMs - repliedAtMs > REPLY_INTERVAL_MS) && buffered.count > 0) {
			takeRows();
			post(buffered.take(false));
			repliedAtMs = startedAtMs;
		}
		progress.beginAnew();
		if (!board.take(file)) {
			buffered.addUnfinished({type: 'skipped'});
			continue;
		}
		const checkpoint = (): void => progress.checkpoint(undefined, () => board.isAborted(file));
		const withRow = isAbortedAt(checkpoint) ? null : readWithRow(source, settings);
		if (withRow !== null) {
			buffered.addWithRow(withRow, monotonicMs() - startedAtMs);
			continue;
		}
		// Any other reading begins the kernel anew, and its rows are lost.
		takeRows();
		const reply = await processFile(source, settings, checkpoint, takeForGroup);
		const elapsedMs = monotonicMs() - startedAtMs;
		if (reply.type === 'completed') {
			const {type, ...folded} = reply;
			buffered.addFolded(folded, elapsedMs);
		} else buffered.addUnfinished({...reply, elapsedMs});
	}
	takeRows();
	return buffered.take(true);
}

/** Whether a file was aborted before it began, which the general way reports. */
function isAbortedAt(checkpoint: Checkpoint): boolean {
	try {
		checkpoint();
		return false;
	} catch (error) {
		if (error instanceof AbortedError) return true;
		throw error;
	}
}

/** `null` where the file must be read in the general way. */
function readWithRow(source: SourceLocation, settings: ReadSettings): FileWithRow | null {
	if (smallFileReader === null || source.kind !== 'file') return null;
	try {
		return smallFileReader.read(source.path, settings);
	} catch (error) {
		endIfTrapped(error);
		throw error;
	}
}

function answer(request: ToWorker | MonthsRequest): Promise<FromWorker | MonthsReply> {
	switch (request.type) {
		case 'process-file':
			return processFile(request.source, request.settings, lookUp, takeFor(request.mergeBoard));
		case 'process-ranges':
			return readRanges(request);
		case 'sum-by-month':
			return sumMonths(request);
		case 'process-files':
			return processFiles(request);
	}
}

/** What is large is handed over instead of being copied. */
function post(reply: FromWorker | MonthsReply): void {
	port.postMessage(reply, largeBuffersOf(reply));
}

function largeBuffersOf(reply: FromWorker | MonthsReply): ArrayBuffer[] {
	if (reply.type === 'did-files') return buffersOf(reply);
	const folded =
		reply.type === 'completed'
			? reply.folded
			: reply.type === 'read-ranges' || reply.type === 'ranges-so-far'
				? reply.part?.folded
				: null;
	return folded === undefined || folded === null ? [] : buffersOfPartial(folded);
}

port.on('message', async (request: ToWorker | MonthsRequest) => {
	post(await answer(request));
});
port.postMessage({type: 'ready', warning} satisfies FromWorker);
