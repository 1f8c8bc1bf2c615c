// Large tables of transactions, mostly regular, with everything odd sprinkled in: they exist to be read a column at a time,
// in windows and batches, and to leave that path in every way. A seed gives the same table everywhere.

/** A stream of random numbers (mulberry32): quicker by far than asking fast-check for each cell. */
export class Dice {
	#state: number;
	constructor(seed: number) {
		this.#state = seed >>> 0;
	}
	/** 0 … `sides` - 1 */
	roll(sides: number): number {
		this.#state = (this.#state + 0x6d2b79f5) >>> 0;
		let bits = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
		bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
		return ((bits ^ (bits >>> 14)) >>> 0) % sides;
	}
	/** Whether something happens that happens once in so many times; never for 0. */
	isOneIn(times: number): boolean {
		return times > 0 && this.roll(times) === 0;
	}
	pick<Value>(values: readonly Value[]): Value {
		return values[this.roll(values.length)] as Value;
	}
	digits(count: number): string {
		let text = '';
		while (text.length < count) text += this.roll(10);
		return text;
	}
}

/** Bytes as text, one character per byte. */
const utf8 = (text: string): string => Buffer.from(text).toString('latin1');

const lengths = [0, 1, 2, 7, 13, 14, 15, 16, 17, 18, 31, 32, 33, 64, 1000];
export const oddTexts = [
	'',
	' ',
	' x ',
	'\0',
	'\0\0',
	'a\0',
	'a\0\0',
	'a',
	'fourteen bytes',
	'fifteen bytes..',
	'fifteen bytes.\0',
	'sixteen bytes...',
	'sixteen bytes..\0',
	'sixteen bytes...\0',
	utf8('漢字'),
	utf8('é'.repeat(8)),
	'\xff\xfe',
	'\xc3',
	'-',
	'0',
];
export const quotedTexts = [
	'say "hi"',
	'"',
	'""',
	'"a"',
	'two\nlines',
	'two\r\nlines',
	'two\rlines',
	'\n',
	'\r',
	'\r\n',
	'a,b;c\td|e',
	'fourteen "bytes',
	'fourteen"" bytes',
	`${'long '.repeat(20)}"quoted"\n${'text '.repeat(20)}`,
];
export const edgeAmounts = [
	'9223372036854775807',
	'-9223372036854775807',
	'9223372036854775808',
	'-9223372036854775808',
	'92233720368547758.07',
	'140737488355327',
	'140737488355328',
	'-140737488355328',
	'1407374883553.28',
	'9'.repeat(15),
	'9'.repeat(16),
	'9'.repeat(17),
	'9'.repeat(18),
	'9'.repeat(19),
	'9'.repeat(38),
	`-${'9'.repeat(38)}`,
	`${'9'.repeat(18)}.${'9'.repeat(20)}`,
	`.${'9'.repeat(18)}`,
	`.${'0'.repeat(37)}1`,
	`0.${'0'.repeat(17)}`,
	`-0.${'0'.repeat(16)}1`,
	`${'0'.repeat(37)}1`,
	`${'0'.repeat(30)}1.50`,
	'-0.00',
	'-0',
	'+0',
	'.5',
	'-.5',
	'+.5',
	'5.',
	'-5.',
	'+12.34',
	' 12.34',
	'12.34 ',
	'  -12.34  ',
	`${' '.repeat(40)}7`,
];
export const badAmounts = [
	'',
	' ',
	'   ',
	'.',
	'-',
	'+',
	'-.',
	'--1',
	'+-1',
	'1e3',
	'1,5,2',
	'12.3.4',
	'1 2',
	'0x10',
	'12.5o',
	'9'.repeat(39),
	`.${'9'.repeat(39)}`,
	'\t5',
	'5\0',
	'1/2',
	'12:34',
	'12.3:',
	'/5.00',
	'1-2.34',
	'\xff',
	'a'.repeat(1500),
];
export const oddDates = [
	'2024-02-29',
	'2000-02-29',
	'0001-01-01',
	'9999-12-31',
	'2024-01-31T10:00',
	'2024-01-01 23:59:60',
	'2024-01-01T10:00:00.123456Z',
	'2024-01-01T10:00:00,5+02:00',
	'2024-01-01T10:00-0230',
	'2024-01-01T10:00+02',
];
export const badDates = [
	'',
	'2023-02-29',
	'1900-02-29',
	'2024-02-30',
	'2024-04-31',
	'2024-00-10',
	'2024-01-00',
	'2024-13-01',
	'2024-99-01',
	'0000-01-01',
	'2024-1-1',
	'2024/01-01',
	' 2024-01-01',
	'2024-01-01 ',
	'2024-01-01T',
	'2024-01-01T24:00',
	'2024-01-01T10:00:61',
	'2024-01-01T10:00:00.',
	'2024-01-01T10:00+2',
	'2024-01-01T10:00:00ZZ',
	'2024-01-011',
	'202a-01-01',
	'2024-0:-01',
	'today',
	'x'.repeat(1200),
];

interface Manner {
	readonly delimiter: string;
	readonly lineEnds: readonly string[];
	/** One in so many cells, 0 for none. */
	readonly oddness: number;
	readonly badness: number;
	readonly quoting: number;
	readonly straying: number;
	readonly raggedness: number;
	readonly blankness: number;
	/** Encoding marks in front of records. */
	readonly markedness: number;
	/** Decimals of the amounts, which go on to the next entry from time to time. */
	readonly decimals: readonly number[];
	readonly wholeDigits: number;
	readonly categories: readonly string[];
	readonly idLength: number;
}

