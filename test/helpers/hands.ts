// Short names for what tests ask of a run.
import type {RunControl} from '../../source/model/run-control.ts';

export interface Hands {
	readonly pause: () => void;
	readonly resume: () => void;
	readonly stop: () => void;
	readonly pauseFile: (file: string) => void;
	readonly resumeFile: (file: string) => void;
	readonly cancelFile: (file: string) => void;
	/** Returns how many are queued again. */
	readonly retryFiles: (files: readonly string[]) => number;
	/** Returns the number that holds. */
	readonly setConcurrency: (concurrency: number) => number;
}

export const handsOn = ({perform}: Pick<RunControl, 'perform'>): Hands => ({
	pause: () => void perform({type: 'pause'}),
	resume: () => void perform({type: 'resume'}),
	stop: () => void perform({type: 'stop'}),
	pauseFile: file => void perform({type: 'pause-file', file}),
	resumeFile: file => void perform({type: 'resume-file', file}),
	cancelFile: file => void perform({type: 'cancel-file', file}),
	retryFiles: files => perform({type: 'retry-files', files: files.map(file => ({file}))}).fileCount,
	setConcurrency: concurrency => perform({type: 'set-concurrency', concurrency}).concurrency,
});
