// What readers read of a file: its bytes as they are, where it is in UTF-8 or in an encoding that has ASCII in it, and else its text in UTF-8.
import {type ByteSource, type SeekableSource, withStart} from '../../../input/byte-source.ts';
import {findMark, findWideEncoding, WIDE_HEAD_BYTES} from '../../../input/encoding.ts';
import type {EncodingLabel} from '../../../input/encodings/encoding-labels.ts';
import {InputError} from '../../../input/input-error.ts';
import type {SourcePlaces} from '../../../input/source-places.ts';
import {isRejectsFile} from '../../../text/rejects-heading.ts';
import {withFormsFor} from '../../shared/forced-dialect.ts';
import type {ReadSettings, SourceLocation} from '../../shared/protocol.ts';
import {readsAsIs} from '../../shared/reads-as-is.ts';
import {fileNameOf} from '../../shared/source-location.ts';
import type {OpenSource} from './open-source.ts';

/** A text that is made of what stands in the file. */
interface MadeText extends ByteSource {
	/** `null` where nobody asks. */
	readonly places: SourcePlaces | null;
	/** See `TextSource.failure`. */
	readonly failure: unknown;
}

export interface TextOptions {
	/** Whether somebody asks for places, and settles them. */
	readonly tellsPlaces?: boolean;
	/** Whether a walk or a pattern has found it: a file of --rejects is data only where somebody names it. */
	readonly isFound?: boolean;
	/** Called before more is waited for of a source that comes as it is written, until its encoding is known. */
	readonly onWait?: () => void;
}

/** How a source is read: what is said of files as they stand is not said of a text that is made of one. Its numbers have points. */
export const settingsOfSource = (
	settings: ReadSettings,
	{dialect}: OpenSource,
	location: SourceLocation,
): ReadSettings =>
	dialect === null
		? withFormsFor(settings, fileNameOf(location))
		: {
				...settings,
				...{dialect, encoding: undefined, forced: undefined, dialectRules: undefined},
				forms: {...settings.forms, forced: {decimal: '.'}},
			};

export class TextSource implements SeekableSource {
	readonly #source: OpenSource;
	readonly #forced: EncodingLabel | null;
	readonly #isAsIs: boolean;
	readonly #tellsPlaces: boolean;
	readonly #isFound: boolean;
	readonly #onWait: TextOptions['onWait'];
	/** What is read after the first look; `null` before. */
	#text: ByteSource | null = null;
	#recoded: MadeText | null = null;
	#encoding: EncodingLabel | null = null;

	/** @param settings - Whose encoding is that of the text, whatever its bytes look like. */
	constructor(
		source: OpenSource,
		settings: ReadSettings,
		{tellsPlaces = true, isFound = false, onWait}: TextOptions = {},
	) {
		this.#isFound = isFound;
		this.#source = source;
		this.#forced = settings.encoding ?? null;
		this.#isAsIs = readsAsIs(settings);
		this.#tellsPlaces = tellsPlaces;
		this.#onWait = onWait;
		if (source.dialect !== null) this.#text = source;
	}

	/** The encoding of the file; `null` where all of its bytes together say what they are. */
	get encoding(): EncodingLabel | null {
		return this.#encoding;
	}

	/** Where what is given out stands in the file; `null` where that is the same place. */
	get places(): SourcePlaces | null {
		return this.#recoded?.places ?? null;
	}

	/** What reading has failed with that is not for the reader to know; `null` where it has not. */
	get failure(): unknown {
		return this.#recoded?.failure ?? null;
	}

	/** Whether what is given out is not what stands in the file. */
	get isRecoded(): boolean {
		return this.#recoded !== null;
	}

	get isSeekable(): boolean {
		return this.#recoded === null && this.#source.isSeekable;
	}

