import type {Kind} from '../kind.ts';
import {createWeightedTable, encodeField, writeRandomDate} from '../kind.ts';
import {createFieldBreaker} from '../malformed.ts';
import {skew} from '../random.ts';
import {COMMA, MINUS, NEWLINE} from '../row-buffer.ts';

/** The frequency of each category, and its range of amounts in cents. */
const CATEGORIES: readonly (readonly [name: string, weight: number, lowestCents: number, highestCents: number])[] = [
	['groceries', 220, 350, 24_000],
	['restaurants', 130, 800, 18_000],
	['transport', 110, 150, 9_000],
	['fuel', 80, 1_500, 14_000],
	['clothing', 75, 900, 42_000],
	['utilities', 65, 2_000, 38_000],
	['health', 60, 500, 60_000],
	['entertainment', 58, 499, 25_000],
	['electronics', 50, 1_200, 240_000],
	['home, garden', 42, 700, 95_000],
	['books, music', 34, 299, 12_000],
	['travel', 28, 4_500, 480_000],
	['gifts', 20, 500, 30_000],
	['education', 14, 2_500, 320_000],
	['insurance', 9, 3_000, 160_000],
	['rent', 5, 45_000, 280_000],
];

const SLOT_BITS = 10;
const slots = createWeightedTable(
	CATEGORIES.map(([, weight]) => weight),
	1 << SLOT_BITS,
);
const names = CATEGORIES.map(([name]) => encodeField(name));
const lowest = CATEGORIES.map(([, , cents]) => cents);
const spans = CATEGORIES.map(([, , low, high]) => high - low);

/** Card payments: about 48 bytes a record, 16 categories, one payment in 32 is refunded. */
export const transactions: Kind = {
	extension: 'csv',
	columns: ['transaction_id', 'customer_id', 'amount', 'date', 'category'],
	breakRecord: createFieldBreaker({numberColumn: 2, dateColumn: 3, textColumn: 4}),
	createRowWriter(random, fileIndex, rowCount) {
		let id = fileIndex * rowCount;
		return buffer => {
			id++;
			const choice = random.next();
			const category = slots[choice >>> (32 - SLOT_BITS)] ?? 0;
			const isRefund = (choice & 31) === 0;
			buffer.writeByte(0x54);
			buffer.writeInteger(id, 10);
			buffer.writeByte(COMMA);
			buffer.writeByte(0x43);
			buffer.writeInteger(100_000 + skew(random.next()));
			buffer.writeByte(COMMA);
			if (isRefund) buffer.writeByte(MINUS);
			// 16 bits × at most 19 bits: exact, and so is the division by a power of two.
			buffer.writeCents(
				(lowest[category] ?? 0) + Math.floor((skew(random.next()) * (spans[category] ?? 0)) / 0x1_0000),
			);
			buffer.writeByte(COMMA);
			writeRandomDate(buffer, random);
			buffer.writeByte(COMMA);
			buffer.writeBytes(names[category] ?? new Uint8Array());
			buffer.writeByte(NEWLINE);
		};
	},
};
