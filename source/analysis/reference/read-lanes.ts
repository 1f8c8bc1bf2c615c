// The cells of a record → what a program needs of them, one lane after the other.

import type {RejectReason} from '../../model/report.ts';
import type {ParsedAmount} from '../amount.ts';
import {isBlankCell, parseCalendarDate} from '../calendar-date.ts';
import type {Forms} from '../forms/forms.ts';
import {plainDate, readAmount} from '../forms/read-cell.ts';
import {parseMoment} from '../moment.ts';
import type {Lane, Program} from '../program.ts';

/** What is wrong with one cell. */
export interface CellFault {
	/** Its place in the record; `null` where the whole record is not accepted. */
	readonly column: number | null;
	readonly reason: RejectReason;
	/** The cell as found, one character per byte. */
	readonly value: string;
}

/** What a lane has of a record. */
export type LaneValue =
	| {readonly kind: 'number'; readonly number: ParsedAmount}
	/** A day as `YYYY-MM-DD`, a moment as text (moment.ts), or a text, one character per byte. */
	| {readonly kind: 'text'; readonly text: string}
	| {readonly kind: 'none'; readonly fault: CellFault | null};

const none: LaneValue = {kind: 'none', fault: null};

/** @param fields - All of the record, quotes removed, one character per byte. */
export function readLanes({lanes, forms}: Pick<Program, 'lanes' | 'forms'>, fields: readonly string[]): LaneValue[] {
	const values: LaneValue[] = [];
	// The factors of a product stand in front of it.
	for (const lane of lanes) values.push(readLane(lane, forms, fields, values));
	return values;
}

function readLane(
	lane: Lane,
	forms: Forms | undefined,
	fields: readonly string[],
	before: readonly LaneValue[],
): LaneValue {
	// What functions compute is filled in later.
	if (lane.kind === 'absent' || lane.kind === 'computed') return none;
	if (lane.kind === 'product') {
		const [left = none, right = none] = lane.factors.map(factor => before[factor]);
		if (left.kind === 'number' && right.kind === 'number')
			return {kind: 'number', number: multiply(left.number, right.number)};
		return left.kind === 'number' ? right : left;
	}
	if (lane.kind === 'difference') return subtract(lane.parts.map(part => before[part] ?? none));
	const {column} = lane;
	const text = fields[column] ?? '';
	if (lane.kind === 'text') return {kind: 'text', text};
	if (lane.kind === 'number') {
		const number: ParsedAmount = {units: 0, scale: 0};
		const reason = readAmount(text, forms?.get(column)?.number, number);
		return reason === null ? {kind: 'number', number} : {kind: 'none', fault: {column, reason, value: text}};
	}
	const date = plainDate(text, forms?.get(column)?.date);
	const day = lane.kind === 'date' ? parseCalendarDate(date) : parseMoment(date);
	if (day !== null) return {kind: 'text', text: day};
	return {kind: 'none', fault: {column, reason: isBlankCell(text) ? 'missing' : 'not-a-date', value: text}};
}

/** Of what is there; a cell that is not empty must be a number. */
function subtract([left = none, right = none]: readonly LaneValue[]): LaneValue {
	const wrong = [left, right].find(value => value.kind === 'none' && value.fault?.reason !== 'missing');
	if (wrong !== undefined) return wrong;
	if (left.kind !== 'number' && right.kind !== 'number') return left;
	const zero: ParsedAmount = {units: 0, scale: 0};
	const [plus, minus] = [left, right].map(value => (value.kind === 'number' ? value.number : zero)) as [
		ParsedAmount,
		ParsedAmount,
	];
	const scale = Math.max(plus.scale, minus.scale);
	const unitsOf = (number: ParsedAmount): bigint => BigInt(number.units) * 10n ** BigInt(scale - number.scale);
	return {kind: 'number', number: {units: unitsOf(plus) - unitsOf(minus), scale}};
}

function multiply(left: ParsedAmount, right: ParsedAmount): ParsedAmount {
	const scale = left.scale + right.scale;
	const product = Number(left.units) * Number(right.units);
	return Number.isSafeInteger(product) && typeof left.units === 'number' && typeof right.units === 'number'
		? {units: product, scale}
		: {units: BigInt(left.units) * BigInt(right.units), scale};
}
