// Reads what stands in front of the records of a source, byte by byte, in the memory of the kernel.
import type {FirstCells} from '../../../analysis/first-cells.ts';
import {type SampleSeed, SEED_BYTES, seedOf} from '../../../analysis/position-sample.ts';
import type {ByteSource} from '../../../input/byte-source.ts';
import type {Dialect} from '../../../input/dialect.ts';
import {DialectFinder} from '../../../input/dialect-finder.ts';
import {type Header, readHeader} from '../../../input/header.ts';
import type {DialectSearch} from '../../../input/record-reader.ts';
import type {Kernel} from '../../../kernel/kernel.ts';
import type {TableStructure} from '../../../model/report.ts';
import type {ReadSettings} from '../../shared/protocol.ts';
import {createDialectSearch} from './dialect-search.ts';
import {findFirstCells, findStructure} from './find-structure.ts';
import {type Heading, headingBytes, recallHeading, rememberHeading} from './heading.ts';
import type {KernelEvidence} from './kernel-evidence.ts';
import type {KernelIntake} from './kernel-intake.ts';
import {enoughForNextLook} from './look-bytes.ts';
import {type Candidates, MatchedHeader, needsCells, noCells} from './match-header.ts';

export class KernelHeadings {
	readonly #kernel: Kernel;
	readonly #settings: ReadSettings;
	readonly #candidates: Candidates;
	readonly #evidence: KernelEvidence;
	readonly #intake: KernelIntake;
	/** What looks at the beginning of the source now. */
	#finder: DialectSearch | null = null;

	constructor(
		kernel: Kernel,
		settings: ReadSettings,
		candidates: Candidates,
		evidence: KernelEvidence,
		intake: KernelIntake,
	) {
		this.#kernel = kernel;
		this.#settings = settings;
		this.#candidates = candidates;
		this.#evidence = evidence;
		this.#intake = intake;
	}

	/** How many blank lines have been passed over. */
	get blankLines(): number {
		return this.#finder?.blank.count ?? 0;
	}

	/** The heading of a source that begins as one before; `null` for any other. */
	recall(): Heading | null {
		const {bytes, start, length} = this.#kernel.input;
		const found = bytes.subarray(start, start + length);
		return recallHeading(found, this.#intake.hasEnded, this.#candidates, this.#settings);
	}

	/** Moves `input.start` behind the header. */
	async read(source: ByteSource): Promise<Heading> {
		const {input} = this.#kernel;
		const finder = createDialectSearch(this.#settings);
		this.#finder = finder;
		for (;;) {
			// There may be gigabytes of blank lines: what is passed over makes room.
			input.start += finder.scan(input.bytes.subarray(input.start, input.end), this.#intake.hasEnded);
			const {dialect, blank} = finder;
			const bytes = input.bytes.subarray(input.start, input.end);
			const header =
				dialect === null ? null : readHeader(bytes, dialect, this.#intake.hasEnded, blank, this.#settings.limits);
			const cells =
				dialect === null || header === null ? null : this.#findCells(dialect, header, bytes.subarray(header.length));
			if (dialect !== null && header !== null && cells !== null) {
				const heading = this.#headingOf(dialect, header, input.start - dialect.bomBytes, finder, cells);
				input.start += header.length;
				return heading;
			}
			await this.#intake.readEnough(source, enoughForNextLook(input.length));
		}
	}

	/**
	The heading of a source that has been read as a whole; `null` where there is none.

	@throws {InputError} When it cannot be used.
	*/
	readWhole(): Heading | null {
		const {input} = this.#kernel;
		const finder = createDialectSearch(this.#settings);
		const bytes = input.bytes.subarray(input.start, input.end);
		finder.scan(bytes, true);
		const {dialect} = finder;
		const header =
			dialect === null
				? null
				: readHeader(bytes.subarray(dialect.bomBytes), dialect, true, undefined, this.#settings.limits);
		if (dialect === null || header === null) return null;
		const behind = bytes.subarray(dialect.bomBytes + header.length);
		const cells = this.#findCells(dialect, header, behind);
		return cells && this.#headingOf(dialect, header, input.start, finder, cells);
	}

	/** Leaves the first records where they are. */
	async readStructure(source: ByteSource, heading: Heading): Promise<TableStructure> {
		const {input} = this.#kernel;
		for (;;) {
			const structure = findStructure(
				heading,
				input.bytes.subarray(input.start, input.end),
				this.#intake.hasEnded,
				this.#settings,
			);
			if (structure !== null) return structure;
			await this.#intake.readEnough(source, enoughForNextLook(input.length));
		}
	}

	/** Reads as much of a source as says which one it is for samples. */
	async readSeed(source: ByteSource): Promise<SampleSeed> {
		const {input} = this.#kernel;
		if (!this.#intake.hasEnded && input.length < SEED_BYTES) await this.#intake.readEnough(source, SEED_BYTES);
		return seedOf(input.bytes.subarray(input.start, Math.min(input.end, input.start + SEED_BYTES)));
	}

	/** The first cells, if the names need them; `null` where more bytes are needed. @param behind - From behind the header on. */
	#findCells(dialect: Dialect, header: Header, behind: Uint8Array): FirstCells | null {
		if (header.names === null || !needsCells(header.names, this.#candidates)) return noCells;
		return findFirstCells({dialect, header}, behind, this.#intake.hasEnded, this.#settings.limits);
	}

	/** @param start - Where the heading begins, if nothing stands in front of its names. */
	#headingOf(dialect: Dialect, header: Header, start: number, finder: DialectSearch, cells: FirstCells): Heading {
		const {names, position} = header;
		const columns =
			names === null
				? null
				: new MatchedHeader(names, position, dialect.delimiter, this.#candidates, this.#settings, cells);
		const heading = {dialect, header, columns, textEvidence: this.#evidence.ofHeader(dialect, header, start)};
		if (finder instanceof DialectFinder) {
			const bytes = this.#kernel.input.bytes.subarray(start, start + headingBytes(heading));
			rememberHeading({...heading, cells, candidates: this.#candidates, settings: this.#settings}, bytes, finder);
		}
		return heading;
	}
}
