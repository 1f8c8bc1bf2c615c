// The fast path for small files: one that is plain, in UTF-8 and with the columns of an analysis, that one read gives as a whole and
// that is the same afterwards. Thousands of them are read without a promise or a table for each: the kernel appends the figures of each
// to its rows. Which file is read so is decided by checks; any other one is read in the general way, which also says what is wrong.
import {closeSync, constants, fstatSync, openSync, readSync, statSync} from 'node:fs';
import {layoutOf, linesAnalysisOf, readsAnyHeader} from '../../../analysis/registry.ts';
import {stateOfFigures} from '../../../analysis/state.ts';
import {findWideEncoding} from '../../../input/encoding.ts';
import {InputError} from '../../../input/input-error.ts';
import {isUsuallyWritten} from '../../../input/plain-table.ts';
import {hashText} from '../../../kernel/content-hash.ts';
import type {ContentHasher} from '../../../kernel/content-hasher.ts';
import type {Kernel, KernelRows} from '../../../kernel/kernel.ts';
import {isRejectsFile} from '../../../text/rejects-heading.ts';
import {encodeState} from '../../shared/consolidation.ts';
import {isNamedEncrypted} from '../../shared/encryption.ts';
import {ReadError} from '../../shared/errors.ts';
import {type FileState, identityOf, isSameState} from '../../shared/file-state.ts';
import {saysDelimiterAlone} from '../../shared/forced-dialect.ts';
import {isSameList} from '../../shared/is-same-list.ts';
import {encodeKeptFile} from '../../shared/kept-file.ts';
import type {FileKind, FileWithRow} from '../../shared/packed-outcomes.ts';
import type {MemberLocation, ReadSettings} from '../../shared/protocol.ts';
import {rejectReport} from '../../shared/reject-report.ts';
import {describeSystemError} from '../../shared/system-errors.ts';
import {packingOf} from '../../unpacking/packing.ts';
import {describeDialect} from '../read/describe-part.ts';
import {listRejects, mapRejects} from '../read/found-rejects.ts';
import type {Heading} from '../read/heading.ts';
import {KernelReading} from '../read/kernel-reading.ts';
import type {MatchedHeader} from '../read/match-header.ts';
import {hasherFor} from '../source/hash-source.ts';
import {type Compression, compressionOf} from '../source/member-data.ts';
import {readSmallMember} from '../source/small-member.ts';

/** A larger file takes longer than what is saved. */
const MAX_BYTES = 256 * 1024;

const MAX_SKIPPED = 63;

/** A path, or a member of an archive. */
type SmallLocation = string | Uint8Array | MemberLocation;

const isMember = (location: SmallLocation): location is MemberLocation =>
	typeof location === 'object' && 'kind' in location;

/** What several files came to for the same analyses. */
export interface AnalysisRows extends KernelRows {
	readonly analyses: readonly string[];
}

export class SmallFileReader {
	readonly #kernel: Kernel;
	/** Of the files whose rows the kernel has. */
	#analyses: readonly string[] = [];
	/** Taken from the kernel, but not from here yet. */
	#taken: AnalysisRows[] = [];
	/** How files are read now. */
	#settings: ReadSettings | null = null;
	#reading: KernelReading | null = null;
	/** After a file whose header cannot be used, this number of files is not tried. */
	#misses = 0;
	#toSkip = 0;
	/** What files that begin with this heading, and have neither rejects nor records that an analysis leaves out, have in common. */
	#heading: Heading | null = null;
	#kind: FileKind | null = null;

	constructor(kernel: Kernel) {
		this.#kernel = kernel;
	}

	/**
	Reads a file, and keeps its row with those in front of it.

	@returns `null` where it must be read in the general way; the rows must be taken before.
	*/
	read(location: SmallLocation, settings: ReadSettings): FileWithRow | null {
		if (linesAnalysisOf(settings.analysis) !== null || readsAnyHeader(settings.analysis)) return null;
		if (settings.dialectRules !== undefined) return null;
		if (settings.forced !== undefined && !saysDelimiterAlone(settings.forced)) return null;
		if (settings.encoding !== undefined && settings.encoding !== 'utf-8') return null;
		if (!isMember(location) && isNamedEncrypted(location)) return null;
		const state = this.#load(location);
		return state === null
			? null
			: this.#readLoaded(state, settings, isMember(location) ? compressionOf(location.place) : null);
	}

	/** What has been read since the last call, in order. */
	takeRows(): AnalysisRows[] {
		this.#takeFromKernel();
		const taken = this.#taken;
		this.#taken = [];
		return taken;
	}

