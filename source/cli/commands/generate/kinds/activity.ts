import type {Kind} from '../kind.ts';
import {createWeightedTable, encodeField, formatDay} from '../kind.ts';
import {createFieldBreaker} from '../malformed.ts';
import {skew} from '../random.ts';
import {COMMA, NEWLINE} from '../row-buffer.ts';

const ACTIONS: readonly (readonly [name: string, weight: number])[] = [
	['view', 44],
	['click', 22],
	['search', 12],
	['login', 7],
	['download', 5],
	['logout', 4],
	['upload', 3],
	['purchase', 2],
	['error', 1],
];

const SLOT_BITS = 8;
const slots = createWeightedTable(
	ACTIONS.map(([, weight]) => weight),
	1 << SLOT_BITS,
);
const names = ACTIONS.map(([name]) => encodeField(name));
const DAY_SECONDS = 86_400;

/** The log of a web service: times increase by a few seconds; each file begins a day later than the one before. */
export const activity: Kind = {
	extension: 'csv',
	columns: ['timestamp', 'user_id', 'action', 'duration_ms'],
	breakRecord: createFieldBreaker({numberColumn: 3, dateColumn: 0, textColumn: 2}),
	createRowWriter(random, fileIndex) {
		let day = fileIndex;
		let second = 0;
		let date = encodeField(formatDay(day));
		return buffer => {
			const choice = random.next();
			second += choice & 3;
			if (second >= DAY_SECONDS) {
				second -= DAY_SECONDS;
				day++;
				date = encodeField(formatDay(day));
			}
			const minute = (second / 60) | 0;
			const hour = (minute / 60) | 0;
			buffer.writeBytes(date);
			buffer.writeByte(0x54);
			buffer.writeInteger(hour, 2);
			buffer.writeByte(0x3a);
			buffer.writeInteger(minute - hour * 60, 2);
			buffer.writeByte(0x3a);
			buffer.writeInteger(second - minute * 60, 2);
			buffer.writeByte(0x5a);
			buffer.writeByte(COMMA);
			buffer.writeByte(0x75);
			buffer.writeInteger(1000 + (skew(random.next()) >>> 3));
			buffer.writeByte(COMMA);
			buffer.writeBytes(names[slots[choice >>> (32 - SLOT_BITS)] ?? 0] ?? new Uint8Array());
			buffer.writeByte(COMMA);
			buffer.writeInteger(1 + (skew(random.next()) >>> 2));
			buffer.writeByte(NEWLINE);
		};
	},
};
