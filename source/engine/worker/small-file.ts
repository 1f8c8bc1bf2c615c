// The usual small file: plain, begins as the one before, is had by one read and is still the same afterwards. Thousands of them
// are read without a promise, an object or a table for each: its figures go from the kernel's tables to the text of its report
// within the kernel. Where its figures are unusual, they are taken from the tables; and any other file is nothing here, and is read
// by itself, which says what is wrong, too.
import {closeSync, constants, fstatSync, openSync, readSync, statSync} from 'node:fs';
import {analyses} from '../../analysis/registry.ts';
import type {AnalysisName} from '../../analysis/results.ts';
import {isKernelTrap, type Kernel} from '../../kernel/kernel.ts';
import {figuresLayoutOf} from './figures-layout.ts';
import {identityOf, isSameState} from './file-state.ts';
import {describeDialect} from './fold-with-kernel.ts';
import {type Heading, KernelReading} from './kernel-reading.ts';
import type {FoldedFile, FoldedPartial, ReadSettings, SummedFile} from './protocol.ts';

/** A file of more bytes takes longer than what is saved. */
const MOST_BYTES = 256 * 1024;

/** What several files came to, of which each is told by itself. */
export interface Series {
	/** The figures of each, in order, as JSON in UTF-8. */
	readonly texts: Uint8Array;
	readonly folded: FoldedPartial;
}

export type SmallFile =
	/** It is in the series. */
	| {readonly type: 'summed'; readonly file: SummedFile}
	/** Its figures are unusual, and told by themselves; and those of the files in front of it, which had to be taken. */
	| {readonly type: 'folded'; readonly file: FoldedFile; readonly seriesBefore: Series | null};

export class SmallFiles {
	readonly #kernel: Kernel;
	/** Of the series that was begun last. */
	#analysis: AnalysisName | null = null;
	#isEmpty = true;

	constructor(kernel: Kernel) {
		this.#kernel = kernel;
	}

	/** Reads a file. `null` where it is none of the usual ones: then the series must be taken before it is read. */
	read(location: string | Uint8Array, settings: ReadSettings): SmallFile | null {
		const path = typeof location === 'string' ? location : Buffer.from(location);
		try {
			// As in open-source.ts.
			const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
			try {
				return this.#readOpen(fd, path, settings);
			} finally {
				closeSync(fd);
			}
		} catch (error) {
			if (isKernelTrap(error)) throw error;
			return null;
		}
	}

	/** What has been read since the last time; `null` for nothing. */
	take(): Series | null {
		const analysis = this.#analysis;
		if (analysis === null || !this.#kernel.isInSeries) return null;
		this.#isEmpty = true;
		const series = this.#kernel.takeSeries();
		if (series === null) return null;
		return {texts: series.texts, folded: {analysis, partial: analyses[analysis].fromColumns(series.figures)}};
	}

	#readOpen(fd: number, path: string | Buffer, settings: ReadSettings): SmallFile | null {
		const before = fstatSync(fd);
		if (!before.isFile() || before.size === 0 || before.size > MOST_BYTES) return null;
		const {input} = this.#kernel;
		input.begin(0);
		const length = readSync(fd, input.space(MOST_BYTES), 0, MOST_BYTES, 0);
		if (length !== before.size) return null;
		input.extend(length);
		const reading = new KernelReading(this.#kernel, settings, noPulse);
		const heading = reading.recallWhole();
		const analysis = heading?.columns?.match.analysis;
		if (heading === null || analysis === undefined || !this.#begin(analysis)) return null;
		if (!reading.readWhole(heading) || !isSameState(before, statSync(path))) return null;
		const {rows, rejectedRows} = this.#kernel;
		const rejects = rejectedRows === 0 ? noRejects : reading.takeRejects();
		const file = {bytesRead: length, rows, rejectedRows, rejects, dialect: dialectOf(heading)};
		const textBytes = this.#kernel.closeFile();
		if (textBytes === 0) {
			// What is new among its ids must not be mixed with what was in those in front of it.
			const seriesBefore = this.take();
			return {
				type: 'folded',
				seriesBefore,
				file: {...file, identity: identityOf(before), folded: reading.takeFolded(true)},
			};
		}
		this.#isEmpty = false;
		const {dev, ino, size, mtimeMs} = before;
		return {
			type: 'summed',
			file: {...file, state: {dev, ino, size, mtimeMs}, analysis, resultText: null, textBytes},
		};
	}

	/** Returns whether files of the analysis can be read into the series. */
	#begin(analysis: AnalysisName): boolean {
		if (this.#analysis === analysis && this.#kernel.isInSeries) return true;
		if (!this.#isEmpty) return false;
		this.#kernel.beginSeries(figuresLayoutOf(analysis));
		this.#analysis = analysis;
		return true;
	}
}

const noPulse = {report() {}, wait() {}};
const noRejects: SummedFile['rejects'] = [];

/** The same object for the same heading: what stands twice in a message travels once. */
const dialects = new WeakMap<Heading, SummedFile['dialect']>();

function dialectOf(heading: Heading): SummedFile['dialect'] {
	const known = dialects.get(heading) ?? describeDialect(heading);
	dialects.set(heading, known);
	return known;
}
