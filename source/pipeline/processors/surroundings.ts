// What processors share: how files are read, threads, processes, and where they say what goes into the log.
import type {LimitFunction} from 'p-limit';
import type {TableThreads} from '../../engine/pool/table-threads.ts';
import type {ReadSettings} from '../../engine/shared/protocol.ts';
import type {ProcessPool} from './pool/process-pool.ts';

export interface Surroundings {
	/** How all files are read: the dialect, the encoding, limits. */
	readonly readSettings: ReadSettings;
	readonly limits: ProcessorLimits;
	/** That read files whose records are written anew; started when they are asked for. */
	readonly tables: () => TableThreads;
	/** For processors that run in processes of their own. */
	readonly pool: ProcessPool;
	/** So that not as many programs run as there are files in flight. */
	readonly limitCommands: LimitFunction;
	readonly onLog: (message: string, fields: Readonly<Record<string, unknown>>) => void;
}

export interface ProcessorLimits {
	/** A step that takes longer fails its file, unless `timeout` in its settings allows more. */
	readonly timeoutMs: number;
	/** Of what `file.text()` gives. */
	readonly maxTextBytes: number;
	/** Of what a processor makes of one file. */
	readonly maxOutputBytes: number;
}

export const defaultProcessorLimits: ProcessorLimits = {
	timeoutMs: 10 * 60 * 1000,
	maxTextBytes: 64 * 1024 ** 2,
	maxOutputBytes: 4 * 1024 ** 3,
};
