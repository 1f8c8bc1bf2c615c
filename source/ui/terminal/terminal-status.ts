// Shows the state of the run in the terminal's title, progress and notifications, rarely enough not to disturb.
import {sumNoRecords} from '../../store/no-record.ts';
import {selectEndedCount, selectProgress} from '../../store/selectors.ts';
import type {RunState} from '../../store/state.ts';
import type {Store} from '../../store/store.ts';
import {formatDuration, formatInteger} from '../../text/format.ts';
import {coalesce} from './coalesce.ts';
import {
	type Notification,
	notification,
	type ProgressState,
	REMOVE_PROGRESS,
	RESTORE_TITLE,
	SAVE_TITLE,
	setProgress,
	setTitle,
	throughTmux,
} from './status-sequences.ts';

export interface TerminalStatusOptions {
	/** `42 % 3/12 fileproc` as the window's title. */
	readonly title: boolean;
	/** A bar on the window's tab. */
	readonly progress: boolean;
	/**
	The notification at the end of a long run. `auto` is the bell, which every terminal has; the command line chooses better
	ones.
	*/
	readonly notify: Notification | 'auto';
	/** Whether tmux is between this program and the terminal. */
	readonly tmux: boolean;
}

export interface TerminalStatus {
	/** The sequence that restores the terminal; empty where nothing was changed. It may be written at any time. */
	readonly restoreSequence: () => string;
	/** Another program had the terminal: the next change sends everything again. */
	readonly resend: () => void;
	/** Nothing more is sent. */
	readonly close: () => void;
}

export interface TerminalStatusContext {
	readonly store: Pick<Store<RunState, never>, 'getSnapshot' | 'subscribe'>;
	/** Milliseconds since the run began. */
	readonly now: () => number;
	/** Sends a sequence to the terminal; `false` where it does not accept it now. */
	readonly send: (sequence: string) => boolean;
}

const SPACING_MS = 1000;
/** After a shorter run, people are still watching. */
const NOTIFY_AFTER_MS = 10_000;

const NO_STATUS: TerminalStatus = {restoreSequence: () => '', resend() {}, close() {}};

/** The sequence that restores everything that may have been changed. */
export const fullRestoreSequence = ({title, progress, tmux}: TerminalStatusOptions): string =>
	(title ? RESTORE_TITLE : '') + (progress ? (tmux ? throughTmux(REMOVE_PROGRESS) : REMOVE_PROGRESS) : '');

export function startTerminalStatus(
	options: TerminalStatusOptions | undefined,
	{store, now, send}: TerminalStatusContext,
): TerminalStatus {
	if (options === undefined) return NO_STATUS;
	const wrap = options.tmux ? throughTmux : (sequence: string): string => sequence;
	const wasEnded = store.getSnapshot().phase === 'ended';
	let title: string | null = null;
	let progress: string | null = null;
	let isEndNotified = wasEnded;

	const update = (): void => {
		const state = store.getSnapshot();
		if (options.title) {
			const next = describeTitle(state);
			// A sequence that was not accepted is sent with the next update.
			if (next !== title && send((title === null ? SAVE_TITLE : '') + setTitle(next))) title = next;
		}
		if (options.progress && (progress !== null || state.phase !== 'ended')) {
			const next = describeProgress(state);
			if (next !== progress && send(wrap(next))) progress = next;
		}
		// The run has reopened with retried files.
		if (state.phase !== 'ended') isEndNotified = false;
		if (state.phase === 'ended' && !isEndNotified) {
			isEndNotified = true;
			const kind = options.notify === 'auto' ? 'bell' : options.notify;
			const tookMs = (state.totals?.processing_time ?? now() / 1000) * 1000;
			// A user who stopped the run knows that it has ended.
			if (kind !== 'none' && tookMs > NOTIFY_AFTER_MS && state.status === 'completed' && !state.isEndless) {
				send(wrap(notification(kind, 'fileproc-tui', describeEnd(state, tookMs))));
			}
		}
	};
	const updates = coalesce(update, SPACING_MS);
	const unsubscribe = store.subscribe(updates.call);
	updates.call();
	return {
		restoreSequence: () => (title === null ? '' : RESTORE_TITLE) + (progress === null ? '' : wrap(REMOVE_PROGRESS)),
		resend() {
			title = null;
			progress = null;
			updates.call();
		},
		close() {
			unsubscribe();
			updates.cancel();
		},
	};
}

/** `42 % 3/12 fileproc`: the most important part comes first, for narrow tabs. */
export function describeTitle(state: RunState): string {
	if (state.phase === 'waiting') return 'fileproc';
	const files = `${formatInteger(selectEndedCount(state))}/${formatInteger(Math.max(state.fileCount, state.files.length))}`;
	// A watched folder has no end to be so far from.
	if (state.isEndless) {
		const {running, failed} = state.counts;
		const failures = failed > 0 ? `${formatInteger(failed)} failed ` : '';
		return `${state.isPaused ? 'paused ' : ''}${formatInteger(running)} in work ${failures}fileproc`;
	}
	if (state.phase === 'ended') {
		const {failed} = state.counts;
		if (state.status === 'cancelled') return `stopped ${files} fileproc`;
		if (failed > 0) return `${formatInteger(failed)} failed ${files} fileproc`;
		const noRecords = sumNoRecords(state.tally.noRecords);
		return `${noRecords > 0 ? `${formatInteger(noRecords)} without records` : 'done'} ${files} fileproc`;
	}
	const percent = `${Math.floor(selectProgress(state) * 100)} %`;
	return `${state.isPaused ? 'paused ' : ''}${percent} ${files} fileproc`;
}

function describeProgress(state: RunState): string {
	if (state.phase === 'ended' || state.isEndless) return REMOVE_PROGRESS;
	const percent = selectProgress(state) * 100;
	return setProgress(progressState(state), percent);
}

function progressState(state: RunState): ProgressState {
	if (state.heldSinceMs !== null || state.isPaused) return 'paused';
	if (state.counts.failed > 0) return 'error';
	return state.phase === 'waiting' || (state.bytesTotal === 0 && state.fileCount <= 1) ? 'unknown' : 'normal';
}

function describeEnd({counts, fileCount, tally}: RunState, tookMs: number): string {
	const files = `${formatInteger(fileCount)} ${fileCount === 1 ? 'file' : 'files'}`;
	const failed = counts.failed > 0 ? `, ${formatInteger(counts.failed)} failed` : '';
	const noRecords = sumNoRecords(tally.noRecords);
	const empty = noRecords > 0 ? `, ${formatInteger(noRecords)} without records` : '';
	return `${files} in ${formatDuration(tookMs)}${failed}${empty}`;
}