const chances = [0, 0, 3, 20, 300, 2000] as const;

/** A number with three decimals may be one with groups of digits, and no table of this kind is to be refused. */
const notThree = (decimals: number): number => (decimals === 3 ? 4 : decimals);

function chooseManner(dice: Dice): Manner {
	const lineEnd = dice.pick(['\n', '\n', '\r\n', '\r']);
	const isRising = dice.isOneIn(2);
	const decimals = Array.from({length: isRising ? 4 : 1}, () => notThree(dice.roll(dice.pick([3, 3, 7, 21]))));
	const length = dice.pick(lengths);
	return {
		delimiter: dice.pick([',', ',', ';', '\t', '|']),
		lineEnds: dice.isOneIn(5) ? ['\n', '\r\n', '\r'] : [lineEnd],
		oddness: dice.pick(chances),
		badness: dice.pick(chances),
		quoting: dice.pick([0, 0, 1, 2, 50]),
		straying: dice.pick([0, 0, 0, 50, 1000]),
		raggedness: dice.pick(chances),
		blankness: dice.pick(chances),
		markedness: dice.pick([0, 0, 0, 1, 20, 300]),
		decimals: isRising ? decimals.sort((left, right) => left - right) : decimals,
		wholeDigits: dice.pick([1, 3, 3, 5, 13, 17]),
		categories: Array.from({length: dice.pick([1, 4, 16, 500])}, (_, index) => `${index}${'c'.repeat(length)}`),
		idLength: dice.pick(lengths),
	};
}

const needed = ['customer_id', 'amount', 'date', 'category'] as const;

export interface LargeTable {
	readonly bytes: Uint8Array;
	readonly delimiter: string;
}

/** @param mostRecords - Up to so many, and at least a tenth of it. */
export function largeTable(seed: number, mostRecords: number): LargeTable {
	const dice = new Dice(seed);
	const manner = chooseManner(dice);
	const {delimiter} = manner;
	const columns = Array.from({length: dice.pick([4, 4, 5, 7, 40])}, (_, index) => `column ${index}`);
	const places = columns.map((_, index) => index).sort(() => dice.roll(3) - 1);
	for (const [index, name] of needed.entries()) columns[places[index] ?? 0] = name;
	const parts = [dice.isOneIn(4) ? '\xef\xbb\xbf' : '', columns.join(delimiter), dice.pick(manner.lineEnds)];
	const count = Math.ceil(mostRecords / 10) + dice.roll(mostRecords);
	for (let record = 0; record < count; record++) {
		const cells = columns.map(name => writeCell(dice, manner, cellOf(dice, manner, name, record / count)));
		if (dice.isOneIn(manner.raggedness)) {
			if (dice.isOneIn(2)) cells.splice(dice.roll(cells.length), dice.roll(cells.length + 1));
			else cells.push(...Array.from({length: dice.roll(100)}, () => 'x'));
		}
		while (dice.isOneIn(manner.markedness) && !dice.isOneIn(4)) parts.push('\xef\xbb\xbf');
		parts.push(cells.join(delimiter));
		if (record + 1 < count || !dice.isOneIn(3)) parts.push(dice.pick(manner.lineEnds));
		if (dice.isOneIn(manner.blankness)) {
			for (let lines = dice.roll(70); lines >= 0; lines--) parts.push(dice.pick(manner.lineEnds));
		}
	}
	if (dice.isOneIn(20)) parts.push(delimiter, '"never closed', delimiter, '\n');
	return {bytes: Buffer.from(parts.join(''), 'latin1'), delimiter};
}

/** @param progress - How far the table has come, 0 … 1. */
function cellOf(dice: Dice, manner: Manner, name: string, progress: number): string {
	const isOdd = dice.isOneIn(manner.oddness);
	const isBad = !isOdd && dice.isOneIn(manner.badness);
	switch (name) {
		case 'amount': {
			if (isOdd) return dice.pick(edgeAmounts);
			if (isBad) return dice.pick(badAmounts);
			const index = Math.min(manner.decimals.length - 1, Math.floor(progress * manner.decimals.length));
			const decimals = manner.decimals[index] ?? 0;
			const sign = dice.pick(['', '', '', '-']);
			const whole = dice.digits(dice.roll(manner.wholeDigits) + 1);
			return sign + (decimals === 0 ? whole : `${whole}.${dice.digits(decimals)}`);
		}
		case 'date': {
			if (isOdd) return dice.pick(oddDates);
			if (isBad) return dice.pick(badDates);
			const two = (value: number): string => String(value).padStart(2, '0');
			return `20${two(dice.roll(100))}-${two(dice.roll(12) + 1)}-${two(dice.roll(28) + 1)}`;
		}
		case 'category':
			return isOdd ? dice.pick(oddTexts) : isBad ? dice.pick(quotedTexts) : dice.pick(manner.categories);
		case 'customer_id':
			if (isOdd || isBad) return dice.pick(isOdd ? oddTexts : quotedTexts);
			return dice.roll(1000).toString(36).padStart(manner.idLength, '_');
		default:
			return isOdd ? dice.pick(quotedTexts) : 'filler'.slice(0, dice.roll(7));
	}
}

function writeCell(dice: Dice, {delimiter, quoting, straying}: Manner, cell: string): string {
	if (dice.isOneIn(straying))
		return dice.pick([`${cell.replaceAll(/[\r\n]/g, '')}"x`, `"${cell}"x`, `"${cell}" `, '"x"y"z']);
	const mustBeQuoted = cell.includes(delimiter) || /["\r\n]/.test(cell);
	return mustBeQuoted || dice.isOneIn(quoting) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
