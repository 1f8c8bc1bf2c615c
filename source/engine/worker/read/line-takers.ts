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
	/** Called for each line that counts as a record. @param end - Where it ends in the source. */
	onRecord: (end: number) => void;
	/** What the lines came to so far. */
	take: () => AnalysisFigures;
}

const nothing = (): void => {};

/** All lines, for the analysis `lines` and others that read them. */
export class MaskedLines implements LineTaker {
	readonly analysis: string;
	readonly scanner: LineScanner;
	onRecord: LineTaker['onRecord'] = nothing;
	readonly #figures: LineFigures;

	constructor(analysis: string, seed: SampleSeed) {
		const layout = layoutOf(analysis);
		this.analysis = analysis;
		this.#figures = new LineFigures(layout, seed);
		this.scanner = new LineScanner(line => {
			this.#figures.add(line);
			this.onRecord(line.byteOffset + line.bytes);
		}, maskedBytesNeeded(layout));
	}

	take(): AnalysisFigures {
		return this.#figures.take();
	}
}

/** Those that have a user. */
export class UserLines implements LineTaker {
	readonly analysis: string;
	readonly scanner: UserLineScanner;
	onRecord: LineTaker['onRecord'] = nothing;
	readonly #figures: UserFigures;

	constructor(analysis: string, form: UserForm) {
		this.analysis = analysis;
		this.#figures = new UserFigures(layoutOf(analysis));
		this.scanner = new UserLineScanner(form, (user, time, end) => {
			this.#figures.add(user, time);
			this.onRecord(end);
		});
	}

	take(): AnalysisFigures {
		return this.#figures.take(this.scanner.lines);
	}
}
