// What became of the next files of a batch, until the engine is told: each by itself, and those that completed together.
import type {DialectReport} from '../../../model/report.ts';
import {layOutResult} from '../../../text/json-layout.ts';
import {buffersOfPartial, Consolidation, finishPartial, packPartial} from '../../shared/consolidation.ts';
import {OutcomePacker} from '../../shared/packed-outcomes.ts';
import type {FoldedFile, FoldedPartial, PackedFilesReply, SmallFileOutcome} from '../../shared/protocol.ts';
import type {Series, SmallFile} from './small-file.ts';

type Unusual = Exclude<SmallFileOutcome, {type: 'completed'}>;

/** So often, at least, it is told what became of the files of a batch. */
export const REPLY_INTERVAL_MS = 20;

export class UntoldFiles {
	readonly #outcomes = new OutcomePacker();
	#isAwaited = false;
	#folded: FoldedPartial[] = [];
	#texts: Uint8Array[] = [];
	/** The same object where it says the same: what stands twice in a message travels and is kept once. */
	#dialect: DialectReport | null = null;

	get count(): number {
		return this.#outcomes.count;
	}

	/** Whether the last one was aborted: whoever did that waits to be told. */
	get isAwaited(): boolean {
		return this.#isAwaited;
	}

	addUnusual(outcome: Unusual): void {
		this.#add(outcome);
	}

	addSmall(small: SmallFile, elapsedMs: number): void {
		if (small.type === 'usual') {
			this.#outcomes.addUsual(small, elapsedMs);
			this.#isAwaited = false;
		} else {
			this.addSeries(small.seriesBefore);
			this.addFolded(small.file, elapsedMs);
		}
	}

	addSeries(series: Series | null): void {
		if (series === null) return;
		this.#folded.push(series.folded);
		this.#texts.push(series.texts);
	}

	addFolded({folded, dialect, ...rest}: FoldedFile, elapsedMs: number): void {
		let textBytes = 0;
		if (folded !== null) {
			// Memory of its own, for it is handed over with the reply.
			const text = encoder.encode(layOutResult(finishPartial(folded)));
			textBytes = text.length;
			this.#folded.push(folded);
			this.#texts.push(text);
		}
		if (!isSameDialect(this.#dialect, dialect)) this.#dialect = dialect;
		this.#add({
			type: 'completed',
			...rest,
			dialect: this.#dialect ?? dialect,
			analysis: folded?.analysis ?? null,
			textBytes,
			elapsedMs,
		});
	}

	#add(outcome: SmallFileOutcome): void {
		this.#outcomes.add(outcome);
		this.#isAwaited = outcome.type === 'aborted';
	}

	/** @param isLast - Whether the batch is over. */
	take(isLast: boolean): PackedFilesReply {
		const reply: PackedFilesReply = {
			type: 'did-files',
			outcomes: this.#outcomes.take(),
			merged: mergeAll(this.#folded),
			texts: joined(this.#texts),
			isLast,
		};
		this.#isAwaited = false;
		this.#folded = [];
		this.#texts = [];
		return reply;
	}
}

const encoder = new TextEncoder();

/** One alone, as a series of usual files gives it, is all there is to tell. */
function mergeAll(partials: readonly FoldedPartial[]): readonly FoldedPartial[] {
	if (partials.length < 2) return partials.map(packPartial);
	const merged = new Consolidation();
	merged.absorb(...partials);
	return merged.takePartials();
}

/** What of a reply need not be copied on its way. */
export const buffersOf = ({texts, outcomes, merged}: PackedFilesReply): ArrayBuffer[] => [
	...[texts, outcomes.counts, outcomes.figures]
		.filter(({length}) => length > 0)
		.map(({buffer}) => buffer as ArrayBuffer),
	...merged.flatMap(buffersOfPartial),
];

function joined(parts: readonly Uint8Array[]): Uint8Array {
	const [first, ...others] = parts;
	if (first !== undefined && others.length === 0) return first;
	const whole = new Uint8Array(parts.reduce((sum, {length}) => sum + length, 0));
	let end = 0;
	for (const part of parts) {
		whole.set(part, end);
		end += part.length;
	}
	return whole;
}

const isSameDialect = (one: DialectReport | null, other: DialectReport): boolean =>
	one !== null &&
	one.delimiter === other.delimiter &&
	one.quote === other.quote &&
	one.encoding === other.encoding &&
	one.newline === other.newline &&
	one.header === other.header &&
	one.compression === other.compression;
