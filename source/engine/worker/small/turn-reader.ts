// Reads a batch of small files where something else must go on as well: in turns, between which all that waits is done. It takes
// usual files only, see small-file.ts: whoever looks between two turns finds each of them done, or not begun.
import {setImmediate as nextTurn, setTimeout as sleep} from 'node:timers/promises';
import {Kernel} from '../../../kernel/kernel.ts';
import type {BatchBoard} from '../../shared/batch-board.ts';
import {monotonicMs} from '../../shared/monotonic.ts';
import {unpackOutcomes} from '../../shared/packed-outcomes.ts';
import type {FilesReply, ReadSettings, SourceLocation} from '../../shared/protocol.ts';
import type {BatchEnd} from '../../shared/running-batch.ts';
import type {SharedProgress} from '../../shared/shared-progress.ts';
import {explainTrap} from '../read/kernel-trap.ts';
import {SmallFiles} from './small-file.ts';
import {REPLY_INTERVAL_MS, UntoldFiles} from './untold-files.ts';

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

	/** After an end of `lost` the reader is of no use any more. */
	async work(request: TurnRequest): Promise<BatchEnd> {
		let fault: {readonly error: unknown} | null = null;
		const onReply = (reply: FilesReply): void => {
			if (fault !== null) return;
			try {
				request.onReply(reply);
			} catch (error) {
				fault = {error};
			}
		};
		try {
			const end = await this.#read({...request, onReply, goesOn: () => fault === null && request.goesOn()});
			if (fault === null) return end;
		} catch (error) {
			if (fault === null) return {type: 'lost', cause: explainTrap(error) ?? String(error)};
		}
		throw (fault as {readonly error: unknown}).error;
	}

	async #read({sources, settings, board, progress, goesOn, onReply}: TurnRequest): Promise<BatchEnd> {
		const untold = new UntoldFiles();
		const tell = (isLast: boolean): void => {
			untold.addSeries(this.#files.take());
			const {outcomes, ...rest} = untold.take(isLast);
			onReply({...rest, outcomes: unpackOutcomes(outcomes)});
		};
		const leave = (isNextUnusual: boolean): BatchEnd => {
			tell(true);
			return {type: 'left', isNextUnusual};
		};
		let startedAtMs = monotonicMs();
		let toldAtMs = startedAtMs;
		let turnEndsAtMs = 0;
		for (const [file, source] of sources.entries()) {
			if (startedAtMs >= turnEndsAtMs) {
				await nextTurn();
				startedAtMs = monotonicMs();
				if (untold.count > 0 && (progress.isHeld || startedAtMs - toldAtMs > REPLY_INTERVAL_MS)) {
					tell(false);
					toldAtMs = startedAtMs;
				}
				while (progress.isHeld && goesOn()) await sleep(HOLD_LOOK_MS);
				if (!goesOn()) return leave(false);
				startedAtMs = monotonicMs();
				turnEndsAtMs = startedAtMs + TURN_MS;
			}
			if (!board.take(file)) {
				untold.addUnusual({type: 'skipped'});
				continue;
			}
			const small = source.kind === 'file' ? this.#files.read(source.path, settings) : null;
			if (small === null) {
				board.giveBack(file);
				return leave(true);
			}
			const endedAtMs = monotonicMs();
			untold.addSmall(small, endedAtMs - startedAtMs);
			startedAtMs = endedAtMs;
		}
		tell(true);
		return {type: 'done'};
	}
}
