// Reads the file of a step with what the engine reads files with: opened, unpacked, decoded, and held to have stayed the same.
import {isUtf8} from 'node:buffer';
import {setImmediate as nextTurn} from 'node:timers/promises';
import type {TextEncoding} from '../../../analysis/text-encoding.ts';
import {isRetryable} from '../../../engine/jobs/retry-policy.ts';
import type {FoldedFile, ReadSettings} from '../../../engine/shared/protocol.ts';
import {AbortedError} from '../../../engine/shared/shared-progress.ts';
import {processSource, type ReadingThread} from '../../../engine/worker/process-source.ts';
import type {Fold} from '../../../engine/worker/read/fold.ts';
import {foldInDialect} from '../../../engine/worker/read/fold-in-dialect.ts';
import {reportDialect} from '../../../engine/worker/read/report-dialect.ts';
import {plainDialect} from '../../../input/dialect.ts';
import type {ErrorReport} from '../../../model/report.ts';
import {systemPath} from '../../../text/path-text.ts';
import {StepError} from '../../pipeline.ts';

/** A file cannot be read, whatever the processor does with it. */
export class FileFault extends Error {
	override readonly name = 'FileFault';
	readonly report: ErrorReport;
	readonly mayPass: boolean;

	constructor(report: ErrorReport) {
		super(report.message);
		this.report = report;
		this.mayPass = isRetryable(report.code);
	}
}

export interface ReadSource {
	/** As a text of `text/path-text.ts`. */
	readonly path: string;
	readonly settings: ReadSettings;
}

/** Nobody looks how far a step is. */
export const quietThread: ReadingThread = {
	progress: {write() {}, sleep() {}},
	checkpoint() {},
	postSnapshot() {},
};

/** The analysis of which any header fits. */
const ANY_TABLE = 'profile';

export const locationOf = ({path}: ReadSource) => ({kind: 'file', path: systemPath(path)}) as const;

/**
@param fold - Is given the text of the file in UTF-8, or in an encoding that has ASCII in it; what it throws is thrown.
@param isTable - Whether it is given the table in its dialect.
@throws {FileFault}
*/
export async function readSource(source: ReadSource, fold: Fold, isTable = false): Promise<FoldedFile> {
	const location = locationOf(source);
	let failure: {readonly error: unknown} | null = null;
	const guarded: Fold = async (...reading) => {
		try {
			return await fold(...reading);
		} catch (error) {
			failure = {error};
			throw error;
		}
	};
	const whole = isTable ? foldInDialect(guarded, guarded, source.path) : guarded;
	const settings = {...source.settings, analysis: ANY_TABLE, where: undefined};
	const reply = await processSource({location, settings, chooseFold: async () => whole, take: () => []}, quietThread);
	if (reply.type === 'completed') return reply;
	const thrown = failure as {readonly error: unknown} | null;
	if (thrown !== null && (thrown.error instanceof FileFault || thrown.error instanceof StepError)) throw thrown.error;
	if (reply.type === 'aborted') throw new AbortedError();
	throw new FileFault(reply.error);
}

const CHUNK_BYTES = 256 * 1024;
/** So that the process hears that the file is given up. */
const CHUNKS_PER_TURN = 16;

/** Reads a text: each chunk is taken before the next one comes, in memory that is used again. */
export const foldChunks =
	(take: (bytes: Uint8Array, encoding: TextEncoding | undefined) => void | Promise<void>): Fold =>
	async (source, {encoding}) => {
		const chunk = new Uint8Array(CHUNK_BYTES);
		let count = 0;
		for (let length = await source.read(chunk); length > 0; length = await source.read(chunk)) {
			await take(chunk.subarray(0, length), encoding);
			if (++count % CHUNKS_PER_TURN === 0) await nextTurn();
		}
		return {rows: 0, rejectedRows: 0, rejects: [], dialect: noDialect, take: () => []};
	};

/** Nobody looks how a text is written. */
const noDialect = reportDialect(plainDialect, 'utf-8', null, false);

/** Finds the encoding that all bytes of a text together show: it is read to its end. @throws {FileFault} */
export async function findEncoding(source: ReadSource): Promise<TextEncoding> {
	const decoder = new TextDecoder('utf-8', {fatal: true});
	let known: TextEncoding | undefined;
	const decode = (bytes?: Uint8Array): void => {
		try {
			decoder.decode(bytes, {stream: bytes !== undefined});
		} catch {
			known = 'windows-1252';
		}
	};
	await readSource(
		source,
		foldChunks((bytes, encoding) => {
			known ??= encoding;
			// ASCII is most of it, and needs no decoding between two characters of a chunk.
			if (known === undefined) decode(bytes);
		}),
	);
	if (known === undefined) decode();
	return known ?? 'utf-8';
}

export const encodingOfAll = (bytes: Uint8Array, forced: TextEncoding | undefined): TextEncoding =>
	forced ?? (isUtf8(bytes) ? 'utf-8' : 'windows-1252');
