// Looks into one text: a file, unpacked where it is packed, or a file within an archive. Its beginning is read once, the rest once at most.
import {setImmediate as nextTurn} from 'node:timers/promises';
import type {ColumnMap, OwnAliases} from '../../../analysis/column-map.ts';
import type {AnalysisDeclaration} from '../../../analysis/declaration.ts';
import {detectedNames} from '../../../analysis/registry.ts';
import {type DialectRule, type ForcedDialect, forcedFor} from '../../../engine/shared/forced-dialect.ts';
import type {ReadLimits} from '../../../engine/shared/limits.ts';
import {monotonicMs} from '../../../engine/shared/monotonic.ts';
import type {ReadSettings, SourceLocation} from '../../../engine/shared/protocol.ts';
import {type DialectRequest, findDialect} from '../../../engine/worker/read/find-dialect.ts';
import {LOOK_BYTES} from '../../../engine/worker/read/kept-start.ts';
import {hasBinaryBytes, looksLikeTable, looksLikeText} from '../../../engine/worker/read/looks-like-text.ts';
import {candidatesOf, decodeNames, nameDecoderOf, rateNames} from '../../../engine/worker/read/match-header.ts';
import {closeAfterFault, type OpenSource, openSource} from '../../../engine/worker/source/open-source.ts';
import {settingsOfSource, TextSource} from '../../../engine/worker/source/text-source.ts';
import {type ByteSource, emptySource, readStart, withStart} from '../../../input/byte-source.ts';
import type {Dialect} from '../../../input/dialect.ts';
import {DialectFinder} from '../../../input/dialect-finder.ts';
import type {EncodingLabel} from '../../../input/encodings/encoding-labels.ts';
import {showInvalid} from '../../../input/encodings/invalid-bytes.ts';
import {readHeader} from '../../../input/header.ts';
import {InputError, type InputErrorCode} from '../../../input/input-error.ts';
import {KnownDialect} from '../../../input/known-dialect.ts';
import {isDirect, rewrittenDialect} from '../../../input/rewriting.ts';
import {TextPieces} from './text-pieces.ts';
import type {TextSearch} from './text-search.ts';

/** What is said of how files are read. */
export interface LookSettings {
	readonly encoding?: EncodingLabel | undefined;
	readonly forced?: ForcedDialect | undefined;
	readonly dialectRules?: readonly DialectRule[] | undefined;
	readonly map?: ColumnMap | undefined;
	readonly aliases?: OwnAliases | undefined;
	readonly limits: ReadLimits;
}

/** How a text begins. */
export interface Head {
	/** What it is packed with; `null` where it is not. */
	readonly compression: string | null;
	/** As its first bytes or the user say; `null` where all of its bytes together do. */
	readonly encoding: EncodingLabel | null;
	/** `null` where it is none; then `fault` says why, where that is known. */
	readonly table: {readonly dialect: Dialect; readonly names: readonly string[]} | null;
	readonly fault: string | null;
	/** Whether it is most likely no table but lines of text, whatever the first line has in it. */
	readonly isText: boolean;
}

/** Of these, nothing can be said of the file. Others say that it is no table. */
const UNREADABLE: readonly InputErrorCode[] = [
	'CHANGED_WHILE_READING',
	'NOT_A_REGULAR_FILE',
	'CORRUPT_GZIP',
	'CORRUPT_ZSTD',
	'CORRUPT_BROTLI',
	'CORRUPT_ZIP',
	'CORRUPT_TAR',
	'CORRUPT_PARQUET',
	'SUSPECTED_BOMB',
];

const CHUNK_BYTES = 256 * 1024;
/** A step of a search may take a microsecond for each character. */
const PIECE_CHARACTERS = 4 * 1024;
const TURN_MS = 10;

const LF = 0x0a;
const CR = 0x0d;

/** The first bytes of a text. */
interface Start {
	readonly bytes: Uint8Array;
	/** Whether there are no more. */
	readonly isAll: boolean;
}

