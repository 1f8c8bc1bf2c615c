// The memory of a column in the kernel: the fields of `Column` in assembly/columns/column.ts, in their order, and those of what it refers to.
import {daysOf} from '../analysis/columns/cell.ts';
import type {KernelExports} from './exports.ts';
import {readSum} from './sums.ts';
import {eachValue, type TakeValue} from './value-counts.ts';

/** As in assembly/columns: of an entry of cell-sample.ts, of day-counts.ts and of sketch.ts. */
const ENTRY_BYTES = 16;
/** Texts are written 16 bytes at a time. */
const PADDING_BYTES = 16;
const FIRST_YEAR = 1500;
const YEARS = 1024;
const DAYS_OF_PAGE = 512;
const BUCKETS_OF_SIGN = 64 * 51;

/** Cells that loops have read; those with dates are counted by day. */
export type LoopCounts = Readonly<Record<'empty' | 'integer' | 'signed' | 'decimal' | 'timestamp' | 'text', number>>;

/** Takes a day as year from `FIRST_YEAR` on × 2^9 + month × 2^5 + day, and how many cells have it. */
type TakeDay = (code: number, cells: number) => void;

/** It is good as long as the memory of the kernel does not grow but by itself. */
export class ColumnMemory {
	#view: DataView<ArrayBuffer>;
	#bytes: Buffer;
	readonly #at: number;
	readonly #kernel: KernelExports;
	readonly #analysis: number;
	readonly #column: number;

	/** @param analysis - Its number in the program. */
	constructor(kernel: KernelExports, analysis: number, column: number) {
		this.#kernel = kernel;
		this.#analysis = analysis;
		this.#column = column;
		this.#at = kernel.columnOf(analysis, column);
		const {buffer} = kernel.memory;
		this.#view = new DataView(buffer);
		this.#bytes = Buffer.from(buffer);
	}

