// Tells the terminal around the dashboard how the run goes, seldom enough that nobody is disturbed.
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

export interface MannersOptions {
	/** `42 % 3/12 fileproc` as the window's title. */
	readonly title: boolean;
	/** A bar on the window's tab. */
	readonly progress: boolean;
	/** How the end of a long run is told. `auto` is the bell, which every terminal has: what is better, the cli knows. */
	readonly notify: Notification | 'auto';
	/** Whether tmux is between us and the terminal. */
	readonly tmux: boolean;
}

export interface Manners {
	/** What puts the terminal back as it was; empty where nothing was changed. It may be written at any time. */
	readonly farewell: () => string;
	/** Forgets what was told, for someone else has had the terminal; with the next change all is told again. */
	readonly tellAgain: () => void;
	/** Nothing more is told. */
	readonly close: () => void;
}

export interface MannersFacts {
	readonly store: Pick<Store<RunState, never>, 'getSnapshot' | 'subscribe'>;
	/** Milliseconds since the run began. */
	readonly now: () => number;
	/** Tells the terminal; `false` where it takes nothing now. */
	readonly tell: (sequence: string) => boolean;
}

const SPACING_MS = 1000;
/** Whoever waits for less than this is still looking. */
const NOTIFY_AFTER_MS = 10_000;

const SILENT: Manners = {farewell: () => '', tellAgain() {}, close() {}};

/** What puts back all that may have been changed, whether it was or not. */
export const fullFarewell = ({title, progress, tmux}: MannersOptions): string =>
	(title ? RESTORE_TITLE : '') + (progress ? (tmux ? throughTmux(REMOVE_PROGRESS) : REMOVE_PROGRESS) : '');

export function startManners(options: MannersOptions | undefined, {store, now, tell}: MannersFacts): Manners {
	if (options === undefined) return SILENT;
	const pass = options.tmux ? throughTmux : (sequence: string): string => sequence;
	const wasEnded = store.getSnapshot().phase === 'ended';
	let title: string | null = null;
	let progress: string | null = null;
	let isEndTold = wasEnded;

	const update = (): void => {
		const state = store.getSnapshot();
		if (options.title) {
			const next = describeTitle(state);
			// What was not taken is told the next time.
			if (next !== title && tell((title === null ? SAVE_TITLE : '') + setTitle(next))) title = next;
		}
		if (options.progress && (progress !== null || state.phase !== 'ended')) {
			const next = describeProgress(state);
			if (next !== progress && tell(pass(next))) progress = next;
		}
		// It goes on when files are tried again.
		if (state.phase !== 'ended') isEndTold = false;
		if (state.phase === 'ended' && !isEndTold) {
			isEndTold = true;
			const kind = options.notify === 'auto' ? 'bell' : options.notify;
			const tookMs = (state.totals?.processing_time ?? now() / 1000) * 1000;
			// Who stopped the run knows that it has ended.
			if (kind !== 'none' && tookMs > NOTIFY_AFTER_MS && state.status === 'completed') {
				tell(pass(notification(kind, 'fileproc-tui', describeEnd(state, tookMs))));
			}
		}
	};
	const updates = coalesce(update, SPACING_MS);
	const unsubscribe = store.subscribe(updates.call);
	updates.call();
	return {
		farewell: () => (title === null ? '' : RESTORE_TITLE) + (progress === null ? '' : pass(REMOVE_PROGRESS)),
		tellAgain() {
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

/** `42 % 3/12 fileproc`: what is read on a narrow tab comes first. */
export function describeTitle(state: RunState): string {
	if (state.phase === 'waiting') return 'fileproc';
	const files = `${formatInteger(selectEndedCount(state))}/${formatInteger(Math.max(state.fileCount, state.files.length))}`;
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
	if (state.phase === 'ended') return REMOVE_PROGRESS;
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
