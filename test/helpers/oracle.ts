// An independent reading of a file of transactions, written from the rules alone and as plainly as they can be written:
// the whole file in one string, one character after the other, bigints for money. It shares no code with the program,
// which is held against it on random files.

export interface OracleReject {
	readonly line: number;
	readonly byte_offset: number;
	readonly column: string | null;
	readonly reason: string;
	readonly value: string;
}

export interface OracleReading {
	readonly rows: number;
	readonly rejected_rows: number;
	readonly rejects: readonly OracleReject[];
	readonly result: OracleResult | null;
	readonly error: {readonly code: string; readonly line: number; readonly byte_offset: number} | null;
}

export interface OracleResult {
	readonly total_transactions: number;
	readonly total_amount: number | null;
	readonly total_amount_exact: string | null;
	readonly average_transaction: number | null;
	readonly top_category: string | null;
	readonly categories: ReadonlyArray<{readonly category: string; readonly count: number; readonly amount: string}>;
	readonly date_range: {readonly earliest: string; readonly latest: string} | null;
	readonly unique_customers: {readonly value: number; readonly exact: boolean};
}

interface Field {
	text: string;
	raw: string;
	isStray: boolean;
}

interface OracleRecord {
	readonly line: number;
	readonly offset: number;
	readonly fields: Field[];
	/** Where its quote stands that is never closed; of it, the last field is only the line's rest. */
	open?: {readonly line: number; readonly offset: number};
}

const needed = ['customer_id', 'amount', 'date', 'category'];

/** Splits a file into records. One with a quote that is never closed ends with the line of the quote. */
export function splitRecords(bytes: string, delimiter = ','): OracleRecord[] {
	const records: OracleRecord[] = [];
	let at = 0;
	let line = 1;
	const newlineAt = (index: number): number => {
		if (bytes.startsWith('\r\n', index)) return 2;
		return bytes[index] === '\n' || bytes[index] === '\r' ? 1 : 0;
	};
	while (at < bytes.length) {
		// An encoding mark in front of a record is no part of it.
		if (bytes.startsWith('\u{ef}\u{bb}\u{bf}', at)) {
			at += 3;
			continue;
		}
		const blank = newlineAt(at);
		if (blank > 0) {
			at += blank;
			line++;
			continue;
		}
		const record: OracleRecord = {line, offset: at, fields: []};
		let isRecordOpen = true;
		while (isRecordOpen) {
			const field: Field = {text: '', raw: '', isStray: false};
			const start = at;
			if (bytes[at] === '"') {
				const opened = {line, offset: at};
				at++;
				for (;;) {
					if (at >= bytes.length) {
						record.open = opened;
						break;
					}
					if (bytes.startsWith('""', at)) {
						field.text += '"';
						at += 2;
					} else if (bytes[at] === '"') {
						at++;
						break;
					} else {
						const newline = newlineAt(at);
						if (newline > 0) line++;
						field.text += bytes.slice(at, at + Math.max(1, newline));
						at += Math.max(1, newline);
					}
				}
				if (record.open !== undefined) {
					({line, offset: at} = opened);
					while (at < bytes.length && newlineAt(at) === 0) at++;
					field.raw = bytes.slice(start, at);
					record.fields.push(field);
					break;
				}
				let behind = at;
				while (behind < bytes.length && bytes[behind] !== delimiter && newlineAt(behind) === 0) behind++;
				field.isStray = /[^ \t]/.test(bytes.slice(at, behind));
				// A quote that closes in a later line, in front of text, opens another field.
				if (field.isStray && line > opened.line) {
					record.open = opened;
					({line, offset: at} = opened);
					while (newlineAt(at) === 0) at++;
					field.raw = bytes.slice(start, at);
					record.fields.push(field);
					break;
				}
				if (!field.isStray) at = behind;
			}
			while (at < bytes.length && bytes[at] !== delimiter && newlineAt(at) === 0) field.text += bytes[at++];
			field.raw = bytes.slice(start, at);
			record.fields.push(field);
			if (bytes[at] === delimiter) at++;
			else isRecordOpen = false;
		}
		const newline = newlineAt(at);
		at += newline;
		if (newline > 0) line++;
		records.push(record);
	}
	return records;
}

interface Accepted {
	readonly amount: string;
	/** Without a time. */
	readonly date: string;
	readonly category: string;
	readonly customer: string;
}

/** A needed name however it is spelt, any other as it is. */
function nameOf(text: string): string {
	const letters = text.toLowerCase().replaceAll(/[\s_-]/g, '');
	return needed.find(name => name.replaceAll('_', '') === letters) ?? text;
}

export function readByOracle(file: Uint8Array, delimiter = ','): OracleReading {
	return readFile(file, delimiter).reading;
}

/** The records that count, in order; none of a file that cannot be read. */
export function acceptedRecords(file: Uint8Array, delimiter = ','): readonly Accepted[] {
	return readFile(file, delimiter).accepted;
}

