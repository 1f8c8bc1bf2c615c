import {splitRecord} from '../csv-fields.ts';
import type {Kind} from '../kind.ts';
import {createWeightedTable} from '../kind.ts';
import {createFieldBreaker} from '../malformed.ts';
import {NEWLINE} from '../row-buffer.ts';
import {AMOUNT, CATEGORY, DATE, FAULTS} from './dirty-faults.ts';
import {transactions} from './transactions.ts';

const PLACES: readonly (readonly [weight: number, country: string, city: string])[] = [
	[30, 'Germany', 'München'],
	[22, 'Germany', 'Köln'],
	[20, 'Germany', 'Berlin'],
	[9, 'Austria', 'Wien'],
	[8, 'Switzerland', 'Zürich'],
	[6, 'Denmark', 'København'],
	[5, 'Poland', 'Łódź'],
];

const placeSlots = createWeightedTable(
	PLACES.map(([weight]) => weight),
	256,
);
/** What follows the columns of a transaction. */
const endings = PLACES.map(([, country, city]) => new TextEncoder().encode(`,${country},${city},EUR,\n`));

/** Which fault each of 1000 records has: an index into `FAULTS`, or its length for none. */
const faultSlots = new Uint8Array(1000).fill(FAULTS.length);
let slot = 0;
FAULTS.forEach(({perThousand}, fault) => {
	faultSlots.fill(fault, slot, slot + perThousand);
	slot += perThousand;
});

/**
Transactions as clients send them. A record has at most one fault, at random; of 1000 records these have:

- 20 a missing cell: the customer, amount, date, category, country or city;
- 20 a blank at the beginning or end of the customer, date or country;
- 30 a country or category in another case: a third `GERMANY`, a third `germany`, a third `germany ` with a blank;
- 30 a real date in another form: `31.12.2023`, `12/31/2023`, `20231231`, `31 Dec 2023` or with a time;
- 10 a date that does not exist or is a word;
- 10 an amount that is not a number: `n/a`, `1.2.3`, `€9.99`, `"1.234,50"`;
- 2 an outlier: an amount from 1,000,000.00 to 9,999,999.99, where others are at most 4,800.00;
- 5 the transaction id of an earlier record;
- 5 all cells of an earlier record;
- 5 two cells fewer than the header has, and 5 two cells more;
- 5 a city in ISO 8859-1, which is invalid UTF-8.

All records have the same currency, and no discount code.
*/
export const dirty: Kind = {
	extension: 'csv',
	columns: [...(transactions.columns ?? []), 'country', 'city', 'currency', 'discount_code'],
	breakRecord: createFieldBreaker({numberColumn: AMOUNT, dateColumn: DATE, textColumn: CATEGORY}),
	createRowWriter(random, fileIndex, rowCount) {
		const writeTransaction = transactions.createRowWriter(random, fileIndex, rowCount);
		// The good record that the next duplicate repeats. After each duplicate, the next good record takes its place.
		let earlier: readonly string[] | null = null;
		let wantsEarlier = true;
		return buffer => {
			const start = buffer.position;
			writeTransaction(buffer);
			buffer.position--;
			buffer.writeBytes(endings[placeSlots[random.next() >>> 24] ?? 0] ?? new Uint8Array());
			const fault = FAULTS[faultSlots[random.below(1000)] ?? FAULTS.length];
			if (fault === undefined && !wantsEarlier) return;
			const fields = splitRecord(buffer.readText(start, buffer.position - 1));
			if (fault === undefined) {
				earlier = fields;
				wantsEarlier = false;
			} else {
				buffer.position = start;
				buffer.writeText(fault.change(fields, random, earlier ?? fields).join(','));
				buffer.writeByte(NEWLINE);
				if (fault.isDuplicate) wantsEarlier = true;
			}
		};
	},
};
