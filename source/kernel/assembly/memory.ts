// Memory of the kernel.
//
//   0 ......... fixed regions: constant tables, the structural index
//   HEAP ...... blocks of 2^k bytes that grow and are given back: input, values of a run, tables of groups and ids, long keys
//
// No garbage collector and no allocator of the language: what is here is known by name or was allocated below.

/** Bytes that are indexed at once: the index and the bytes themselves stay in the second-level cache while columns are read. */
export const WINDOW_BYTES: usize = 32 * 1024;
/** As the largest `maxColumns` of engine/shared/limits.ts. */
const MAX_COLUMNS: usize = 65_536;
/** A record of one column is a line end at least, and one that is not blank has one more byte. */
export const MAX_BATCH_RECORDS: usize = WINDOW_BYTES / 2;

/** 48 bytes in which vectors are put together lane by lane. */
export const LANES: usize = 512;
/** Of a column, see `Cells` in fields.ts. */
export const CELLS: usize = LANES + 64;
/** A sum, see `addScaled` in sums.ts. */
export const PRODUCT: usize = CELLS + 32;
/** How many numbers of each size there are, 2 × 33 counters: see dense-ids.ts. */
export const NUMBER_SIZES: usize = CELLS + 64;
/** Masks of 16 bytes: entry n keeps the last n bytes (`KEEP_LAST`) or the first n (`KEEP_FIRST`); see `fillTables`. */
export const KEEP_LAST: usize = 1024;
export const KEEP_FIRST: usize = KEEP_LAST + 17 * 16;
/** Entry n is zero but for its last byte, n + 1: the length of a short key, which thereby is never all zero. */
export const LENGTH_TAG: usize = KEEP_FIRST + 17 * 16;
/** Days of each month as read from two digits: 100 bytes, 0 where there is no such month; February has 28. */
export const DAYS_OF_MONTH: usize = LENGTH_TAG + 17 * 16;
/** 10^0 … 10^18 as i64. */
const POWERS_OF_TEN: usize = DAYS_OF_MONTH + 128;

/** Constant vectors: see vectors.ts. */
export const VECTORS: usize = 3072;

/** Arenas: see keys.ts. Readers of a program; what its analyses read; what they keep. */
export const READERS: usize = VECTORS + 576;
export const MAPPING: usize = READERS + 16;
export const STATES: usize = MAPPING + 16;
/** The key of a date, and room behind it. */
export const DATE_KEY: usize = STATES + 16;
/** How many rejects are kept of each analysis: see rejects.ts. */
export const KEPT_COUNTS: usize = DATE_KEY + 32;

/** One bit per record of a run: see flags.ts. */
export const FLAGS: usize = 4096;
export const FLAGS_BYTES: usize = MAX_BATCH_RECORDS / 8;
/** One address per record of a run: its slot in a table. */
export const SLOT_OF_RECORD: usize = FLAGS + FLAGS_BYTES;

/**
The structural index: addresses of delimiters and line ends as u32, in order. In front of it is one more, for the byte
before the first field. The last ones are written eight at a time, wanted or not.
*/
export const INDEX: usize = SLOT_OF_RECORD + 4 * MAX_BATCH_RECORDS + 64;
const INDEX_BYTES: usize = 4 * (WINDOW_BYTES + MAX_COLUMNS + 64);

/** The addresses of blocks of 64 bytes with quotes against the rules, as u32, in order: see structure.ts. */
export const IRREGULAR: usize = INDEX + INDEX_BYTES;
export const MAX_IRREGULAR: i32 = (WINDOW_BYTES / 64 + 1) as i32;

/** 192 bytes: see xxh3.ts. */
export const HASH_SECRET: usize = (IRREGULAR + 4 * (MAX_IRREGULAR as usize) + 15) & ~15;

const HEAP: usize = (HASH_SECRET + 192 + 4095) & ~4095;

const SMALLEST_BLOCK_LOG2: i32 = 12;
const PAGE_BYTES: usize = 65_536;
/** Heads of the lists of free blocks, by the logarithm of their size. */
const FREE_LISTS: usize = 64;

let heapTop: usize = HEAP;

/** log2 of the block that holds so many bytes. */
function blockLog2(bytes: usize): i32 {
	const log2 = 32 - clz<u32>((bytes as u32) - 1);
	return max(log2, SMALLEST_BLOCK_LOG2);
}

/** A block of at least so many bytes, of any content. Traps when there is no more memory, which ends the thread alone. */
export function allocate(bytes: usize): usize {
	const log2 = blockLog2(bytes);
	const list = FREE_LISTS + 4 * log2;
	const free = load<u32>(list) as usize;
	if (free !== 0) {
		store<u32>(list, load<u32>(free));
		return free;
	}
	const block = heapTop;
	heapTop += (1 as usize) << log2;
	const missing: isize = (heapTop as isize) - ((memory.size() as isize) << 16);
	if (missing > 0) {
		const pages = ((missing as usize) + PAGE_BYTES - 1) / PAGE_BYTES;
		if (memory.grow(pages as i32) < 0) unreachable();
	}
	return block;
}

/** Gives back what `allocate` gave for so many bytes. */
export function release(block: usize, bytes: usize): void {
	const list = FREE_LISTS + 4 * blockLog2(bytes);
	store<u32>(block, load<u32>(list));
	store<u32>(list, block as u32);
}

/** Fills the constant tables; once for a thread. */
export function fillTables(): void {
	for (let length: usize = 0; length <= 16; length++) {
		for (let index: usize = 0; index < 16; index++) {
			store<u8>(KEEP_LAST + 16 * length + index, index >= 16 - length ? 0xff : 0);
			store<u8>(KEEP_FIRST + 16 * length + index, index < length ? 0xff : 0);
		}
		store<u8>(LENGTH_TAG + 16 * length + 15, (length + 1) as u8);
	}
	for (let month: usize = 1; month <= 12; month++) {
		const isShort = month === 4 || month === 6 || month === 9 || month === 11;
		store<u8>(DAYS_OF_MONTH + month, month === 2 ? 28 : isShort ? 30 : 31);
	}
	let power: i64 = 1;
	for (let exponent: usize = 0; exponent <= 18; exponent++) {
		store<i64>(POWERS_OF_TEN + 8 * exponent, power);
		power *= 10;
	}
}

export function powerOfTen(exponent: i32): i64 {
	return load<i64>(POWERS_OF_TEN + 8 * (exponent as usize));
}
