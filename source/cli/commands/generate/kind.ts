import type {Random} from './random.ts';
import type {RowBuffer} from './row-buffer.ts';

/** A kind of sample file: its columns, how its records are written, and how one of them is made malformed. */
export interface Kind {
	readonly extension: 'csv' | 'log';
	/** The header of each file; `null` where a file is lines of text. */
	readonly columns: readonly string[] | null;
	/**
	Prepares one file.

	@param random - The only source of randomness for the records.
	@param fileIndex - 0-based.
	@param rowCount - Records in each file: ids continue from file to file.
	@returns A function that writes the next record with its newline, at most `MAX_ROW_BYTES` long.
	*/
	readonly createRowWriter: (random: Random, fileIndex: number, rowCount: number) => (buffer: RowBuffer) => void;
	/**
	Makes a record malformed.

	@param record - A record as written, without its newline, one character for each byte. The result is of the same form.
	*/
	readonly breakRecord: (record: string, random: Random) => string;
}

/** The maximum length of a record, malformed or not. */
export const MAX_ROW_BYTES = 1024;

const encoder = new TextEncoder();

/** A field as written in a file: quoted where necessary. */
export const encodeField = (text: string): Uint8Array =>
	encoder.encode(/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** Spreads items over `slots` places by their weights, so that one random index picks one in proportion. */
export function createWeightedTable(weights: readonly number[], slots: number): Uint8Array {
	const table = new Uint8Array(slots);
	const total = weights.reduce((sum, weight) => sum + weight, 0);
	let sum = 0;
	let slot = 0;
	weights.forEach((weight, item) => {
		sum += weight;
		const end = Math.floor((sum * slots) / total);
		table.fill(item, slot, end);
		slot = end;
	});
	return table;
}

const DAY_MS = 86_400_000;
const FIRST_DAY_MS = Date.UTC(2022, 0, 1);

/** `2022-01-01` is day 0. */
export const formatDay = (day: number): string => new Date(FIRST_DAY_MS + day * DAY_MS).toISOString().slice(0, 10);

/** 2022-01-01 to 2024-12-31, which includes a leap day. */
export const DAY_COUNT = 1096;
export const DATE_BYTES = 10;

/** All dates one after the other, 10 bytes each. */
export const dateTable: Uint8Array = encoder.encode(
	Array.from({length: DAY_COUNT}, (_, day) => formatDay(day)).join(''),
);

export const writeRandomDate = (buffer: RowBuffer, random: Random): void => {
	const start = random.below(DAY_COUNT) * DATE_BYTES;
	buffer.writeBytes(dateTable, start, start + DATE_BYTES);
};
