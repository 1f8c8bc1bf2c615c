// What became of small files, on its way between threads: nearly all are rows of numbers, which cross as one piece of memory,
// where an object for each would take as long as reading the file.
//
//   row, 10 numbers:  [ kind │ bytes │ rows │ rejected rows │ milliseconds │ bytes of text │ device │ inode │ size │ time of change ]
import type {SmallFileOutcome, SummedFile} from './protocol.ts';

/** What many files have in common. */
type Kind = Pick<SummedFile, 'dialect' | 'analysis' | 'rejects'>;

export interface PackedOutcomes {
	readonly rows: Float64Array;
	/** By their numbers in the rows. */
	readonly kinds: readonly Kind[];
	/** Those that are no rows, by their places; a row of zeros is there for each. */
	readonly others: ReadonlyMap<number, SmallFileOutcome>;
}

const ROW_LENGTH = 10;
const [KIND, BYTES, ROWS, REJECTED, ELAPSED, TEXT, DEVICE, INODE, SIZE, CHANGED] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];

export function packOutcomes(outcomes: readonly SmallFileOutcome[]): PackedOutcomes {
	const rows = new Float64Array(outcomes.length * ROW_LENGTH);
	const kinds: Kind[] = [];
	const others = new Map<number, SmallFileOutcome>();
	for (const [place, outcome] of outcomes.entries()) {
		if (outcome.type !== 'completed' || outcome.state === undefined) {
			others.set(place, outcome);
			continue;
		}
		const at = place * ROW_LENGTH;
		const {state} = outcome;
		rows[at + KIND] = numberOf(outcome, kinds);
		rows[at + BYTES] = outcome.bytesRead;
		rows[at + ROWS] = outcome.rows;
		rows[at + REJECTED] = outcome.rejectedRows;
		rows[at + ELAPSED] = outcome.elapsedMs;
		rows[at + TEXT] = outcome.textBytes;
		rows[at + DEVICE] = state.dev;
		rows[at + INODE] = state.ino;
		rows[at + SIZE] = state.size;
		rows[at + CHANGED] = state.mtimeMs;
	}
	return {rows, kinds, others};
}

/** Most files are of the kind of the one before. */
function numberOf({dialect, analysis, rejects}: Kind, kinds: Kind[]): number {
	const last = kinds.at(-1);
	if (last?.dialect !== dialect || last.analysis !== analysis || last.rejects !== rejects) {
		kinds.push({dialect, analysis, rejects});
	}
	return kinds.length - 1;
}

export function unpackOutcomes({rows, kinds, others}: PackedOutcomes): SmallFileOutcome[] {
	const outcomes: SmallFileOutcome[] = [];
	for (let at = 0; at < rows.length; at += ROW_LENGTH) {
		const other = others.size === 0 ? undefined : others.get(outcomes.length);
		outcomes.push(other ?? readRow(rows, at, kinds));
	}
	return outcomes;
}

function readRow(rows: Float64Array, at: number, kinds: readonly Kind[]): SmallFileOutcome {
	const number = (field: number): number => rows[at + field] ?? 0;
	const kind = kinds[number(KIND)];
	if (kind === undefined) throw new Error('A thread told of a file of no kind');
	return {
		type: 'completed',
		bytesRead: number(BYTES),
		rows: number(ROWS),
		rejectedRows: number(REJECTED),
		rejects: kind.rejects,
		dialect: kind.dialect,
		analysis: kind.analysis,
		state: {dev: number(DEVICE), ino: number(INODE), size: number(SIZE), mtimeMs: number(CHANGED)},
		resultText: null,
		textBytes: number(TEXT),
		elapsedMs: number(ELAPSED),
	};
}
