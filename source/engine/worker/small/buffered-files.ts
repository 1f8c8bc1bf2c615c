// What became of the files of a group since the last reply to the engine: each by itself, and what they came to together.
import {mergeColumns} from '../../../analysis/columns/columns.ts';
import {layoutOf} from '../../../analysis/registry.ts';
import {stateOfFigures} from '../../../analysis/state.ts';
import type {Kernel} from '../../../kernel/kernel.ts';
import type {DialectReport} from '../../../model/report.ts';
import {Consolidation, decodeState, encodeState, type NamedState} from '../../shared/consolidation.ts';
import {isSameList} from '../../shared/is-same-list.ts';
import {encodeKeptFile, partialsToKeep} from '../../shared/kept-file.ts';
import {type FileWithRow, OutcomePacker} from '../../shared/packed-outcomes.ts';
import type {FileRows, FoldedFile, NamedPartial, PackedFilesReply, SmallFileOutcome} from '../../shared/protocol.ts';
import {joinRows, RowsBuilder} from './rows-builder.ts';
import type {AnalysisRows} from './small-file.ts';

type Unfinished = Exclude<SmallFileOutcome, {type: 'completed'}>;

const REPLY_INTERVAL_MS = 50;
/**
A reply takes this part of the time at most, because merged columns take long to send and to merge with those of other replies: 16,384 values
and 4,096 sampled cells each.
*/
const REPLY_SHARE = 1 / 40;
const MAX_REPLY_INTERVAL_MS = 5000;

/** How long after a reply the next one is due. @param replyMs - How long the last one took. */
export const replyIntervalMs = (replyMs: number): number =>
	Math.min(Math.max(REPLY_INTERVAL_MS, replyMs / REPLY_SHARE), MAX_REPLY_INTERVAL_MS);

export class BufferedFiles {
	readonly #kernel: Kernel | null;
	readonly #outcomes = new OutcomePacker();
	#isAwaited = false;
	#states: NamedState[] = [];
	/** Files that were read in the general way, merged at once: columns of hundreds of files would take much memory. Most columns are in the kernel. */
	readonly #folded = new Consolidation();
	#rows: FileRows[] = [];
	/** Of files that were read in the general way, one after the other. */
	#builder: RowsBuilder | null = null;
	/** The same object where it says the same, because an object that stands twice in a message is sent and kept once. */
	#dialect: DialectReport | null = null;

	/** @param kernel - That reads the files; `null` where it cannot be used. */
	constructor(kernel: Kernel | null = null) {
		this.#kernel = kernel;
	}

	get count(): number {
		return this.#outcomes.count;
	}

	/** Whether the last file was aborted: then somebody waits for the reply. */
	get isAwaited(): boolean {
		return this.#isAwaited;
	}

	addUnfinished(outcome: Unfinished): void {
		this.#add(outcome);
	}

	/** A file whose row follows with `addRows`, before any file that was read in another way. */
	addWithRow(file: FileWithRow, elapsedMs: number): void {
		this.#outcomes.addWithRow(file, elapsedMs);
		this.#isAwaited = false;
	}

	addRows(all: readonly AnalysisRows[]): void {
		if (all.length > 0) this.#closeBuilder();
		for (const {analyses, rows, keys, figures} of all) {
			this.#rows.push(joinRows(analyses, rows, keys));
			for (const [place, analysis] of analyses.entries()) {
				const ofAnalysis = figures[place];
				if (ofAnalysis === undefined) throw new Error('Expected figures of each analysis');
				this.#states.push({analysis, state: stateOfFigures(layoutOf(analysis), ofAnalysis, 'utf-8')});
			}
		}
	}

