// A file whose results are known and whose bytes are not trusted: it is hashed first, and read only where they are other ones.
import type {FoldedFile} from '../shared/protocol.ts';
import type {Directive, ProgressTotals} from '../shared/shared-progress.ts';
import type {JobBackend, RunningTask, TaskOutcome, WorkerTask} from './job-backend.ts';

const never = new AbortController().signal;

/**
@param known - What the file came to.
@param read - Starts to read it anew.
@param onSame - Called where the bytes are the same.
*/
export async function startVerified(
	backend: JobBackend,
	task: WorkerTask,
	signal: AbortSignal,
	known: FoldedFile,
	read: (signal: AbortSignal) => Promise<RunningTask | null>,
	onSame: (file: FoldedFile) => void,
): Promise<RunningTask | null> {
	const hashing = await backend.start({...task, settings: {...task.settings, hashesOnly: true}}, signal);
	if (hashing === null) return null;
	let current = hashing;
	let directive: Directive = 'run';
	let isKilled = false;
	let reported: ProgressTotals = {bytesRead: 0, rows: 0, rejectedRows: 0};
	const settle = async (): Promise<TaskOutcome> => {
		const hashed = await hashing.outcome;
		if (hashed.type !== 'completed') return hashed;
		if (isSame(hashed.file, known)) {
			const file = {...known, identity: hashed.file.identity ?? null, isKnown: true} as const;
			onSame(file);
			return {type: 'completed', file};
		}
		const reading = await read(never);
		if (reading === null) return {type: 'aborted'};
		current = reading;
		if (directive !== 'run') reading.direct(directive);
		if (isKilled) reading.kill();
		return reading.outcome;
	};
	return {
		outcome: settle(),
		// Totals never fall, also when the file is read once more.
		readProgress() {
			const {bytesRead, rows, rejectedRows} = current.readProgress();
			reported = {
				bytesRead: Math.max(reported.bytesRead, bytesRead),
				rows: Math.max(reported.rows, rows),
				rejectedRows: Math.max(reported.rejectedRows, rejectedRows),
			};
			return reported;
		},
		countReads: () =>
			hashing.readProgress().bytesRead +
			(current === hashing ? 0 : current.readProgress().bytesRead + (current.countReads?.() ?? 0)),
		direct(wanted) {
			directive = wanted;
			current.direct(wanted);
		},
		kill() {
			isKilled = true;
			current.kill();
		},
	};
}

type HashedFile = Pick<FoldedFile, 'contentHash' | 'bytesRead'>;

const isSame = (one: HashedFile, other: HashedFile): boolean =>
	one.contentHash !== undefined && one.contentHash === other.contentHash && one.bytesRead === other.bytesRead;
