// Cells of an output that has types: which kind each is of, and its value.
import {addKinds, CellKind, type ColumnKind, type ShownKinds} from '../../shared/column-kinds.ts';
import {cellsOf} from './canonical-records.ts';

/** Digits with a zero in front are a code, and so are those with a plus: as numbers they would lose it. */
const NUMBER = /^-?(0|[1-9]\d*)(?:\.(\d+))?$/;
const BOOLEAN = /^(?:true|false)$/i;
const DAY = /^\d{4}-\d\d-\d\d$/;
const MOMENT = /^(\d{4}-\d\d-\d\d)[T ]([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:\.(\d{1,6}))?)?(Z?)$/;

const DAY_MS = 86_400_000;

/** Days since 1970; `null` where there is no such day. */
function dayNumber(text: string): number | null {
	const ms = Date.parse(`${text}T00:00:00Z`);
	return Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== text ? null : ms / DAY_MS;
}

/** Microseconds since 1970. */
function microseconds(text: string): bigint | null {
	const [, day = '', hours, minutes, seconds = 0, fraction = ''] = MOMENT.exec(text) ?? [];
	const days = dayNumber(day);
	if (days === null) return null;
	const ofDay = (Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds);
	return (BigInt(days) * 86_400n + BigInt(ofDay)) * 1_000_000n + BigInt(fraction.padEnd(6, '0'));
}

function shownBy(cell: string): ShownKinds {
	const show = (kinds: number): ShownKinds => ({kinds, digits: 0, scale: 0});
	const number = NUMBER.exec(cell);
	if (number !== null) {
		const [, digits = '', decimals = ''] = number;
		return {
			kinds: decimals === '' ? CellKind.integer : CellKind.decimal,
			digits: digits === '0' ? 0 : digits.length,
			scale: decimals.length,
		};
	}
	if (cell === '') return show(CellKind.empty);
	if (BOOLEAN.test(cell)) return show(CellKind.boolean);
	if (DAY.test(cell)) return show(dayNumber(cell) === null ? CellKind.text : CellKind.date);
	const zone = MOMENT.exec(cell)?.[6];
	if (zone === undefined || microseconds(cell) === null) return show(CellKind.text);
	return show(zone === 'Z' ? CellKind.instant : CellKind.clock);
}

/** Looks at all cells of the columns of a file. */
export class KindFinder {
	readonly shown: ShownKinds[];

	constructor(names: readonly string[]) {
		this.shown = names.map(() => ({kinds: 0, digits: 0, scale: 0}));
	}

	/** @param records - As in canonical-records.ts. */
	add(records: Uint8Array): void {
		for (const cells of cellsOf(records))
			for (const [index, known] of this.shown.entries()) {
				if ((known.kinds & CellKind.text) !== 0) continue;
				const shown = shownBy(cells[index] ?? '');
				const isNew = (known.kinds | shown.kinds) !== known.kinds;
				if (isNew || shown.digits > known.digits || shown.scale > known.scale)
					this.shown[index] = addKinds(known, shown);
			}
	}
}

export type CellValue = string | number | bigint | boolean | null;

/** The cell did not fit the type that all cells of its column had: they are others now. */
export class CellMisfit extends Error {
	override readonly name = 'CellMisfit';
}

/** @returns What gives the values of a column. @throws {CellMisfit} From what is returned. */
export function valuesOf(column: ColumnKind): (cell: string) => CellValue {
	if (column.kind === 'text') return cell => cell;
	const read = readerOf(column);
	return cell => {
		if (cell === '') return null;
		const value = read(cell);
		if (value === null) throw new CellMisfit();
		return value;
	};
}

function readerOf(column: ColumnKind): (cell: string) => CellValue {
	switch (column.kind) {
		case 'text':
			return cell => cell;
		case 'boolean':
			return cell => (BOOLEAN.test(cell) ? cell.toLowerCase() === 'true' : null);
		case 'integer':
			return cell => (NUMBER.test(cell) && !cell.includes('.') ? BigInt(cell) : null);
		case 'date':
			return cell => (DAY.test(cell) ? dayNumber(cell) : null);
		case 'timestamp':
			return microseconds;
		case 'decimal':
			return cell => {
				const decimals = NUMBER.exec(cell)?.[2] ?? '';
				if (!NUMBER.test(cell) || decimals.length > column.scale) return null;
				return BigInt(cell.replace('.', '') + '0'.repeat(column.scale - decimals.length));
			};
	}
}
