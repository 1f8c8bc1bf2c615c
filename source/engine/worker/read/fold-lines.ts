// Reads a source as lines of text.
import {finishState} from '../../../analysis/finish.ts';
import {SEED_BYTES, seedOf} from '../../../analysis/position-sample.ts';
import {LineFigures, maskedBytesNeeded} from '../../../analysis/reference/figures-of-lines.ts';
import {layoutOf, linesAnalysisOf} from '../../../analysis/registry.ts';
import {stateOfFigures} from '../../../analysis/state.ts';
import type {TextEncoding} from '../../../analysis/text-encoding.ts';
import type {ByteSource} from '../../../input/byte-source.ts';
import {assertIsText} from '../../../input/foreign-formats.ts';
import {LineScanner} from '../../../input/lines/line-scanner.ts';
import {Utf8Check} from '../../../input/lines/utf8-check.ts';
import {encodeState, type NamedState} from '../../shared/consolidation.ts';
import type {FoldedFile, PartSoFar, ReadSettings} from '../../shared/protocol.ts';
import {type Fold, type FoldPulse, RECORDS_PER_WAIT, type TakenState, type TakeStates} from './fold.ts';

/** Reads all lines of a source. No line is rejected, and an empty source has a result, too. */
export const foldLines: Fold = async (source, settings, pulse) => {
	const analysis = linesAnalysisOf(settings.analysis);
	if (analysis === null) throw new Error('Expected an analysis of lines');
	const {head, chunk} = await readHead(source, settings.chunkBytes);
	assertIsText(head);
	const reading = new LineReading(analysis, head, settings, pulse);
	reading.push(head);
	for (;;) {
		const read = source.read(chunk);
		const length = typeof read === 'number' ? read : await read;
		if (length === 0) break;
		reading.push(chunk.subarray(0, length));
	}
	reading.end();
	return {...reading.describe(), take: needsGroups => [reading.takeState(needsGroups)]};
};

interface Head {
	/** The first bytes, as many as say which source it is. */
	readonly head: Uint8Array;
	/** Memory for what follows. */
	readonly chunk: Uint8Array;
}

/** One piece of memory for all files of this thread, as in fold-by-reference.ts. */
let memory = new Uint8Array(0);

async function readHead(source: ByteSource, chunkBytes: number): Promise<Head> {
	if (memory.length !== SEED_BYTES + chunkBytes) memory = new Uint8Array(SEED_BYTES + chunkBytes);
	let filled = 0;
	while (filled < SEED_BYTES) {
		const length = await source.read(memory.subarray(filled, filled + chunkBytes));
		if (length === 0) break;
		filled += length;
	}
	return {head: memory.slice(0, filled), chunk: memory.subarray(0, chunkBytes)};
}

class LineReading {
	readonly #analysis: string;
	readonly #settings: ReadSettings;
	readonly #pulse: FoldPulse;
	readonly #figures: LineFigures;
	readonly #scanner: LineScanner;
	readonly #utf8 = new Utf8Check();
	#rows = 0;
	#isAll = false;

	constructor(analysis: string, head: Uint8Array, settings: ReadSettings, pulse: FoldPulse) {
		const layout = layoutOf(analysis);
		this.#analysis = analysis;
		this.#settings = settings;
		this.#pulse = pulse;
		this.#figures = new LineFigures(layout, seedOf(head.subarray(0, SEED_BYTES)));
		this.#scanner = new LineScanner(line => {
			this.#figures.add(line);
			this.#rows++;
			if (settings.simulateIoMs > 0 && this.#rows % RECORDS_PER_WAIT === 0) this.#wait(line.byteOffset + line.bytes);
		}, maskedBytesNeeded(layout));
	}

	push(bytes: Uint8Array): void {
		this.#utf8.push(bytes);
		this.#scanner.push(bytes);
		this.#report(this.#scanner.offset);
	}

	end(): void {
		this.#isAll = true;
		this.#scanner.end();
		this.#report(this.#scanner.offset);
	}

	#wait(byteOffset: number): void {
		this.#report(byteOffset);
		this.#pulse.wait(this.#settings.simulateIoMs);
	}

	#report(byteOffset: number): void {
		this.#pulse.report(byteOffset, this.#rows, 0, () => this.#takePart());
	}

	/** Nothing reads lines from a place in the middle yet, so no position is told. */
	#takePart(): PartSoFar {
		const folded = [encodeState(this.#takeStateOf('utf-8'))];
		return {...this.describe(), rejects: [], encoding: this.#encoding, headerLines: 0, folded, position: null};
	}

	get #encoding(): TextEncoding {
		return this.#utf8.isUtf8(this.#isAll) ? 'utf-8' : 'windows-1252';
	}

	describe(): Pick<FoldedFile, 'rows' | 'rejectedRows' | 'rejects' | 'dialect'> {
		const {newline} = this.#scanner;
		// Lines have no fields: what would delimit and quote them is not there.
		const dialect = {delimiter: '', quote: '', encoding: this.#encoding, newline, header: false, compression: null};
		return {rows: this.#rows, rejectedRows: 0, rejects: [], dialect};
	}

	/** Levels are few: they are kept whatever becomes of the groups of other files. */
	takeState(needsGroups: Parameters<TakeStates>[0]): TakenState {
		const named = this.#takeStateOf(this.#encoding);
		return needsGroups(this.#analysis) ? named : {...named, result: finishState(named.state)};
	}

	/** @param encoding - UTF-8 for texts as they stand in the source. */
	#takeStateOf(encoding: TextEncoding): NamedState {
		const analysis = this.#analysis;
		return {analysis, state: stateOfFigures(layoutOf(analysis), this.#figures.take(), encoding)};
	}
}
