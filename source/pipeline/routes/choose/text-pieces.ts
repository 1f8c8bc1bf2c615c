// Bytes of a text in UTF-8 → characters, in pieces that are cut anywhere. Bytes that are not UTF-8 are characters of Windows-1252, as everywhere.
import {isUtf8} from 'node:buffer';
import {decodeBytes} from '../../../analysis/text-encoding.ts';
import {wholeCharacters} from '../../../input/encoding.ts';

export class TextPieces {
	/** The beginning of a character whose rest has not come. */
	#rest: Buffer = Buffer.alloc(0);
	#isStart = true;
	/** The beginning of a note whose rest has not come. */
	#note = '';
	/** Whether bytes have come that are not UTF-8. */
	hasOther = false;

	take(bytes: Uint8Array): string {
		const all = this.#rest.length === 0 ? asBuffer(bytes) : Buffer.concat([this.#rest, bytes]);
		const end = wholeCharacters(all);
		// A copy: the memory that it is read into is used again.
		this.#rest = Buffer.from(all.subarray(end));
		return this.#withoutNotes(this.#decode(all.subarray(0, end)));
	}

	end(): string {
		return this.#note + this.#decode(this.#rest);
	}

	/** Bytes that are no character of the encoding of the file are noted in its text: no digits of theirs are to be found in it. */
	#withoutNotes(text: string): string {
		if (this.#note === '' && !text.includes(NOTE_START)) return text;
		const all = this.#note + text;
		const start = all.lastIndexOf(NOTE_START);
		const isCut = start !== -1 && BEGUN_NOTE.test(all.slice(start));
		this.#note = isCut ? all.slice(start) : '';
		return (isCut ? all.slice(0, start) : all).replace(NOTES, '\ufffd');
	}

	#decode(bytes: Buffer): string {
		if (bytes.length === 0) return '';
		const areRight = isUtf8(bytes);
		this.hasOther ||= !areRight;
		const text = areRight ? bytes.toString() : decodeMixed(bytes);
		const isMarked = this.#isStart && text.startsWith('\ufeff');
		this.#isStart = false;
		return isMarked ? text.slice(1) : text;
	}
}

/** See `input/encodings/invalid-bytes.ts`. */
const NOTE_START = '\ufdd0';
const NOTES = /\ufdd0(?:[0-9A-F]{2}){1,4}\ufdd1/g;
const BEGUN_NOTE = /^\ufdd0[0-9A-F]{0,8}$/;

const asBuffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);

/** What begins a character of several bytes in UTF-8, with those bytes, is one where it is right; each other byte is one by itself. */
const SEQUENCE = /[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}|[\x80-\xff]/g;

function decodeMixed(bytes: Buffer): string {
	return bytes.toString('latin1').replace(SEQUENCE, sequence => {
		const own = Buffer.from(sequence, 'latin1');
		return isUtf8(own) ? own.toString() : decodeBytes(sequence, 'windows-1252');
	});
}