	/** A file that was read in the general way. @param isKept - See `ReadSettings.keepsFiles`. */
	addFolded({folded, dialect, ...rest}: FoldedFile, elapsedMs: number, isKept = false): void {
		let rowBytes = 0;
		const all = folded.map(each => ('partial' in each ? decodeState(each) : each));
		const analyses = all.map(({analysis}) => analysis);
		const partials = isKept ? partialsToKeep(all) : null;
		const kept = partials === null ? null : encodeKeptFile({folded, dialect, ...rest}, partials);
		if (all.length > 0) {
			if (this.#builder !== null && !isSameList(this.#builder.analyses, analyses)) this.#closeBuilder();
			this.#builder ??= new RowsBuilder(analyses);
			rowBytes = this.#builder.add(all.map(({state}) => state));
			if (this.#builder.isFull) this.#closeBuilder();
			this.#folded.absorb(...all.map(each => this.#addColumns(each)));
		}
		if (!isSameDialect(this.#dialect, dialect)) this.#dialect = dialect;
		this.#add(
			{
				type: 'completed',
				...rest,
				dialect: this.#dialect ?? dialect,
				analyses,
				rowBytes,
				elapsedMs,
			},
			kept,
		);
	}

	/** Adds the columns of a file that the kernel has read last to those of others there. Returns what is to be merged besides. */
	#addColumns({analysis, state}: NamedState): NamedState {
		const {columns} = state;
		const isAdded = columns.named.size > 0 && this.#kernel?.addToColumnTotals(analysis, columns) === true;
		return {analysis, state: isAdded ? {...state, columns: {...columns, named: new Map()}} : state};
	}

	#takeMerged(): NamedState[] {
		const totals = this.#kernel?.takeColumnTotals();
		return this.#folded.take().map(({analysis, state}) => {
			const added = totals?.get(analysis);
			if (added === undefined) return {analysis, state};
			mergeColumns(added, state.columns);
			return {analysis, state: {...state, columns: added}};
		});
	}

	#closeBuilder(): void {
		if (this.#builder !== null) this.#rows.push(this.#builder.build());
		this.#builder = null;
	}

	#add(outcome: SmallFileOutcome, kept: Uint8Array | null = null): void {
		this.#outcomes.add(outcome, kept);
		this.#isAwaited = outcome.type === 'aborted';
	}

	/** @param isLast - Whether the group is over. */
	take(isLast: boolean): PackedFilesReply {
		this.#closeBuilder();
		const reply: PackedFilesReply = {
			type: 'did-files',
			outcomes: this.#outcomes.take(),
			merged: mergeAll([...this.#takeMerged(), ...this.#states]),
			rows: this.#rows,
			isLast,
		};
		this.#isAwaited = false;
		this.#states = [];
		this.#rows = [];
		return reply;
	}
}

/** Those of different analyses, as the rows of usual files give them, need no merging. */
function mergeAll(states: readonly NamedState[]): readonly NamedPartial[] {
	if (new Set(states.map(({analysis}) => analysis)).size === states.length) return states.map(encodeState);
	const merged = new Consolidation();
	merged.absorb(...states);
	return merged.take().map(encodeState);
}

/** What of a reply need not be copied on its way. */
export const buffersOf = ({rows, outcomes, merged}: PackedFilesReply): ArrayBuffer[] => [
	...[
		outcomes.counts,
		outcomes.figures,
		...(outcomes.kept === null ? [] : [outcomes.kept]),
		...rows.map(({bytes}) => bytes),
	]
		.filter(({length}) => length > 0)
		.map(({buffer}) => buffer as ArrayBuffer),
	...merged.map(({partial}) => partial.buffer),
];

const dialectKeys = [
	'delimiter',
	'quote',
	'encoding',
	'encoding_assumed',
	'newline',
	'header',
	'escape',
	'skip_lines',
	'skip_footer',
	'comment',
	'problems',
	'compression',
] as const satisfies readonly (keyof DialectReport)[];

const isSameDialect = (one: DialectReport | null, other: DialectReport): boolean =>
	one !== null &&
	dialectKeys.every(key => one[key] === other[key]) &&
	JSON.stringify(one.columns) === JSON.stringify(other.columns);
