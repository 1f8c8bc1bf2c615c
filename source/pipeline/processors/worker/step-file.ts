// The file of a step, as a processor sees it.
import {open} from 'node:fs/promises';
import {basename} from 'node:path';
import type {TextEncoding} from '../../../analysis/text-encoding.ts';
import {completedReport} from '../../../engine/jobs/reports.ts';
import type {ProcessedRecord, ProcessorFile} from '../../../engine/shared/define-processor.ts';
import {monotonicMs} from '../../../engine/shared/monotonic.ts';
import type {FoldedFile} from '../../../engine/shared/protocol.ts';
import type {FileReport} from '../../../model/report.ts';
import {formatByteSize} from '../../../text/byte-size.ts';
import {displayPath, systemPath} from '../../../text/path-text.ts';
import {readSettingsFor} from '../../read-settings.ts';
import type {RunRequest} from '../protocol.ts';
import {eachOf, piecesOf} from './pieces.ts';
import {encodingOfAll, FileFault, findEncoding, foldChunks, type ReadSource, readSource} from './read-source.ts';

const READ_BYTES = 64 * 1024;

type Request = Pick<RunRequest, 'file' | 'readSettings' | 'maxTextBytes'>;

export class StepFile implements ProcessorFile {
	readonly name: string;
	readonly size: number;
	readonly source: ReadSource;
	readonly #maxTextBytes: number;
	#encoding: Promise<TextEncoding> | null = null;
	/** Of the last time that all of its records were read. */
	report: FileReport | null = null;

	constructor({file, readSettings, maxTextBytes}: Request) {
		this.name = displayPath(basename(file.name));
		this.size = file.bytes;
		this.source = {path: file.path, settings: readSettingsFor(file, readSettings)};
		this.#maxTextBytes = maxTextBytes;
	}

	readonly text = async (): Promise<string> => {
		const pieces: Uint8Array[] = [];
		let length = 0;
		let forced: TextEncoding | undefined;
		await readSource(
			this.source,
			foldChunks((bytes, encoding) => {
				forced = encoding;
				length += bytes.length;
				if (length > this.#maxTextBytes) throw this.#tooLong();
				pieces.push(bytes.slice());
			}),
		);
		const bytes = Buffer.concat(pieces);
		return new TextDecoder(encodingOfAll(bytes, forced)).decode(bytes);
	};

	#tooLong(): FileFault {
		const most = formatByteSize(this.#maxTextBytes);
		const message = `Expected a text of at most ${most}, as file.text() gives it all at once; found a longer one. file.lines() reads it piece by piece, --max-text allows more`;
		return new FileFault({code: 'TEXT_TOO_LONG', message, line: null, byte_offset: null});
	}

	/** The one that all of its bytes together show; they are read for it once. */
	encoding(): Promise<TextEncoding> {
		this.#encoding ??= findEncoding(this.source);
		return this.#encoding;
	}

	readonly lines = (): AsyncIterable<string> => eachOf(this.#lines());

	async *#lines(): AsyncGenerator<readonly string[], void> {
		const {linesOf} = await import('./lines.ts');
		const decoder = new TextDecoder(await this.encoding());
		const chunks = piecesOf<string>(give =>
			readSource(
				this.source,
				foldChunks(bytes => give(decoder.decode(bytes, {stream: true}))),
			).then(() => give(decoder.decode())),
		);
		yield* linesOf(chunks, this.source.settings.limits.maxRecordBytes);
	}

	readonly records = (): AsyncIterable<ProcessedRecord> => eachOf(this.#records());

	async *#records(): AsyncGenerator<readonly ProcessedRecord[], void> {
		const startedAtMs = monotonicMs();
		const {readNamedRecords} = await import('./read-records.ts');
		const known = await this.encoding();
		let folded: FoldedFile | null = null;
		yield* piecesOf<readonly ProcessedRecord[]>(async give => {
			folded = await readNamedRecords(this.source, known, give);
		});
		if (folded !== null) this.keepReport(folded, startedAtMs);
	}

	keepReport(folded: FoldedFile, startedAtMs: number): void {
		const elapsedMs = monotonicMs() - startedAtMs;
		this.report = completedReport({file: this.name, attempts: 1, elapsedMs}, folded, []);
	}

	readonly bytes = async function* (this: StepFile): AsyncGenerator<Uint8Array, void> {
		const file = await open(systemPath(this.source.path), 'r');
		try {
			const buffer = new Uint8Array(READ_BYTES);
			for (;;) {
				const {bytesRead} = await file.read(buffer, 0, buffer.length, null);
				if (bytesRead === 0) return;
				yield buffer.subarray(0, bytesRead);
			}
		} finally {
			await file.close();
		}
	}.bind(this);
}
