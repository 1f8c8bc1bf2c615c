// Reads a source with the SIMD kernel: the header here, byte by byte, the records there. What it comes to is what the
// reference reader gives for the same bytes, in every figure, every reject and every error.
//
//   source ──chunk──> kernel.input ──> consume ──> …  until the source ends, a bound is broken, or a place is reached

import {tellUndecided} from '../../../analysis/columns/undecided-column.ts';
import {type AnalysisFigures, addLines} from '../../../analysis/figures.ts';
import type {Undecided} from '../../../analysis/forms/decide.ts';
import {plainForms} from '../../../analysis/forms/forms.ts';
import type {FormsRead} from '../../../analysis/forms/with-forms.ts';
import {listFigures} from '../../../analysis/list-figures.ts';
import type {SampleSeed} from '../../../analysis/position-sample.ts';
import type {Program} from '../../../analysis/program.ts';
import {layoutOf, readsAnyHeader} from '../../../analysis/registry.ts';
import {stateOfFigures} from '../../../analysis/state.ts';
import type {TextEncoding} from '../../../analysis/text-encoding.ts';
import type {ByteSource, SeekableSource} from '../../../input/byte-source.ts';
import {plainDialect} from '../../../input/dialect.ts';
import type {RecordPosition} from '../../../input/record-reader.ts';
import {noEvidence, type TextEvidence} from '../../../input/text-evidence.ts';
import type {Kernel} from '../../../kernel/kernel.ts';
import type {KernelOutcome} from '../../../kernel/outcomes.ts';
import type {KeptReject} from '../../../kernel/rejects.ts';
import type {KernelSpec} from '../../../kernel/spec.ts';
import type {NamedState} from '../../shared/consolidation.ts';
import type {ReadLimits} from '../../shared/limits.ts';
import type {FoldedFile, ReadSettings} from '../../shared/protocol.ts';
import {type FoundReject, isShareExceeded, rejectReport, tooLargeShare} from '../../shared/reject-report.ts';
import {beginInForms, evidenceSoFar, type FormsBegun} from './begin-in-forms.ts';
import {consumeWithWaits} from './consume-with-waits.ts';
import type {FoldPulse, TakenState, TakeStates} from './fold.ts';
import {countFiltered, describeKept, type FoundRejects, listRejects, noRows, OF_STRUCTURE} from './found-rejects.ts';
import {type Heading, headingBytes} from './heading.ts';
import {KernelEvidence} from './kernel-evidence.ts';
import {KernelHeadings} from './kernel-headings.ts';
import {KernelIntake} from './kernel-intake.ts';
import {KernelPlaces, lineBehind} from './kernel-places.ts';
import {KernelSpool} from './kernel-spool.ts';
import {errorOfStop} from './kernel-stop.ts';
import {enoughForNextLook, GUESS_BYTES} from './look-bytes.ts';
import {type Candidates, candidatesOf, type MatchedHeader, readingsOfEmpty} from './match-header.ts';
import {specOf} from './spec-of-source.ts';

const programOf = ({program}: MatchedHeader): Program => program;

export class KernelReading {
	readonly #kernel: Kernel;
	readonly #settings: ReadSettings;
	readonly #limits: ReadLimits;
	readonly #candidates: Candidates;
	readonly #pulse: FoldPulse;
	readonly #compile: (columns: MatchedHeader) => Program;
	readonly #intake: KernelIntake;
	readonly #headings: KernelHeadings;
	#hasFailed = false;
	#heading: Heading | null = null;
	readonly #places: KernelPlaces;
	readonly spool: KernelSpool;
	#forms: FormsBegun = {used: plainForms, look: null};
	readonly #evidence: KernelEvidence;
	/** For `#heading`; made once for all whole files that begin with it. */
	#spec: KernelSpec | null = null;

