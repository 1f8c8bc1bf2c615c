// The usual small file: plain, in UTF-8, with the columns of an analysis, is had by one read and is still the same afterwards. Thousands of
// them are read without a promise or a table for each: its figures go from the kernel's tables to the text of its report within
// the kernel. Where its figures are unusual, they are taken from the tables; and any other file is nothing here, and is read by
// itself, which says what is wrong, too.
import {closeSync, constants, fstatSync, openSync, readSync, statSync} from 'node:fs';
import type {AnalysisName} from '../../../analysis/results.ts';
import {isKernelTrap, type Kernel} from '../../../kernel/kernel.ts';
import {layOutResult} from '../../../text/json-layout.ts';
import {Consolidation, finishPartial} from '../../shared/consolidation.ts';
import {type FileState, identityOf, isSameState} from '../../shared/file-state.ts';
import type {KindOfFile, UsualFile} from '../../shared/packed-outcomes.ts';
import type {FoldedFile, FoldedPartial, ReadSettings} from '../../shared/protocol.ts';
import {rejectReport} from '../../shared/reject-report.ts';
import {describeDialect} from '../read/fold-with-kernel.ts';
import {type Heading, KernelReading} from '../read/kernel-reading.ts';
import {isGzip} from '../source/gzip-source.ts';

/** A file of more bytes takes longer than what is saved. */
const MOST_BYTES = 256 * 1024;

const MOST_PASSED_OVER = 63;

/** What several files came to, of which each is told by itself. */
export interface Series {
	/** The figures of each, in order, as JSON in UTF-8. */
	readonly texts: Uint8Array;
	readonly folded: FoldedPartial;
}

export type SmallFile =
	/** It is in the series. */
	| ({readonly type: 'usual'} & UsualFile)
	/** Its figures are unusual, and told by themselves; and those of the files in front of it, which had to be taken. */
	| {readonly type: 'folded'; readonly file: FoldedFile; readonly seriesBefore: Series | null};

export class SmallFiles {
	readonly #kernel: Kernel;
	/** Of the files that have been read since the last time. */
	#texts: Uint8Array[] = [];
	#folded = new Consolidation();
	/** How files are read now. */
	#settings: ReadSettings | null = null;
	#reading: KernelReading | null = null;
	/** Files without a heading that can be used are followed by so many that are not tried. */
	#misses = 0;
	#toPassOver = 0;
	/** What files that begin with this heading, and have no rejects, have in common. */
	#heading: Heading | null = null;
	#kind: KindOfFile | null = null;

	constructor(kernel: Kernel) {
		this.#kernel = kernel;
	}

	/** Reads a file. `null` where it is none of the usual ones: then the series must be taken before it is read. */
	read(location: string | Uint8Array, settings: ReadSettings): SmallFile | null {
		const path = typeof location === 'string' ? location : Buffer.from(location);
		try {
			const state = this.#load(path);
			return state === null ? null : this.#readLoaded(state, settings);
		} catch (error) {
			if (isKernelTrap(error)) throw error;
			return null;
		}
	}

	/** What has been read since the last time; `null` for nothing. */
	take(): Series | null {
		const [folded] = this.#folded.takePartials();
		if (folded === undefined) return null;
		const texts = Buffer.concat(this.#texts);
		this.#texts = [];
		this.#folded = new Consolidation();
		// Memory of its own, for it is handed over.
		return {texts: new Uint8Array(texts), folded};
	}

	/**
	Puts all bytes of a file into the kernel's input. It is closed before the kernel takes them: what has failed must not be in
	the series.

	@returns In which state it was, before and afterwards; `null` for one that is not small or plain, or has changed.
	*/
	#load(path: string | Buffer): FileState | null {
		const {input} = this.#kernel;
		input.begin(0);
		const space = input.space(MOST_BYTES);
		// As in open-source.ts.
		const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
		try {
			const before = fstatSync(fd);
			if (!before.isFile() || before.size === 0 || before.size > MOST_BYTES) return null;
			const length = readSync(fd, space, 0, MOST_BYTES, 0);
			if (length !== before.size || isGzip(space)) return null;
			input.extend(length);
			// All of it has been read, so here it must be what it was; what becomes of it later does not matter.
			return isSameState(before, statSync(path)) ? before : null;
		} finally {
			closeSync(fd);
		}
	}

	#readLoaded(state: FileState, settings: ReadSettings): SmallFile | null {
		const reading = this.#readingFor(settings);
		const heading = reading.recallWhole() ?? this.#readHeading(reading);
		const analysis = heading?.columns?.match.analysis;
		if (heading === null || analysis === undefined || heading.columns?.isUtf8 !== true) return null;
		const spec = reading.specOfWhole(heading);
		if (spec === null) return null;
		if (!this.#kernel.fitsRows(spec)) this.#kernel.beginRows(spec);
		const rowBytes = reading.readWhole(heading, spec);
		if (rowBytes < 0) return null;
		const {rows, rejectedRows} = this.#kernel;
		const kind = this.#kindOf(heading, analysis);
		const {dialect} = kind;
		const ownKind =
			rejectedRows === 0
				? kind
				: {dialect, analysis, rejects: reading.takeRejects().map(reject => rejectReport(reject, 'utf-8'))};
		const folded = reading.takeFolded();
		if (rowBytes > 0 && folded !== null && rows > rejectedRows) {
			const text = encoder.encode(layOutResult(finishPartial(folded)));
			this.#texts.push(text);
			this.#folded.absorb(folded);
			return {type: 'usual', kind: ownKind, rows, rejectedRows, textBytes: text.length, state};
		}
		const seriesBefore = this.take();
		const {rejects} = ownKind;
		return {
			type: 'folded',
			seriesBefore,
			file: {bytesRead: state.size, rows, rejectedRows, rejects, dialect, identity: identityOf(state), folded},
		};
	}

	/** What is no table is read twice for having been tried here: where many are none, few are tried. */
	#readHeading(reading: KernelReading): Heading | null {
		if (this.#toPassOver > 0) {
			this.#toPassOver--;
			return null;
		}
		this.#misses = Math.min(2 * this.#misses + 1, MOST_PASSED_OVER);
		this.#toPassOver = this.#misses;
		const heading = reading.readWholeHeading();
		if (heading === null || heading.columns === null) return null;
		this.#misses = 0;
		this.#toPassOver = 0;
		return heading;
	}

	#readingFor(settings: ReadSettings): KernelReading {
		if (this.#reading === null || this.#settings !== settings) {
			this.#reading = new KernelReading(this.#kernel, settings, noPulse);
			this.#settings = settings;
		}
		return this.#reading;
	}

	/** The same object for the same heading: what stands twice in a message travels once. */
	#kindOf(heading: Heading, analysis: AnalysisName): KindOfFile {
		if (this.#kind === null || this.#heading !== heading) {
			this.#kind = {dialect: describeDialect(heading, 'utf-8'), analysis, rejects: []};
			this.#heading = heading;
		}
		return this.#kind;
	}
}

const encoder = new TextEncoder();
const noPulse = {report() {}, wait() {}};
