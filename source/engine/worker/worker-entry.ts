// The thread that reads: one file at a time, from open to verified end. It answers every `process-file` with exactly one
// reply. Between chunks it looks at the shared memory: hold, abort, go on.
import {parentPort, threadId, workerData} from 'node:worker_threads';
import {columnsFallbackOf, linesAnalysisOf, readsAnyHeader, textAnalysesOf} from '../../analysis/registry.ts';
import {InputError} from '../../input/input-error.ts';
import {isKernelUnsupported, Kernel} from '../../kernel/kernel.ts';
import {BatchBoard} from '../shared/batch-board.ts';
import {packState} from '../shared/consolidation.ts';
import {addFolderKey} from '../shared/encryption.ts';
import {ReadError, toErrorReport} from '../shared/errors.ts';
import {forcedFor} from '../shared/forced-dialect.ts';
import {GroupRoom} from '../shared/group-room.ts';
import {MergeBoard} from '../shared/merge-board.ts';
import {monotonicMs} from '../shared/monotonic.ts';
import type {FileWithRow} from '../shared/packed-outcomes.ts';
import type {
	FilesRequest,
	FromWorker,
	OnDemandReply,
	OnDemandRequest,
	PartSoFar,
	RangesRequest,
	ReadSettings,
	SourceLocation,
	ToWorker,
	WorkerData,
} from '../shared/protocol.ts';
import {RangeBoard} from '../shared/range-board.ts';
import {settingsOfText} from '../shared/reads-as-is.ts';
import {AbortedError, SharedProgress} from '../shared/shared-progress.ts';
import {canReadAgain, fileNameOf} from '../shared/source-location.ts';
import type {ConvertRequest, TableMessage, TableReply} from '../shared/table-protocol.ts';
import {type Checkpoint, endIfTrapped, type FileReply, processSource, type SourceRequest} from './process-source.ts';
import {foldWithFallbacks} from './read/fallbacks.ts';
import type {Fold, FoldPulse} from './read/fold.ts';
import {foldInDialect, settingsOfTable, sourceInDialect} from './read/fold-in-dialect.ts';
import {foldLinesWith} from './read/fold-lines.ts';
import {foldNothing} from './read/fold-nothing.ts';
import {foldRanges, type ReadPart} from './read/fold-ranges.ts';
import {foldWithKernel} from './read/fold-with-kernel.ts';
import {assertLearned, learnAnalyses} from './read/learn-analyses.ts';
import {isNamedAsTable} from './read/looks-like-text.ts';
import {readForAnalysis} from './read/read-for-analysis.ts';
import {readInRightForms} from './read/read-in-right-forms.ts';
import {flushRejectSpools} from './read/reject-spool.ts';

import {BufferedFiles, buffersOf, replyIntervalMs} from './small/buffered-files.ts';
import {SmallFileReader} from './small/small-file.ts';
import {hasherFor} from './source/hash-source.ts';
import {closeAfterFault, type OpenSource, openAnySource} from './source/open-source.ts';
import {unpackSmallMember} from './source/small-member.ts';
import {settingsOfSource, TextSource} from './source/text-source.ts';

if (parentPort === null) throw new Error('This file is the entry of a worker thread');
const port = parentPort;
const {shared, groupRoom: groupRoomBuffer, keys} = workerData as WorkerData;
for (const key of keys) addFolderKey(key);
const progress = new SharedProgress(shared);

let warning: string | null = null;
/** The kernel of this thread; `null` where processor or engine have no vectors of 128 bits. */
const kernel = loadKernel();

const groupRoom = new GroupRoom(groupRoomBuffer);
/** What is read now is a part of a file that can as well be read by one thread alone. */
let isReadingRanges = false;

const ROOM_LOOK_MS = 20;