function readFile(
	file: Uint8Array,
	delimiter: string,
): {readonly reading: OracleReading; readonly accepted: readonly Accepted[]} {
	const bytes = Buffer.from(file).toString('latin1');
	const decode = decoderOf(file);
	const records = splitRecords(bytes, delimiter);
	const nothing: OracleReading = {rows: 0, rejected_rows: 0, rejects: [], result: null, error: null};
	const failure = (code: string, line: number, offset: number): ReturnType<typeof readFile> => ({
		reading: {...nothing, error: {code, line, byte_offset: offset}},
		accepted: [],
	});
	const [header, ...data] = records;
	const inHeader = header?.open ?? null;
	if (inHeader !== null) return failure('UNCLOSED_QUOTE', inHeader.line, inHeader.offset);
	if (header !== undefined) {
		const names = header.fields.map(field => nameOf(decode(field.text)));
		if (needed.some(name => !names.includes(name))) return failure('MISSING_COLUMN', header.line, header.offset);
		if (needed.some(name => names.indexOf(name) !== names.lastIndexOf(name))) {
			return failure('DUPLICATE_COLUMN', header.line, header.offset);
		}
	}
	if (header === undefined) return {reading: nothing, accepted: []};

	const names = header.fields.map(field => nameOf(decode(field.text)));
	// A table without names may have the same record twice.
	const mayRepeat = header.fields.every(({text}) => /^[^0-9+\-.,(]/.test(text));
	const rejects: OracleReject[] = [];
	const accepted: Accepted[] = [];
	for (const {line, offset, fields, open} of data) {
		const reject = (column: string | null, reason: string, value: string, at = {line, offset}): void => {
			const shown = Array.from(decode(value)).slice(0, 200).join('');
			rejects.push({line: at.line, byte_offset: at.offset, column, reason, value: shown});
		};
		const nameAt = (index: number): string | null => {
			const name = names[index];
			if (name === undefined) return null;
			return needed.includes(name) ? name : decode(header.fields[index]?.text ?? '').trim();
		};
		const cell = (name: string): string => fields[names.indexOf(name)]?.text ?? '';
		const stray = fields.findIndex(field => field.isStray);
		const nuls = rawOf(fields, delimiter).split('\0').length - 1;
		const amount = cell('amount')
			.replace(/^[ \t]+/, '')
			.replace(/[ \t]+$/, '');
		const date = cell('date');
		if (open !== undefined) reject(nameAt(fields.length - 1), 'unclosed-quote', fields.at(-1)?.raw ?? '', open);
		else if (fields.length !== names.length)
			reject(null, 'field-count', `${fields.length} field${fields.length === 1 ? '' : 's'}, expected ${names.length}`);
		else if (fields.every(({text}) => text === ''))
			reject(null, 'padding', `${fields.length} empty fields, expected values`);
		else if (rawOf(fields, delimiter) === rawOf(header.fields, delimiter) && mayRepeat)
			reject(null, 'repeated-header', 'the header again, expected values');
		else if (nuls > 0) reject(null, 'nul-byte', `${nuls} NUL byte${nuls === 1 ? '' : 's'}, expected text`);
		else if (stray !== -1) reject(nameAt(stray), 'quote', fields[stray]?.raw ?? '');
		else if (amount === '') reject('amount', 'missing', cell('amount'));
		else if (!/^[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)$/.test(amount)) reject('amount', 'not-a-number', cell('amount'));
		else if (amount.replace(/[^0-9]/g, '').length > 38) reject('amount', 'too-many-digits', cell('amount'));
		else if (date.replace(/[ \t]/g, '') === '') reject('date', 'missing', date);
		else if (dayOf(date) === null) reject('date', 'not-a-date', date);
		else accepted.push({amount, date: dayOf(date) ?? '', category: cell('category'), customer: cell('customer_id')});
	}
	const reading = {
		rows: data.length,
		rejected_rows: rejects.length,
		rejects: rejects.slice(0, 20),
		result: summarise(accepted, decode),
		error: null,
	};
	return {reading, accepted};
}

const rawOf = (fields: readonly Field[], delimiter: string): string => fields.map(({raw}) => raw).join(delimiter);

/** The day that a text tells, as `YYYY-MM-DD`: piece by piece, from left to right. */
export function dayOf(cell: string): string | null {
	let rest = cell.replace(/^[ \t]+/, '').replace(/[ \t]+$/, '');
	const take = (piece: RegExp): string | null => {
		const found = new RegExp(`^(?:${piece.source})`).exec(rest)?.[0];
		if (found === undefined) return null;
		rest = rest.slice(found.length);
		return found;
	};
	const digits = (take(/\d{4}-\d{2}-\d{2}/) ?? take(/\d{8}/))?.replaceAll('-', '');
	if (digits === undefined) return null;
	const [year, month, day] = [digits.slice(0, 4), digits.slice(4, 6), digits.slice(6)];
	const date = new Date(0);
	date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
	const isDay = date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day) && Number(year) > 0;
	if (!isDay) return null;
	if (rest === '') return `${year}-${month}-${day}`;

	if (take(/T|t|[ \t]+/) === null) return null;
	const clock = (take(/\d\d(:\d\d(:\d\d([.,]\d+)?)?)/) ?? take(/\d{6}[.,]\d+/) ?? take(/(\d\d){1,3}/))?.replaceAll(
		':',
		'',
	);
	if (clock === undefined) return null;
	const [hour, minute, second] = [clock.slice(0, 2), clock.slice(2, 4), clock.slice(4, 6)].map(Number);
	const isEndOfDay = /^24[0.,]*$/.test(clock);
	if (!isEndOfDay && ((hour ?? 99) > 23 || (minute ?? 99) > 59 || (second ?? 99) > 60)) return null;
	take(/[ \t]+/);
	const offset = take(/[+-]\d\d:?\d\d/) ?? take(/[+-]\d\d/) ?? take(/Z|z|[Uu][Tt][Cc]/) ?? '';
	const [offsetHour = 0, offsetMinute = 0] = (offset.match(/\d\d/g) ?? []).map(Number);
	if (offsetHour > 23 || offsetMinute > 59) return null;
	while (take(/[ \t]*\[[A-Za-z0-9_!.:=~/+-]+\]/) !== null);
	return rest === '' ? `${year}-${month}-${day}` : null;
}

