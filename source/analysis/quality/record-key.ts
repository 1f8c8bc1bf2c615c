// Keys of records and of long cells: 15 bytes that are the same for the same bytes, and different for others but for one case in 2^120.
// So they are counted like short ids.
//
// It takes 16 bytes a step with two products of 32 × 32 bits, as vectors can (XXH3 of Yann Collet, 2019), and each half of the bytes
// changes both sums. Numbers of 64 bits are pairs of halves, as in hash64.ts.
import {hash64, mix} from '../hash64.ts';

const BLOCK_BYTES = 16;
export const KEY_BYTES = 15;

/** Lower halves in front: of the first and the second word of a block. */
const SECRETS = [0x396c_feb8, 0xbe4b_a423, 0x1f71_9c2d, 0x1cad_2172] as const;
/** What secrets grow by from block to block: 2^64 divided by the golden ratio. */
const [STEP_LOW, STEP_HIGH] = [0x7f4a_7c15, 0x9e37_79b9];
const WORD = 2 ** 32;

let data = Buffer.from(new ArrayBuffer(1024));
let words = new Uint32Array(data.buffer);
/** Two sums, lower halves in front. */
const sums = new Uint32Array(4);
const key = new Uint32Array(4);
const keyBytes = Buffer.from(key.buffer);

/** @param bytes - One character per byte. @returns 15 characters. */
export function hashBytes(bytes: string): string {
	const end = Math.ceil(bytes.length / BLOCK_BYTES) * BLOCK_BYTES;
	if (data.length < end) {
		data = Buffer.from(new ArrayBuffer(2 * end));
		words = new Uint32Array(data.buffer);
	}
	data.fill(0, bytes.length, end);
	data.write(bytes, 'latin1');
	sums.set([bytes.length, 0, ~bytes.length, 0]);
	let [stepLow, stepHigh] = [0, 0];
	for (let at = 0; at < end / 4; at += 4) {
		const [low0, high0] = [words[at] ?? 0, words[at + 1] ?? 0];
		const [low1, high1] = [words[at + 2] ?? 0, words[at + 3] ?? 0];
		addBlock(0, low0, high0, stepLow, stepHigh, low1, high1);
		addBlock(2, low1, high1, stepLow, stepHigh, low0, high0);
		const next = stepLow + STEP_LOW;
		stepLow = next >>> 0;
		stepHigh = (stepHigh + STEP_HIGH + (next >= WORD ? 1 : 0)) >>> 0;
	}
	for (const place of [0, 2]) {
		mix(sums[place + 1] ?? 0, sums[place] ?? 0);
		key[place] = hash64.low;
		key[place + 1] = hash64.high;
	}
	return keyBytes.toString('latin1', 0, KEY_BYTES);
}

/** Adds a word with its secret to a sum, as the product of its halves, and the other word of the block as it is. */
function addBlock(
	place: 0 | 2,
	wordLow: number,
	wordHigh: number,
	stepLow: number,
	stepHigh: number,
	otherLow: number,
	otherHigh: number,
): void {
	const secretLow = (SECRETS[place] ?? 0) + stepLow;
	const low = (wordLow ^ (secretLow >>> 0)) >>> 0;
	const high = (wordHigh ^ ((SECRETS[place + 1] ?? 0) + stepHigh + (secretLow >= WORD ? 1 : 0))) >>> 0;
	const [low0, low1, high0, high1] = [low & 0xffff, low >>> 16, high & 0xffff, high >>> 16];
	const [cross1, cross2, first] = [low1 * high0, low0 * high1, low0 * high0];
	const middle = (first >>> 16) + (cross1 & 0xffff) + (cross2 & 0xffff);
	const productLow = (((middle & 0xffff) << 16) | (first & 0xffff)) >>> 0;
	const productHigh = low1 * high1 + (cross1 >>> 16) + (cross2 >>> 16) + (middle >>> 16);
	const sum = (sums[place] ?? 0) + productLow + otherLow;
	sums[place] = sum;
	sums[place + 1] = (sums[place + 1] ?? 0) + productHigh + otherHigh + Math.floor(sum / WORD);
}

const NEEDS_QUOTES = /["\r\n]/;

/** Of records with the same cells it is the same, whatever is quoted. @param fields - One character per byte. */
export function keyOfRecord(fields: readonly string[], delimiter: string): string {
	const joined = fields.join(delimiter);
	const isPlain = !NEEDS_QUOTES.test(joined) && countOf(joined, delimiter) === fields.length - 1;
	return hashBytes(isPlain ? joined : joinQuoted(fields, delimiter));
}

function countOf(text: string, character: string): number {
	let count = 0;
	for (let at = text.indexOf(character); at !== -1; at = text.indexOf(character, at + 1)) count++;
	return count;
}

const joinQuoted = (fields: readonly string[], delimiter: string): string =>
	fields
		.map(field => (field.includes(delimiter) || NEEDS_QUOTES.test(field) ? `"${field.replaceAll('"', '""')}"` : field))
		.join(delimiter);

/** Short cells are their own keys. */
export const keyOfCell = (cell: string): string => (cell.length <= KEY_BYTES ? cell : hashBytes(cell));