	seek(byteOffset: number): void {
		if (this.#recoded !== null) throw new Error('A text in another encoding cannot be read from any place');
		this.#source.seek(byteOffset);
		// The bytes that were kept of its beginning must not come again.
		this.#text = this.#source;
	}

	expect(end: number): void {
		this.#source.expect?.(end);
	}

	read(target: Uint8Array): number | Promise<number> {
		if (this.#text !== null) return this.#text.read(target);
		const length = this.#source.read(target);
		if (typeof length !== 'number') return this.#look(target, length);
		// A usual file is known at once.
		const isUsual = length >= WIDE_HEAD_BYTES && !mayBeWide(target) && !isRejectsFile(target);
		if (this.#forced !== null || !isUsual) return this.#look(target, length);
		this.#text = this.#source;
		return length;
	}

	/** Reads as much as shows the encoding, and then what was asked for. */
	async #look(target: Uint8Array, firstBytes: number | Promise<number>): Promise<number> {
		const head = Buffer.alloc(Math.max(target.length, WIDE_HEAD_BYTES));
		let filled = await firstBytes;
		head.set(target.subarray(0, filled));
		let hasEnded = filled === 0;
		const isStream = this.#source.size === null;
		const enough = (): number => {
			if (this.#forced !== null) return MARK_BYTES;
			return isStream ? streamHeadBytes(head.subarray(0, filled)) : WIDE_HEAD_BYTES;
		};
		while (!hasEnded && filled < enough()) {
			if (isStream) this.#onWait?.();
			const length = await this.#source.read(head.subarray(filled, WIDE_HEAD_BYTES));
			hasEnded = length === 0;
			filled += length;
		}
		const start = head.subarray(0, filled);
		this.#text = withStart(start, this.#source);
		await this.#recode(start.subarray(0, enough()), this.#text);
		return this.#text.read(target);
	}

	/** See `FoldPulse.inUtf8`. */
	async inUtf8(start: Uint8Array): Promise<ByteSource | undefined> {
		if (!this.#isAsIs || this.#recoded !== null || this.#text === null || this.#encoding === null) return undefined;
		const {recode} = await import('./recode.ts');
		const whole = withStart(start, this.#text);
		this.#recoded = recode(whole, {encoding: this.#encoding, isForced: true, tellsPlaces: this.#tellsPlaces});
		return this.#recoded;
	}

	async #recode(head: Uint8Array, source: ByteSource): Promise<void> {
		const encoding = this.#forced ?? findWideEncoding(head);
		if (encoding === null) return this.#readRejects(head, source);
		// Loaded for those that need it.
		const {recode, otherMark} = await import('./recode.ts');
		const mark = findMark(head);
		if (mark !== null && mark.label !== encoding) throw otherMark(encoding, mark.label);
		this.#encoding = encoding;
		if (this.#isAsIs) return;
		this.#recoded = recode(source, {encoding, isForced: this.#forced !== null, tellsPlaces: this.#tellsPlaces});
		this.#text = this.#recoded;
	}

	/** Where it is a file of --rejects, gives the table that its records came from. */
	async #readRejects(head: Uint8Array, source: ByteSource): Promise<void> {
		if (!isRejectsFile(head)) return;
		if (this.#isFound) throw foundRejects();
		const {RejectsText} = await import('./rejects-text.ts');
		this.#recoded = new RejectsText(head, source, this.#tellsPlaces);
		this.#text = this.#recoded;
	}
}

const foundRejects = (): InputError =>
	new InputError(
		'OWN_OUTPUT',
		'Expected data, but this is a file of rejected records that fileproc-tui has written. Name it, and its records are read',
	);

const mayBeWide = (bytes: Uint8Array): boolean =>
	(bytes[0] ?? 0) >= 0xfe || bytes.subarray(0, WIDE_HEAD_BYTES).includes(0);

const MARK_BYTES = 4;
const LF = 0x0a;
const LEAST_STREAM_BYTES = 8;

/** Of a stream, no more is waited for than its first line: what follows may come much later. The answer is the same for any pieces. */
function streamHeadBytes(start: Uint8Array): number {
	const lineEnd = start.subarray(0, WIDE_HEAD_BYTES).indexOf(LF);
	return lineEnd === -1 ? WIDE_HEAD_BYTES : Math.max(LEAST_STREAM_BYTES, lineEnd + 1);
}
