// A look at the bytes of a file that is many times as fast as following its fields: which faults it may have, so that nobody looks for others.
import type {SeenBytes} from '../../../kernel/byte-look.ts';
import type {SniffedDialect} from './sniffed-file.ts';
import {TotalsLook} from './totals-scan.ts';

/** What the fields and lines of a file may show. */
export type ByteFault = 'newline' | 'quote' | 'mark' | 'blank' | 'totals' | 'cut';
export const byteFaults: readonly ByteFault[] = ['newline', 'quote', 'mark', 'blank', 'totals', 'cut'];

const LF = 0x0a;
const CR = 0x0d;
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

export class FirstLook {
	readonly #dialect: SniffedDialect;
	/** Its byte. */
	readonly quote: number;
	readonly #harmless: readonly number[];
	readonly #suspected = new Set<ByteFault>();
	/** Of lines that are no fault. */
	readonly newline: '\n' | '\r\n' | '\r';
	readonly #blanks: BlankLook;
	readonly #totals: TotalsLook;
	#offset = 0;
	#quotes = 0;
	/** Whether the last byte is a quote behind text. */
	#isQuoteCut = false;
	#before = LF;
	/** The last bytes: a mark may be cut. */
	#tail = Buffer.alloc(0);

	/** @param size - Of the file, in bytes. */
	constructor(dialect: SniffedDialect, size: number) {
		const {delimiter, quote, newline} = dialect;
		this.#dialect = dialect;
		this.quote = (quote === '' ? '"' : quote).charCodeAt(0);
		this.#harmless = [this.quote, LF, CR, delimiter.charCodeAt(0), delimiter.charCodeAt(delimiter.length - 1)];
		this.newline = newline === '\r\n' || newline === '\r' ? newline : '\n';
		this.#blanks = new BlankLook(this.newline);
		this.#totals = new TotalsLook(size);
	}

	/** Faults that there may be in what was taken. Others are not there, but for quotes in pairs beside what may stand beside them. */
	get suspected(): ReadonlySet<ByteFault> {
		// Of a pair of quotes, one may be missing; with line ends of two kinds, a blank line may end in any way.
		if (this.#quotes % 2 === 1) this.#suspected.add('quote');
		const {newline, delimiter} = this.#dialect;
		if (newline === '\r\n' && this.#before === CR) this.#suspected.add('newline');
		if (this.#suspected.has('newline')) this.#suspected.add('blank');
		if (this.#before === delimiter.charCodeAt(delimiter.length - 1)) this.#suspected.add('cut');
		return this.#suspected;
	}

	/** Whether the next chunk, of this many bytes, is searched for words for a sum. */
	looksForLabels(bytes: number): boolean {
		return !this.#suspected.has('totals') && this.#totals.isWithin(bytes);
	}

	/** @param seen - What the kernel has seen in all chunks; `null` where it does not look. */
	take(chunk: Buffer, seen: SeenBytes | null = null): void {
		this.#lookFor('newline', () => seen?.hasOtherNewline ?? this.#hasOtherNewline(chunk));
		this.#lookFor('quote', () => (seen === null ? this.#hasInnerQuote(chunk) : this.#hasSeenInnerQuote(seen)));
		this.#lookFor('mark', () => this.#hasInnerMark(chunk, seen));
		this.#lookFor('blank', () => this.#blanks.take(chunk, seen));
		this.#lookFor('totals', () => this.#totals.take(chunk, seen));
		this.#before = chunk.at(-1) ?? this.#before;
		this.#offset += chunk.length;
	}

	#lookFor(fault: ByteFault, isThere: () => boolean): void {
		if (!this.#suspected.has(fault) && isThere()) this.#suspected.add(fault);
	}

	#hasOtherNewline(chunk: Buffer): boolean {
		const {newline} = this;
		if (newline !== '\r\n') return chunk.includes(newline === '\r' ? LF : CR);
		if (this.#before === CR && chunk[0] !== LF) return true;
		let from = 0;
		for (let end = chunk.indexOf(LF); end !== -1; end = chunk.indexOf(LF, from)) {
			if (end === 0 ? this.#before !== CR : chunk.indexOf(CR, from) !== end - 1) return true;
			from = end + 1;
		}
		const last = chunk.indexOf(CR, from);
		return last !== -1 && last !== chunk.length - 1;
	}

	/** A quote with a text on both sides. */
	#hasInnerQuote(chunk: Buffer): boolean {
		const isHarmless = (byte: number | undefined): boolean => byte !== undefined && this.#harmless.includes(byte);
		if (this.#isQuoteCut && !isHarmless(chunk[0])) return true;
		this.#isQuoteCut = false;
		for (let at = chunk.indexOf(this.quote); at !== -1; at = chunk.indexOf(this.quote, at + 1)) {
			this.#quotes++;
			if (this.#dialect.quote === '') return true;
			if (isHarmless(at === 0 ? this.#before : chunk[at - 1])) continue;
			if (at === chunk.length - 1) this.#isQuoteCut = true;
			else if (!isHarmless(chunk[at + 1])) return true;
		}
		return false;
	}

	#hasSeenInnerQuote({quotes, hasInnerQuote}: SeenBytes): boolean {
		this.#quotes += quotes;
		return hasInnerQuote || (this.#dialect.quote === '' && quotes > 0);
	}

	/** A byte order mark that does not stand at the beginning of the file. */
	#hasInnerMark(chunk: Buffer, seen: SeenBytes | null): boolean {
		const seam = Buffer.concat([this.#tail, chunk.subarray(0, TAIL_BYTES)]);
		const seamStart = this.#offset - this.#tail.length;
		this.#tail = Buffer.concat([this.#tail, chunk.subarray(-TAIL_BYTES)]).subarray(-TAIL_BYTES);
		if (seen?.hasByteOrderMark === false) return false;
		return [
			seam.indexOf(BYTE_ORDER_MARK, seamStart === 0 ? 1 : 0),
			chunk.indexOf(BYTE_ORDER_MARK, this.#offset === 0 ? 1 : 0),
		].some(place => place !== -1);
	}
}

const TAIL_BYTES = BYTE_ORDER_MARK.length;

/** Looks for blank lines with other lines behind them. */
class BlankLook {
	readonly #pair: string;
	#isPending = false;
	#before = 0;

	constructor(newline: FirstLook['newline']) {
		this.#pair = newline === '\r\n' ? '\n\r' : newline === '\r' ? '\r\r' : '\n\n';
	}

	/** @returns Whether there is one. */
	take(chunk: Buffer, seen: SeenBytes | null): boolean {
		if (seen?.hasBlankLine === false && !this.#isPending) {
			this.#before = chunk.at(-1) ?? 0;
			return false;
		}
		const [first, second] = Buffer.from(this.#pair);
		const isCut = this.#before === first && chunk[0] === second;
		this.#before = chunk.at(-1) ?? 0;
		const blank = isCut || this.#isPending ? 0 : chunk.indexOf(this.#pair);
		if (blank === -1) return false;
		this.#isPending = true;
		for (let at = blank; at < chunk.length; at++) if (chunk[at] !== LF && chunk[at] !== CR) return true;
		return false;
	}
}