	/** @param compile - Which program is run; that of the analysis where it is left out. */
	constructor(kernel: Kernel, settings: ReadSettings, pulse: FoldPulse, compile = programOf) {
		this.#kernel = kernel;
		this.#settings = settings;
		this.#limits = settings.limits;
		this.#candidates = candidatesOf(settings);
		this.#pulse = pulse;
		this.#compile = compile;
		this.#places = new KernelPlaces(kernel, pulse);
		this.#evidence = new KernelEvidence(kernel, this.#places);
		this.#intake = new KernelIntake(kernel.input, settings.chunkBytes, () => pulse.report(this.#bytesSoFar, 0, 0));
		this.#headings = new KernelHeadings(kernel, settings, this.#candidates, this.#evidence, this.#intake);
		this.spool = new KernelSpool(kernel, settings, pulse);
	}

	/**
	Reads the header and prepares the kernel for the records behind it.

	@param readsAll - Whether all of these are read, from the first one on: it may have taken some of them, then.
	*/
	async begin(source: ByteSource, readsAll = false): Promise<Heading> {
		const {input} = this.#kernel;
		input.begin(0);
		await this.#intake.read(source);
		const seed = readsAnyHeader(this.#settings.analysis) ? await this.#headings.readSeed(source) : null;
		let heading = this.#headings.recall();
		if (heading === null) heading = await this.#headings.read(source);
		else input.start += headingBytes(heading);
		if (this.#settings.tellsStructure === true)
			heading = {...heading, structure: await this.#headings.readStructure(source, heading)};
		this.#heading = heading;
		this.#places.keep(heading.header.position);
		const spec = this.#specFor(heading);
		if (spec !== null) this.#beginKernel(spec, heading, seed, readsAll);
		return heading;
	}

	/** The heading of a source that has been read as a whole; `null` unless it begins as one before. */
	recallWhole(): Heading | null {
		this.#intake.hasEnded = true;
		return this.#headings.recall();
	}

	/**
	The same for one that begins in another way; `null` where there is none.

	@throws {InputError} When it cannot be used.
	*/
	readWholeHeading(): Heading | null {
		this.#intake.hasEnded = true;
		return this.#headings.readWhole();
	}

	/** How the kernel is to read the records of a whole file; `null` where there are no columns. The same object for the same heading. */
	specOfWhole(heading: Heading): KernelSpec | null {
		if (heading !== this.#heading) this.#spec = this.#specFor(heading);
		this.#heading = heading;
		return this.#spec;
	}

	/** Reads all of a file of rows; see `Kernel.readFile`. */
	readWhole(heading: Heading, spec: KernelSpec): number {
		this.#kernel.input.start += headingBytes(heading);
		this.spool.begin();
		return this.#kernel.readFile(spec, heading.header.nextLine);
	}

	/**
	Takes records until the source ends or one begins at `stopOffset` or further.

	@throws {InputError} When a bound is broken; whatever the pulse throws.
	*/
	async readRecords(source: ByteSource, stopOffset = Number.POSITIVE_INFINITY): Promise<void> {
		if (this.#heading?.columns === null) return;
		for (;;) {
			const outcome = this.#evidence.watch(() => this.#consume(stopOffset));
			this.#places.note();
			if (outcome === 'reached-stop') return;
			if (outcome !== 'needs-more') {
				this.#hasFailed = true;
				this.reportProgress();
				throw this.#errorOf(outcome);
			}
			if (this.#intake.hasEnded) return;
			const enough = enoughForNextLook(this.#kernel.input.length);
			do {
				this.reportProgress();
				const read = this.#intake.read(source);
				if (typeof read !== 'number') await read;
			} while (!this.#intake.hasEnded && this.#kernel.input.length < enough);
		}
	}

	/**
	Goes to another place of the source, from where the next bytes come, and guesses where a record begins there.

	@param offset - The byte in front of the first place where a record may begin.
	@returns Whether one was found.
	*/
	async jump(source: ByteSource, offset: number): Promise<boolean> {
		const {input} = this.#kernel;
		input.begin(offset);
		this.#intake.hasEnded = false;
		while (input.length < GUESS_BYTES && (await this.#intake.read(source)) > 0);
		return this.#kernel.guessRecordStart();
	}

	/**
	Where the next record begins: `resume` goes on there, in this reading or in another one of the same data. `null` where there is none,
	or where an error was found: the kernel may be behind it, and those who go on must find it, too.
	*/
	get position(): RecordPosition | null {
		if (this.#hasFailed || this.#heading?.columns == null) return null;
		const {input, line} = this.#kernel;
		// Behind a last record without a line end, the kernel counts one that is not there.
		return {line, byteOffset: Math.min(this.offset, input.offsetOf(input.end))};
	}

	/**
	Goes on where an earlier reading has come to. To be called after `begin`, which reads the header; the records from there on are
	all that this reading counts.
	*/
	resume({seek}: Pick<SeekableSource, 'seek'>, {line, byteOffset}: RecordPosition): void {
		seek(byteOffset);
		this.#kernel.input.begin(byteOffset);
		this.#kernel.goOn(line);
		this.#intake.bytesRead = byteOffset;
		this.#intake.hasEnded = false;
	}

	/** Where the next record begins. */
	get offset(): number {
		return this.#kernel.input.offsetOf(this.#kernel.input.start);
	}

	/** Where waits are simulated, a chunk takes seconds: how far it has been consumed is what moves. */
	get #bytesSoFar(): number {
		return this.#settings.simulateIoMs === 0 ? this.#intake.bytesRead : this.offset;
	}

	reportProgress(): void {
		const {rows, rejectedRows} = this.counts;
		this.#pulse.report(this.#bytesSoFar, rows, rejectedRows);
	}

	/** Data records so far, and those that were rejected. */
	get counts(): Pick<FoldedFile, 'rows' | 'rejectedRows' | 'filteredRows'> {
		// Without columns the kernel was not begun, and still has the figures of another source.
		const columns = this.#heading?.columns ?? null;
		const counts = columns === null ? noRows : this.#kernel;
		const {rows, rejectedRows} = counts;
		return {rows, rejectedRows, ...countFiltered(columns, this.#settings, counts)};
	}

	/**
	To be asked when all of a source has been read.

	@throws {InputError} When so many of its records were rejected that it fails.
	*/
	assertFewRejects(): void {
		if (this.#heading?.columns == null) return;
		const {rows, rejectedRows} = this.#kernel;
		if (!isShareExceeded({rows, rejectedRows}, this.#settings)) return;
		const [first] = this.#kernel.readRejects();
		if (first === undefined) throw new Error('The kernel kept no reject');
		throw tooLargeShare({rows, rejectedRows}, this.#settings, rejectReport(this.#describe(first), this.encoding));
	}

	/** As all that has been read so far says. */
	get encoding(): TextEncoding {
		const columns = this.#heading?.columns ?? null;
		const isUtf8 = columns === null || (columns.isUtf8 && this.#kernel.isUtf8);
		return this.#settings.encoding ?? (isUtf8 ? 'utf-8' : 'windows-1252');
	}

	/** What its bytes say of its encoding, where nobody has named it. */
	get textEvidence(): TextEvidence {
		return this.#settings.encoding === undefined ? this.#evidence.behind(this.#heading) : noEvidence;
	}

	takeRejects(): FoundRejects {
		const columns = this.#heading?.columns ?? null;
		if (columns === null) return listRejects(readingsOfEmpty(this.#candidates), [], () => [], noRows.filteredRowsOf);
		const kept = this.#kernel.readRejects();
		const listOf = (place: number): FoundReject[] =>
			kept
				.filter(({analysis}) => analysis === OF_STRUCTURE || analysis === place)
				.slice(0, this.#limits.maxRejectsKept)
				.map(reject => this.#describe(reject, place));
		return listRejects(columns.readings, columns.analyses, listOf, place => this.#kernel.filteredRowsOf(place));
	}

	/** See `TakeStates`. */
	takeStates(...[needsGroups, undecided]: Parameters<TakeStates>): Iterable<TakenState> {
		return this.#takeStates(needsGroups, this.encoding, this.#headerLines, undecided);
	}

	/**
	The same, all of it, with the bytes of this source: the texts are not in UTF-8 if it is not.

	@param hasHeader - Whether the lines of the header are among those that are counted.
	*/
	takeSourceStates(hasHeader: boolean): Iterable<NamedState> {
		return this.#takeStates(() => true, 'utf-8', hasHeader ? this.#headerLines : 0);
	}

	get #headerLines(): number {
		return (this.#heading?.header.nextLine ?? 1) - 1;
	}

	*#takeStates(
		needsGroups: Parameters<TakeStates>[0],
		encoding: TextEncoding,
		headerLines: number,
		undecided: readonly Undecided[] = [],
	): Generator<TakenState, void> {
		const columns = this.#heading?.columns ?? null;
		if (columns === null) return;
		const all = this.#kernel.findFigures();
		for (const [place, analysis] of columns.analyses.entries()) {
			const figures = all[place];
			if (figures === undefined) throw new Error('Expected figures of each analysis');
			const layout = layoutOf(analysis);
			if (needsGroups(analysis)) {
				const read = tellUndecided(figures.read(), undecided);
				yield {analysis, state: stateOfFigures(layout, addLines(read, headerLines), encoding)};
			} else {
				const read = tellUndecided(figures.readInPieces(), undecided);
				yield {analysis, ...listFigures(layout, addLines(read, headerLines), encoding)};
			}
		}
	}

	/** The same as it comes from the kernel; nothing where there are no columns. */
	takeFigures(): AnalysisFigures[] {
		if ((this.#heading?.columns ?? null) === null) return [];
		return this.#kernel.readFigures().map(figures => addLines(figures, this.#headerLines));
	}

	/** The physical line behind all that has been read. */
	get lineAtEnd(): number {
		const isInHeader = this.#heading === null;
		return lineBehind(this.#kernel.input, isInHeader ? 1 + this.#headings.blankLines : this.#kernel.line);
	}

	/** Takes what is there; with simulated waits, up to the next one at a time. */
	#consume(stopOffset: number): KernelOutcome {
		const {simulateIoMs} = this.#settings;
		if (simulateIoMs === 0) return this.#kernel.consume(this.#intake.hasEnded, stopOffset);
		return consumeWithWaits(this.#kernel, this.#intake.hasEnded, stopOffset, () => {
			this.reportProgress();
			this.#pulse.wait(simulateIoMs);
		});
	}

	#beginKernel(spec: KernelSpec, heading: Heading, seed: SampleSeed | null, readsAll: boolean): void {
		const begin = (each: KernelSpec): void => {
			this.spool.begin();
			this.#evidence.beginRecords();
			this.#kernel.begin(each, heading.header.nextLine, seed, this.#pulse.places?.()?.fileOffsetOf);
		};
		const consume = (): KernelOutcome => this.#evidence.watch(() => this.#kernel.consume(false));
		this.#forms = beginInForms(this.#kernel, spec, this.#settings, begin, consume, readsAll);
		this.#places.note();
	}

	/** In which forms the columns are read, and what their cells show of them so far. @param isWhole - See `Kernel.formEvidence`. */
	formsRead(isWhole: boolean): FormsRead {
		const columns = this.#heading?.columns ?? null;
		const {used} = this.#forms;
		const evidence = columns === null ? [] : evidenceSoFar(this.#kernel, this.#forms, isWhole);
		return {used, evidence, names: columns?.names ?? []};
	}

	#specFor({dialect, header, columns}: Heading): KernelSpec | null {
		if (columns === null) return null;
		return specOf(this.#compile(columns), dialect, columns.columnCount, header.repeatable, this.#settings);
	}

	#describe(reject: KeptReject, place = reject.analysis): FoundReject {
		return describeKept(reject, this.#heading?.columns ?? null, place);
	}

	#errorOf(outcome: Exclude<KernelOutcome, 'needs-more' | 'reached-stop'>): Error {
		return errorOfStop(this.#kernel, outcome, {
			settings: this.#settings,
			syntax: this.#heading?.dialect ?? plainDialect,
			describe: reject => this.#describe(reject),
		});
	}
}