function summarise(accepted: readonly Accepted[], decode: Decode): OracleResult {
	const scale = Math.max(0, ...accepted.map(({amount}) => (amount.split('.')[1] ?? '').length));
	const unitsOf = (amount: string): bigint => {
		const [whole = '', fraction = ''] = amount.replace(/^[+-]/, '').split('.');
		const units = BigInt(whole + fraction.padEnd(scale, '0') || '0');
		return amount.startsWith('-') ? -units : units;
	};
	const write = (units: bigint): string => {
		const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, '0');
		const text = scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
		return units < 0n ? `-${text}` : text;
	};
	const sum = (some: typeof accepted): bigint => some.reduce((total, {amount}) => total + unitsOf(amount), 0n);
	const categories = [...new Set(accepted.map(({category}) => category))]
		.map(category => ({category, records: accepted.filter(record => record.category === category)}))
		.sort(
			(left, right) =>
				right.records.length - left.records.length ||
				Buffer.compare(Buffer.from(decode(left.category)), Buffer.from(decode(right.category))),
		);
	const dates = accepted.map(({date}) => date).sort();
	const count = accepted.length;
	const total = write(sum(accepted));
	return {
		total_transactions: count,
		total_amount: count === 0 ? null : Number(total),
		total_amount_exact: count === 0 ? null : total,
		average_transaction: count === 0 ? null : averageOf(sum(accepted), scale, count),
		top_category: categories[0] === undefined ? null : decode(categories[0].category),
		categories: categories
			.slice(0, 100)
			.map(({category, records}) => ({category: decode(category), count: records.length, amount: write(sum(records))})),
		date_range: count === 0 ? null : {earliest: dates[0] ?? '', latest: dates.at(-1) ?? ''},
		unique_customers: {
			value: new Set(accepted.map(({customer}) => customer).filter(id => id !== '')).size,
			exact: true,
		},
	};
}

/** Rounds half to even by trying: of the two neighbours the nearer one, of equal ones the even one. */
function averageOf(units: bigint, scale: number, count: number): number {
	const denominator = BigInt(count) * 10n ** BigInt(scale);
	const numerator = units * 1_000_000n;
	let low = numerator / denominator;
	if (low * denominator > numerator) low -= 1n;
	const below = numerator - low * denominator;
	const above = (low + 1n) * denominator - numerator;
	const rounded = below < above ? low : above < below ? low + 1n : low % 2n === 0n ? low : low + 1n;
	const digits = (rounded < 0n ? -rounded : rounded).toString().padStart(7, '0');
	return Number(`${rounded < 0n ? '-' : ''}${digits.slice(0, -6)}.${digits.slice(-6)}`) + 0;
}

/** How bytes become text, one character each before: as UTF-8 where the whole file is that, else each byte by itself. */
type Decode = (bytes: string) => string;

/** The encoding that a file is told to have. */
export function encodingByOracle(file: Uint8Array): 'utf-8' | 'windows-1252' {
	try {
		new TextDecoder('utf-8', {fatal: true}).decode(file);
		return 'utf-8';
	} catch {
		return 'windows-1252';
	}
}

function decoderOf(file: Uint8Array): Decode {
	const decoder = new TextDecoder(encodingByOracle(file), {ignoreBOM: true});
	return bytes => decoder.decode(Buffer.from(bytes, 'latin1'));
}