/** Waits until no other thread needs the memory. Threads that read a file together do not wait: one of them reads it alone then. */
function makeRoomForGroups(groups: number): void {
	const take = (): boolean => groupRoom.take(threadId, groups);
	if (isReadingRanges && !take()) throw new NoRoomError('Another thread has many groups');
	progress.waitForOthers(take, ROOM_LOOK_MS, postNothing);
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

/** Reads a file by itself. */
function processFile(
	location: SourceLocation,
	settings: ReadSettings,
	checkpoint: Checkpoint,
	take: SourceRequest['take'],
): Promise<FileReply> {
	return processSource(
		{location, settings, chooseFold, take, hasher: hasherFor(kernel, settings)},
		{progress, checkpoint, postSnapshot},
	);
}

const foldLines = foldLinesWith(kernel);

async function chooseFold(settings: ReadSettings, location: SourceLocation): Promise<Fold> {
	if (settings.hashesOnly === true) return foldNothing;
	assertLearned(settings.analysis);
	if (linesAnalysisOf(settings.analysis) !== null) return foldLines;
	const {analysis, userPattern} = settings;
	// Who says where users stand in lines has lines, which may begin like a table all the same.
	const hasLines = userPattern !== undefined && textAnalysesOf(analysis).length > 0;
	if (hasLines && !isNamedAsTable(fileNameOf(location))) return foldLines;
	const fold = await chooseRecordFold(settings);
	const fileName = fileNameOf(location);
	if (readsAnyHeader(analysis)) return foldInDialect(fold, foldLines, fileName);
	const byNames = foldWithFallbacks(
		fold,
		{
			columns: columnsFallbackOf(analysis),
			texts: textAnalysesOf(analysis),
			foldLines,
			foldColumns: () => chooseRecordFold(settings),
			isStream: location.kind === 'standard-input' || location.kind === 'stream',
		},
		fileName,
	);
	return forcedFor(settings, fileName) === null ? byNames : foldInDialect(byNames, foldLines, fileName);
}

async function chooseRecordFold({reader}: ReadSettings): Promise<Fold> {
	if (kernel !== null && reader === 'kernel') return foldWithKernel(kernel);
	// csv-parse is not loaded unless it is needed.
	return (await import('./read/fold-by-reference.ts')).foldByReference;
}

const lookUp: Checkpoint = answer => progress.checkpoint(answer);

const postSnapshot = (part: PartSoFar | null): void => post({type: 'part-so-far', part});
/** Nothing has been read yet. */
const postNothing = (): void => postSnapshot(null);

/** Of a file of a group, which is merged with the others of it here. */
const takeForGroup: SourceRequest['take'] = takeStates => [...takeStates(() => true)];

/** Of a file by itself: with its groups for as long as they can be merged with those of other files. */
const takeFor =
	(mergeBoard: SharedArrayBuffer | undefined): SourceRequest['take'] =>
	takeStates => {
		const board = mergeBoard === undefined ? null : new MergeBoard(mergeBoard);
		return Array.from(
			takeStates(analysis => board === null || board.takesGroups(analysis)),
			({result, ...named}) => {
				const partial = packState(named);
				return result === undefined ? partial : {...partial, result};
			},
		);
	};

/** Reads some of a large file's ranges. A thread that reads it alone says what is wrong with it. */
async function readRanges({
	source: location,
	settings: asked,
	isHelper,
	tellsParts,
	...request
}: RangesRequest): Promise<FromWorker> {
	const board = new RangeBoard(request.fileBytes, request.rangeBytes, request.board);
	let source: OpenSource | null = null;
	try {
		progress.checkpoint(postNothing);
		const open = await openAnySource(location, asked.limits);
		source = open;
		const settings = settingsOfSource(asked, open, location);
		if (kernel === null || open.size !== request.fileBytes) {
			board.breakOff();
			return {type: 'read-ranges', part: null};
		}
		const pulse: Pick<FoldPulse, 'report' | 'wait'> = {
			report(bytesRead, rows, rejectedRows, look) {
				progress.write({bytesRead, rows, rejectedRows});
				progress.checkpoint(() => postSnapshot(look?.() ?? null));
			},
			wait: durationMs => progress.sleep(durationMs, postNothing),
		};
		const text = new TextSource(open, settings, {tellsPlaces: false});
		const known = await settingsOfTable(text, settingsOfText(settings), fileNameOf(location));
		if (known === null) {
			board.breakOff();
			return {type: 'read-ranges', part: null};
		}
		const hasher = hasherFor(kernel, asked);
		// Only blocks of the ranges that are read here count, and not those that were looked at before.
		hasher?.begin(false);
		if (hasher !== null) open.hashWith?.(hasher.take);
		isReadingRanges = true;
		const {identity} = open;
		const tellPart = tellsParts
			? (part: ReadPart): void => post({type: 'ranges-so-far', part: {...part, identity}})
			: null;
		const part = await foldRanges(text, kernel, known, pulse, board, isHelper, tellPart);
		await open.verify(false);
		open.close();
		return {type: 'read-ranges', part: {...part, identity}};
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

/** A reading that fails has no result, and no reason: the file's own reading gives that. The thread is ended from outside. */
async function readOnDemand(request: OnDemandRequest): Promise<OnDemandReply> {
	const {declaration, source: location, settings: asked, identity: wanted} = request;
	let source: OpenSource | null = null;
	try {
		let open = await openAnySource(location, asked.limits);
		source = open;
		const settings = settingsOfSource(asked, open, location);
		const {identity, size} = open;
		const ownKernel = kernel;
		if (ownKernel === null || (wanted !== null && wanted !== identity)) throw new Error('There is nothing to read');
		const read = async (inForms: ReadSettings): ReturnType<typeof readForAnalysis> => {
			const text = new TextSource(open, settings, {tellsPlaces: false});
			const {source: whole, settings: known} = await sourceInDialect(
				text,
				settingsOfText(inForms),
				fileNameOf(location),
			);
			return readForAnalysis(declaration, whole, ownKernel, known, (soFar, bytesConsumed) => {
				const bytesRead = open.compression === null && !text.isRecoded ? bytesConsumed : open.bytesRead;
				const reply = {type: 'on-demand-so-far', identity, result: soFar, bytesRead, bytesTotal: size || null} as const;
				port.postMessage(reply satisfies OnDemandReply);
			});
		};
		const again = async (): Promise<void> => {
			await open.verify(true);
			open.close();
			open = await openAnySource(location, settings.limits);
			source = open;
			if (open.identity !== identity) throw new Error('There is another file now');
		};
		const {result} = await readInRightForms(settings, read, canReadAgain(location) ? again : null);
		await open.verify(true);
		return {type: 'read-on-demand', identity, result};
	} catch (error) {
		const problem = error instanceof InputError && {problem: error.message};
		return {type: 'read-on-demand', identity: null, result: null, ...problem};
	} finally {
		closeAfterFault(source);
	}
}

/** What becomes of the file is said on its port, behind its records. */
async function convert(request: ConvertRequest): Promise<FromWorker> {
	let reply: TableReply = {type: 'no-vectors', cause: warning ?? ''};
	if (kernel !== null) {
		const {convertFile} = await import('./convert-file.ts');
		reply = await convertFile(request, kernel, {progress, checkpoint: lookUp, postSnapshot});
	}
	flushRejectSpools();
	request.port.postMessage({type: 'ended', reply} satisfies TableMessage);
	return {type: 'converted-file'};
}

/** Reads the files of a group. All replies but the last are posted from here. */
async function processFiles({sources, settings, board: buffer}: FilesRequest): Promise<FromWorker> {
	const board = new BatchBoard(sources.length, buffer);
	const buffered = new BufferedFiles(kernel);
	const takeRows = (): void => buffered.addRows(smallFileReader?.takeRows() ?? []);
	const {keepsFiles = false} = settings;
	let repliedAtMs = monotonicMs();
	let replyMs = 0;
	for (const [file, source] of sources.entries()) {
		const startedAtMs = monotonicMs();
		// Somebody who aborts a file waits for the reply, and the next file may be held.
		if ((buffered.isAwaited || startedAtMs - repliedAtMs > replyIntervalMs(replyMs)) && buffered.count > 0) {
			takeRows();
			post(buffered.take(false));
			repliedAtMs = monotonicMs();
			replyMs = repliedAtMs - startedAtMs;
		}
		progress.beginAnew();
		if (!board.take(file)) {
			buffered.addUnfinished({type: 'skipped'});
			continue;
		}
		const checkpoint = (): void => progress.checkpoint(undefined, () => board.isAborted(file));
		const withRow = (await isReady(source, settings, checkpoint)) ? readWithRow(source, settings) : null;
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
			buffered.addFolded(folded, elapsedMs, keepsFiles);
		} else buffered.addUnfinished({...reply, elapsedMs});
	}
	takeRows();
	return buffered.take(true);
}

/** False where a file was aborted before it began, which the general way reports. */
async function isReady(source: SourceLocation, {limits}: ReadSettings, checkpoint: Checkpoint): Promise<boolean> {
	try {
		checkpoint();
		await unpackSmallMember(source, limits, checkpoint);
		return true;
	} catch (error) {
		if (error instanceof AbortedError) return false;
		throw error;
	}
}

/** `null` where the file must be read in the general way. */
function readWithRow(source: SourceLocation, settings: ReadSettings): FileWithRow | null {
	if (smallFileReader === null || (source.kind !== 'file' && source.kind !== 'member')) return null;
	try {
		return smallFileReader.read(source.kind === 'file' ? source.path : source, settings);
	} catch (error) {
		endIfTrapped(error);
		throw error;
	}
}

function answer(request: ToWorker | OnDemandRequest): Promise<FromWorker | OnDemandReply> {
	switch (request.type) {
		case 'process-file':
			return processFile(request.source, request.settings, lookUp, takeFor(request.mergeBoard));
		case 'process-ranges':
			return readRanges(request);
		case 'read-on-demand':
			return readOnDemand(request);
		case 'process-files':
			return processFiles(request);
		case 'convert-file':
			return convert(request);
	}
}

/** What is large is handed over instead of being copied. */
function post(reply: FromWorker | OnDemandReply): void {
	flushRejectSpools();
	port.postMessage(reply, largeBuffersOf(reply));
}

function largeBuffersOf(reply: FromWorker | OnDemandReply): ArrayBuffer[] {
	if (reply.type === 'did-files') return buffersOf(reply);
	const folded =
		reply.type === 'completed'
			? reply.folded
			: reply.type === 'read-ranges' || reply.type === 'part-so-far' || reply.type === 'ranges-so-far'
				? (reply.part?.folded ?? [])
				: [];
	return folded.flatMap(named => ('partial' in named ? [named.partial.buffer] : []));
}

port.on('message', async (request: ToWorker | OnDemandRequest) => {
	await learnAnalyses(request.settings.registered ?? []);
	post(await answer(request));
});
port.postMessage({type: 'ready', warning} satisfies FromWorker);