	#takeFromKernel(): void {
		const analyses = this.#analyses;
		const rows = analyses.length === 0 ? null : this.#kernel.takeRows();
		if (rows !== null) this.#taken.push({...rows, analyses});
		this.#analyses = [];
	}

	/**
	Puts all bytes of a file into the kernel's input. It is closed before the kernel reads them, because its figures stay in the rows
	whatever happens afterwards.

	@returns In which state it was, before and afterwards; `null` for one that is not small or plain, has changed, or cannot be read.
	*/
	#load(location: SmallLocation): FileState | null {
		try {
			if (isMember(location)) return this.#loadMember(location);
			return this.#loadFile(typeof location === 'string' ? location : Buffer.from(location));
		} catch (error) {
			if (error instanceof ReadError || (error instanceof Error && describeSystemError(error) !== null)) return null;
			throw error;
		}
	}

	#loadMember(location: MemberLocation): FileState | null {
		const member = readSmallMember(location);
		if (member === null) return null;
		const {input} = this.#kernel;
		input.begin(0);
		input.space(MAX_BYTES).set(member.data);
		input.extend(member.data.length);
		return member.state;
	}

	#loadFile(path: string | Buffer): FileState | null {
		const {input} = this.#kernel;
		input.begin(0);
		const space = input.space(MAX_BYTES);
		// As in open-source.ts.
		const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
		try {
			const before = fstatSync(fd);
			if (!before.isFile() || before.size === 0 || before.size > MAX_BYTES) return null;
			const length = readSync(fd, space, 0, MAX_BYTES, 0);
			if (length !== before.size || packingOf(space, path) !== null || isRejectsFile(space)) return null;
			input.extend(length);
			// All of it has been read, so here it must be what it was; what becomes of it later does not matter.
			return isSameState(before, statSync(path)) ? before : null;
		} finally {
			closeSync(fd);
		}
	}

	#readLoaded(state: FileState, settings: ReadSettings, compression: Compression): FileWithRow | null {
		const reading = this.#readingFor(settings);
		const heading = reading.recallWhole() ?? this.#readHeading(reading);
		if (heading === null || heading.columns === null || !heading.columns.isUtf8) return null;
		const {bytes, start, end} = this.#kernel.input;
		if (!isUsuallyWritten(bytes.subarray(start, end), true, heading.dialect.delimiter)) return null;
		const {analyses} = heading.columns;
		const hasher = compression === null ? hasherFor(this.#kernel, settings) : null;
		const contentHash = hasher === null ? undefined : this.#hashInput(hasher);
		const spec = reading.specOfWhole(heading);
		if (spec === null) return null;
		if (!isSameList(this.#analyses, analyses) || !this.#kernel.fitsRows(spec)) {
			this.#takeFromKernel();
			this.#kernel.beginRows(spec);
			this.#analyses = analyses;
		}
		const rowBytes = reading.readWhole(heading, spec);
		if (rowBytes <= 0) return null;
		const {rejectedRows} = reading.counts;
		const usual = this.#kindOf(heading, heading.columns, compression);
		const areAlike = usual.combined?.every(({filteredRows}) => filteredRows === undefined) ?? true;
		const kind =
			rejectedRows === 0 && areAlike
				? usual
				: {
						...usual,
						...mapRejects(reading.takeRejects(), each => rejectReport(each, 'utf-8')),
						...reading.spool.takeAll(heading, 'utf-8'),
					};
		const file = {kind, ...reading.counts, rowBytes, state, ...(contentHash && {contentHash})};
		return settings.keepsFiles === true ? {...file, kept: this.#encodeFile(file)} : file;
	}

	/** To be kept: the kernel has the figures of the file that was read last, beside those of all files of the rows. */
	#encodeFile({kind, rows, rejectedRows, filteredRows, state, contentHash}: FileWithRow): Uint8Array {
		const all = this.#kernel.readFigures();
		const {analyses, ...told} = kind;
		const partials = analyses.map((analysis, place) => {
			const figures = all[place];
			if (figures === undefined) throw new Error('Expected figures of each analysis');
			return encodeState({analysis, state: stateOfFigures(layoutOf(analysis), figures, 'utf-8')});
		});
		const counts = {bytesRead: state.size, rows, rejectedRows, ...(filteredRows !== undefined && {filteredRows})};
		const file = {...counts, ...told, ...(contentHash && {contentHash}), identity: identityOf(state), folded: []};
		return encodeKeptFile(file, partials);
	}

	/** Of the whole file. */
	#hashInput(hasher: ContentHasher): string {
		hasher.begin();
		hasher.take(this.#kernel.input.whole, 0);
		return hashText(hasher.end());
	}

	/** A file whose header cannot be used costs a second read, so after a miss the next 1, 3, 7 … files skip the attempt. */
	#readHeading(reading: KernelReading): Heading | null {
		const {bytes, start, end} = this.#kernel.input;
		if (findWideEncoding(bytes.subarray(start, end)) !== null) return null;
		if (this.#toSkip > 0) {
			this.#toSkip--;
			return null;
		}
		this.#misses = Math.min(2 * this.#misses + 1, MAX_SKIPPED);
		this.#toSkip = this.#misses;
		const heading = readUsableHeading(reading);
		if (heading === null || heading.columns === null) return null;
		this.#misses = 0;
		this.#toSkip = 0;
		return heading;
	}

	#readingFor(settings: ReadSettings): KernelReading {
		if (this.#reading === null || this.#settings !== settings) {
			this.#reading = new KernelReading(this.#kernel, settings, noPulse);
			this.#settings = settings;
		}
		return this.#reading;
	}

	/** The same object for the same heading, because an object that stands twice in a message is sent once. */
	#kindOf(heading: Heading, {readings, analyses}: MatchedHeader, compression: Compression): FileKind {
		if (this.#kind?.dialect.compression !== compression || this.#heading !== heading) {
			const dialect = {...describeDialect(heading, 'utf-8'), compression};
			this.#kind = {dialect, analyses, ...listRejects(readings, analyses, () => [])};
			this.#heading = heading;
		}
		return this.#kind;
	}
}

function readUsableHeading(reading: KernelReading): Heading | null {
	try {
		return reading.readWholeHeading();
	} catch (error) {
		if (error instanceof InputError) return null;
		throw error;
	}
}

const noPulse = {report() {}, wait() {}};
