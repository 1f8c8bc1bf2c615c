// The values of a column of Parquet -> the texts of its cells (Logical Types of the Parquet format). All are exact: numbers have all of
// their digits, dates and times are those of ISO 8601.
import type {SchemaElement} from 'hyparquet';
import {parseFloat16} from 'hyparquet/src/convert.js';
import {EXPORT_ADVICE, unsupportedParquet} from './parquet-errors.ts';

/** As the library gives it where it is told no logical type. */
export type Value = boolean | number | bigint | Uint8Array;

export interface CellText {
	/** Text in UTF-8, or the ASCII of anything else, which needs no quotes. */
	readonly of: (value: Value) => string | Uint8Array;
	/** Whether it is said that its bytes are text. */
	readonly isText: boolean;
}

/** @throws {InputError} Where its values have no text. */
export function cellTextOf(element: SchemaElement): CellText {
	const {type, name, type_length: bytes} = element;
	const annotation = element.logical_type?.type ?? element.converted_type ?? '';
	if (['BSON', 'INTERVAL', 'GEOMETRY', 'GEOGRAPHY', 'VARIANT', 'FILE'].includes(annotation))
		throw noText(name, annotation);
	if (/^(?:STRING|UTF8|ENUM|JSON)$/.test(annotation) && type === 'BYTE_ARRAY') return {of: bytesOf, isText: true};
	if (annotation === 'DECIMAL') return asciiOf(decimalOf(scaleOf(element)));
	switch (type) {
		case 'BOOLEAN':
		case 'DOUBLE':
			return asciiOf(String);
		case 'FLOAT':
			return asciiOf(value => singleText(Number(value)));
		case 'INT32':
		case 'INT64':
			return asciiOf(integerTextOf(element, annotation));
		case 'INT96':
			return asciiOf(value => timestampText(nanosecondsOf(value), NANOS, ''));
		case 'FIXED_LEN_BYTE_ARRAY':
			if (annotation === 'UUID' && bytes === 16) return asciiOf(value => uuidText(bytesOf(value)));
			if (annotation === 'FLOAT16' && bytes === 2) return asciiOf(value => String(parseFloat16(bytesOf(value))));
			return {of: bytesOf, isText: false};
		case 'BYTE_ARRAY':
			return {of: bytesOf, isText: false};
		default:
			throw noText(name, type ?? 'that is not known');
	}
}

const asciiOf = (of: (value: Value) => string): CellText => ({of, isText: true});

const noText = (name: string, type: string) =>
	unsupportedParquet(
		`the values of the column ${JSON.stringify(name)} are of the type ${type}, which has no usual text`,
		`Leave the column out, or turn it into text. ${EXPORT_ADVICE}`,
	);

function bytesOf(value: Value): Uint8Array {
	if (value instanceof Uint8Array) return value;
	throw new TypeError(`Expected bytes, found ${typeof value}`);
}

const unsigned: ReadonlySet<string> = new Set(['UINT_8', 'UINT_16', 'UINT_32', 'UINT_64']);

function integerTextOf({type, logical_type: logical, converted_type: converted}: SchemaElement, annotation: string) {
	const bits = type === 'INT32' ? 32 : 64;
	if (annotation === 'DATE') return (value: Value): string => dateText(Number(value));
	if (logical?.type === 'TIME')
		return (value: Value): string => timeOfDayText(BigInt(value as bigint), perSecond[logical.unit]);
	if (logical?.type === 'TIMESTAMP') {
		const zone = logical.isAdjustedToUTC ? 'Z' : '';
		return (value: Value): string => timestampText(BigInt(value as bigint), perSecond[logical.unit], zone);
	}
	switch (converted) {
		case 'TIME_MILLIS':
			return (value: Value): string => timeOfDayText(BigInt(value as bigint), MILLIS);
		case 'TIME_MICROS':
			return (value: Value): string => timeOfDayText(BigInt(value as bigint), MICROS);
		case 'TIMESTAMP_MILLIS':
			return (value: Value): string => timestampText(BigInt(value as bigint), MILLIS, 'Z');
		case 'TIMESTAMP_MICROS':
			return (value: Value): string => timestampText(BigInt(value as bigint), MICROS, 'Z');
	}
	const isUnsigned = unsigned.has(converted ?? '') || (logical?.type === 'INTEGER' && !logical.isSigned);
	return isUnsigned ? (value: Value): string => String(BigInt.asUintN(bits, BigInt(value as bigint))) : String;
}

