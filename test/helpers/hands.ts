// Short names for what tests ask of a run.
import type {FileAddress} from '../../source/model/file-address.ts';
import type {RunControl} from '../../source/model/run-control.ts';

/** A name alone is the first file of that name. */
type Name = string | FileAddress;
const addressOf = (name: Name): FileAddress => (typeof name === 'string' ? {file: name} : name);

export interface Hands {
	readonly pause: () => void;
	readonly resume: () => void;
	readonly stop: () => void;
	readonly pauseFile: (file: Name) => void;
	readonly resumeFile: (file: Name) => void;
	readonly cancelFile: (file: Name) => void;
	/** Returns how many are queued again. */
	readonly retryFiles: (files: readonly Name[]) => number;
	/** Returns the number that holds. */
	readonly setConcurrency: (concurrency: number) => number;
}

export const handsOn = ({perform}: Pick<RunControl, 'perform'>): Hands => ({
	pause: () => void perform({type: 'pause'}),
	resume: () => void perform({type: 'resume'}),
	stop: () => void perform({type: 'stop'}),
	pauseFile: file => void perform({type: 'pause-file', ...addressOf(file)}),
	resumeFile: file => void perform({type: 'resume-file', ...addressOf(file)}),
	cancelFile: file => void perform({type: 'cancel-file', ...addressOf(file)}),
	retryFiles: files => perform({type: 'retry-files', files: files.map(addressOf)}).fileCount,
	setConcurrency: concurrency => perform({type: 'set-concurrency', concurrency}).concurrency,
});
