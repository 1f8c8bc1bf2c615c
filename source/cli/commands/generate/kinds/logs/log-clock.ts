import type {Random} from '../../random.ts';

/** How many lines each hour has, in proportion: a working day with a lunch break, and little at night. */
const HOURS = [2, 1, 1, 1, 1, 2, 5, 12, 30, 48, 52, 50, 34, 44, 52, 50, 46, 36, 20, 12, 9, 7, 5, 3];
const TOTAL = HOURS.reduce((sum, weight) => sum + weight, 0);
const HOUR_MS = 3_600_000;

/** The times of the lines of one day. They never go backwards, and the lines fill the day, regardless of their number. */
export class LogClock {
	/** The time as `HH:MM:SS`. */
	readonly bytes: Uint8Array = new TextEncoder().encode('00:00:00');
	millisecond = 0;
	readonly #random: Random;
	readonly #lineCount: number;
	#line = 0;
	#hour = 0;
	/** The weights of all hours before the current one. */
	#weightBefore = 0;
	#second = 0;

	constructor(random: Random, lineCount: number) {
		this.#random = random;
		this.#lineCount = lineCount;
	}

	/** Goes on to the time of the next line. */
	advance(): void {
		// Each line has an equal share of the day's weight, and a random place in it. Every operation on these numbers is
		// rounded as IEEE 754 defines, so the result is the same on any machine.
		const place = this.#line++ + (this.#random.next() >>> 12) / 0x10_0000;
		const weight = (place * TOTAL) / this.#lineCount;
		while (this.#hour < 23 && weight >= this.#weightBefore + (HOURS[this.#hour] ?? 0)) {
			this.#weightBefore += HOURS[this.#hour] ?? 0;
			this.#hour++;
		}
		const ms = Math.floor(((weight - this.#weightBefore) * HOUR_MS) / (HOURS[this.#hour] ?? 1));
		const secondOfHour = Math.min(3599, (ms / 1000) | 0);
		this.millisecond = Math.min(999, ms - secondOfHour * 1000);
		const second = this.#hour * 3600 + secondOfHour;
		if (second === this.#second) return;
		this.#second = second;
		const minute = (secondOfHour / 60) | 0;
		this.#writeTwoDigits(0, this.#hour);
		this.#writeTwoDigits(3, minute);
		this.#writeTwoDigits(6, secondOfHour - minute * 60);
	}

	#writeTwoDigits(index: number, value: number): void {
		const tens = (value / 10) | 0;
		this.bytes[index] = 0x30 + tens;
		this.bytes[index + 1] = 0x30 + value - tens * 10;
	}
}
