// What became of small files, on its way between threads: nearly all are rows of numbers, which cross as one piece of memory,
// where an object for each would take as long as reading the file.
//
//   counts, 5 for each  [ kind │ bytes │ rows │ rejected rows │ bytes of text ]      whole numbers of small files: 32 bits hold them
//   figures, 4 for each [ milliseconds │ device │ inode │ time of change ]
import type {SmallFileOutcome, SummedFile} from './protocol.ts';

/** What many files have in common. */
type Kind = Pick<SummedFile, 'dialect' | 'analysis' | 'rejects'>;

export interface PackedOutcomes {
	readonly counts: Int32Array;
	readonly figures: Float64Array;
	/** By their numbers in the counts. */
	readonly kinds: readonly Kind[];
	/** All that is not as usual, by its place; zeros stand there for each. */
	readonly others: ReadonlyMap<number, SmallFileOutcome>;
}

const COUNTS = 5;
const [KIND, BYTES, ROWS, REJECTED, TEXT] = [0, 1, 2, 3, 4];
const FIGURES = 4;
const [ELAPSED, DEVICE, INODE, CHANGED] = [0, 1, 2, 3];

export function packOutcomes(outcomes: readonly SmallFileOutcome[]): PackedOutcomes {
	const counts = new Int32Array(outcomes.length * COUNTS);
	const figures = new Float64Array(outcomes.length * FIGURES);
	const kinds: Kind[] = [];
	const others = new Map<number, SmallFileOutcome>();
	for (const [place, outcome] of outcomes.entries()) {
		// All of a file is read, so its size is told already.
		if (outcome.type !== 'completed' || outcome.state?.size !== outcome.bytesRead) {
			others.set(place, outcome);
			continue;
		}
		const {state} = outcome;
		const at = place * COUNTS;
		counts[at + KIND] = numberOf(outcome, kinds);
		counts[at + BYTES] = outcome.bytesRead;
		counts[at + ROWS] = outcome.rows;
		counts[at + REJECTED] = outcome.rejectedRows;
		counts[at + TEXT] = outcome.textBytes;
		const from = place * FIGURES;
		figures[from + ELAPSED] = outcome.elapsedMs;
		figures[from + DEVICE] = state.dev;
		figures[from + INODE] = state.ino;
		figures[from + CHANGED] = state.mtimeMs;
	}
	return {counts, figures, kinds, others};
}

/** Most files are of the kind of the one before. */
function numberOf({dialect, analysis, rejects}: Kind, kinds: Kind[]): number {
	const last = kinds.at(-1);
	if (last?.dialect !== dialect || last.analysis !== analysis || last.rejects !== rejects) {
		kinds.push({dialect, analysis, rejects});
	}
	return kinds.length - 1;
}

export function unpackOutcomes(packed: PackedOutcomes): SmallFileOutcome[] {
	const outcomes: SmallFileOutcome[] = [];
	const {length} = packed.counts;
	for (let place = 0; place * COUNTS < length; place++) {
		const other = packed.others.size === 0 ? undefined : packed.others.get(place);
		outcomes.push(other ?? readRow(packed, place));
	}
	return outcomes;
}

function readRow({counts, figures, kinds}: PackedOutcomes, place: number): SmallFileOutcome {
	const at = place * COUNTS;
	const from = place * FIGURES;
	const kind = kinds[counts[at + KIND] ?? 0];
	if (kind === undefined) throw new Error('A thread told of a file of no kind');
	const bytesRead = counts[at + BYTES] ?? 0;
	return {
		type: 'completed',
		bytesRead,
		rows: counts[at + ROWS] ?? 0,
		rejectedRows: counts[at + REJECTED] ?? 0,
		rejects: kind.rejects,
		dialect: kind.dialect,
		analysis: kind.analysis,
		state: {
			dev: figures[from + DEVICE] ?? 0,
			ino: figures[from + INODE] ?? 0,
			size: bytesRead,
			mtimeMs: figures[from + CHANGED] ?? 0,
		},
		resultText: null,
		textBytes: counts[at + TEXT] ?? 0,
		elapsedMs: figures[from + ELAPSED] ?? 0,
	};
}
