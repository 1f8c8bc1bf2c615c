// What is made of the lines of a text.
import type {AnalysisFigures} from '../../../analysis/figures.ts';
import type {SampleSeed} from '../../../analysis/position-sample.ts';
import {LineFigures, maskedBytesNeeded} from '../../../analysis/reference/figures-of-lines.ts';
import {UserFigures} from '../../../analysis/reference/figures-of-users.ts';
import {layoutOf} from '../../../analysis/registry.ts';
import {LineScanner} from '../../../input/lines/line-scanner.ts';
import type {UserForm} from '../../../input/lines/user-forms.ts';
import {UserLineScanner} from '../../../input/lines/user-line-scanner.ts';

export interface LineTaker {
	readonly analysis: string;
	readonly scanner: {
		/** @param bytes - The next ones. */
		push: (bytes: Uint8Array) => void;
		/** To be called after the last byte. */
		end: () => void;
		/** How many bytes have been scanned. */
		readonly offset: number;
		/** The first line end; `null` where there is none. */
		readonly newline: '\n' | '\r\n' | null;
	};
	/** All lines so far that have ended. */
	readonly lines: number;
	/** How many of them count as records. */
	readonly records: number;
	/** Where it is not `null`: called for each line that counts as a record. @param end - Where it ends in the source. */
	onRecord: ((end: number) => void) | null;
	/** What the lines came to so far; several figures are merged. */
	take: () => readonly AnalysisFigures[];
}

/** All lines, for the analysis `lines` and others that read them. */
export class MaskedLines implements LineTaker {
	readonly analysis: string;
	readonly scanner: LineScanner;
	records = 0;
	onRecord: LineTaker['onRecord'] = null;
	readonly #figures: LineFigures;

	get lines(): number {
		return this.records;
	}

	/** @param behind - Lines and bytes in front, where it is not the beginning of a text. */
	constructor(analysis: string, seed: SampleSeed, behind = {lines: 0, bytes: 0}) {
		const layout = layoutOf(analysis);
		this.analysis = analysis;
		this.#figures = new LineFigures(layout, seed);
		this.scanner = new LineScanner(
			line => {
				const byteOffset = behind.bytes + line.byteOffset;
				this.#figures.add(behind.lines === 0 ? line : {...line, line: behind.lines + line.line, byteOffset});
				this.records++;
				this.onRecord?.(byteOffset + line.bytes);
			},
			maskedBytesNeeded(layout),
			behind.bytes === 0,
		);
	}

	take(): readonly AnalysisFigures[] {
		return [this.#figures.take()];
	}
}

/** Those that have a user. */
export class UserLines implements LineTaker {
	readonly analysis: string;
	readonly scanner: UserLineScanner;
	records = 0;
	onRecord: LineTaker['onRecord'] = null;
	readonly #figures: UserFigures;

	get lines(): number {
		return this.scanner.lines;
	}

	constructor(analysis: string, form: UserForm) {
		this.analysis = analysis;
		this.#figures = new UserFigures(layoutOf(analysis));
		this.scanner = new UserLineScanner(form, (user, time, end) => {
			this.#figures.add(user, time);
			this.records++;
			this.onRecord?.(end);
		});
	}

	take(): readonly AnalysisFigures[] {
		return [this.#figures.take(this.scanner.lines)];
	}
}
