// What became of small files, on its way between threads: nearly all are rows of numbers, which cross as one piece of memory,
// where an object for each would take as long as reading the file.
//
//   counts, 7 for each  [ kind │ bytes │ rows │ rejected rows │ bytes of figures │ filtered rows + 1, 0 for no condition │ bytes that are
//                       kept ]      whole numbers of small files: 32 bits hold them
//   figures, 5 for each [ milliseconds │ device │ inode │ time of writing │ time of change ]
import type {FileState} from './file-state.ts';
import type {OutcomeList, SmallFileOutcome, SummedFile} from './protocol.ts';

/** What many files have in common. */
export type FileKind = Pick<SummedFile, 'dialect' | 'analyses' | 'rejects' | 'combined' | 'spooled'>;

/** A file of the fast path: all of it was read by one read, so its size is how much was read. */
export interface FileWithRow {
	/** Mostly the same object as of the file before. */
	readonly kind: FileKind;
	readonly rows: number;
	readonly rejectedRows: number;
	readonly filteredRows?: number;
	/** Of the row of its figures, which stands elsewhere. */
	readonly rowBytes: number;
	readonly state: FileState;
	readonly contentHash?: string;
	/** See shared/kept-file.ts; there where it is kept. */
	readonly kept?: Uint8Array;
}

export interface PackedOutcomes {
	readonly counts: Int32Array;
	readonly figures: Float64Array;
	/** The hashes of files, by their places; `null` where none is hashed. */
	readonly hashes: readonly string[] | null;
	/** What is kept of the files, one behind the other; `null` where nothing is. */
	readonly kept: Uint8Array<ArrayBuffer> | null;
	/** By their numbers in the counts. */
	readonly kinds: readonly FileKind[];
	/** All that is not as usual, by its place; zeros stand there for each. */
	readonly others: ReadonlyMap<number, SmallFileOutcome>;
}

const COUNTS = 7;
const [KIND, BYTES, ROWS, REJECTED, FIGURES_ROW, FILTERED, KEPT] = [0, 1, 2, 3, 4, 5, 6];
const FIGURES = 5;
const [ELAPSED, DEVICE, INODE, WRITTEN, CHANGED] = [0, 1, 2, 3, 4];

const FIRST_FILES = 64;

/** Takes what became of files, one after the other. */
export class OutcomePacker {
	#counts = new Int32Array(FIRST_FILES * COUNTS);
	#figures = new Float64Array(FIRST_FILES * FIGURES);
	#hashes: string[] | null = null;
	#kept: Uint8Array[] = [];
	#kinds: FileKind[] = [];
	#others = new Map<number, SmallFileOutcome>();
	#count = 0;

	get count(): number {
		return this.#count;
	}

