// Reads a whole source, from its opening to its verified end, and says what became of it.
import {type ByteSource, readStart} from '../../input/byte-source.ts';
import {InputError} from '../../input/input-error.ts';
import type {ContentHasher} from '../../kernel/content-hasher.ts';
import {OWN_OUTPUT_START_BYTES, recognizeOwnOutput} from '../../text/own-output.ts';
import {withForms} from '../shared/describe-forms.ts';
import {ReadError, toErrorReport} from '../shared/errors.ts';
import type {FoldedFile, FromWorker, PartSoFar, ReadSettings, SourceLocation} from '../shared/protocol.ts';
import {settingsOfText} from '../shared/reads-as-is.ts';
import {changedWhileReading} from '../shared/regular-file.ts';
import {AbortedError, type SharedProgress} from '../shared/shared-progress.ts';
import {canReadAgain, isFoundAt, packedTarOf} from '../shared/source-location.ts';
import type {Fold, FoldPulse, TakeStates} from './read/fold.ts';
import {explainTrap} from './read/kernel-trap.ts';
import {readInRightForms} from './read/read-in-right-forms.ts';
import {hashSource} from './source/hash-source.ts';
import {HeadSource} from './source/head-source.ts';
import {closeAfterFault, type OpenAnySource, type OpenSource, openAnySource} from './source/open-source.ts';
import {settingsOfSource, TextSource} from './source/text-source.ts';
import {errorInFile, foldedInFile, partInFile} from './told-places.ts';

/** Called between two pieces of work: holds, throws to end the reading, or calls `answer` when a snapshot was requested. */
export type Checkpoint = (answer?: () => void) => void;

export type FileReply = Extract<FromWorker, {type: 'completed' | 'failed' | 'aborted'}>;

export interface SourceRequest {
	readonly location: SourceLocation;
	readonly settings: ReadSettings;
	/** Gives what turns the bytes into figures. */
	readonly chooseFold: (settings: ReadSettings, location: SourceLocation) => Promise<Fold>;
	/** What of the figures goes into the reply. */
	readonly take: (takeStates: TakeStates) => FoldedFile['folded'];
	/** See `source/hash-source.ts`. */
	readonly hasher?: ContentHasher | null;
	/** For tests. */
	readonly open?: OpenAnySource;
}

/** What the thread does while it reads. */
export interface ReadingThread {
	readonly progress: Pick<SharedProgress, 'write' | 'sleep'>;
	readonly checkpoint: Checkpoint;
	readonly postSnapshot: (part: PartSoFar | null) => void;
}

