// Reads a source as lines of text: all of them, or those that have a user.
import {finishState} from '../../../analysis/finish.ts';
import {SEED_BYTES, seedOf} from '../../../analysis/position-sample.ts';
import {
	type AnalysisChoice,
	areCombined,
	declarationOf,
	layoutOf,
	namesOf,
	textAnalysesOf,
} from '../../../analysis/registry.ts';
import {absorbState, createState, stateOfFigures} from '../../../analysis/state.ts';
import type {TextEncoding} from '../../../analysis/text-encoding.ts';
import type {ByteSource} from '../../../input/byte-source.ts';
import {withLine} from '../../../input/encodings/encoding-error.ts';
import {findInvalid, invalidText, MAX_NOTE_BYTES} from '../../../input/encodings/invalid-bytes.ts';
import {assertIsText} from '../../../input/foreign-formats.ts';
import {InputError} from '../../../input/input-error.ts';
import {findForm} from '../../../input/lines/user-forms.ts';
import {parseUserPattern} from '../../../input/lines/user-pattern.ts';
import {Utf8Check} from '../../../input/lines/utf8-check.ts';
import type {TextEvidence} from '../../../input/text-evidence.ts';
import type {Kernel} from '../../../kernel/kernel.ts';
import type {ErrorReport} from '../../../model/report.ts';
import {encodeState, type NamedState} from '../../shared/consolidation.ts';
import type {FoldedFile, PartSoFar, ReadSettings} from '../../shared/protocol.ts';
import {type Fold, type FoldPulse, RECORDS_PER_WAIT, type TakenState, type TakeStates} from './fold.ts';
import {type FoundRejects, listRejects} from './found-rejects.ts';
import {KernelLines} from './kernel-lines.ts';
import {KernelUserLines, kernelFormOf} from './kernel-user-lines.ts';
import {type LineTaker, MaskedLines, UserLines} from './line-takers.ts';
import {assumedOf} from './report-dialect.ts';

/**
Reads all lines of a source. No line is rejected, and an empty source has a result, too.

@param kernel - Reads what it can; `null` where it cannot be used, and for the slow reader that it is held against.
*/
export const foldLinesWith =
	(kernel: Kernel | null): Fold =>
	async (source, settings, pulse) => {
		if (settings.where !== undefined)
			throw new InputError(
				'MISSING_COLUMN',
				'A condition is about columns, which lines do not have: leave the condition out',
			);
		const analyses = textAnalysesOf(settings.analysis);
		const readsUsers = analyses.some(mayReadUsers);
		const {head, isAll, chunk} = await readHead(source, readsUsers ? FORM_BYTES : SEED_BYTES, settings.chunkBytes);
		assertIsText(head);
		const reading = new LineReading(chooseTaker(kernel, analyses, head, isAll, settings), settings, pulse);
		reading.push(head);
		for (;;) {
			const read = source.read(chunk);
			const length = typeof read === 'number' ? read : await read.catch(reading.fail);
			if (length === 0) break;
			reading.push(chunk.subarray(0, length));
		}
		reading.end();
		return {...reading.describe(), take: needsGroups => [reading.takeState(needsGroups)]};
	};

/** Not one record is rejected. Of combined analyses, those that need columns are not made of lines. */
function rejectsOfLines(choice: AnalysisChoice, made: string): FoundRejects<never> {
	const readings = namesOf(choice).map(analysis => ({analysis, error: analysis === made ? null : noColumns(analysis)}));
	return listRejects(areCombined(choice) ? readings : null, [], () => []);
}

const noColumns = (analysis: string): ErrorReport => ({
	code: 'MISSING_COLUMN',
	message: `The ${analysis} analysis needs columns, and the file is read as lines of text`,
	line: null,
	byte_offset: null,
});

const mayReadUsers = (analysis: string): boolean => declarationOf(analysis).alsoReads === 'lines';

/** So many lines of a log in which users are looked for are of a known form. */
const LEAST_SHARE = 0.5;

/** @param head - The beginning of the source, as long as is needed, or all of it. */
function chooseTaker(
	kernel: Kernel | null,
	analyses: readonly string[],
	head: Uint8Array,
	isAll: boolean,
	{userPattern, user, simulateIoMs, reader}: ReadSettings,
): LineTaker {
	const isSlow = kernel === null || reader !== 'kernel' || simulateIoMs > 0;
	const [ofUsers, ofLines] = [analyses.find(mayReadUsers), analyses.find(analysis => !mayReadUsers(analysis))];
	if (ofUsers !== undefined) {
		const pattern = userPattern === undefined ? null : parseUserPattern(userPattern);
		const start = head.subarray(0, FORM_BYTES);
		const {form, share} = findForm(start, isAll && start.length === head.length, {pattern, user});
		const isOfForm = pattern === null ? share >= LEAST_SHARE : share > 0;
		if (isOfForm || ofLines === undefined) {
			const kernelForm = kernel === null || isSlow ? null : kernelFormOf(form);
			return kernel === null || kernelForm === null
				? new UserLines(ofUsers, form)
				: new KernelUserLines(kernel, ofUsers, form, kernelForm);
		}
	}
	if (ofLines === undefined) throw new Error('Expected an analysis of lines');
	const seed = seedOf(head.subarray(0, SEED_BYTES));
	return isSlow ? new MaskedLines(ofLines, seed) : new KernelLines(kernel, ofLines, seed);
}

interface Head {
	/** The first bytes, as many as say which source it is, and more. */
	readonly head: Uint8Array;
	/** Whether there is no more. */
	readonly isAll: boolean;
	/** Memory for what follows. */
	readonly chunk: Uint8Array;
}

