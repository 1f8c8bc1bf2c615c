// The lines of a log with the kernel. The first line, the last one where it has no line end, and those that the kernel leaves are for the slow
// reader; what both came to is merged.
import type {AnalysisFigures} from '../../../analysis/figures.ts';
import {layoutOf} from '../../../analysis/registry.ts';
import type {UserForm} from '../../../input/lines/user-forms.ts';
import type {Kernel} from '../../../kernel/kernel.ts';
import type {KernelUserForm, UserLinesOfKernel} from '../../../kernel/user-lines.ts';
import {type LineTaker, UserLines} from './line-takers.ts';

const LF = 0x0a;
/** With more bytes a line without an end goes to the slow reader, which keeps no more than its beginning. */
const MAX_REST_BYTES = 64 * 1024;
/** Where so many of the first lines are for the slow reader, all are. */
const LINES_TO_LEARN_FROM = 1000;

export class KernelUserLines implements LineTaker {
	readonly analysis: string;
	onRecord: LineTaker['onRecord'] = null;
	readonly #lines: UserLinesOfKernel;
	readonly #slow: UserLines;
	/** Whether the slow reader is in the middle of a line. */
	#isInSlowLine = true;
	#left = 0;
	#isSlow = false;
	#offset = 0;

	constructor(kernel: Kernel, analysis: string, form: UserForm, kernelForm: KernelUserForm) {
		this.analysis = analysis;
		this.#lines = kernel.beginUserLines(layoutOf(analysis), kernelForm);
		this.#slow = new UserLines(analysis, form);
	}

	get scanner(): LineTaker['scanner'] {
		return this;
	}
	get lines(): number {
		return this.#lines.lines + this.#slow.lines;
	}
	get records(): number {
		return this.#lines.records + this.#slow.records;
	}
	get offset(): number {
		return this.#offset;
	}
	get newline(): LineTaker['scanner']['newline'] {
		return this.#slow.scanner.newline;
	}

	/** @param bytes - The next ones; the first time at least three, where the text has as many. */
	push(bytes: Uint8Array): void {
		this.#offset += bytes.length;
		let from = 0;
		if (this.#isInSlowLine) {
			const feed = this.#isSlow ? -1 : bytes.indexOf(LF);
			from = feed === -1 ? bytes.length : feed + 1;
			this.#slow.scanner.push(bytes.subarray(0, from));
			if (feed === -1) return;
			this.#isInSlowLine = false;
		}
		this.#lines.push(bytes.subarray(from));
		this.#lines.take(line => {
			this.#left++;
			this.#slow.scanner.push(line);
		});
		this.#isSlow = this.#left * 2 > LINES_TO_LEARN_FROM && this.#left > this.#lines.lines;
		if (!this.#isSlow && this.#lines.length <= MAX_REST_BYTES) return;
		this.#isInSlowLine = true;
		this.#slow.scanner.push(this.#lines.takeRest());
	}

	end(): void {
		const rest = this.#lines.takeRest();
		if (rest.length > 0) this.#slow.scanner.push(rest);
		this.#slow.scanner.end();
		this.#lines.release();
	}

	take(): readonly AnalysisFigures[] {
		return [this.#lines.readFigures(), ...this.#slow.take()];
	}
}

/** The form as the kernel knows it; `null` for a pattern. */
export function kernelFormOf(form: UserForm): KernelUserForm | null {
	if (form.kind === 'pattern') return null;
	return form.kind === 'access' ? form.takes : 'pairs';
}
