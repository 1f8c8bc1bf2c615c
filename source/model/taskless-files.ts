// Files that lie on a server and of which nothing was asked yet: they are in no list of tasks.

export interface TasklessFile {
	readonly id: string;
	readonly name: string;
	readonly bytes: number;
	/** ISO 8601, in UTC. */
	readonly receivedAt: string;
}

export interface TasklessFiles {
	/** In the order in which they came. `hasMore`: there are others behind them. */
	readonly list: () => Promise<{readonly files: readonly TasklessFile[]; readonly hasMore: boolean}>;
	/** Starts a task of one, for what its header asks for. */
	readonly start: (id: string) => Promise<void>;
}
