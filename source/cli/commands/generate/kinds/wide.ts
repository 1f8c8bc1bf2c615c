import type {Kind} from '../kind.ts';
import {writeRandomDate} from '../kind.ts';
import {createFieldBreaker} from '../malformed.ts';
import {COMMA, NEWLINE} from '../row-buffer.ts';
import type {FieldWriter} from './field-writers.ts';
import {
	orMissing,
	writeAmount,
	writeConstant,
	writeDecimal,
	writeMostlyDistinct,
	writeNumber,
	writeOneOf,
	writeParts,
	writeTime,
	writeWord,
} from './field-writers.ts';

const FAMILY_NAMES = ['Müller', 'Schäfer', 'Weiß', 'Köhler', 'Öztürk', 'Nuñez', 'García', 'Smith', 'Łukasik', 'Dubois'];
const GIVEN_NAMES = ['Jörg', 'Zoë', 'Anna', 'Günter', 'Chloé', 'Søren', 'Maria', 'Paul', 'Åse', 'Ivan', 'Renée', 'Tom'];
const MAIL_NAMES = ['j.mueller', 'zoe', 'anna', 'g.koehler', 'chloe.d', 'soeren', 'maria', 'paul', 'info', 'ivan'];
const MAIL_HOSTS = ['@example.com', '@example.org', '@mail.example.net', '@shop.example'];
const COMPANIES = ['Schäfer & Söhne GmbH, Köln', 'Dubois SA', 'Smith, Jones & Co.', 'Østergård A/S', 'Café "Blau"'];
const CITIES = ['München', 'Köln', 'Zürich', 'Kraków', 'Málaga', 'Saint-Étienne', 'London', 'Leeds', 'Wien', 'Århus'];
const STATUSES = ['new', 'paid', 'packed', 'sent', 'delivered', 'returned', 'refunded', 'cancelled', 'on hold', 'lost'];
const COMMENTS = [
	'Please ring the bell',
	'Leave it at the door, please',
	'Gift, no invoice',
	'Said: "as soon as possible"',
];
const LONG_COMMENTS = [
	'Ring at Müller,\nsecond floor',
	'Back yard\nCall before delivery\n\nThanks',
	'No "express",\r\nplease',
];

const weigh = (words: readonly string[], weight: number): Readonly<Record<string, number>> =>
	Object.fromEntries(words.map(word => [word, weight]));

/** The columns in their order. */
const COLUMNS: readonly (readonly [name: string, write: FieldWriter])[] = [
	['order_id', (buffer, _random, row) => buffer.writeInteger(row + 1)],
	['customer_no', writeNumber(1, 99_999, 8)],
	['customer_name', writeWord(FAMILY_NAMES.flatMap(family => GIVEN_NAMES.map(given => `${family}, ${given}`)))],
	['email', writeParts(writeWord(MAIL_NAMES), writeNumber(1, 9999), writeWord(MAIL_HOSTS))],
	[
		'phone',
		orMissing(
			20,
			['NA'],
			writeParts(writeConstant('+49 '), writeNumber(30, 999), writeConstant(' '), writeNumber(10_000, 999_999)),
		),
	],
	['company', orMissing(70, [''], writeWord(COMPANIES))],
	['city', writeWord(CITIES)],
	['postal_code', writeNumber(1_000, 99_999, 5)],
	[
		'country',
		writeOneOf({Germany: 50, Austria: 15, Switzerland: 12, France: 9, Spain: 6, Denmark: 5, Poland: 2, Ireland: 1}),
	],
	['newsletter', writeOneOf({yes: 40, no: 60})],
	['is_business', orMissing(5, ['null'], writeOneOf({yes: 30, no: 70}))],
	['status', writeWord(STATUSES)],
	['priority', writeOneOf({'1': 10, '2': 20, '3': 50, '4': 15, '5': 5})],
	['quantity', writeOneOf({'1': 60, '2': 20, '3': 10, '4': 5, '6': 3, '12': 2})],
	['unit_price', writeDecimal],
	['discount_rate', writeParts(writeConstant('0.'), writeNumber(0, 50, 2))],
	['tax_rate', writeOneOf({'0.19': 80, '0.07': 15, '0': 5})],
	['total', writeAmount(4)],
	['balance', writeAmount(2, 40)],
	[
		'weight_kg',
		writeParts(
			writeNumber(1, 9),
			writeConstant('.'),
			writeNumber(0, 99, 2),
			writeWord(['e-3', 'e-2', 'e-1', 'e+0', 'e+1']),
		),
	],
	['order_date', writeRandomDate],
	['created_at', writeParts(writeRandomDate, writeConstant('T'), writeTime, writeWord(['Z', '+01:00', '+02:00']))],
	['delivery_date', orMissing(15, ['-'], writeRandomDate)],
	['delivery_time', orMissing(10, ['null'], writeTime)],
	['session_id', writeMostlyDistinct],
	['sku', writeParts(writeWord(['AB-', 'CX-', 'HOME-']), writeNumber(0, 999, 4))],
	['rating', orMissing(40, ['NA', 'null', '', '-'], writeNumber(1, 5))],
	['currency', writeConstant('EUR')],
	['fax', writeConstant('')],
	['comment', orMissing(60, [''], writeOneOf({...weigh(COMMENTS, 9), ...weigh(LONG_COMMENTS, 1)}))],
];

const names = COLUMNS.map(([name]) => name);
const writers = COLUMNS.map(([, write]) => write);

/** The export of a shop: 30 columns of all types. Of 100 records, 3 have line breaks in their comment. */
export const wide: Kind = {
	extension: 'csv',
	columns: names,
	breakRecord: createFieldBreaker({
		numberColumn: names.indexOf('total'),
		dateColumn: names.indexOf('order_date'),
		textColumn: names.indexOf('city'),
	}),
	createRowWriter(random, fileIndex, rowCount) {
		let row = fileIndex * rowCount;
		return buffer => {
			for (let column = 0; column < writers.length; column++) {
				if (column > 0) buffer.writeByte(COMMA);
				writers[column]?.(buffer, random, row);
			}
			buffer.writeByte(NEWLINE);
			row++;
		};
	},
};
