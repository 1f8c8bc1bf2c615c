// Bytes → the lines of a text that have a user, whatever the chunks. What a line is, line-scanner.ts says; users and times are looked for in
// the first bytes of long ones.
import {findTime} from './line-time.ts';
import {findUser, type UserForm} from './user-forms.ts';
import type {Found} from './user-pattern.ts';

const LF = 0x0a;
const CR = 0x0d;
/** So much of a line is looked at. */
const MAX_LINE_BYTES = 64 * 1024;

/**
@param user - One character for each byte.
@param time - See `findTime`.
@param end - Where the line ends in the source, its line end included.
*/
export type OnUserLine = (user: string, time: string, end: number) => void;

export class UserLineScanner {
	readonly #form: UserForm;
	readonly #onLine: OnUserLine;
	/** The beginning of a line whose end has not come. */
	#rest: Buffer = Buffer.alloc(0);
	/** Whether there is one; it may be nothing but a byte order mark. */
	#hasRest = false;
	readonly #found: Found = {start: 0, end: 0};
	#offset = 0;
	/** All lines so far, also those without a user. */
	lines = 0;
	/** The first line end; `null` where there is none. */
	newline: '\n' | '\r\n' | null = null;

	constructor(form: UserForm, onLine: OnUserLine) {
		this.#form = form;
		this.#onLine = onLine;
	}

	/** How many bytes have been scanned. */
	get offset(): number {
		return this.#offset;
	}

	/** @param bytes - The next ones; the first time at least three, where the text has as many. */
	push(bytes: Uint8Array): void {
		const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
		let at = this.#offset === 0 && hasMark(buffer) ? MARK_BYTES : 0;
		for (let feed = buffer.indexOf(LF, at); feed !== -1; feed = buffer.indexOf(LF, at)) {
			const line = this.#join(buffer.subarray(at, feed));
			this.newline ??= line.at(-1) === CR ? '\r\n' : '\n';
			at = feed + 1;
			this.#finish(line, this.#offset + at);
			this.#rest = EMPTY;
		}
		// The memory is used again for the next bytes.
		this.#rest = Buffer.from(this.#join(buffer.subarray(at)));
		this.#hasRest ||= buffer.length > at || (at === MARK_BYTES && this.#offset === 0 && this.lines === 0);
		this.#offset += bytes.length;
	}

	/** To be called after the last byte. */
	end(): void {
		if (this.#hasRest) this.#finish(this.#rest, this.#offset);
	}

	#join(more: Buffer): Buffer {
		if (this.#rest.length === 0) return more.length > MAX_LINE_BYTES ? more.subarray(0, MAX_LINE_BYTES) : more;
		return Buffer.concat([this.#rest, more.subarray(0, MAX_LINE_BYTES - this.#rest.length)]);
	}

	#finish(line: Buffer, end: number): void {
		this.lines++;
		this.#hasRest = false;
		let length = line.length;
		while (line[length - 1] === CR) length--;
		const text = line.subarray(0, length);
		if (!findUser(this.#form, text, this.#found)) return;
		const user = text.toString('latin1', this.#found.start, this.#found.end);
		this.#onLine(user, findTime(text, this.#form.kind === 'access'), end);
	}
}

const EMPTY = Buffer.alloc(0);
const MARK_BYTES = 3;
/** The byte order mark of UTF-8. */
const hasMark = (bytes: Buffer): boolean => bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