const MILLIS = 1000n;
const MICROS = 1_000_000n;
const NANOS = 1_000_000_000n;
const perSecond = {MILLIS, MICROS, NANOS} as const;

const SECONDS_PER_DAY = 86_400;
const DAY_OF_1970 = 2_440_588n;

/** Eight bytes of nanoseconds in a day, and four of the Julian day. */
function nanosecondsOf(value: Value): bigint {
	const both = BigInt(value as bigint);
	const days = (both >> 64n) - DAY_OF_1970;
	return days * BigInt(SECONDS_PER_DAY) * NANOS + BigInt.asUintN(64, both);
}

function timestampText(value: bigint, unit: bigint, zone: string): string {
	const [seconds, rest] = divide(value, unit);
	const days = Math.floor(Number(seconds) / SECONDS_PER_DAY);
	const second = Number(seconds) - days * SECONDS_PER_DAY;
	return `${dateText(days)}T${clockText(second, rest, unit)}${zone}`;
}

function timeOfDayText(value: bigint, unit: bigint): string {
	const [seconds, rest] = divide(value, unit);
	return clockText(Number(seconds), rest, unit);
}

/** Rounds down. */
function divide(value: bigint, unit: bigint): readonly [bigint, bigint] {
	const rest = ((value % unit) + unit) % unit;
	return [(value - rest) / unit, rest];
}

const two = (value: number): string => String(value).padStart(2, '0');

function clockText(second: number, rest: bigint, unit: bigint): string {
	const whole = `${two(Math.floor(second / 3600))}:${two(Math.floor(second / 60) % 60)}:${two(second % 60)}`;
	return rest === 0n ? whole : `${whole}.${String(unit + rest).slice(1)}`;
}

/** The day of the calendar that so many days lie behind 1970-01-01, counted in eras of 400 years that begin in March. */
function dateText(days: number): string {
	const shifted = days + 719_468;
	const era = Math.floor(shifted / 146_097);
	const ofEra = shifted - era * 146_097;
	const yearOfEra = Math.floor(
		(ofEra - Math.floor(ofEra / 1460) + Math.floor(ofEra / 36_524) - Math.floor(ofEra / 146_096)) / 365,
	);
	const ofYear = ofEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
	const fromMarch = Math.floor((5 * ofYear + 2) / 153);
	const day = ofYear - Math.floor((153 * fromMarch + 2) / 5) + 1;
	const month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9;
	const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
	return `${yearText(year)}-${two(month)}-${two(day)}`;
}

function yearText(year: number): string {
	if (year >= 0 && year <= 9999) return String(year).padStart(4, '0');
	return `${year < 0 ? '-' : '+'}${String(Math.abs(year)).padStart(6, '0')}`;
}

/** The shortest text that is this number in 32 bits. */
function singleText(value: number): string {
	for (let digits = 6; digits < 9; digits++) {
		const rounded = Number(value.toPrecision(digits));
		if (Math.fround(rounded) === value) return String(rounded);
	}
	return String(Number.isFinite(value) ? Number(value.toPrecision(9)) : value);
}

const MAX_SCALE = 1000;

function scaleOf({name, scale = 0, logical_type: logical}: SchemaElement): number {
	const decimals = logical?.type === 'DECIMAL' ? (logical.scale ?? 0) : scale;
	if (decimals >= 0 && decimals <= MAX_SCALE) return decimals;
	throw noText(name, `DECIMAL with ${decimals} decimals`);
}

const decimalOf =
	(scale: number) =>
	(value: Value): string => {
		const unscaled = value instanceof Uint8Array ? signedOf(value) : BigInt(value);
		const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, '0');
		const sign = unscaled < 0n ? '-' : '';
		return scale === 0 ? sign + digits : `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
	};

/** The first byte is the highest. */
const signedOf = (bytes: Uint8Array): bigint =>
	bytes.length === 0 ? 0n : BigInt.asIntN(8 * bytes.length, BigInt(`0x${hexOf(bytes)}`));

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex');

const uuidText = (bytes: Uint8Array): string => hexOf(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