	#word(address: number): number {
		return this.#view.getUint32(address, true);
	}
	#count(address: number): number {
		return this.#word(address) + this.#word(address + 4) * 2 ** 32;
	}
	#text(address: number, length: number): string {
		return this.#bytes.toString('latin1', address, address + length);
	}

	/** Whether it has the number of cells of each value. */
	get isCounted(): boolean {
		return this.#bytes[this.#at + 132] !== 0;
	}

	get counts(): LoopCounts {
		const at = this.#at;
		return {
			empty: this.#count(at),
			integer: this.#count(at + 8),
			signed: this.#count(at + 16),
			decimal: this.#count(at + 24),
			timestamp: this.#count(at + 32),
			text: this.#count(at + 40),
		};
	}

	/** Of the cells in `counts`, empty ones aside. Where there are none, `min` is larger than `max`. */
	get lengths(): {readonly min: number; readonly max: number; readonly sum: number} {
		const at = this.#at;
		return {min: this.#word(at + 72), max: this.#word(at + 76), sum: this.#count(at + 48)};
	}

	/** Of the time stamps, as they are written. */
	get stamps(): {readonly first: string; readonly last: string} {
		return {first: this.#stamp(this.#at + 56), last: this.#stamp(this.#at + 64)};
	}

	/** A time stamp is the code of its date × 2^17 + its second of the day. */
	#stamp(address: number): string {
		const [low, high] = [this.#word(address), this.#word(address + 4)];
		const second = low & 0x1_ffff;
		const clock = [second / 3600, (second / 60) % 60, second % 60].map(part =>
			String(Math.floor(part)).padStart(2, '0'),
		);
		const separator = String.fromCharCode(this.#bytes[this.#at + 108] ?? 0);
		const zone = this.#word(this.#at + 104) > STAMP_LENGTH ? 'Z' : '';
		return `${dayOfCode((low >>> 17) | (high << 15))}${separator}${clock.join(':')}${zone}`;
	}

	get scale(): number {
		return this.#word(this.#at + 80);
	}

	/** In units of 10^-`scale`; of squares, 10^-(2 × `scale`). */
	get sums(): Readonly<Record<'sum' | 'squares' | 'min' | 'max', bigint>> {
		const at = this.#word(this.#at + 112);
		const part = (place: number): bigint => readSum(this.#view, at + 16 * place);
		return {
			sum: part(0),
			squares: (part(1) << 50n) + (part(2) << 26n) + part(3),
			min: this.#view.getBigInt64(at + 64, true),
			max: this.#view.getBigInt64(at + 72, true),
		};
	}

	/** The buckets of numbers that have any, as analysis/columns/buckets.ts names them. */
	eachBucket(take: (bucket: number, cells: number) => void): void {
		const buckets = this.#word(this.#at + 88);
		if (buckets === 0) return;
		const first = this.#view.getInt32(this.#at + 84, true) + 1;
		const all = new Uint32Array(this.#view.buffer, buckets, 2 * BUCKETS_OF_SIGN);
		for (let place = 0; place < all.length; place++) {
			const cells = all[place] ?? 0;
			if (cells === 0) continue;
			const bucket = place % BUCKETS_OF_SIGN;
			take(bucket === 0 ? 0 : place < BUCKETS_OF_SIGN ? bucket + first : -bucket - first, cells);
		}
	}

	/** As the kernel has them; `null` where there are none yet. */
	registers(bits: number): Uint8Array | null {
		const registers = this.#word(this.#at + 92);
		return registers === 0 ? null : new Uint8Array(this.#view.buffer, registers, 2 ** bits);
	}

	/** Days of dates, `YYYY-MM-DD`, and how many cells have each. */
	eachDateDay(take: (day: string, cells: number) => void): void {
		this.#eachDay(this.#word(this.#at + 96), (code, cells) => take(dayOfCode(code), cells));
	}
	/** The same of time stamps, by the days since 1970. */
	eachStampDay(take: (days: number, cells: number) => void): void {
		this.#eachDay(this.#word(this.#at + 100), (code, cells) =>
			take(daysOf(FIRST_YEAR + (code >>> 9), (code >>> 5) & 15, code & 31), cells),
		);
	}

	#eachDay(list: number, take: TakeDay): void {
		if (list === 0) return;
		const {buffer} = this.#view;
		const pages = new Uint32Array(buffer, list, YEARS);
		for (let year = pages.findIndex(page => page !== 0); year >= 0 && year < YEARS; year++) {
			const page = pages[year] ?? 0;
			if (page === 0) continue;
			const words = new Uint32Array(buffer, page, 2 * DAYS_OF_PAGE);
			for (let day = 0; day < DAYS_OF_PAGE; day++) {
				const cells = (words[2 * day] ?? 0) + (words[2 * day + 1] ?? 0) * 2 ** 32;
				if (cells > 0) take(year * DAYS_OF_PAGE + day, cells);
			}
		}
	}

	/** The smallest and the largest cell that is no date or time stamp, of those that loops have read; `null` for none. */
	get texts(): TextEnds | null {
		return this.#ends(this.#word(this.#at + 116));
	}
	/** The same of those that are digits alone. */
	get digits(): TextEnds | null {
		return this.#ends(this.#word(this.#at + 120));
	}

	#ends(range: number): TextEnds | null {
		if (this.#bytes[range + 16] !== 0) return null;
		const kept = (text: number): string => this.#text(this.#word(text + 8), this.#word(text + 12));
		return {smallest: kept(this.#word(range + 20)), largest: kept(this.#word(range + 24))};
	}

	/** What its cells show of forms; of those that are counted one by one, whether they have to be looked at. */
	get forms(): ShownForms {
		const at = this.#kernel.formsOfColumn(this.#analysis, this.#column);
		const shown = this.#word(at + 16);
		return {
			provesPoint: (shown & PROVEN) !== 0,
			open: (shown & OPEN) === 0 ? null : this.#openNumber(this.#word(at), this.#word(at + 4)),
			mayShowMore: (shown & TEXTS) !== 0,
			lengths: {min: this.#word(at + 20), max: this.#word(at + 24), sum: this.#count(at + 8)},
		};
	}

	/** A number is its length × 2^24 + 2^21 if it is not negative + its thousandths. */
	#openNumber(low: number, high: number): string {
		const length = (low >>> 24) + high * 256;
		const sign = (low & (1 << 21)) === 0 ? '-' : '';
		const digits = String(low & 0xf_ffff);
		const text = `${sign}${digits.slice(0, -3)}.${digits.slice(-3)}`;
		if (text.length !== length) throw new Error(`Expected ${length} characters of ${text}`);
		return text;
	}

	/** Values and how many cells have each: all, or those that loops cannot read. */
	eachValue(take: TakeValue): void {
		eachValue(this.#view.buffer, this.#word(this.#at + 128), take);
	}

	/** Entries of four words, of which the first two are the hash; and how many bytes all texts have. */
	get sample(): {readonly words: Uint32Array; readonly textBytes: number} {
		const sample = this.#word(this.#at + 124);
		const count = this.#word(sample + 16);
		const words = new Uint32Array(this.#view.buffer, this.#word(sample + 8), count * (ENTRY_BYTES / 4));
		return {words, textBytes: this.#word(sample + 28)};
	}

	/**
	The texts of the sample in an order, and where each ends. The memory of the kernel may grow.

	@param order - The places of its entries.
	*/
	packSample(order: Uint32Array, textBytes: number): {readonly ends: Uint32Array; readonly bytes: Uint8Array} {
		const kernel = this.#kernel;
		const blockBytes = 2 * order.byteLength + textBytes + PADDING_BYTES;
		const block = kernel.allocate(blockBytes);
		const ends = block + order.byteLength;
		const texts = ends + order.byteLength;
		new Uint32Array(kernel.memory.buffer, block, order.length).set(order);
		kernel.packSample(this.#analysis, this.#column, block, order.length, ends, texts);
		const {buffer} = kernel.memory;
		const packed = {
			ends: new Uint32Array(buffer, ends, order.length).slice(),
			bytes: new Uint8Array(buffer, texts, textBytes).slice(),
		};
		kernel.release(block, blockBytes);
		this.#view = new DataView(buffer);
		this.#bytes = Buffer.from(buffer);
		return packed;
	}
}

// As in assembly/columns/shown-forms.ts.
const PROVEN = 1;
const OPEN = 2;
const TEXTS = 4;

interface ShownForms {
	/** Whether some number can have a decimal point alone. */
	readonly provesPoint: boolean;
	/** The shortest one that may have a decimal comma as well; `null` for none. */
	readonly open: string | null;
	readonly mayShowMore: boolean;
	/** Of cells in another form than the plain one, as they are written. */
	readonly lengths: ColumnMemory['lengths'];
}

export interface TextEnds {
	readonly smallest: string;
	readonly largest: string;
}

/** Without a zone. */
const STAMP_LENGTH = 19;

/** @param code - Year from `FIRST_YEAR` on × 2^9 + month × 2^5 + day. */
function dayOfCode(code: number): string {
	const padded = (number: number): string => String(number).padStart(2, '0');
	return `${FIRST_YEAR + (code >>> 9)}-${padded((code >>> 5) & 15)}-${padded(code & 31)}`;
}