/** So much of a log tells of which form its lines are. */
const FORM_BYTES = 64 * 1024;

/** One piece of memory for all files of this thread, as in fold-by-reference.ts. */
let memory = new Uint8Array(0);

async function readHead(source: ByteSource, headBytes: number, chunkBytes: number): Promise<Head> {
	if (memory.length !== FORM_BYTES + chunkBytes) memory = new Uint8Array(FORM_BYTES + chunkBytes);
	let filled = 0;
	let isAll = false;
	while (filled < headBytes && !isAll) {
		const length = await Promise.resolve(source.read(memory.subarray(filled, filled + chunkBytes))).catch(error => {
			throw withLine(error, () => 1 + countLineEnds(Buffer.from(memory.subarray(0, filled)).toString('latin1')));
		});
		isAll = length === 0;
		filled += length;
	}
	return {head: memory.slice(0, filled), isAll, chunk: memory.subarray(0, chunkBytes)};
}

/** @param text - One character per byte. */
const countLineEnds = (text: string): number => text.split('\n').length - 1;

class LineReading {
	readonly #taker: LineTaker;
	readonly #settings: ReadSettings;
	readonly #pulse: FoldPulse;
	readonly #utf8 = new Utf8Check();
	#isAll = false;
	#lineAtEnd = 1;
	/** In front of what was seen last, one character per byte. */
	#lineEnds = 0;
	#place = 0;
	#seen = '';

	/** Throws what a read has failed with. */
	readonly fail = (error: unknown): never => {
		throw withLine(error, () => 1 + this.#lineEnds + countLineEnds(this.#seen));
	};

	constructor(taker: LineTaker, settings: ReadSettings, pulse: FoldPulse) {
		this.#taker = taker;
		this.#settings = settings;
		this.#pulse = pulse;
		if (settings.simulateIoMs > 0)
			taker.onRecord = end => {
				if (taker.records % RECORDS_PER_WAIT === 0) this.#wait(end);
			};
	}

	push(bytes: Uint8Array): void {
		this.#utf8.push(bytes, 1 + this.#taker.lines);
		// Only what may fail in the middle of a line needs it.
		if (this.#pulse.places?.()) this.#assertValid(bytes);
		this.#taker.scanner.push(bytes);
		this.#report(this.#taker.scanner.offset);
	}

	/** No line is rejected, so bytes that are no character fail the text. */
	#assertValid(bytes: Uint8Array): void {
		const text = `${this.#seen}${Buffer.from(bytes).toString('latin1')}`;
		const at = findInvalid(text);
		if (at === -1) {
			// One that is cut comes with the next bytes.
			this.#seen = text.slice(-MAX_NOTE_BYTES);
			this.#lineEnds += countLineEnds(text.slice(0, -MAX_NOTE_BYTES));
			this.#place += Math.max(0, text.length - MAX_NOTE_BYTES);
			return;
		}
		const line = 1 + this.#lineEnds + countLineEnds(text.slice(0, at));
		throw invalidText('a text', text.slice(at, at + MAX_NOTE_BYTES), {line, byteOffset: this.#place + at});
	}

	end(): void {
		this.#lineAtEnd = 1 + this.#taker.lines;
		this.#isAll = true;
		this.#taker.scanner.end();
		this.#report(this.#taker.scanner.offset);
	}

	#wait(byteOffset: number): void {
		this.#report(byteOffset);
		this.#pulse.wait(this.#settings.simulateIoMs);
	}

	#report(byteOffset: number): void {
		this.#pulse.places?.()?.settle(byteOffset);
		this.#pulse.report(byteOffset, this.#taker.records, 0, () => this.#takePart());
	}

	/** Nothing reads lines from a place in the middle yet, so no position is told. */
	#takePart(): PartSoFar {
		const folded = [encodeState(this.#takeStateOf('utf-8'))];
		return {
			...this.describe(),
			encoding: this.#encoding,
			textEvidence: {notUtf8: null, hasUtf8: false},
			headerLines: 0,
			folded,
			position: null,
		};
	}

	get #encoding(): TextEncoding {
		return this.#evidence.notUtf8 === null ? 'utf-8' : 'windows-1252';
	}

	get #evidence(): TextEvidence {
		return this.#utf8.evidence(this.#isAll, this.#lineAtEnd);
	}

	describe(): Pick<FoldedFile, 'rows' | 'rejectedRows' | 'dialect'> & FoundRejects<never> {
		const {newline} = this.#taker.scanner;
		// Lines have no fields: what would delimit and quote them is not there.
		const dialect = {
			...{delimiter: '', quote: '', encoding: this.#encoding, newline, header: false},
			...assumedOf(this.#evidence),
			compression: null,
		};
		const {analysis} = this.#taker;
		return {rows: this.#taker.records, rejectedRows: 0, dialect, ...rejectsOfLines(this.#settings.analysis, analysis)};
	}

	/** Groups are kept whatever becomes of those of other files: levels and hours are few. */
	takeState(needsGroups: Parameters<TakeStates>[0]): TakenState {
		const named = this.#takeStateOf(this.#encoding);
		return needsGroups(named.analysis) ? named : {...named, result: finishState(named.state)};
	}

	/** @param encoding - UTF-8 for texts as they stand in the source. */
	#takeStateOf(encoding: TextEncoding): NamedState {
		const {analysis} = this.#taker;
		const layout = layoutOf(analysis);
		const [first, ...others] = this.#taker.take().map(figures => stateOfFigures(layout, figures, encoding));
		const state = first ?? createState(layout);
		for (const other of others) absorbState(state, other);
		return {analysis, state};
	}
}