interface Opened {
	readonly source: OpenSource;
	readonly text: TextSource;
	readonly settings: ReadSettings;
}

export class ContentLook {
	readonly #location: SourceLocation;
	readonly #fileName: string;
	readonly #settings: LookSettings;
	readonly #wanted: readonly AnalysisDeclaration[];
	#opened: Opened | null = null;
	#start: Start | null = null;
	#head: Head | null = null;

	/**
	@param fileName - As the file is called, which says what it may be.
	@param wanted - What headers are compared with, for finding the delimiter.
	*/
	constructor(
		location: SourceLocation,
		fileName: string,
		settings: LookSettings,
		wanted: readonly AnalysisDeclaration[],
	) {
		this.#location = location;
		this.#fileName = fileName;
		this.#settings = settings;
		this.#wanted = wanted;
	}

	/** Opens it, if it is not open. @returns See `identityOf`. */
	open(): string | null {
		return this.#open().source.identity;
	}

	/** @throws {InputError} When the text cannot be read. */
	async head(): Promise<Head> {
		this.#head ??= await this.#readHead();
		return this.#head;
	}

	async #readHead(): Promise<Head> {
		const {source, text} = this.#open();
		let found: Pick<Head, 'table' | 'isText'> = {table: null, isText: false};
		let fault: string | null = null;
		try {
			found = await this.#findTable();
		} catch (error) {
			if (!(error instanceof InputError) || UNREADABLE.includes(error.code)) throw error;
			fault = error.message;
		}
		return {compression: source.compression, encoding: text.encoding, fault, ...found};
	}

	/**
	Reads the text until there is nothing more to be known, once.

	@param searches - Each is given all of it.
	@param isEnough - Asked after each piece.
	@returns Whether all that was read is UTF-8.
	*/
	async read(searches: readonly TextSearch[], isEnough: (isUtf8: boolean) => boolean): Promise<boolean> {
		const {source, text} = this.#open();
		const {bytes: start, isAll} = await this.#readStart();
		const whole = withStart(start, text);
		const pieces = new TextPieces();
		const target = new Uint8Array(isAll ? start.length + 1 : CHUNK_BYTES);
		let turnEndsAtMs = monotonicMs() + TURN_MS;
		for (let isOver = false; !isOver; ) {
			const length = await whole.read(target);
			isOver = length === 0;
			const piece = isOver ? pieces.end() : pieces.take(target.subarray(0, length));
			for (let at = 0; at < piece.length; at += PIECE_CHARACTERS) {
				const part = piece.slice(at, at + PIECE_CHARACTERS);
				for (const search of searches) search.take(part);
				if (isEnough(!pieces.hasOther)) return !pieces.hasOther;
				if (monotonicMs() > turnEndsAtMs) {
					await nextTurn();
					turnEndsAtMs = monotonicMs() + TURN_MS;
				}
			}
		}
		if (text.failure !== null) throw text.failure;
		for (const search of searches) search.end();
		await source.verify(true);
		return !pieces.hasOther;
	}

	/** What is asked for later opens it again. */
	close(): void {
		closeAfterFault(this.#opened?.source ?? null);
		this.#opened = null;
		this.#start = null;
	}

	#open(): Opened {
		this.#opened ??= this.#openAnew();
		return this.#opened;
	}

	#openAnew(): Opened {
		const source = openSource(this.#location, this.#settings.limits);
		const asked: ReadSettings = {
			...this.#settings,
			// Of this one, all texts are given out in UTF-8.
			analysis: 'profile',
			...{maxErrors: null, maxErrorsPerMillion: null, simulateIoMs: 0, chunkBytes: CHUNK_BYTES, reader: 'kernel'},
		};
		const settings = settingsOfSource(asked, source, this.#location);
		return {source, text: new TextSource(source, settings, {tellsPlaces: false}), settings};
	}

	async #readStart(): Promise<Start> {
		if (this.#start === null) {
			const bytes = await readStart(this.#open().text, LOOK_BYTES);
			this.#start = {bytes, isAll: bytes.length < LOOK_BYTES};
		}
		return this.#start;
	}

	async #findTable(): Promise<Pick<Head, 'table' | 'isText'>> {
		const {settings} = this.#open();
		const start = {...(await this.#readStart()), fileName: this.#fileName};
		if (start.bytes.length === 0) return {table: null, isText: false};
		const forced = forcedFor(settings, this.#fileName);
		const request = this.#requestOf(settings, forced);
		const isSaid = forced !== null || settings.dialect !== undefined;
		const isText =
			!isSaid && looksLikeText(start) && !looksLikeTable(start) && (await findDialect(start, request)) === null;
		const dialect =
			settings.dialect ??
			(await findDialect(start, {...request, isNeeded: true})) ??
			(await this.#findLongHeader(start, request));
		const names = dialect === null ? null : await this.#readNames(dialect, start);
		return {
			table: dialect === null || names === null ? null : {dialect, names: decodeNames(names.map(showInvalid)).names},
			isText,
		};
	}

	/** A header that goes on behind the beginning says how it is written once all of it is there. */
	async #findLongHeader({bytes, isAll}: Start, {rateNames: rate, decodeName}: DialectRequest): Promise<Dialect | null> {
		if (isAll || bytes.includes(LF) || bytes.includes(CR) || hasBinaryBytes({bytes})) return null;
		const {source, text} = this.#openAnew();
		try {
			const {limits} = this.#settings;
			const maxBytes = limits.maxRecordBytes + LOOK_BYTES;
			const all = await readStart(text, maxBytes);
			const finder = new DialectFinder(rate, limits, decodeName);
			finder.scan(all, all.length < maxBytes);
			return finder.dialect;
		} finally {
			closeAfterFault(source);
		}
	}

	#requestOf(settings: ReadSettings, forced: ForcedDialect | null): DialectRequest {
		const {map, aliases} = this.#settings;
		const usual = candidatesOf({...settings, analysis: detectedNames});
		const declarations = [...this.#wanted, ...usual.declarations];
		return {
			forced: forced?.dialect,
			rateNames: rateNames({declarations, areCombined: false, map, aliases}),
			decodeName: nameDecoderOf(usual),
		};
	}

	/** One character per byte; `null` where there are none. */
	async #readNames(dialect: Dialect, {bytes, isAll}: Start): Promise<readonly string[] | null> {
		const {limits} = this.#settings;
		// What is rewritten may have become longer.
		const found = await readNamesOf(withStart(bytes, emptySource), dialect, 2 * LOOK_BYTES, isAll, limits);
		if (found !== undefined) return found;
		// A header of so many bytes is rare, and this one is read anew, so that the rest of the text is still to come.
		const {source, text} = this.#openAnew();
		try {
			return (await readNamesOf(text, dialect, limits.maxRecordBytes + 2 * LOOK_BYTES, true, limits)) ?? null;
		} finally {
			closeAfterFault(source);
		}
	}
}

/**
@param isAll - Whether the source has no more than it gives.
@returns `undefined` where more bytes are needed.
*/
async function readNamesOf(
	source: ByteSource,
	dialect: Dialect,
	maxBytes: number,
	isAll: boolean,
	limits: ReadLimits,
): Promise<readonly string[] | null | undefined> {
	let [direct, whole] = [dialect, source];
	if (!isDirect(dialect)) {
		const {RewrittenSource} = await import('../../../input/rewritten-source.ts');
		whole = new RewrittenSource(source, {dialect, nullText: null});
		direct = rewrittenDialect(dialect);
	}
	const bytes = await readStart(whole, maxBytes);
	const hasEnded = isAll && bytes.length < maxBytes;
	const search = new KnownDialect(direct);
	const passed = search.scan(bytes, hasEnded);
	if (search.dialect === null) return undefined;
	const header = readHeader(bytes.subarray(passed), direct, hasEnded, search.blank, limits);
	return header === null ? undefined : header.names;
}