	/** @param kept - See `FileWithRow.kept`. */
	add(outcome: SmallFileOutcome, kept: Uint8Array | null = null): void {
		this.#others.set(
			this.#next(),
			kept !== null && outcome.type === 'completed' ? {...outcome, keptBytes: kept.length} : outcome,
		);
		if (kept !== null) this.#kept.push(kept);
	}

	addWithRow(
		{kind, rows, rejectedRows, filteredRows = -1, rowBytes, state, contentHash, kept}: FileWithRow,
		elapsedMs: number,
	): void {
		const place = this.#next();
		const counts = this.#counts;
		const at = place * COUNTS;
		counts[at + KIND] = this.#numberOf(kind);
		counts[at + BYTES] = state.size;
		counts[at + ROWS] = rows;
		counts[at + REJECTED] = rejectedRows;
		counts[at + FIGURES_ROW] = rowBytes;
		counts[at + FILTERED] = filteredRows + 1;
		const figures = this.#figures;
		const from = place * FIGURES;
		figures[from + ELAPSED] = elapsedMs;
		figures[from + DEVICE] = state.dev;
		figures[from + INODE] = state.ino;
		figures[from + WRITTEN] = state.mtimeMs;
		figures[from + CHANGED] = state.ctimeMs;
		if (contentHash !== undefined) this.#keepHash(place, contentHash);
		if (kept === undefined) return;
		counts[at + KEPT] = kept.length;
		this.#kept.push(kept);
	}

	/** What has been added since the last time. */
	take(): PackedOutcomes {
		const counts = this.#counts.slice(0, this.#count * COUNTS);
		const figures = this.#figures.slice(0, this.#count * FIGURES);
		const packed = {
			...{counts, figures, hashes: this.#hashes, kept: joined(this.#kept)},
			...{kinds: this.#kinds, others: this.#others},
		};
		this.#hashes = null;
		this.#kept = [];
		this.#kinds = [];
		this.#others = new Map();
		this.#count = 0;
		return packed;
	}

	#keepHash(place: number, contentHash: string): void {
		this.#hashes ??= [];
		// Others, which have no hash here, may have been in front of it.
		while (this.#hashes.length < place) this.#hashes.push('');
		this.#hashes.push(contentHash);
	}

	/** The place of one more, which is zeros until it is filled. */
	#next(): number {
		const place = this.#count++;
		if (this.#count * COUNTS > this.#counts.length) {
			this.#counts = twiceAsLong(this.#counts, new Int32Array(2 * this.#counts.length));
			this.#figures = twiceAsLong(this.#figures, new Float64Array(2 * this.#figures.length));
		}
		this.#counts.fill(0, place * COUNTS, this.#count * COUNTS);
		this.#figures.fill(0, place * FIGURES, this.#count * FIGURES);
		return place;
	}

	#numberOf(kind: FileKind): number {
		if (this.#kinds.at(-1) !== kind) this.#kinds.push(kind);
		return this.#kinds.length - 1;
	}
}

function twiceAsLong<Numbers extends Int32Array | Float64Array>(old: Numbers, longer: Numbers): Numbers {
	longer.set(old as never);
	return longer;
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> | null {
	if (parts.length === 0) return null;
	const all = new Uint8Array(parts.reduce((sum, {length}) => sum + length, 0));
	let end = 0;
	for (const part of parts) {
		all.set(part, end);
		end += part.length;
	}
	return all;
}

export function unpackOutcomes(packed: PackedOutcomes): OutcomeList {
	const length = packed.counts.length / COUNTS;
	const read = (place: number): SmallFileOutcome => packed.others.get(place) ?? readRow(packed, place);
	return {
		length,
		...(packed.kept !== null && {kept: packed.kept}),
		// Who asks may be ahead: a file that has begun is in a later list.
		at: place => (place >= 0 && place < length ? read(place) : undefined),
		*[Symbol.iterator]() {
			for (let place = 0; place < length; place++) yield read(place);
		},
	};
}

function readRow({counts, figures, hashes, kinds}: PackedOutcomes, place: number): SmallFileOutcome {
	const at = place * COUNTS;
	const from = place * FIGURES;
	const kind = kinds[counts[at + KIND] ?? 0];
	if (kind === undefined) throw new Error('A thread told of a file of no kind');
	const bytesRead = counts[at + BYTES] ?? 0;
	const filtered = counts[at + FILTERED] ?? 0;
	const keptBytes = counts[at + KEPT] ?? 0;
	const contentHash = hashes?.[place];
	return {
		type: 'completed',
		bytesRead,
		rows: counts[at + ROWS] ?? 0,
		rejectedRows: counts[at + REJECTED] ?? 0,
		...(filtered > 0 && {filteredRows: filtered - 1}),
		rejects: kind.rejects,
		...(kind.combined !== undefined && {combined: kind.combined}),
		...(kind.spooled !== undefined && {spooled: kind.spooled}),
		dialect: kind.dialect,
		analyses: kind.analyses,
		state: {
			dev: figures[from + DEVICE] ?? 0,
			ino: figures[from + INODE] ?? 0,
			size: bytesRead,
			mtimeMs: figures[from + WRITTEN] ?? 0,
			ctimeMs: figures[from + CHANGED] ?? 0,
		},
		rowBytes: counts[at + FIGURES_ROW] ?? 0,
		...(contentHash && {contentHash}),
		...(keptBytes > 0 && {keptBytes}),
		elapsedMs: figures[from + ELAPSED] ?? 0,
	};
}
