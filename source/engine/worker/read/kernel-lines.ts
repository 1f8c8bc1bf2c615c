// The lines of a text with the kernel. A line that is too long for it, and all behind it, is for the slow reader; what both came to is merged.
import type {AnalysisFigures} from '../../../analysis/figures.ts';
import type {SampleSeed} from '../../../analysis/position-sample.ts';
import {layoutOf} from '../../../analysis/registry.ts';
import type {Kernel} from '../../../kernel/kernel.ts';
import type {TextLines} from '../../../kernel/text-lines.ts';
import {type LineTaker, MaskedLines} from './line-takers.ts';

const LF = 0x0a;
const CR = 0x0d;
const MARK = Buffer.from([0xef, 0xbb, 0xbf]);

export class KernelLines implements LineTaker {
	readonly analysis: string;
	onRecord: LineTaker['onRecord'] = null;
	readonly #lines: TextLines;
	readonly #seed: SampleSeed;
	#rest: MaskedLines | null = null;
	#offset = 0;
	#last = 0;
	#newline: LineTaker['scanner']['newline'] = null;

	constructor(kernel: Kernel, analysis: string, seed: SampleSeed) {
		this.analysis = analysis;
		this.#seed = seed;
		this.#lines = kernel.beginLines(layoutOf(analysis), seed);
	}

	get scanner(): LineTaker['scanner'] {
		return this;
	}

	get lines(): number {
		return this.records;
	}

	get records(): number {
		return this.#lines.lines + (this.#rest?.records ?? 0);
	}

	get offset(): number {
		return this.#offset;
	}

	get newline(): LineTaker['scanner']['newline'] {
		return this.#newline;
	}

	/** @param bytes - The next ones; the first time at least three, where the text has as many. */
	push(bytes: Uint8Array): void {
		if (bytes.length === 0) return;
		this.#findNewline(bytes);
		const isFirst = this.#offset === 0;
		this.#offset += bytes.length;
		if (this.#rest !== null) {
			this.#rest.scanner.push(bytes);
			return;
		}
		const {input} = this.#lines;
		input.space(bytes.length).set(bytes);
		input.extend(bytes.length);
		this.#take(false, isFirst || input.offsetOf(input.start) === 0);
	}

	end(): void {
		if (this.#rest === null) this.#take(true, this.#lines.lines === 0);
		this.#rest?.scanner.end();
	}

	/** @param isBeginning - Whether no line has been taken: there may be a byte order mark. */
	#take(isLast: boolean, isBeginning: boolean): void {
		const {input} = this.#lines;
		const start = input.bytes.subarray(input.start, Math.min(input.end, input.start + MARK.length));
		const markBytes = isBeginning && MARK.equals(start) ? MARK.length : 0;
		if (!this.#lines.take(isLast, markBytes)) return;
		this.#rest = new MaskedLines(this.analysis, this.#seed, {
			lines: this.#lines.lines,
			bytes: input.offsetOf(input.start),
		});
		this.#rest.scanner.push(input.bytes.slice(input.start, input.end));
	}

	#findNewline(bytes: Uint8Array): void {
		const feed = this.#newline === null ? bytes.indexOf(LF) : -1;
		if (feed !== -1) this.#newline = (feed === 0 ? this.#last : bytes[feed - 1]) === CR ? '\r\n' : '\n';
		this.#last = bytes.at(-1) ?? 0;
	}

	take(): readonly AnalysisFigures[] {
		return [this.#lines.readFigures(), ...(this.#rest?.take() ?? [])];
	}
}
