// Looks into a file that is still being read: what its parts come to so far.
import {finishState} from '../../analysis/finish.ts';
import {discard} from '../../analysis/groups/large-memory.ts';
import {discardState} from '../../analysis/state.ts';
import type {FileInspection} from '../../model/run-control.ts';
import {type AnalysisFinding, reportAnalyses} from '../shared/analysis-reports.ts';
import {decodeStateInTurns} from '../shared/consolidation.ts';
import type {FilePart, PartSoFar, ReadSettings} from '../shared/protocol.ts';
import type {RangeBoard} from '../shared/range-board.ts';
import {allInUtf8, assumedEncoding, encodingOfAll, mergeParts, placeFaults, placeRejects} from './merge-parts.ts';
import {sumFiltered} from './sum-filtered.ts';

/** A file that is not split is one range, and nothing is in front of it. */
const oneRange = {linesBefore: () => 0};

/**
With turns for others.

@param ended - Of threads that have left. They are left as they are, and must stay until this has resolved.
@param asked - Of threads that still read. They are not to be looked at any more.
@param board - Of the ranges, where the file is split; else `null`.
@returns `null` where there is no part.
*/
export async function inspectParts(
	ended: readonly FilePart[],
	asked: readonly PartSoFar[],
	settings: ReadSettings,
	board: Pick<RangeBoard, 'linesBefore' | 'isReadUpTo' | 'rangeOf'> | null = null,
): Promise<FileInspection | null> {
	const parts = [...ended, ...asked];
	const [first] = parts;
	if (first === undefined) return null;
	const encoding = encodingOfAll(parts);
	// On which line a record is, is known when all in front of it has been read.
	const isKnown = (range: number): boolean => board === null || board.isReadUpTo(range);
	const {rejects, combined} = placeRejects(board ?? oneRange, parts, settings, encoding, ({range}) => isKnown(range));
	const merged = await mergeParts(parts, decodeStateInTurns);
	const placed = board === null ? merged : placeFaults(board, parts, merged, isKnown);
	for (const {partial} of asked.flatMap(({folded}) => folded)) discard(partial);
	const findings = new Map<string, AnalysisFinding>();
	for (const {analysis, state} of await allInUtf8(placed, encoding)) {
		findings.set(analysis, {acceptedRows: state.records, result: finishState(state)});
		discardState(state);
	}
	const counts = {rows: parts.reduce((sum, part) => sum + part.rows, 0), ...sumFiltered(parts)};
	const [[analysis, {result}] = [null, {result: null}]] = combined === undefined ? findings : [];
	return {
		...counts,
		rejectedRows: parts.reduce((sum, part) => sum + part.rejectedRows, 0),
		...{analysis, result, rejects},
		dialect: {...first.dialect, encoding, ...assumedEncoding(board ?? oneRange, parts, isKnown)},
		...(combined !== undefined && {results: reportAnalyses(counts, combined, name => findings.get(name) ?? null)}),
	};
}

/** A look takes a while, and those who ask meanwhile share it. */
export class SharedLook {
	readonly #look: () => Promise<FileInspection | null>;
	#pending: Promise<FileInspection | null> | null = null;

	constructor(look: () => Promise<FileInspection | null>) {
		this.#look = look;
	}

	take(): Promise<FileInspection | null> {
		this.#pending ??= this.#look().finally(() => {
			this.#pending = null;
		});
		return this.#pending;
	}

	/** Resolves when nobody looks. */
	async over(): Promise<void> {
		while (this.#pending !== null) await this.#pending;
	}
}
