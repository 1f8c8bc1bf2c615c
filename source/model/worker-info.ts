/** A worker that reads files for the run on another machine, as it was last heard of. */
export interface WorkerInfo {
	readonly name: string;
	readonly version: string;
	/** Whether it takes files of this run: those of another version do not. */
	readonly fits: boolean;
	/** Whether it only ends what it has. */
	readonly isDraining: boolean;
	readonly threads: number;
	/** Jobs that it has now, of any run. */
	readonly jobs: number;
	/** Since it began, for any run. */
	readonly filesDone: number;
	/** Parts of large files, likewise. */
	readonly partsDone: number;
	/** Since this run has known it. */
	readonly bytesPerSecond: number;
	/** How long ago it was heard of. */
	readonly seenAgoMs: number;
}
