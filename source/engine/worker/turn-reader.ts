// Reads a batch of small files where something else must go on as well: in turns, between which all that waits is done. It takes
// usual files only, see small-file.ts, each of which is done before anybody can ask how far it is.
import {setImmediate as nextTurn, setTimeout as sleep} from 'node:timers/promises';
import {Kernel} from '../../kernel/kernel.ts';
import {monotonicMs} from '../monotonic.ts';
import type {BatchEnd} from '../running-batch.ts';
import type {BatchBoard} from './batch-board.ts';
import {explainTrap} from './kernel-trap.ts';
import {unpackOutcomes} from './packed-outcomes.ts';
import type {FilesReply, ReadSettings, SourceLocation} from './protocol.ts';
import type {SharedProgress} from './shared-progress.ts';
import {type SmallFile, SmallFiles} from './small-file.ts';
import {UntoldFiles} from './untold-files.ts';

/** Some twenty files. What waits meanwhile, waits half of it on average; and to have a turn takes a hundredth of it. */
const TURN_MS = 0.5;
/** So often it is seen whether files that are held may be read again. */
const HOLD_LOOK_MS = 20;

export interface TurnRequest {
	readonly sources: readonly SourceLocation[];
	readonly settings: ReadSettings;
	readonly board: BatchBoard;
	readonly progress: SharedProgress;
	/** Asked after each turn: whether the rest shall be read, too. */
	readonly goesOn: () => boolean;
	readonly onReply: (reply: FilesReply) => void;
}

export class TurnReader {
	readonly #files: Pick<SmallFiles, 'read' | 'take'>;

	/** @throws {Error} Where there is no kernel to be had, for want of memory, say. */
	constructor(files: Pick<SmallFiles, 'read' | 'take'> = new SmallFiles(new Kernel())) {
		this.#files = files;
	}

	/** When its kernel is lost, the reader is of no use any more. */
	async work({sources, settings, board, progress, goesOn, onReply}: TurnRequest): Promise<BatchEnd> {
		const untold = new UntoldFiles();
		const tell = (isLast: boolean): void => {
			untold.addSeries(this.#files.take());
			const {outcomes, ...rest} = untold.take(isLast);
			onReply({...rest, outcomes: unpackOutcomes(outcomes)});
		};
		const leave = (): BatchEnd => {
			tell(true);
			return {type: 'left'};
		};
		let turnEndsAtMs = 0;
		let startedAtMs = monotonicMs();
		for (const [file, source] of sources.entries()) {
			if (startedAtMs >= turnEndsAtMs) {
				await nextTurn();
				if (progress.isHeld && untold.count > 0) tell(false);
				while (progress.isHeld && goesOn()) await sleep(HOLD_LOOK_MS);
				if (!goesOn()) return leave();
				startedAtMs = monotonicMs();
				turnEndsAtMs = startedAtMs + TURN_MS;
			}
			if (!board.take(file)) {
				untold.addUnusual({type: 'skipped'});
				continue;
			}
			let small: SmallFile | null;
			try {
				small = source.kind === 'file' ? this.#files.read(source.path, settings) : null;
			} catch (error) {
				const cause = explainTrap(error);
				if (cause === null) throw error;
				return {type: 'lost', cause};
			}
			if (small === null) {
				board.giveBack(file);
				return leave();
			}
			const endedAtMs = monotonicMs();
			untold.addSmall(small, endedAtMs - startedAtMs);
			startedAtMs = endedAtMs;
		}
		tell(true);
		return {type: 'done'};
	}
}