export async function processSource(
	{location, settings: asked, chooseFold, take, hasher = null, open: openAny = openAnySource}: SourceRequest,
	{progress, checkpoint, postSnapshot}: ReadingThread,
): Promise<FileReply> {
	let source: OpenSource | null = null;
	let text: TextSource | null = null;
	/** By a reading that went to the end, and was in other forms than the columns are. */
	let bytesReadBefore = 0;
	/** A file may be held while it waits: the last snapshot is still true then. */
	let answer = (): void => postSnapshot(null);
	try {
		checkpoint(answer);
		let records = {rows: 0, rejectedRows: 0};
		// In front of a member of a packed archive there may be gigabytes to unpack.
		const onPackedRead = (): void => {
			progress.write({bytesRead: open.bytesRead, ...records});
			checkpoint(answer);
		};
		let open = await openAny(location, asked.limits, onPackedRead);
		source = open;
		let hash = hashSource(open, hasher);
		const settings = settingsOfSource(asked, open, location);
		const isFound = isFoundAt(location);
		let ofFile = new TextSource(open, settings, {isFound, onWait: onPackedRead});
		text = ofFile;
		/** The beginning, where no more is wanted. */
		let head: HeadSource | null = null;
		const wanted = (whole: ByteSource): ByteSource => {
			if (settings.headBytes === undefined) return whole;
			head = new HeadSource(whole, settings.headBytes);
			return head;
		};
		const isCut = (): boolean => head?.isCut === true;
		const fold = await chooseFold(settings, location);
		const pulse: FoldPulse = {
			report(bytesConsumed, rows, rejectedRows, look) {
				// How far the records are, where that is a place in the file; else how much of the file is read.
				const bytesRead = open.compression === null && ofFile.places === null ? bytesConsumed : open.bytesRead;
				records = {rows, rejectedRows};
				progress.write({bytesRead, ...records});
				answer = () => postSnapshot(look === undefined ? null : partInFile(look(), open, ofFile));
				checkpoint(answer);
			},
			wait(durationMs) {
				progress.sleep(durationMs, answer);
			},
			places: () => ofFile.places,
			async inUtf8(start) {
				const inUtf8 = await ofFile.inUtf8(start);
				return inUtf8 === undefined ? undefined : wanted(inUtf8);
			},
		};
		const again = async (): Promise<void> => {
			await open.verify(!isCut());
			bytesReadBefore = open.bytesRead;
			open.close();
			const before = open.identity;
			open = await openAny(location, settings.limits, onPackedRead);
			source = open;
			hash = hashSource(open, hasher);
			ofFile = new TextSource(open, settings, {isFound});
			text = ofFile;
			if (open.identity !== before) throw changedWhileReading('another file has taken its place');
		};
		const {
			take: takeStates,
			columnForms,
			undecidedCells,
			...counted
		} = await readInRightForms(
			settingsOfText(settings),
			ofForms => fold(wanted(ofFile), ofForms, pulse),
			canReadAgain(location) ? again : null,
		);
		await open.verify(!isCut());
		const {bytesRead, identity} = open;
		open.close();
		const inForms = {...counted, dialect: withForms(counted.dialect, columnForms)};
		const told = foldedInFile(isCut() ? saidToBeCut(inForms) : inForms, open, ofFile);
		const takeAll: TakeStates = needsGroups => takeStates(needsGroups, undecidedCells);
		return {type: 'completed', ...told, folded: take(takeAll), bytesRead, identity, ...hash()};
	} catch (error) {
		endIfTrapped(error);
		if (error instanceof AbortedError) return {type: 'aborted'};
		const told = text === null ? error : errorInFile(error, text);
		const bytesRead = Math.max(bytesReadBefore, source === null ? 0 : bytesUntil(told, source));
		const fault = await explainOwnOutput(await explainByChange(told, source), location, openAny);
		return {type: 'failed', error: toErrorReport(fault), bytesRead};
	} finally {
		closeAfterFault(source);
	}
}

const saidToBeCut = <File extends Pick<FoldedFile, 'structure'>>(file: File): File => ({
	...file,
	structure: {header: null, first_records: [], analyses: [], ...file.structure, is_cut: true},
});

/** The thread ends with its kernel. */
export function endIfTrapped(error: unknown): void {
	const cause = explainTrap(error);
	if (cause !== null) throw new Error(cause, {cause: error});
}

/** The length in the report of a failed file is a multiple of this. */
const FAULT_STEP_BYTES = 64 * 1024;

/**
How much of a file was read until a fault: by the place of the fault, in steps. How much was read ahead depends on the size of
the chunks, and the report must not depend on it.
*/
function bytesUntil(error: unknown, {bytesRead, size, compression}: OpenSource): number {
	if (error instanceof ReadError) return error.byteOffset;
	if (!(error instanceof InputError) || size === null || compression !== null) return bytesRead;
	if (error.isFoundAtEnd) return size;
	const {byteOffset} = error.at;
	if (byteOffset === null) return bytesRead;
	return Math.min(size, (Math.floor(byteOffset / FAULT_STEP_BYTES) + 1) * FAULT_STEP_BYTES);
}

/** Where a program was writing to the file, its faults are those of one moment, so the report names the change instead. */
async function explainByChange(error: unknown, source: OpenSource | null): Promise<unknown> {
	if (source === null || !(error instanceof InputError)) return error;
	try {
		await source.verify(false);
		return error;
	} catch (change) {
		// Where the check for a change fails as well, the first fault counts.
		return change instanceof InputError ? change : error;
	}
}

/**
A file that this program has written is not data, and the error says what it is. Only files that failed are opened once more, so
that good data costs nothing.
*/
async function explainOwnOutput(error: unknown, location: SourceLocation, open: OpenAnySource): Promise<unknown> {
	if (!(error instanceof InputError) || error.code === 'CHANGED_WHILE_READING') return error;
	if (!canReadAgain(location) || packedTarOf(location) !== null) return error;
	let source: OpenSource | null = null;
	try {
		source = await open(location);
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
