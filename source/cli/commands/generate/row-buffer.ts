const POWERS_OF_TEN = Array.from({length: 16}, (_, digits) => 10 ** digits);

/** Bytes are written directly into one large buffer: a string for each record would take most of the time. */
export class RowBuffer {
	readonly bytes: Buffer;
	position = 0;

	constructor(capacityBytes: number) {
		this.bytes = Buffer.alloc(capacityBytes);
	}

	writeByte(byte: number): void {
		this.bytes[this.position++] = byte;
	}

	writeBytes(source: Uint8Array, start = 0, end = source.length): void {
		const {bytes} = this;
		let {position} = this;
		for (let index = start; index < end; index++) bytes[position++] = source[index] ?? 0;
		this.position = position;
	}

	/** @param value - A whole number from 0 to 2^53 - 1, padded with zeros to `minimumDigits`. */
	writeInteger(value: number, minimumDigits = 1): void {
		let digits = minimumDigits;
		while (value >= (POWERS_OF_TEN[digits] ?? Number.POSITIVE_INFINITY)) digits++;
		let rest = value;
		// A remainder of numbers beyond 31 bits is slow, so the upper digits are written separately.
		if (rest > 0x7fff_ffff) {
			this.writeInteger(Math.floor(rest / 1_000_000_000), digits - 9);
			rest %= 1_000_000_000;
			digits = 9;
		}
		for (let index = this.position + digits - 1; index >= this.position; index--) {
			const quotient = (rest / 10) | 0;
			this.bytes[index] = 0x30 + rest - quotient * 10;
			rest = quotient;
		}
		this.position += digits;
	}

	/** @returns What was written from `start` to `end`, one character for each byte. */
	readText(start: number, end: number): string {
		return this.bytes.toString('latin1', start, end);
	}

	/** @param text - One character for each byte. */
	writeText(text: string): void {
		this.position += this.bytes.write(text, this.position, 'latin1');
	}

	/** `1234` cents are `12.34`. */
	writeCents(cents: number): void {
		const whole = Math.floor(cents / 100);
		this.writeInteger(whole);
		this.writeByte(0x2e);
		this.writeInteger(cents - whole * 100, 2);
	}
}

export const COMMA = 0x2c;
export const NEWLINE = 0x0a;
export const MINUS = 0x2d;
