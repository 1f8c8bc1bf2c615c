// Writes files of transactions. The same kind and seed give the same bytes, and a file's beginning does not depend on its
// size: a smaller file of the same seed is a beginning of the larger one.
//
// Speed matters (a gigabyte shall take seconds): each record is copied from prepared bytes into one large buffer.
import {closeSync, fsyncSync, openSync, writeSync} from 'node:fs';
import type {RowShape} from './kinds.ts';
import type {Parts, Texts} from './parts.ts';
import {createRandom} from './random.ts';

const BUFFER_BYTES = 4 * 1024 * 1024;
/** No record is longer, of whatever kind. */
const LONGEST_RECORD = 256;
const RANGE = 2 ** 32;
const MINUS = 0x2d;
const ZERO = 0x30;
const QUOTE = 0x22;
const COMMA = 0x2c;

export interface FilePlan {
	readonly shape: RowShape;
	readonly parts: Parts;
	readonly seed: number;
	/** Its files begin their transaction ids at different numbers. */
	readonly number: number;
	/** The file is as long as that, or up to a record shorter. */
	readonly bytes: number;
}

export const headerOf = ({isQuoted, newline}: RowShape): string =>
	`transaction_id,customer_id,amount,date,category${isQuoted ? ',note' : ''}${newline}`;

export function writeFile(path: string, plan: FilePlan): void {
	const descriptor = openSync(path, 'w');
	try {
		for (const chunk of generate(plan)) writeSync(descriptor, chunk);
		// What is not on the disk yet would be written during the measurements.
		fsyncSync(descriptor);
	} finally {
		closeSync(descriptor);
	}
}

/** The bytes of the file, in chunks. A chunk is gone when the next one is asked for. */
export function* generate(plan: FilePlan): Generator<Uint8Array> {
	const buffer = new Uint8Array(Math.min(BUFFER_BYTES, plan.bytes + LONGEST_RECORD));
	const fill = createFiller(plan, buffer);
	let length = new TextEncoder().encodeInto(headerOf(plan.shape), buffer).written;
	let left = plan.bytes;
	while (length > 0) {
		yield buffer.subarray(0, length);
		left -= length;
		length = fill(left);
	}
}

/** The filler writes records from the buffer's beginning, at most so many bytes, and says how many. */
function createFiller({shape, parts, seed, number}: FilePlan, buffer: Uint8Array): (bytes: number) => number {
	const {isQuoted, customers} = shape;
	const random = createRandom(seed * 1_000_003 + number);
	const draw = (count: number): number => Math.floor((random() / RANGE) * count);
	let id = number * 10_000_000;
	let at = 0;

	const put = ({bytes, starts}: Texts, index: number): void => {
		const end = starts[index + 1] ?? 0;
		for (let from = starts[index] ?? 0; from < end; from++) buffer[at++] = bytes[from] ?? 0;
	};
	const putNumber = (letter: number, value: number, digits: number): void => {
		if (isQuoted) buffer[at++] = QUOTE;
		buffer[at++] = letter;
		let rest = value;
		for (let digit = at + digits - 1; digit >= at; digit--) {
			const tenth = Math.floor(rest / 10);
			buffer[digit] = ZERO + rest - 10 * tenth;
			rest = tenth;
		}
		at += digits;
		if (isQuoted) buffer[at++] = QUOTE;
		buffer[at++] = COMMA;
	};

	return bytes => {
		const end = Math.min(bytes, buffer.length) - LONGEST_RECORD;
		at = 0;
		while (at <= end) {
			const chance = random() / RANGE;
			// Squared: some customers buy far more often, and small amounts are more frequent than large ones.
			putNumber(0x54, id++, 10);
			putNumber(0x43, Math.floor(chance * chance * customers), 7);
			const size = random() / RANGE;
			if (random() < RANGE / 50) buffer[at++] = MINUS;
			put(parts.wholes, Math.floor(size * size * parts.wholes.count));
			put(parts.fractions, draw(parts.fractions.count));
			put(parts.dates, draw(parts.dates.count));
			put(parts.categories, parts.categoryDraw[draw(parts.categoryDraw.length)] ?? 0);
			if (isQuoted) put(parts.notes, draw(parts.notes.count));
		}
		return at;
	};
}
