// Memory of the kernel.
//
//   0 ......... fixed regions: tables, the structural index, one value per record of a batch, the log of rejects
//   HEAP ...... blocks of 2^k bytes that grow and are given back: input, tables of groups and ids, long keys
//
// No garbage collector and no allocator of the language: what is here is known by name or was allocated below.

/** Bytes that are indexed at once: the index and the bytes themselves stay in the second-level cache while columns are read. */
export const WINDOW_BYTES: usize = 32 * 1024;
/** Bytes that may be read in front of and behind any field without belonging to it. */
export const PADDING_BYTES: usize = 64;
/** As the largest `maxColumns` of engine/shared/limits.ts. */
const MAX_COLUMNS: usize = 65_536;
/** The shortest record with four columns is three delimiters and a line end. */
export const MAX_BATCH_RECORDS: usize = WINDOW_BYTES / 4;

/** 48 bytes in which vectors are put together lane by lane. */
export const LANES: usize = 512;
/** The lowest number of an id that is so long, for lengths up to 15: see numbers.ts. */
export const ID_LENGTHS: usize = LANES + 64;
/** How many numbers of each size there are, 2 × 33 counters: see numbers.ts. */
export const NUMBER_SIZES: usize = ID_LENGTHS + 64;
/** Masks of 16 bytes: entry n keeps the last n bytes (`KEEP_LAST`) or the first n (`KEEP_FIRST`); see `fillTables`. */
export const KEEP_LAST: usize = 1024;
export const KEEP_FIRST: usize = KEEP_LAST + 17 * 16;
/** Entry n is zero but for its last byte, n + 1: the length of a short key, which thereby is never all zero. */
export const LENGTH_TAG: usize = KEEP_FIRST + 17 * 16;
/** Days of each month as read from two digits: 100 bytes, 0 where there is no such month; February has 28. */
export const DAYS_OF_MONTH: usize = LENGTH_TAG + 17 * 16;
/** 10^0 … 10^18 as i64. */
export const POWERS_OF_TEN: usize = DAYS_OF_MONTH + 128;

/** Groups of a file in the order of its report, as u32: see series.ts. */
export const SORTED: usize = POWERS_OF_TEN + 160;
export const MOST_LISTED: u32 = 100;
/** Address and length, as u32, of each piece of a report's text: see text.ts. */
export const PIECES: usize = SORTED + 4 * MOST_LISTED;

/** Constant vectors: see vectors.ts. */
export const VECTORS: usize = 3072;

/** Arenas: see keys.ts. Names of groups, and what is written of them; their slots; long values of ids. */
export const GROUP_TEXTS: usize = VECTORS + 512;
export const GROUP_SLOTS: usize = GROUP_TEXTS + 16;
export const VALUE_TEXTS: usize = GROUP_SLOTS + 16;
/** A slot of groups, see groups.ts. */
export const REST_OF_GROUPS: usize = GROUP_TEXTS + 64;

/** The log of rejects: see rejects.ts. */
export const REJECT_LOG: usize = 4096;
export const REJECT_LOG_BYTES: usize = 28 * 1024;

/** Registers of the distinct estimate: 2^14 bytes. */
export const REGISTERS: usize = REJECT_LOG + REJECT_LOG_BYTES;
export const REGISTERS_BYTES: usize = 16_384;

/** Names of groups as they stand in the file: see groups.ts. */
export const SPELLINGS: usize = REGISTERS + REGISTERS_BYTES;
export const SPELLINGS_BYTES: usize = 4096;

/** One i64 per record of a batch: its amount. */
export const UNITS: usize = SPELLINGS + SPELLINGS_BYTES;
/** One address per record of a batch: its group. */
export const GROUP_OF_RECORD: usize = UNITS + 8 * MAX_BATCH_RECORDS;
/** Numbers of records that want a closer look, as u32: after the amounts, and after amounts and dates. */
export const FLAGGED_AMOUNTS: usize = GROUP_OF_RECORD + 4 * MAX_BATCH_RECORDS;
export const FLAGGED: usize = FLAGGED_AMOUNTS + 4 * MAX_BATCH_RECORDS;

/**
The structural index: addresses of delimiters and line ends as u32, in order. In front of it is one more, for the byte
before the first field. The last ones are written eight at a time, wanted or not.
*/
export const INDEX: usize = FLAGGED + 4 * MAX_BATCH_RECORDS + 64;
const INDEX_BYTES: usize = 4 * (WINDOW_BYTES + MAX_COLUMNS + 64);

const HEAP: usize = (INDEX + INDEX_BYTES + 4095) & ~4095;

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
